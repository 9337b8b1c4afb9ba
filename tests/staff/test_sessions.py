"""Sessions: what a token is worth, and when it stops."""

from __future__ import annotations

import dataclasses
import datetime as dt

import pytest
from sqlalchemy import select

from bot.db.base import now
from bot.house import House
from bot.staff import audit, sessions
from bot.staff.models import AuditEntry, StaffSession
from bot.staff.permissions import PERMISSIONS, ROLES, may
from tests.staff.people import Colleague


@pytest.fixture
def token(house: House, caseworker: Colleague) -> str:
    with house.sessions.begin() as session:
        return sessions.start(session, caseworker.id)


def found(house: House, token: str, later: dt.timedelta = dt.timedelta()) -> bool:
    with house.sessions.begin() as session:
        return sessions.find(session, token, now() + later) is not None


def test_only_the_hash_of_a_token_is_stored(house: House, token: str) -> None:
    assert len(token) >= 43  # 256 bits
    with house.sessions() as session:
        row = session.scalars(select(StaffSession)).one()
    assert token not in (row.token_hash, row.csrf) and found(house, token)
    assert not found(house, token[:-1]) and not found(house, "") and not found(house, row.token_hash)


def test_a_session_ends_after_thirty_idle_minutes(house: House, token: str) -> None:
    assert found(house, token, dt.timedelta(minutes=29))
    assert found(house, token, dt.timedelta(minutes=58))  # it was seen at 29
    assert not found(house, token, dt.timedelta(minutes=58 + 31))
    assert not found(house, token)  # and it is gone, not only hidden


def test_a_session_ends_after_twelve_hours_however_busy(house: House, token: str) -> None:
    for minutes in range(20, 12 * 60, 20):
        assert found(house, token, dt.timedelta(minutes=minutes))
    assert not found(house, token, dt.timedelta(hours=12, minutes=1))


def test_an_ended_session_cannot_come_back(house: House, token: str) -> None:
    with house.sessions() as session:
        row = session.scalars(select(StaffSession)).one()
        assert row.staff_id
    with house.sessions.begin() as session:
        sessions.end(session, token)
    assert not found(house, token)


def test_starting_instead_of_another_session_ends_that_one(house: House, caseworker: Colleague, token: str) -> None:
    with house.sessions.begin() as session:
        fresh = sessions.start(session, caseworker.id, instead_of=token)
    assert fresh != token and found(house, fresh) and not found(house, token)


def test_the_audit_keeps_who_did_what_to_what(house: House) -> None:
    with house.sessions.begin() as session:
        audit.record(session, "staff:1", "cases.read", "handoff:H-7K3M9", "")
    with house.sessions() as session:
        row = session.scalars(select(AuditEntry)).one()
    assert (row.actor, row.verb, row.object) == ("staff:1", "cases.read", "handoff:H-7K3M9")


def test_an_admin_cannot_read_cases_and_nobody_has_a_role_that_does_not_exist() -> None:
    assert not [permission for permission in ROLES["admin"] if permission.startswith(("cases", "referrals"))]
    assert not any(may("owner", permission) for permission in PERMISSIONS)


def test_how_long_a_session_lasts_is_a_setting(house: House, token: str) -> None:
    short = sessions.Limits.of(dataclasses.replace(house.settings, session_idle_minutes=5, session_hours=1))
    with house.sessions.begin() as session:
        assert sessions.find(session, token, now() + dt.timedelta(minutes=4), short)
        assert sessions.find(session, token, now() + dt.timedelta(minutes=10), short) is None


def test_somebody_sees_and_ends_their_own_sessions_only(
    house: House, caseworker: Colleague, admin: Colleague, token: str
) -> None:
    with house.sessions.begin() as session:
        second = sessions.start(session, caseworker.id, device="Firefox, Linux")
        foreign = sessions.start(session, admin.id)
        listed = sessions.listed(session, caseworker.id)
        assert {row.token_hash for row in listed} == {sessions.hashed(token), sessions.hashed(second)}
        named = {sessions.handle(row): row.device for row in listed}
        assert sorted(named.values()) == ["", "Firefox, Linux"] and not {token, second} & set(named)
        theirs = sessions.handle(sessions.listed(session, admin.id)[0])
        assert not sessions.end_one(session, caseworker.id, theirs)
        assert not sessions.end_one(session, caseworker.id, sessions.hashed(second))
        assert sessions.end_one(session, caseworker.id, next(name for name, device in named.items() if device))
    assert found(house, token) and not found(house, second) and found(house, foreign)


def test_all_other_sessions_end_and_this_one_stays(house: House, caseworker: Colleague, token: str) -> None:
    with house.sessions.begin() as session:
        others = [sessions.start(session, caseworker.id) for _ in range(2)]
        sessions.end_all(session, caseworker.id, but=token)
    assert found(house, token) and not any(found(house, other) for other in others)


@pytest.mark.parametrize(
    ("said", "device"),
    [
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/140.0 Safari/537.36 Edg/140.0", "Edge, Windows"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox, Linux"),
        ("Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 Chrome/140.0 Mobile Safari/537.36", "Chrome, Android"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1 Version/18.0 Safari/604.1", "Safari, iPhone"),
        ("<script>alert(1)</script>", ""),
        ("", ""),
    ],
)
def test_a_device_is_named_by_known_names_only(said: str, device: str) -> None:
    assert sessions.device_of(said) == device

"""What an admin does with accounts, and that one admin is always left."""

from __future__ import annotations

import threading

import pytest
from sqlalchemy import func, select

from bot import crypto
from bot.db.session import connect
from bot.db.session import sessions as sessions_of
from bot.errors import RefusedError
from bot.house import House
from bot.staff import managing, sessions, throttle, wishes
from bot.staff.models import LoginAttempt, Staff, StaffSession
from bot.staff.permissions import ROLES, may
from tests.staff.people import Colleague
from tests.staff.test_accounts import reason


def member(login: str, role: str) -> Staff:
    return Staff(login=login, name=login, role=role, password_hash="x", totp_secret="x", notify={})


def test_another_role_counts_from_the_next_login_on(house: House, caseworker: Colleague, admin: Colleague) -> None:
    with house.sessions.begin() as session:
        token = sessions.start(session, caseworker.id)
        managing.change_role(session, session.get_one(Staff, caseworker.id), "lead")
    with house.sessions.begin() as session:
        assert sessions.find(session, token) is None and session.get_one(Staff, caseworker.id).role == "lead"


def test_the_role_it_has_already_ends_nothing(house: House, caseworker: Colleague) -> None:
    with house.sessions.begin() as session:
        sessions.start(session, caseworker.id)
        managing.change_role(session, session.get_one(Staff, caseworker.id), "caseworker")
        assert session.scalar(select(func.count()).select_from(StaffSession)) == 1
        assert reason(managing.change_role, session, session.get_one(Staff, caseworker.id), "owner") == "role"


def test_the_last_admin_can_neither_be_disabled_nor_get_another_role(house: House, admin: Colleague) -> None:
    with house.sessions.begin() as session:
        row = session.get_one(Staff, admin.id)
        assert reason(managing.disable, session, row) == "last_admin"
        assert reason(managing.change_role, session, row, "auditor") == "last_admin"
        session.add(member("second", "admin"))
        session.flush()
        managing.disable(session, row)
    assert reason(admin.authenticate) == "login"


def test_an_account_that_was_ended_can_be_opened_again(house: House, caseworker: Colleague, admin: Colleague) -> None:
    with house.sessions.begin() as session:
        managing.disable(session, session.get_one(Staff, caseworker.id))
    assert reason(caseworker.authenticate) == "login"
    with house.sessions.begin() as session:
        managing.enable(session.get_one(Staff, caseworker.id))
    caseworker.forget_codes()
    assert caseworker.authenticate() == caseworker.id


def test_two_admins_who_disable_each_other_at_once_leave_one(postgresql: str) -> None:
    crypto.use_key(b"k" * 32)
    database = connect(postgresql)
    opened = sessions_of(database)
    with opened.begin() as session:
        session.add_all([member("one", "admin"), member("two", "admin")])
    barrier, outcomes = threading.Barrier(2), []

    def end(login: str) -> None:
        try:
            with opened.begin() as session:
                other = session.scalars(select(Staff).where(Staff.login == login)).one()
                barrier.wait()
                managing.disable(session, other)
            outcomes.append("ended")
        except RefusedError as error:
            outcomes.append(error.reason)

    threads = [threading.Thread(target=end, args=(login,)) for login in ("one", "two")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["ended", "last_admin"]
    with opened() as session:
        assert session.scalar(select(func.count()).select_from(Staff).where(Staff.disabled_at.is_(None))) == 1
    database.dispose()


def test_many_attempts_at_once_do_not_slip_through_the_throttle(postgresql: str) -> None:
    crypto.use_key(b"k" * 32)
    database = connect(postgresql, pool_size=16)
    opened, barrier, let_in = sessions_of(database), threading.Barrier(16), []

    def attempt() -> None:
        barrier.wait()
        with opened.begin() as session:
            let_in.append(throttle.reserve(session, "amina", "192.0.2.1") is not None)

    threads = [threading.Thread(target=attempt) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert let_in.count(True) == throttle.WRONG
    with opened() as session:
        assert session.scalar(select(func.count()).select_from(LoginAttempt)) == 2 * throttle.WRONG
    database.dispose()


@pytest.mark.parametrize(
    ("email", "chosen", "why"),
    [
        ("not an address", [], "email"),
        ("a@b", [], "email"),
        ("a@b.c\nBcc: x@y.z", [], "email"),
        ("x" * 250 + "@example.org", [], "email"),
        ("", ["email"], "email_needed"),
    ],
)
def test_wishes_that_cannot_be_kept_are_refused(email: str, chosen: list[str], why: str) -> None:
    assert reason(wishes.change, member("x", "lead"), email=email, chosen=chosen) == why


def test_wishes_are_what_was_chosen_or_the_default() -> None:
    staff = member("x", "lead")
    assert wishes.of(staff) == wishes.DEFAULTS
    wishes.change(staff, email=" amina.o'hara+work@example.org ", chosen=["email", "everything"])
    assert wishes.of(staff) == {**dict.fromkeys(wishes.DEFAULTS, False), "email": True}
    assert staff.email == "amina.o'hara+work@example.org"


def test_each_role_holds_what_it_needs_and_no_more() -> None:
    assert ROLES["caseworker"] < ROLES["lead"]
    assert not [p for p in ROLES["admin"] if p.startswith(("cases", "referrals", "holds", "audit"))]
    assert [p for p in sorted(ROLES["auditor"]) if not p.startswith(("audit.", "numbers."))] == ["cases.read_masked"]
    assert not any(p.split(".")[1] in ("edit", "move", "send", "claim", "answer", "close") for p in ROLES["auditor"])
    for verb in ("cases.reassign", "cases.merge", "teams.edit"):
        assert may("lead", verb) and not may("caseworker", verb)

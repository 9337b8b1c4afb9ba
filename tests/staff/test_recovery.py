"""Recovery codes and links for whoever lost something: each opens once, and never alone."""

from __future__ import annotations

import datetime as dt
import threading

import pyotp
import pytest
from argon2 import PasswordHasher
from sqlalchemy import func, select, update

from bot.db.base import now
from bot.errors import RefusedError
from bot.house import House
from bot.staff import accounts, invitations, lost, managing, recovery, sessions, throttle
from bot.staff.models import AuditEntry, Invitation, RecoveryCode, Staff, StaffSession
from tests.staff.people import PASSWORD, Colleague
from tests.staff.test_accounts import reason

NEW = "nine red herons by the lock"


@pytest.fixture
def codes(house: House, caseworker: Colleague) -> list[str]:
    return accounts.new_recovery_codes(house.sessions, caseworker.id)


def link(house: House, colleague: Colleague, kind: str) -> tuple[str, str]:
    """A token, and the secret of the app behind it."""
    with house.sessions.begin() as session:
        token = lost.replace_lost(session, session.get_one(Staff, colleague.id), kind)
        return token, invitations.find(session, token).totp_secret


def test_ten_codes_are_kept_as_argon2id_and_nowhere_in_clear(house: House, codes: list[str]) -> None:
    assert len(set(codes)) == recovery.COUNT == 10
    with house.sessions() as session:
        stored = list(session.scalars(select(RecoveryCode.code_hash)))
    assert all(kept.startswith("$argon2id$") for kept in stored)
    assert not any(code in kept or code.replace("-", "")[1:] in kept for code in codes for kept in stored)


def test_each_code_opens_the_account_once(house: House, caseworker: Colleague, codes: list[str]) -> None:
    for code in (codes[0], codes[9]):
        assert caseworker.authenticate(code=code) == caseworker.id
        assert reason(caseworker.authenticate, code=code) == "login"
    with house.sessions() as session:
        assert recovery.left(session, caseworker.id) == 8
        used = select(func.count()).select_from(AuditEntry).where(AuditEntry.verb == "staff.recovery_code")
        assert session.scalar(used) == 2


def test_a_code_is_understood_however_it_is_typed(caseworker: Colleague, codes: list[str]) -> None:
    typed = codes[2].upper().replace("-", " ").replace("0", "O").replace("1", "l")
    assert caseworker.authenticate(code=f" {typed} ") == caseworker.id


def test_a_code_does_not_open_without_the_password(caseworker: Colleague, codes: list[str]) -> None:
    assert reason(caseworker.authenticate, password="wrong wrong wrong wrong", code=codes[0]) == "login"
    assert caseworker.authenticate(code=codes[0]) == caseworker.id  # and it was not used up


def test_a_code_of_somebody_else_or_of_another_place_opens_nothing(
    house: House, caseworker: Colleague, admin: Colleague, codes: list[str]
) -> None:
    assert reason(admin.authenticate, code=codes[0]) == "login"
    assert reason(caseworker.authenticate, code="2" + codes[0][1:]) == "login"
    assert reason(caseworker.authenticate, code="11" + codes[0][1:]) == "login"


def test_new_codes_replace_the_old_ones(house: House, caseworker: Colleague, codes: list[str]) -> None:
    fresh = accounts.new_recovery_codes(house.sessions, caseworker.id)
    assert reason(caseworker.authenticate, code=codes[0]) == "login"
    assert caseworker.authenticate(code=fresh[0]) == caseworker.id


def test_of_two_logins_with_one_recovery_code_at_once_one_gets_in(caseworker: Colleague, codes: list[str]) -> None:
    outcomes: list[str] = []
    barrier = threading.Barrier(2)

    def attempt() -> None:
        barrier.wait()
        try:
            outcomes.append(str(caseworker.authenticate(code=codes[0])))
        except RefusedError as error:
            outcomes.append(error.reason)

    threads = [threading.Thread(target=attempt) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == [str(caseworker.id), "login"]


def test_recovery_codes_are_throttled_as_other_logins_are(caseworker: Colleague, codes: list[str]) -> None:
    for number in range(throttle.WRONG):
        assert reason(caseworker.authenticate, code="1-00000-00000", address=f"192.0.2.{number}") == "login"
    assert reason(caseworker.authenticate, code=codes[0], address="192.0.2.77") == "throttled"


def test_a_wrong_recovery_code_costs_the_same_whatever_is_wrong(
    house: House, caseworker: Colleague, codes: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    verified: list[str] = []
    verify = PasswordHasher.verify

    def counted(self: PasswordHasher, stored: str, password: str) -> bool:
        verified.append(":".join(stored.split("$")[1:4]))
        return verify(self, stored, password)

    monkeypatch.setattr(PasswordHasher, "verify", counted)
    costs = []
    for login, password in ((caseworker.login, PASSWORD), (caseworker.login, "wrong wrong wrong"), ("nobody", PASSWORD)):
        verified.clear()
        reason(accounts.authenticate, house.sessions, login, password, "3-00000-00000", "192.0.2.9")
        costs.append(tuple(verified))
    assert len(set(costs)) == 1 and len(costs[0]) == 2


def test_a_new_phone_needs_the_password_and_ends_what_the_old_one_opened(
    house: House, caseworker: Colleague, codes: list[str]
) -> None:
    token, secret = link(house, caseworker, "second_factor")
    with house.sessions.begin() as session:
        sessions.start(session, caseworker.id)
    given = {"code": pyotp.TOTP(secret).now(), "address": "192.0.2.1"}
    assert reason(lost.set_second_factor, house.sessions, token, password="wrong wrong wrong", **given) == "lost"
    assert lost.set_second_factor(house.sessions, token, password=PASSWORD, **given) == caseworker.id
    with house.sessions() as session:
        assert session.scalar(select(func.count()).select_from(StaffSession)) == 0
    assert reason(caseworker.authenticate) == "login"  # the old app
    assert reason(caseworker.authenticate, code=codes[0]) == "login"
    assert reason(lost.set_second_factor, house.sessions, token, password=PASSWORD, **given) == "invitation"
    moved = Colleague(house, caseworker.id, caseworker.login, secret)
    assert reason(moved.authenticate, code=given["code"]) == "login"  # it was used to set the app up
    assert moved.authenticate(code=moved.code(1)) == caseworker.id


def test_a_new_password_needs_the_app_or_a_recovery_code(house: House, caseworker: Colleague, codes: list[str]) -> None:
    token, _ = link(house, caseworker, "password")
    assert reason(lost.set_password, house.sessions, token, new=NEW, code="000000", address="a") == "lost"
    assert reason(lost.set_password, house.sessions, token, new="short", code=codes[0], address="a") == "password_short"
    assert lost.set_password(house.sessions, token, new=NEW, code=codes[0], address="a") == caseworker.id
    assert reason(caseworker.authenticate) == "login"
    assert caseworker.authenticate(password=NEW) == caseworker.id
    assert reason(lost.set_password, house.sessions, token, new=NEW, code=codes[1], address="a") == "invitation"


def test_a_link_for_one_thing_does_not_do_the_other_or_make_an_account(house: House, caseworker: Colleague) -> None:
    phone, secret = link(house, caseworker, "second_factor")
    assert reason(lost.set_password, house.sessions, phone, new=NEW, code=caseworker.code(), address="a") == "invitation"
    names = {"login": "x1", "name": "X", "password": PASSWORD, "code": pyotp.TOTP(secret).now()}
    assert reason(invitations.register, house.sessions, phone, **names) == "invitation"


def test_a_newer_link_a_day_and_an_end_of_the_account_each_end_a_link(house: House, caseworker: Colleague) -> None:
    first, _ = link(house, caseworker, "second_factor")
    second, secret = link(house, caseworker, "second_factor")
    given = {"password": PASSWORD, "code": pyotp.TOTP(secret).now(), "address": "a"}
    assert reason(lost.set_second_factor, house.sessions, first, **given) == "invitation"
    with house.sessions.begin() as session:
        session.execute(update(Invitation).values(expires_at=now() - dt.timedelta(seconds=1)))
    assert reason(lost.set_second_factor, house.sessions, second, **given) == "invitation"
    third, _ = link(house, caseworker, "second_factor")
    with house.sessions.begin() as session:
        managing.disable(session, session.get_one(Staff, caseworker.id))
    assert reason(lost.set_second_factor, house.sessions, third, **given) == "invitation"


def test_guessing_at_a_link_is_throttled(house: House, caseworker: Colleague) -> None:
    token, secret = link(house, caseworker, "second_factor")
    given = {"code": pyotp.TOTP(secret).now(), "address": "192.0.2.1"}
    for _ in range(throttle.WRONG):
        assert reason(lost.set_second_factor, house.sessions, token, password="wrong wrong wrong", **given) == "lost"
    assert reason(lost.set_second_factor, house.sessions, token, password=PASSWORD, **given) == "throttled"


def test_the_same_form_sent_twice_gives_the_same_link(house: House, caseworker: Colleague) -> None:
    with house.sessions.begin() as session:
        staff = session.get_one(Staff, caseworker.id)
        assert lost.replace_lost(session, staff, "password", once="f1") == lost.replace_lost(
            session, staff, "password", once="f1"
        )
        assert reason(lost.replace_lost, session, staff, "everything") == "kind"

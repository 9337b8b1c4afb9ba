"""Accounts: who gets one, who gets in."""

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
from bot.staff import accounts, invitations, managing, passwords, sessions, throttle
from bot.staff.models import Invitation, LoginAttempt, Staff, StaffSession
from tests.staff.people import PASSWORD, Colleague


def invited(house: House, role: str = "caseworker") -> tuple[str, str]:
    with house.sessions.begin() as session:
        token = invitations.invite(session, role)
        return token, invitations.find(session, token).totp_secret


def register(house: House, token: str, secret: str, **changed: str) -> int:
    given = {"login": "amina", "name": "Amina", "password": PASSWORD, "code": pyotp.TOTP(secret).now(), **changed}
    return invitations.register(house.sessions, token, **given)


def reason(call: object, *args: object, **kwargs: object) -> str:
    with pytest.raises(RefusedError) as refused:
        call(*args, **kwargs)  # type: ignore[operator]  # called by name with any service
    return refused.value.reason


def test_an_invitation_is_stored_only_as_a_hash_and_makes_one_account(house: House) -> None:
    token, secret = invited(house)
    with house.sessions() as session:
        assert token not in session.scalars(select(Invitation.token_hash)).all()
    register(house, token, secret)
    assert reason(register, house, token, secret, login="other") == "invitation"


def test_an_invitation_ends_after_a_day(house: House) -> None:
    token, secret = invited(house)
    with house.sessions.begin() as session:
        session.execute(update(Invitation).values(expires_at=now() - dt.timedelta(seconds=1)))
    assert reason(register, house, token, secret) == "invitation"


def test_the_same_form_sent_twice_gives_the_same_invitation(house: House) -> None:
    with house.sessions.begin() as session:
        assert invitations.invite(session, "admin", once="form-1") == invitations.invite(session, "admin", once="form-1")
        assert invitations.invite(session, "admin", once="form-2") != invitations.invite(session, "admin", once="form-1")
        assert session.scalar(select(func.count()).select_from(Invitation)) == 2


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"password": "fourteen chars"}, "password_short"),
        ({"password": "x1y2" * 65}, "password_long"),
        ({"password": "PasswordPassword"}, "password_common"),
        ({"password": "aaaaaaaaaaaaaaaaaaaa"}, "password_common"),
        ({"password": "aminaaminaamina", "login": "amina"}, "password_common"),
        ({"login": "<b>"}, "login_form"),
        ({"name": " "}, "name"),
        ({"code": "000000"}, "code"),
        ({"code": "٠١٢٣٤٥"}, "code"),
    ],
)
def test_a_form_that_is_not_right_is_refused_and_the_invitation_stays_good(
    house: House, changed: dict[str, str], why: str
) -> None:
    token, secret = invited(house)
    assert reason(register, house, token, secret, **changed) == why
    assert register(house, token, secret)


def test_a_password_is_measured_before_it_is_hashed(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    token, secret = invited(house)
    hashed: list[str] = []
    monkeypatch.setattr(passwords, "hashed", hashed.append)
    assert reason(register, house, token, secret, password="short") == "password_short"
    assert reason(register, house, token, secret, password="x" * 100_000) == "password_long"
    assert hashed == []


def test_a_login_is_taken_once(house: House, caseworker: Colleague) -> None:
    token, secret = invited(house)
    assert reason(register, house, token, secret, login=caseworker.login.upper()) == "login_taken"


def test_password_and_code_open_the_account_and_are_kept_as_argon2id(house: House, caseworker: Colleague) -> None:
    assert caseworker.authenticate() == caseworker.id
    with house.sessions() as session:
        stored = session.get_one(Staff, caseworker.id)
        assert stored.password_hash.startswith("$argon2id$")
        assert PASSWORD not in stored.password_hash


def test_a_password_typed_with_other_unicode_is_the_same(house: House) -> None:
    token, secret = invited(house)
    number = register(house, token, secret, password="caf\u00e9 caf\u00e9 caf\u00e9 caf\u00e9")
    Colleague(house, number, "amina", secret).forget_codes()
    code = pyotp.TOTP(secret).now()
    assert accounts.authenticate(house.sessions, "amina", "cafe\u0301 " * 3 + "cafe\u0301", code, "a")


def test_totp_code_is_not_reusable(caseworker: Colleague) -> None:
    code = caseworker.code()
    caseworker.authenticate(code=code)
    assert reason(caseworker.authenticate, code=code) == "login"
    assert caseworker.authenticate(code=caseworker.code(1)) == caseworker.id


def test_of_two_logins_with_one_code_at_once_one_gets_in(caseworker: Colleague) -> None:
    code = caseworker.code()
    outcomes: list[object] = []
    barrier = threading.Barrier(2)

    def attempt() -> None:
        barrier.wait()
        try:
            outcomes.append(caseworker.authenticate(code=code))
        except RefusedError as error:
            outcomes.append(error.reason)

    threads = [threading.Thread(target=attempt) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(map(str, outcomes)) == [str(caseworker.id), "login"]


def test_wrong_password_wrong_code_and_unknown_login_get_the_same_answer(house: House, caseworker: Colleague) -> None:
    answers = set()
    for login, password, code in (
        (caseworker.login, "wrong wrong wrong wrong", caseworker.code()),
        (caseworker.login, PASSWORD, "123"),
        ("nobody", PASSWORD, caseworker.code()),
    ):
        with pytest.raises(RefusedError) as refused:
            accounts.authenticate(house.sessions, login, password, code, "192.0.2.9")
        answers.add((refused.value.reason, str(refused.value)))
    assert len(answers) == 1


def test_wrong_password_of_unknown_login_costs_the_same_path(
    house: House, caseworker: Colleague, monkeypatch: pytest.MonkeyPatch
) -> None:
    verified: list[str] = []
    verify = PasswordHasher.verify

    def counted(self: PasswordHasher, stored: str, password: str) -> bool:
        verified.append(":".join(stored.split("$")[1:4]))  # kind, version, parameters
        return verify(self, stored, password)

    monkeypatch.setattr(PasswordHasher, "verify", counted)
    for login in (caseworker.login, "nobody"):
        reason(accounts.authenticate, house.sessions, login, "wrong wrong wrong wrong", "000000", "192.0.2.9")
    assert len(verified) == 2 and verified[0] == verified[1]


def test_throttle_closes_one_login_after_five_wrong_attempts(caseworker: Colleague) -> None:
    for number in range(throttle.WRONG):
        assert reason(caseworker.authenticate, password="wrong wrong wrong", address=f"192.0.2.{number}") == "login"
    assert reason(caseworker.authenticate, address="192.0.2.77") == "throttled"


def test_throttle_is_not_global(house: House, caseworker: Colleague, admin: Colleague) -> None:
    for _ in range(throttle.WRONG):
        reason(caseworker.authenticate, password="wrong wrong wrong", address="192.0.2.66")
    assert reason(admin.authenticate, address="192.0.2.66") == "throttled"  # the same address
    assert admin.authenticate(address="192.0.2.67") == admin.id  # another one: nobody is locked out by somebody else


def test_throttle_opens_again_after_ten_minutes(house: House, caseworker: Colleague) -> None:
    for _ in range(throttle.WRONG):
        reason(caseworker.authenticate, password="wrong wrong wrong")
    with house.sessions.begin() as session:
        session.execute(update(LoginAttempt).values(at=now() - throttle.WINDOW - dt.timedelta(seconds=1)))
    assert caseworker.authenticate() == caseworker.id


def test_right_logins_are_not_counted(caseworker: Colleague) -> None:
    for _ in range(throttle.WRONG + 2):
        caseworker.forget_codes()
        caseworker.authenticate()


def test_attempts_are_kept_without_login_or_address(house: House, caseworker: Colleague) -> None:
    reason(caseworker.authenticate, password="wrong wrong wrong", address="192.0.2.4")
    with house.sessions() as session:
        buckets = " ".join(session.scalars(select(LoginAttempt.bucket)))
    assert caseworker.login not in buckets and "192.0.2" not in buckets


def test_a_hash_with_old_parameters_is_made_anew_at_login(house: House, caseworker: Colleague) -> None:
    with house.sessions.begin() as session:
        session.get_one(Staff, caseworker.id).password_hash = PasswordHasher(time_cost=1, memory_cost=8192).hash(PASSWORD)
    caseworker.authenticate()
    with house.sessions() as session:
        assert not passwords.is_old(session.get_one(Staff, caseworker.id).password_hash)


def test_disabling_ends_sessions_and_logins(house: House, caseworker: Colleague) -> None:
    with house.sessions.begin() as session:
        token = sessions.start(session, caseworker.id)
        managing.disable(session, session.get_one(Staff, caseworker.id))
    with house.sessions.begin() as session:
        assert sessions.find(session, token) is None
    assert reason(caseworker.authenticate) == "login"


def test_changing_the_password_ends_every_session(house: House, caseworker: Colleague) -> None:
    with house.sessions.begin() as session:
        sessions.start(session, caseworker.id)
        sessions.start(session, caseworker.id)
    change = {"current": PASSWORD, "new": "nine red herons by the lock", "code": caseworker.code(), "address": "a"}
    accounts.change_password(house.sessions, caseworker.id, **change)
    with house.sessions() as session:
        assert session.scalar(select(func.count()).select_from(StaffSession)) == 0
    assert reason(caseworker.authenticate, code=caseworker.code(1)) == "login"
    assert caseworker.authenticate(password="nine red herons by the lock", code=caseworker.code(1)) == caseworker.id

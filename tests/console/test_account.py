"""One's own account over HTTP: recovery codes, sessions, wishes, absences; and links for whoever lost something."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable

import pyotp
from sqlalchemy import select

from bot.house import House
from bot.staff import invitations, sessions
from bot.staff.models import Absence, AuditEntry, Staff, StaffSession
from tests.console.desk import Desk
from tests.staff.people import PASSWORD, Colleague

FIREFOX = {"user-agent": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"}


def codes_on(desk: Desk) -> list[str]:
    return re.findall(r"<code>(\d+-[0-9a-z]{5}-[0-9a-z]{5})</code>", desk.page.text)


def make_codes(desk: Desk, colleague: Colleague) -> list[str]:
    colleague.forget_codes()
    desk.get("/account")
    desk.send("/account/codes", current=PASSWORD, code=colleague.code())
    return codes_on(desk)


def log_in_with(desk: Desk, colleague: Colleague, code: str) -> Desk:
    desk.get("/login")
    desk.send("/login", login=colleague.login, password=PASSWORD, code=code)
    return desk


def test_recovery_codes_are_shown_once_and_log_in_once(desk: Desk, open_desk: Callable[..., Desk], caseworker: Colleague) -> None:
    codes = make_codes(desk.log_in(caseworker), caseworker)
    assert len(codes) == 10
    desk.get("/account")
    assert codes_on(desk) == [] and "10 codes are still good" in desk.text
    other = log_in_with(open_desk(), caseworker, codes[4])
    assert other.page.url.path == "/console/account" and "with a recovery code" in other.text
    assert "9 codes are still good" in other.text
    assert log_in_with(open_desk(), caseworker, codes[4]).page.status_code == 409


def test_new_codes_need_password_and_code(desk: Desk, house: House, caseworker: Colleague) -> None:
    desk.log_in(caseworker).get("/account")
    assert desk.send("/account/codes", current="wrong wrong wrong", code=caseworker.code()).status_code == 409
    assert codes_on(desk) == [] and "No recovery codes" not in desk.text
    assert desk.send("/account/codes", current=PASSWORD, code="000000").status_code == 409
    assert len(make_codes(desk, caseworker)) == 10
    with house.sessions() as session:
        verbs = list(session.scalars(select(AuditEntry.verb).where(AuditEntry.actor == f"staff:{caseworker.id}")))
    assert verbs.count("staff.recovery_codes") == 1


def test_the_owner_is_warned_when_few_codes_are_left(desk: Desk, open_desk: Callable[..., Desk], caseworker: Colleague) -> None:
    desk.log_in(caseworker).get("/account")
    assert "You have no recovery codes" in desk.text
    codes = make_codes(desk, caseworker)
    for code in codes[:6]:
        last = log_in_with(open_desk(), caseworker, code)
    assert "recovery codes are left" not in last.text
    assert "Only 3 recovery codes are left" in log_in_with(open_desk(), caseworker, codes[6]).text


def test_own_sessions_are_listed_and_ended(desk: Desk, open_desk: Callable[..., Desk], caseworker: Colleague) -> None:
    other = open_desk()
    other.client.headers.update(FIREFOX)
    other.log_in(caseworker)
    desk.log_in(caseworker).get("/account")
    assert "Firefox, Linux" in desk.text and "this one" in desk.text
    desk.send("/account/sessions/end")
    assert "That session has ended" in desk.text and "Firefox" not in desk.text
    assert other.get("/account").status_code == 303
    third = open_desk().log_in(caseworker)
    desk.get("/account")
    desk.send("/account/sessions/end-others")
    assert third.get("/account").status_code == 303 and desk.get("/account").status_code == 200


def test_a_session_of_somebody_else_cannot_be_ended(
    desk: Desk, open_desk: Callable[..., Desk], house: House, caseworker: Colleague, admin: Colleague
) -> None:
    open_desk().log_in(admin)
    open_desk().log_in(caseworker)
    desk.log_in(caseworker).get("/account")
    with house.sessions() as session:
        theirs = sessions.handle(session.scalars(select(StaffSession).where(StaffSession.staff_id == admin.id)).one())
    assert desk.send("/account/sessions/end", session=theirs).status_code == 404


def test_a_session_is_as_long_as_the_setting_says(desk: Desk, house: House, caseworker: Colleague) -> None:
    desk.log_in(caseworker)
    object.__setattr__(house.settings, "session_idle_minutes", 5)
    with house.sessions.begin() as session:
        row = session.scalars(select(StaffSession)).one()
        row.seen_at -= dt.timedelta(minutes=6)
    assert desk.get("/account").status_code == 303


def test_wishes_are_kept_and_a_wrong_address_comes_back(desk: Desk, house: House, caseworker: Colleague) -> None:
    desk.log_in(caseworker).get("/account")
    desk.send("/account/wishes", email="amina@example.org", notify=["email", "sound"])
    assert "Saved." in desk.text
    with house.sessions() as session:
        row = session.get_one(Staff, caseworker.id)
        assert (row.email, row.notify) == (
            "amina@example.org",
            {"email": True, "sound": True, "telegram": False, "credit": False, "digest": False},
        )
    assert desk.send("/account/wishes", email="<b>no</b>").status_code == 409
    assert "This is not an e-mail address" in desk.text and "<b>no" not in desk.page.text


def test_absences_are_added_and_removed(desk: Desk, house: House, caseworker: Colleague) -> None:
    desk.log_in(caseworker).get("/account")
    first = dt.date.today() + dt.timedelta(days=10)
    desk.send("/account/absences", first=first.isoformat(), last="")
    assert "Saved." in desk.text
    with house.sessions() as session:
        row = session.scalars(select(Absence)).one()
        assert (row.first, row.last, row.staff_id) == (first, first, caseworker.id)
    assert desk.send("/account/absences", first="tomorrow").status_code == 409
    assert desk.send("/account/absences", first=first.isoformat(), last="2020-01-01").status_code == 409
    desk.send(f"/account/absences/{row.id}/remove")
    assert "Removed." in desk.text
    with house.sessions() as session:
        assert session.scalars(select(Absence)).all() == []


def test_an_absence_of_somebody_else_is_not_there(
    desk: Desk, open_desk: Callable[..., Desk], house: House, caseworker: Colleague, lead: Colleague
) -> None:
    day = dt.date.today() + dt.timedelta(days=3)
    open_desk().log_in(lead).get("/account")
    with house.sessions.begin() as session:
        row = Absence(staff_id=lead.id, first=day, last=day)
        session.add(row)
    desk.log_in(caseworker).get("/account")
    assert desk.post(f"/account/absences/{row.id}/remove", desk.form("/logout")).status_code == 404


def lost_link(boss: Desk, colleague: Colleague, kind: str) -> str:
    boss.get("/staff")
    boss.post(f"/staff/{colleague.id}/lost", boss.form(f"/staff/{colleague.id}/lost") | {"kind": kind})
    return boss.page.text.partition('readonly value="')[2].partition('"')[0].partition("#")[2]


def test_somebody_with_a_new_phone_is_in_with_link_password_and_new_code(
    desk: Desk, open_desk: Callable[..., Desk], house: House, caseworker: Colleague, admin: Colleague
) -> None:
    kept = desk.log_in(caseworker)
    token = lost_link(open_desk().log_in(admin), caseworker, "second_factor")
    new = open_desk()
    new.get("/register")
    new.send("/register/open", invitation=token)
    assert "A new phone" in new.text and "<svg" in new.page.text
    with house.sessions() as session:
        secret = invitations.find(session, token).totp_secret
    form = {"password": PASSWORD, "code": pyotp.TOTP(secret).now()}
    assert new.send("/register/second-factor", **form | {"password": "wrong wrong wrong"}).status_code == 409
    assert "Nothing was changed" in new.text
    new.send("/register/second-factor", **form)
    assert len(codes_on(new)) == 10 and new.get("/account").status_code == 200
    assert kept.get("/account").status_code == 303  # what the old phone opened has ended


def test_somebody_who_forgot_the_password_is_in_with_link_and_code(
    open_desk: Callable[..., Desk], house: House, caseworker: Colleague, admin: Colleague
) -> None:
    token = lost_link(open_desk().log_in(admin), caseworker, "password")
    caseworker.forget_codes()
    new = open_desk()
    new.get("/register")
    new.send("/register/open", invitation=token)
    assert new.send("/register/password", password="nine red herons by the lock", code="123456").status_code == 409
    new.send("/register/password", password="nine red herons by the lock", code=caseworker.code())
    assert "Your password has changed" in new.text
    assert new.get("/register").status_code == 200
    assert new.send("/register/open", invitation=token).status_code == 409  # it worked once


def test_the_link_alone_opens_nothing_for_the_admin_who_made_it(
    open_desk: Callable[..., Desk], house: House, caseworker: Colleague, admin: Colleague
) -> None:
    boss = open_desk().log_in(admin)
    for kind, path in (("second_factor", "second-factor"), ("password", "password")):
        token = lost_link(boss, caseworker, kind)
        thief = open_desk("192.0.2.66")
        thief.get("/register")
        thief.send("/register/open", invitation=token)
        with house.sessions() as session:
            secret = invitations.find(session, token).totp_secret
        guess = {"password": "an admin's own long password", "code": pyotp.TOTP(secret).now()}
        assert thief.send(f"/register/{path}", **guess).status_code == 409

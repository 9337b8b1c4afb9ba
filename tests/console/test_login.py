"""Getting in and out, seen from the browser."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable

import pyotp
import pytest
from sqlalchemy import func, select

from bot.console.routes import routes
from bot.house import House
from bot.settings import Settings
from bot.staff import invitations
from bot.staff.first import invitation_link
from bot.staff.models import AuditEntry, Staff, StaffSession
from tests.console.desk import Desk
from tests.staff.people import PASSWORD, Colleague


def test_somebody_invited_makes_an_account_and_is_in(desk: Desk, house: House) -> None:
    token = invitation_link(house, "caseworker").partition("#")[2]
    desk.get("/register")
    desk.send("/register/open", invitation=token)
    assert "<svg" in desk.page.text and token not in str(desk.page.url)
    with house.sessions() as session:
        secret = invitations.find(session, token).totp_secret
    form = {"name": "Amina", "login": "amina", "password": PASSWORD, "code": pyotp.TOTP(secret).now()}
    assert desk.send("/register", **form | {"password": "short"}).status_code == 409
    assert "at least 15 characters" in desk.text and desk.form("/register")["name"] == "Amina"
    desk.send("/register", **form)
    assert "keep these codes" in desk.text and len(set(re.findall(r"<code>(.*?)</code>", desk.page.text))) == 10
    assert desk.get("/account").status_code == 200 and "10 codes are still good" in desk.text


def test_whoever_looked_at_an_invitation_before_does_not_know_the_secret_of_the_account(desk: Desk, house: House) -> None:
    token = invitation_link(house, "caseworker").partition("#")[2]
    seen = []
    for _ in range(2):
        desk.get("/register")
        desk.send("/register/open", invitation=token)
        with house.sessions() as session:
            seen.append(invitations.find(session, token).totp_secret)
    assert seen[0] != seen[1]
    form = {"name": "Amina", "login": "amina", "password": PASSWORD, "code": pyotp.TOTP(seen[0]).now()}
    assert desk.send("/register", **form).status_code == 409 and "The code is not right" in desk.text
    assert seen[1] in desk.text.replace(" ", "")  # the form that comes back keeps the secret that it showed


def test_a_used_invitation_says_what_to_do(desk: Desk, house: House) -> None:
    desk.get("/register")
    assert desk.send("/register/open", invitation="never-was").status_code == 409
    assert "Ask an admin for a new one" in desk.text


def test_session_is_regenerated_at_login(desk: Desk, house: House, caseworker: Colleague) -> None:
    desk.log_in(caseworker)
    first = desk.cookie
    caseworker.forget_codes()
    desk.client.cookies.delete("useit_console")
    desk.get("/login")
    form = desk.form("/login")
    desk.client.cookies.set("useit_console", "fixed-by-somebody-else-0123456789")
    desk.post("/login", {**form, "login": caseworker.login, "password": PASSWORD, "code": caseworker.code()})
    tokens = [v for h in desk.page.headers.get_list("set-cookie") if h.startswith("useit_console=") for v in [h.split("=")[1]]]
    assert desk.page.status_code == 303 and tokens and "fixed-by" not in tokens[0] and not tokens[0].startswith(first)


def test_logging_in_again_ends_the_session_before(desk: Desk, house: House, caseworker: Colleague) -> None:
    desk.log_in(caseworker)
    desk.get("/account")
    csrf, old = desk.form("/logout")["csrf"], desk.cookie
    caseworker.forget_codes()
    login = {"csrf": csrf, "login": caseworker.login, "password": PASSWORD, "code": caseworker.code()}
    desk.post("/login", login)
    assert desk.cookie != old
    with house.sessions() as session:
        assert session.scalar(select(func.count()).select_from(StaffSession)) == 1


def test_logout_kills_the_session_at_the_back_end(desk: Desk, open_desk: Callable[..., Desk], caseworker: Colleague) -> None:
    desk.log_in(caseworker)
    kept = desk.cookie
    desk.send("/logout")
    thief = open_desk()
    thief.client.cookies.set("useit_console", kept)
    assert thief.get("/cases").status_code == 303 and "/login" in thief.page.headers["location"]


def test_disabling_an_account_puts_it_out_at_once(
    desk: Desk, open_desk: Callable[..., Desk], caseworker: Colleague, admin: Colleague
) -> None:
    desk.log_in(caseworker)
    boss = open_desk().log_in(admin)
    boss.get("/staff")
    boss.send(f"/staff/{caseworker.id}/disable")
    assert "The account has ended" in boss.text
    assert desk.get("/cases").status_code == 303
    assert boss.post(f"/staff/{admin.id}/disable", boss.form("/staff/invite")).status_code == 409  # not one's own
    assert boss.get("/staff").status_code == 200


def test_a_new_password_ends_other_sessions_and_keeps_this_one(
    desk: Desk, open_desk: Callable[..., Desk], caseworker: Colleague
) -> None:
    other = open_desk().log_in(caseworker)
    desk.log_in(caseworker)
    caseworker.forget_codes()
    desk.get("/account")
    new = "nine red herons by the lock"
    assert desk.send("/account/password", current="wrong", password=new, code=caseworker.code()).status_code == 409
    desk.send("/account/password", current=PASSWORD, password=new, code=caseworker.code())
    assert "Your password has changed" in desk.text
    assert other.get("/cases").status_code == 303


def test_a_used_code_does_not_log_in_again(desk: Desk, open_desk: Callable[..., Desk], caseworker: Colleague) -> None:
    code = caseworker.code()
    form = {"login": caseworker.login, "password": PASSWORD, "code": code}
    desk.get("/login")
    assert desk.send("/login", **form).status_code == 200
    again = open_desk()
    again.get("/login")
    assert again.send("/login", **form).status_code == 409 and "not right" in again.text
    assert PASSWORD not in again.page.text and code not in again.page.text


def test_throttle_is_per_address_and_login_and_says_how_long(
    open_desk: Callable[..., Desk], caseworker: Colleague, admin: Colleague
) -> None:
    guesser = open_desk("198.51.100.7")
    guesser.get("/login")
    for _ in range(5):
        assert guesser.send("/login", login=caseworker.login, password="wrong " * 5, code="000000").status_code == 409
    assert guesser.send("/login", login=caseworker.login, password=PASSWORD, code="000000").status_code == 429
    assert "Wait ten minutes" in guesser.text
    open_desk("198.51.100.8").log_in(admin)


def test_an_idle_session_says_so_and_nothing_was_sent(desk: Desk, house: House, caseworker: Colleague, asked: str) -> None:
    desk.log_in(caseworker)
    desk.get(f"/cases/{asked}")
    with house.sessions.begin() as session:
        session.delete(session.scalars(select(StaffSession)).one())
    desk.send(f"/cases/{asked}/claim")
    assert desk.page.url.path == "/console/login" and "logged out" in desk.text


@pytest.mark.parametrize("public_url", ["http://127.0.0.1:8080", "https://bridge.example"])
def test_cookies_are_strict_and_on_https_bound_to_the_host(
    public_url: str, house: House, caseworker: Colleague, open_desk: Callable[..., Desk]
) -> None:
    settings: Settings = dataclasses.replace(house.settings, public_url=public_url)
    object.__setattr__(house, "settings", settings)
    desk = open_desk().log_in(caseworker)
    caseworker.forget_codes()
    desk.client.cookies.clear()
    desk.get("/login")
    form = desk.form("/login")
    desk.post("/login", {**form, "login": caseworker.login, "password": PASSWORD, "code": caseworker.code()})
    cookie = next(h for h in desk.page.headers.get_list("set-cookie") if "useit_console" in h)
    https = public_url.startswith("https")
    assert cookie.startswith("__Host-useit_console=") == https and ("Secure" in cookie) == https
    assert "HttpOnly" in cookie and "SameSite=strict" in cookie and "Path=/;" in cookie + ";" and "Domain" not in cookie
    assert ("strict-transport-security" in desk.page.headers) == https
    assert routes(house)


def test_an_admin_invites_once_and_a_double_click_gives_the_same_link(desk: Desk, house: House, admin: Colleague) -> None:
    desk.log_in(admin).get("/staff")
    form = desk.form("/staff/invite") | {"role": "caseworker"}
    links = {desk.post("/staff/invite", form).text.partition('readonly value="')[2].partition('"')[0] for _ in range(2)}
    assert len(links) == 1 and "/console/register#" in links.pop()
    assert desk.post("/staff/invite", form | {"once": "y" * 24, "role": "owner"}).status_code == 409


def test_logins_are_in_the_audit(desk: Desk, house: House, caseworker: Colleague) -> None:
    desk.log_in(caseworker).send("/logout")
    with house.sessions() as session:
        verbs = list(session.scalars(select(AuditEntry.verb).order_by(AuditEntry.id)))
        assert verbs == ["staff.register", "staff.login", "cases.list", "staff.logout"]
        assert session.scalar(select(func.count()).select_from(Staff)) == 1

"""Single sign-on as a browser goes through it, against a real provider."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterator

import httpx
import pytest
from sqlalchemy import func, select

from bot.house import House
from bot.staff.first import invitation_link
from bot.staff.models import AuditEntry, SsoLink, Staff, StaffSession
from tests.console.desk import Desk
from tests.staff import provider as peer
from tests.staff.people import PASSWORD, Colleague
from tests.staff.test_sso import offer


@pytest.fixture
def provider(house: House) -> Iterator[peer.Provider]:
    with peer.running() as running:
        offer(house, running)
        yield running


def onward(desk: Desk) -> str:
    """Where the page sends the browser, without a script."""
    assert "<script>" not in desk.page.text and desk.page.status_code == 200, desk.text
    return html.unescape(re.findall(r'http-equiv="refresh" content="0; url=([^"]+)"', desk.page.text)[0])


def through(desk: Desk) -> Desk:
    """From our page to the provider, back to ours, and on into the console."""
    returned = httpx.get(onward(desk)).headers["location"]
    desk.get(returned.partition("/console")[2])
    return desk


def go_on(desk: Desk) -> Desk:
    desk.get(onward(desk).partition("/console")[2])
    desk.follow()
    return desk


def begin_login(desk: Desk) -> Desk:
    desk.get("/login")
    desk.send("/login/sso")
    return desk


def link(desk: Desk, colleague: Colleague) -> Desk:
    desk.log_in(colleague).get("/account")
    colleague.forget_codes()
    desk.send("/account/sso/link", current=PASSWORD, code=colleague.code())
    return go_on(through(desk))


def test_somebody_links_their_account_and_logs_in_through_the_provider(
    desk: Desk, open_desk: Callable[..., Desk], house: House, provider: peer.Provider, caseworker: Colleague
) -> None:
    link(desk, caseworker)
    assert "Linked. You can log in with it" in desk.text and f"Linked with {provider.address}" in desk.text
    other = go_on(through(begin_login(open_desk())))
    assert other.page.url.path == "/console/cases" and other.get("/account").status_code == 200
    with house.sessions() as session:
        entered = session.scalars(select(AuditEntry).where(AuditEntry.verb == "staff.login", AuditEntry.why == "sso"))
        assert [row.actor for row in entered] == [f"staff:{caseworker.id}"]


def test_linking_needs_password_and_code_again(desk: Desk, provider: peer.Provider, caseworker: Colleague) -> None:
    desk.log_in(caseworker).get("/account")
    caseworker.forget_codes()
    assert desk.send("/account/sso/link", current="wrong wrong wrong", code=caseworker.code()).status_code == 409
    assert desk.send("/account/sso/link", current=PASSWORD, code="000000").status_code == 409


def test_a_sign_on_that_is_not_linked_says_what_to_do(desk: Desk, provider: peer.Provider, caseworker: Colleague) -> None:
    through(begin_login(desk))
    assert desk.page.status_code == 409 and "No account here is linked to this sign-on" in desk.text
    assert desk.cookie == "" and desk.get("/cases").status_code == 303


def test_the_session_is_new_and_one_that_was_fixed_before_is_worth_nothing(
    desk: Desk, open_desk: Callable[..., Desk], house: House, provider: peer.Provider, caseworker: Colleague
) -> None:
    link(desk, caseworker)
    victim = open_desk()
    victim.client.cookies.set("useit_console", "fixed-by-somebody-else-0123456789")
    victim.get("/login")
    form = victim.form("/login/sso")
    victim.post("/login/sso", form)
    through(victim)
    cookies = [line for line in victim.page.headers.get_list("set-cookie") if line.startswith("useit_console=")]
    assert len(cookies) == 1 and "fixed-by" not in cookies[0] and "SameSite=strict" in cookies[0]


def test_logging_in_again_through_the_provider_ends_the_session_before(
    desk: Desk, house: House, provider: peer.Provider, caseworker: Colleague
) -> None:
    link(desk, caseworker)
    kept, csrf = desk.cookie, desk.form("/logout")["csrf"]
    desk.post("/login/sso", {"csrf": csrf})
    desk.client.cookies.delete("useit_console")  # as a browser does: a strict cookie is not sent when it comes back
    through(desk)
    assert desk.cookie and desk.cookie != kept
    with house.sessions() as session:
        assert session.scalar(select(func.count()).select_from(StaffSession)) == 1


def test_an_answer_opened_in_another_browser_or_twice_opens_nothing(
    desk: Desk, open_desk: Callable[..., Desk], provider: peer.Provider, caseworker: Colleague
) -> None:
    link(desk, caseworker)
    mine = begin_login(open_desk())
    returned = httpx.get(onward(mine)).headers["location"].partition("/console")[2]
    other = open_desk()
    assert other.get(returned).status_code == 409 and "began in another browser" in other.text and other.cookie == ""
    assert mine.get(returned).status_code == 409  # the attempt is gone with it
    again = begin_login(open_desk())
    returned = httpx.get(onward(again)).headers["location"].partition("/console")[2]
    assert again.get(returned).status_code == 200
    assert again.get(returned).status_code == 409


def test_a_provider_that_is_away_is_a_clear_line_and_the_password_still_works(
    desk: Desk, house: House, provider: peer.Provider, caseworker: Colleague
) -> None:
    provider.away = True
    assert begin_login(desk).page.status_code == 409
    assert "does not answer at the moment" in desk.text and desk.form("/login")
    desk.log_in(caseworker)
    assert desk.get("/account").status_code == 200


def test_a_provider_that_is_away_when_somebody_comes_back_is_a_clear_line(desk: Desk, provider: peer.Provider) -> None:
    returned = httpx.get(onward(begin_login(desk))).headers["location"].partition("/console")[2]
    provider.away = True
    assert desk.get(returned).status_code == 409 and "does not answer at the moment" in desk.text


def test_somebody_who_says_no_there_is_told_here(desk: Desk, provider: peer.Provider) -> None:
    provider.subject = ""
    assert through(begin_login(desk)).page.status_code == 409 and "did not let you in" in desk.text


def test_an_invitation_is_accepted_through_the_provider(
    desk: Desk, open_desk: Callable[..., Desk], house: House, provider: peer.Provider
) -> None:
    token = invitation_link(house, "caseworker").partition("#")[2]
    desk.get("/register")
    desk.send("/register/open", invitation=token)
    assert "Or with Example ID" in desk.text
    assert desk.send("/register/sso", name="Nadia", login="<x>").status_code == 409
    desk.send("/register/sso", name="Nadia", login="nadia")
    assert go_on(through(desk)).page.url.path == "/console/cases"
    desk.get("/account")
    assert "Change your password" not in desk.text and "Recovery codes" not in desk.text and "Remove link" not in desk.text
    with house.sessions() as session:
        number = session.scalars(select(SsoLink.id)).one()
        assert session.scalars(select(Staff.password_hash)).one() == ""
    assert desk.post(f"/account/sso/{number}/unlink", desk.form("/logout")).status_code == 409  # the only door
    assert go_on(through(begin_login(open_desk()))).page.url.path == "/console/cases"


def test_a_link_is_removed_by_its_owner_only(
    desk: Desk, open_desk: Callable[..., Desk], house: House, provider: peer.Provider, caseworker: Colleague, admin: Colleague
) -> None:
    link(desk, caseworker)
    with house.sessions() as session:
        number = session.scalars(select(SsoLink.id)).one()
    other = open_desk().log_in(admin)
    other.post(f"/account/sso/{number}/unlink", other.form("/logout"))
    with house.sessions() as session:
        assert session.scalars(select(SsoLink.id)).all() == [number]
    desk.send(f"/account/sso/{number}/unlink")
    assert "The link is removed" in desk.text
    assert through(begin_login(open_desk())).page.status_code == 409


def test_without_a_provider_there_is_no_door_for_one(desk: Desk, caseworker: Colleague) -> None:
    desk.get("/login")
    assert "/login/sso" not in desk.page.text
    assert desk.post("/login/sso", desk.form("/login")).status_code == 409
    assert desk.get("/login/sso/return?state=x&code=y").status_code == 409
    desk.log_in(caseworker).get("/account")
    assert "single sign-on" not in desk.text.casefold()

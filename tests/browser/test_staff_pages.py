"""Accounts, teams and the audit in Chromium: on a desktop and a phone, light and dark, by keyboard, and through a sign-on provider
on another site."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from bot.house import House
from bot.staff import audit, lost, oidc, recovery, teams
from bot.staff.first import invitation_link
from bot.staff.models import Absence, SsoLink, Staff
from tests.browser.chromium import started
from tests.browser.console import looks
from tests.browser.test_console_pages import SIZES, check, log_in
from tests.console import site
from tests.staff import provider as peer
from tests.staff.people import PASSWORD, Colleague
from tests.staff.test_sso import offer

pytestmark = pytest.mark.browser
TODAY = dt.date.today()
LONG = "Birmingham Settlement and Smethwick Newcomers"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with started() as running:
        yield running


@pytest.fixture
def base(house: House) -> Iterator[str]:
    with site.served(house) as address:
        object.__setattr__(house, "settings", dataclasses.replace(house.settings, public_url=address))
        yield address


@pytest.fixture
def provider(house: House, base: str) -> Iterator[peer.Provider]:
    """Another site for the browser: its name is another one."""
    with peer.running("localhost") as running:
        offer(house, running)
        yield running


@pytest.fixture
def open_page(browser: Browser, base: str) -> Iterator[Callable[..., Page]]:
    contexts = []

    def opened(size: str = "desktop", scheme: str = "light", *, own_policy: bool = False) -> Page:
        # axe is put into the page by a script, which the page's own policy would not let in
        context = browser.new_context(viewport=SIZES[size], color_scheme=scheme, bypass_csp=not own_policy, base_url=base)  # type: ignore[arg-type]  # the library is typed looser than it is used
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(30_000)
        return page

    yield opened
    for context in contexts:
        context.close()


@pytest.fixture
def team(house: House) -> dict[str, Colleague]:
    """Four roles, two teams, days off, an account that ended, and something in the audit."""
    people = {
        role: Colleague.join(house, login, role)
        for role, login in (("caseworker", "amina"), ("admin", "bea"), ("lead", "carol"), ("auditor", "dora"))
    }
    ended = Colleague.join(house, "elif", "caseworker")
    with house.sessions.begin() as session:
        first, _ = teams.make(session, LONG), teams.make(session, "Ladywood")
        teams.change(session, first, name=LONG, hours="mon-thu 10:00-16:00")
        teams.close_on(first, TODAY + dt.timedelta(days=20), TODAY + dt.timedelta(days=22))
        for role in ("caseworker", "lead"):
            teams.join(session, first.id, people[role].id)
        away = {"first": TODAY + dt.timedelta(days=3), "last": TODAY + dt.timedelta(days=9)}
        session.add(Absence(staff_id=people["caseworker"].id, **away))
        session.get_one(Staff, ended.id).disabled_at = dt.datetime.now(dt.UTC)
        for number in range(60):
            audit.record(session, f"staff:{people['caseworker'].id}", "cases.read", f"handoff:H-7K3{number:02}")
    return people


@pytest.mark.parametrize(("size", "scheme"), looks("desktop-dark"))
def test_axe_finds_nothing_on_any_of_these_pages(
    size: str,
    scheme: str,
    house: House,
    provider: peer.Provider,
    team: dict[str, Colleague],
    open_page: Callable[..., Page],
) -> None:
    name = f"{size}-{scheme}"
    page = open_page(size, scheme)
    page.goto("/console/login")
    check(page, f"login-sso-{name}")
    page.goto("/console/login/sso/return?state=x&code=y")
    check(page, f"sso-refused-{name}")
    page.goto(f"/console/register#{invitation_link(house, 'lead').partition('#')[2]}")
    expect(page.get_by_role("heading", name="Or with Example ID")).to_be_visible()
    check(page, f"register-sso-{name}")
    for kind, heading in (("second_factor", "A new phone"), ("password", "A new password")):
        with house.sessions.begin() as session:
            token = lost.replace_lost(session, session.get_one(Staff, team["caseworker"].id), kind)
        page.goto("/console/login")  # another fragment alone would not load the page anew
        page.goto(f"/console/register#{token}")
        expect(page.get_by_role("heading", name=heading, exact=True)).to_be_visible()
        check(page, f"{kind}-{name}")

    log_in(page, team["caseworker"])
    with house.sessions.begin() as session:
        session.add(SsoLink(staff_id=team["lead"].id, issuer=provider.address, subject="x"))
    page.goto("/console/account")
    check(page, f"account-{name}")
    team["caseworker"].forget_codes()
    codes = page.locator("form[action$='/account/codes']")
    codes.get_by_label("Password now").fill(PASSWORD)
    codes.get_by_label("Code from your app").fill(team["caseworker"].code())
    codes.get_by_role("button").click()
    expect(page.get_by_role("listitem").first).to_be_visible()
    check(page, f"codes-{name}")
    page.goto("/console/account")
    page.get_by_label("Your e-mail").fill("no@dot")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("This is not an e-mail address.")).to_be_visible()
    check(page, f"account-refused-{name}")
    page.get_by_role("button", name="Log out").click()

    log_in(page, team["lead"])
    page.goto("/console/account")
    check(page, f"account-linked-{name}")
    page.goto("/console/teams")
    check(page, f"teams-{name}")
    page.get_by_role("link", name=LONG).click()
    page.get_by_text("Change Amina").click()
    check(page, f"team-{name}")
    page.get_by_role("button", name="Log out").click()

    log_in(page, team["admin"])
    page.goto("/console/staff")
    page.get_by_text("Change Amina").click()
    check(page, f"staff-open-{name}")
    page.get_by_role("button", name="Lost phone Amina").click()
    expect(page.get_by_label("The link for Amina")).to_be_visible()
    check(page, f"staff-link-{name}")
    page.goto("/console/teams/2")
    check(page, f"team-empty-{name}")
    page.get_by_role("button", name="Log out").click()

    log_in(page, team["auditor"])
    check(page, f"audit-{name}")
    page.goto("/console/audit?verb=never")
    check(page, f"audit-empty-{name}")


def test_sign_on_through_another_site_under_our_own_policy(
    house: House, provider: peer.Provider, team: dict[str, Colleague], open_page: Callable[..., Page]
) -> None:
    """Strict cookies, form-action and the provider's redirect together: what a browser does, and no test client."""
    page = open_page(own_policy=True)
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    log_in(page, team["lead"])
    page.goto("/console/account")
    team["lead"].forget_codes()
    form = page.locator("form[action$='/sso/link']")
    form.get_by_label("Password now").fill(PASSWORD)
    form.get_by_label("Code from your app").fill(team["lead"].code())
    form.get_by_role("button", name="Link with Example ID").click()
    expect(page.get_by_text("Linked. You can log in with it from now on.")).to_be_visible()
    page.get_by_role("button", name="Log out").click()
    expect(page.get_by_text("You are logged out.")).to_be_visible()
    page.get_by_role("button", name="Log in with Example ID").click()
    page.wait_for_url("**/console/cases")
    cookies = {cookie["name"]: cookie["sameSite"] for cookie in page.context.cookies()}
    assert cookies["useit_console"] == "Strict" and "useit_away" not in cookies
    assert complaints == []
    page.get_by_role("button", name="Log out").click()
    provider.away = True
    oidc.provider.cache_clear()  # as if the last sign-on were some seconds ago
    page.get_by_role("button", name="Log in with Example ID").click()
    expect(page.get_by_text("Log in with password and code, or try again later.")).to_be_visible()
    log_in(page, team["lead"])


def test_a_team_is_kept_with_the_keyboard_alone(house: House, team: dict[str, Colleague], open_page: Callable[..., Page]) -> None:
    page = log_in(open_page(), team["lead"])
    page.goto("/console/teams")

    def tab_to(selector: str) -> None:
        for _ in range(60):
            page.keyboard.press("Tab")
            if page.evaluate("s => document.activeElement.matches(s)", selector):
                return
        raise AssertionError(f"the keyboard does not get to {selector}")

    tab_to("a.reference")
    page.keyboard.press("Enter")
    page.wait_for_url("**/teams/1")
    tab_to("input#hours")
    page.keyboard.press("Control+A")
    page.keyboard.type("mon-fri 09:30-15:30")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Saved.", exact=True)).to_be_visible()
    tab_to("summary")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Take Amina out of the team")).to_be_visible()


def test_recovery_codes_can_be_printed(house: House, team: dict[str, Colleague], open_page: Callable[..., Page]) -> None:
    page = log_in(open_page(), team["caseworker"])
    page.goto("/console/account")
    team["caseworker"].forget_codes()
    codes = page.locator("form[action$='/account/codes']")
    codes.get_by_label("Password now").fill(PASSWORD)
    codes.get_by_label("Code from your app").fill(team["caseworker"].code())
    codes.get_by_role("button").click()
    page.emulate_media(media="print")
    expect(page.locator(".codes code")).to_have_count(recovery.COUNT)
    assert page.locator(".codes code").first.is_visible() and not page.locator("header.top").is_visible()

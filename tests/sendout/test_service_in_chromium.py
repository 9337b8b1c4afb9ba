"""The page for services in a browser, without scripts: on a phone and a desktop, light and dark, by keyboard, on paper."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from bot.cases.models import Referral, ServiceLink
from bot.house import House
from tests.browser.chromium import DESKTOP, PHONE, shot, started, violations
from tests.browser.console import looks
from tests.sendout import people, site

pytestmark = pytest.mark.browser
SIZES = {"phone": PHONE, "desktop": DESKTOP}


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with started() as running:
        yield running


@pytest.fixture
def base(house: House) -> Iterator[str]:
    with site.served(house) as address:
        yield address


@pytest.fixture
def open_page(browser: Browser, base: str) -> Iterator[Callable[..., Page]]:
    contexts = []

    def opened(size: str = "desktop", scheme: str = "light", scripts: bool = True) -> Page:
        # axe needs scripts, and a policy that lets it in; the page itself has none, as the tests without scripts show
        context = browser.new_context(
            viewport=SIZES[size],  # type: ignore[arg-type]  # the library is typed looser than it is used
            color_scheme=scheme,  # type: ignore[arg-type]  # a str from the table of schemes
            bypass_csp=scripts,
            java_script_enabled=scripts,
            base_url=base,
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(30_000)
        return page

    yield opened
    for context in contexts:
        context.close()


@pytest.fixture
def path(house: House, amina: int) -> str:
    with house.sessions.begin() as session:
        link = people.send(session, house, people.agreed(session), amina, by="link").link
    return "/service/" + link.rpartition("/")[2]


def check(page: Page, name: str) -> None:
    """axe has nothing to say, and the page does not scroll sideways."""
    shot(page, f"service-{name}", full_page=True)
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"), name


@pytest.mark.parametrize(("size", "scheme"), looks("phone-dark"))
def test_every_page_has_no_violation(open_page: Callable[..., Page], path: str, size: str, scheme: str) -> None:
    page = open_page(size, scheme)
    page.goto(path)
    check(page, f"cover-{size}-{scheme}")
    page.get_by_role("button", name="Open the referral").click()
    expect(page.get_by_text("Somali")).to_be_visible()
    check(page, f"referral-{size}-{scheme}")
    page.get_by_label("Or ask us a question first").fill("How old is the person? Sue, 0121 496 0009")
    page.get_by_role("button", name="Send the question").click()
    expect(page.get_by_role("status")).to_contain_text("Your question is with our caseworkers")
    check(page, f"asked-{size}-{scheme}")
    page.locator("#note").evaluate("e => e.maxLength = 9999")
    page.get_by_label("We can help").check()
    page.locator("#note").fill("x" * 501)
    page.get_by_role("button", name="Send the answer").click()
    expect(page.get_by_role("alert")).to_be_visible()
    check(page, f"refused-{size}-{scheme}")
    page.locator("#note").fill("Monday at ten. Ask for Sue.")
    page.get_by_role("button", name="Send the answer").click()
    expect(page.get_by_role("heading", name="Thank you")).to_be_visible()
    check(page, f"thanks-{size}-{scheme}")
    page.goto(path)
    expect(page.get_by_role("heading", name="This link does not work")).to_be_visible()
    check(page, f"gone-{size}-{scheme}")


def test_it_works_without_scripts_and_by_keyboard_alone(house: House, open_page: Callable[..., Page], path: str) -> None:
    page = open_page("phone", scripts=False)
    asked_elsewhere: list[str] = []
    page.on(
        "request",
        lambda request: (
            asked_elsewhere.append(request.url) if path not in request.url and "/service/style/" not in request.url else None
        ),
    )
    page.goto(path)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="They need help with")).to_be_visible()
    page.keyboard.press("Tab")  # "Save as PDF"
    page.keyboard.press("Tab")  # the answers, as one group
    page.keyboard.press("Space")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Tab")
    page.keyboard.type("We are full until March.")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Thank you")).to_be_visible()
    with house.sessions() as session:
        assert session.query(Referral).one().state == "declined_by_service"
        link = session.query(ServiceLink).one()
        assert (link.answer, link.note) == ("no_place", "We are full until March.")
    assert [url for url in asked_elsewhere if not url.endswith("/favicon.ico")] == []


def test_a_double_click_answers_once(house: House, open_page: Callable[..., Page], path: str) -> None:
    page = open_page(scripts=False)
    page.goto(path)
    page.get_by_role("button", name="Open the referral").dblclick()
    page.get_by_label("We can help").check()
    page.get_by_role("button", name="Send the answer").dblclick()
    expect(page.get_by_role("heading", name="Thank you")).to_be_visible()
    with house.sessions() as session:
        referral = session.query(Referral).one()
        assert [move[1] for move in people.moves(session, referral)].count("accepted") == 1


def test_the_pdf_is_saved_and_nothing_is_left_in_the_history_of_other_sites(open_page: Callable[..., Page], path: str) -> None:
    page = open_page()
    page.goto(path)
    page.get_by_role("button", name="Open the referral").click()
    with page.expect_download() as saving:
        page.get_by_role("button", name="Save as PDF").click()
    assert saving.value.suggested_filename.startswith("referral-r-")
    assert page.evaluate("document.referrer") == ""  # the path is told to nobody, not even to ourselves

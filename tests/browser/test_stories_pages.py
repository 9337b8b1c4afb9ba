"""A caseworker writes a story short and asks its person, in Chromium: on a desktop and a phone, light and dark."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from bot.conversation import inbox
from bot.house import House
from bot.stories import telling
from tests.browser.chromium import started
from tests.browser.console import Open, check, log_in, opening, sizes
from tests.console import site
from tests.staff.people import Colleague
from tests.stories.telling import TEXTS, only

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with started() as running:
        yield running


@pytest.fixture
def open_page(browser: Browser, house: House) -> Iterator[Open]:
    with site.served(house) as base, opening(browser, base) as opened:
        yield opened


@pytest.mark.parametrize("size", sizes("phone"))
def test_written_short_and_asked(size: str, house: House, open_page: Open) -> None:
    amina = Colleague.join(house, "amina", "caseworker")
    with house.sessions.begin() as session:
        chat = inbox.chat_for(session, "web", "teller")
        chat.person.language = "ar"
        session.flush()
        reference = telling.tell(session, chat, telling.Told("كنت ممرضة في بلدي عشر سنوات", "ar", name="أمل")).reference
    page = log_in(open_page(size), amina)
    page.goto("/console/stories")
    check(page, f"stories-{size}")
    page.get_by_role("link", name=reference).click()
    expect(page.get_by_text("كنت ممرضة في بلدي عشر سنوات")).to_have_attribute("dir", "rtl")
    for code in ("en", "ar"):
        for part in telling.FIELDS:
            page.locator(f"#{code}-{part}").fill(TEXTS[code][part])
    page.locator("#en-story").fill("I was a nurse. Then Dr Khan helped me.")
    page.get_by_role("button", name="Save").click()
    page.get_by_role("button", name="Ask the person").click()
    expect(page.get_by_text("This may point at somebody. Look at the words below")).to_be_visible()
    check(page, f"story-held-{size}")
    page.locator("#en-story").fill(TEXTS["en"]["story"])
    page.get_by_role("button", name="Save").click()
    page.get_by_role("button", name="Ask the person").click()
    expect(page.get_by_text("The person is asked.")).to_be_visible()
    check(page, f"story-asked-{size}")
    assert only(house).state == "asked"

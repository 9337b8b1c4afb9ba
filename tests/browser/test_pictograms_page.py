"""The chat page with drawings beside the words, on a phone, in a language from each side: the real conversation, in Chromium."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from bot import pictograms
from bot.channels.web.channel import WebChannel
from bot.conversation.worker import Worker
from bot.house import House
from bot.i18n import t
from engine.agent import Engine
from tests.browser.chromium import PHONE, shot, started, violations
from tests.web import site

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with started() as running:
        yield running


@pytest.fixture
def base(stocked: House, engine: Engine) -> Iterator[str]:
    worker = Worker(stocked, engine, {"web": WebChannel()})
    thread = threading.Thread(target=worker.run, daemon=True)
    thread.start()
    with site.served(stocked) as address:
        yield address
    worker.stop()
    thread.join(10)


def looked_at(page: Page, name: str) -> None:
    """Nothing sticks out, nothing is cut, axe finds nothing."""
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    shot(page, name)
    assert violations(page) == []


def tap(page: Page, label: str) -> None:
    page.get_by_role("log").get_by_role("button", name=pictograms.bare(label), exact=True).last.click()


@pytest.mark.parametrize("language", ["en", "ar"])
def test_words_and_drawings_say_the_same_and_a_number_is_enough(browser: Browser, base: str, language: str) -> None:
    complaints: list[str] = []
    options = {"has_touch": True, "is_mobile": True, "device_scale_factor": 2, "reduced_motion": "reduce", "bypass_csp": True}
    context = browser.new_context(viewport=PHONE, locale="en-GB", **options)  # type: ignore[arg-type]  # typed looser than used
    page = context.new_page()
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.goto(f"{base}/?lang={language}")
    tap(page, {"en": "English", "ar": "العربية"}[language])
    menu = page.get_by_role("button", name=pictograms.bare(t(language, "menu.explain")))
    expect(menu).to_be_visible()
    drawn = menu.locator("svg.pictogram")
    expect(drawn).to_have_attribute("aria-hidden", "true")
    assert drawn.evaluate("svg => getComputedStyle(svg).stroke") == menu.evaluate("button => getComputedStyle(button).color")
    left = drawn.evaluate("svg => svg.getBoundingClientRect().x") < menu.locator("span").evaluate(
        "s => s.getBoundingClientRect().x"
    )
    assert left == (language == "en")  # it stands where reading begins
    menu.scroll_into_view_if_needed()
    looked_at(page, f"pictograms-menu-{language}")

    tap(page, t(language, "menu.help"))
    expect(page.get_by_role("button", name=t(language, "need.housing"), exact=True)).to_be_visible()
    expect(page.locator(".choices").last.locator("svg.pictogram")).to_have_count(9)
    looked_at(page, f"pictograms-needs-{language}")
    tap(page, t(language, "need.housing"))
    tap(page, t(language, "button.anywhere"))
    tap(page, t(language, "button.nothing_special"))
    second = page.locator(".line.bot p", has_text=re.compile(r"^2\. "))
    expect(second).to_have_count(1)
    name = str(second.text_content()).removeprefix("2. ")
    looked_at(page, f"pictograms-services-{language}")
    lines = page.locator(".line.bot").count()
    page.locator("#write").fill("2")
    page.locator(".send").click()
    expect(page.locator(".line.bot")).to_have_count(lines + 1)
    expect(page.locator(".line.bot").last.locator("p").first).to_have_text(name)
    looked_at(page, f"pictograms-chosen-{language}")
    context.close()
    assert complaints == []

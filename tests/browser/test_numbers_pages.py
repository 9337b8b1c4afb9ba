"""The numbers of a simulated year in Chromium: wide and narrow, light and dark, by keyboard, and on paper."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator
from pathlib import Path

import pypdfium2  # type: ignore[import-untyped]  # has no types
import pytest
from playwright.sync_api import Browser, Page, expect

from benchmarks.numbers_year import fill
from bot.db.base import now
from bot.house import House
from bot.knowledge import loading
from tests.browser.chromium import SHOTS, shot, started, violations
from tests.browser.test_console_pages import SIZES, log_in
from tests.cases.office import SEED
from tests.console import site
from tests.staff.people import Colleague

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with started() as running:
        yield running


@pytest.fixture
def open_page(browser: Browser, house: House) -> Iterator[Callable[..., Page]]:
    """Pages of a house with a year of 2,000 people, for a lead."""
    with house.sessions.begin() as session:
        loading.load(session, SEED)
    fill(house, 2_000, now())
    lead, contexts = Colleague.join(house, "lena", "lead"), []
    with site.served(house) as address:
        object.__setattr__(house, "settings", dataclasses.replace(house.settings, public_url=address))

        def opened(size: str, scheme: str) -> Page:
            context = browser.new_context(viewport=SIZES[size], color_scheme=scheme, bypass_csp=True, base_url=address)  # type: ignore[arg-type]  # the library is typed looser than it is used
            contexts.append(context)
            page = context.new_page()
            page.set_default_timeout(30_000)
            lead.forget_codes()
            log_in(page, lead)
            return page

        yield opened
        for context in contexts:
            context.close()


def check(page: Page, name: str) -> None:
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    shot(page, name, full_page=True)


def test_axe_finds_nothing_and_nothing_is_cut_off(open_page: Callable[..., Page]) -> None:
    for size, scheme in (("desktop", "light"), ("desktop", "dark"), ("phone", "light"), ("phone", "dark")):
        page = open_page(size, scheme)
        page.goto("/console/numbers?days=year")
        expect(page.get_by_role("img", name="Hand-offs over time")).to_be_visible()
        check(page, f"numbers-{size}-{scheme}")
        page.goto("/console/numbers/report?days=year")
        check(page, f"numbers-report-{size}-{scheme}")
        page.goto("/console/numbers?days=own&first=2026-02-02&last=2026-02-01")
        expect(page.get_by_role("alert").filter(has_text="Check the days")).to_be_visible()
        check(page, f"numbers-refused-{size}-{scheme}")


def test_the_filter_is_used_with_the_keyboard_alone(open_page: Callable[..., Page]) -> None:
    page = open_page("desktop", "light")
    page.goto("/console/numbers")
    page.get_by_label("Days", exact=True).focus()
    page.keyboard.type("The last")
    page.get_by_label("Language", exact=True).focus()
    page.keyboard.type("Som")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Show", exact=True).focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("only Somali")).to_be_visible()
    assert "days=year" in page.url and "language=so" in page.url
    page.get_by_role("link", name="Report to print").press("Enter")
    expect(page.get_by_role("heading", name="What we did")).to_be_visible()
    assert "language=so" in page.url


def test_on_paper_it_is_a_report_without_the_console(open_page: Callable[..., Page], tmp_path: Path) -> None:
    page = open_page("desktop", "dark")
    page.goto("/console/numbers/report?days=year")
    paper = Path(SHOTS) / "numbers-report.pdf" if SHOTS else tmp_path / "report.pdf"
    paper.parent.mkdir(parents=True, exist_ok=True)
    page.pdf(path=str(paper), prefer_css_page_size=True)
    document = pypdfium2.PdfDocument(paper)
    words = "\n".join(document[number].get_textpage().get_text_range() for number in range(len(document)))
    assert [round(side) for side in document[0].get_size()] == [595, 842]
    assert "What we did" in words and "What cannot be concluded" in words and "Log out" not in words and "Back to" not in words
    if SHOTS:
        for number in range(len(document)):
            document[number].render(scale=1.4).to_pil().save(Path(SHOTS) / f"numbers-paper-{number + 1}.png")

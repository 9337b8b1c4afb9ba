"""A lead plans a trial, says what was learnt and reads the report; a caseworker notes a change: in Chromium, on a desktop and a phone."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from benchmarks.numbers_year import fill
from benchmarks.year import journeys, trial
from bot.db.base import now
from bot.house import House
from bot.journeys import trials
from bot.journeys.models import Outcome, Trial
from tests.browser.chromium import started
from tests.browser.console import Open, check, log_in, looks, opening, sizes
from tests.console import site
from tests.console.conftest import ask
from tests.staff.people import Colleague

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with started() as running:
        yield running


@pytest.fixture
def open_page(browser: Browser, house: House) -> Iterator[Open]:
    with site.served(house) as base, opening(browser, base) as opened:
        yield opened


@pytest.fixture
def lena(house: House) -> Colleague:
    return Colleague.join(house, "lena", "lead")


@pytest.fixture
def year(house: House) -> int:
    """The trial of the last 100 days of 300 people."""
    end = now()
    fill(house, 300, end)
    journeys(house, end)
    scope = trial(house, end.date())
    with house.sessions() as session:
        row = trials.of_days(session, scope.period.first, scope.period.last)
        assert row is not None
        return row.id


@pytest.mark.parametrize("size", sizes("desktop"))
def test_from_a_goal_to_the_report(size: str, house: House, open_page: Open, lena: Colleague) -> None:
    page = log_in(open_page(size), lena)
    page.goto("/console/trials")
    page.get_by_label("What is tried").fill("Posters in the library")
    page.get_by_label("From").fill((now().date() + dt.timedelta(3)).isoformat())
    page.get_by_label("To", exact=False).last.fill((now().date() + dt.timedelta(102)).isoformat())
    page.get_by_role("button", name="Make it").click()
    page.get_by_label("A goal: what, how much, by when").fill("50 people by the hundredth day")
    page.get_by_role("button", name="Add the goal").click()
    expect(page.get_by_text("The goal is written down.")).to_be_visible()
    page.get_by_label("What we learnt").fill("Posters need a telephone number.")
    page.get_by_label("Go on, stop, or change").select_option(label="Change")
    page.get_by_role("button", name="Keep it").click()
    page.get_by_role("link", name="The report").click()
    expect(page.get_by_role("rowheader", name="50 people by the hundredth day")).to_be_visible()
    expect(page.get_by_text("Posters need a telephone number.")).to_be_visible()
    expect(page.get_by_text("nothing that may be shown")).to_be_visible()
    with house.sessions() as session:
        assert session.query(Trial).one().decision == "change"
    assert page.complaints == []  # type: ignore[attr-defined]  # set by tests/browser/chromium.py


def test_a_caseworker_notes_what_changed_and_a_day_ahead_is_refused(house: House, open_page: Open) -> None:
    with house.sessions.begin() as session:
        reference = ask(session)
    page = log_in(open_page(), Colleague.join(house, "amina", "caseworker"))
    page.goto(f"/console/cases/{reference}")
    page.get_by_text("Write down a change").click()
    page.get_by_label("When", exact=True).fill((now().date() + dt.timedelta(5)).isoformat())
    page.get_by_role("button", name="Write it down").click()
    expect(page.get_by_text("It cannot lie ahead.")).to_be_visible()
    page.get_by_label("What changed", exact=True).select_option(label="Test passed")
    page.get_by_label("When", exact=True).fill(now().date().isoformat())
    page.get_by_role("button", name="Write it down").click()
    expect(page.locator("#changed ~ ul").get_by_text("Test passed")).to_be_visible()
    with house.sessions() as session:
        assert [row.how for row in session.query(Outcome)] == ["caseworker"]


@pytest.mark.parametrize(("size", "scheme"), looks("phone-dark"))
def test_axe_finds_nothing_on_these_pages(size: str, scheme: str, open_page: Open, lena: Colleague, year: int) -> None:
    page = log_in(open_page(size, scheme, look=True), lena)
    for name, path in {"trials": "/trials", "trial": f"/trials/{year}", "trial-report": f"/trials/{year}/report"}.items():
        page.goto(f"/console{path}")
        check(page, f"{name}-{size}-{scheme}")

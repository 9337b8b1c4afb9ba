"""The pages of opportunities and trusted places in Chromium: axe finds nothing, and a poster is downloaded with the keyboard."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from bot.house import House
from bot.opportunities import interest
from bot.people.models import Chat, Person
from tests.browser.chromium import started
from tests.browser.console import SIZES, Open, check, log_in, opening
from tests.console import site
from tests.opportunities import sample
from tests.staff.people import Colleague

KEY = sample.BARBER.key


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with started() as running:
        yield running


@pytest.fixture
def open_page(browser: Browser, house: House) -> Iterator[Open]:
    with site.served(house) as base, opening(browser, base) as opened:
        yield opened


@pytest.fixture
def amina(house: House) -> Colleague:
    return Colleague.join(house, "amina", "caseworker")


@pytest.fixture
def known(house: House) -> House:
    with house.sessions.begin() as session:
        sample.stock(session)
        chat = Chat(channel="cli", address="1", address_hash="1", person=Person(language="ar"))
        session.add(chat)
        session.flush()
        interest.make(session, chat, sample.KITCHEN, ["cook"], made_from="test:1", told=None)
    return house


@pytest.mark.parametrize("size", SIZES)
def test_axe_finds_nothing_and_a_poster_is_made(size: str, known: House, open_page: Open, amina: Colleague) -> None:
    page = log_in(open_page(size, "light", look=True), amina)
    for name, path in {"opportunities": "/opportunities", "places": "/contacts", "place": f"/contacts/{KEY}"}.items():
        page.goto(f"/console{path}")
        check(page, f"{name}-{size}")
    page.get_by_role("button", name="Make a new secret link").press("Enter")
    expect(page.get_by_text("/service/came/")).to_be_visible()
    check(page, f"place-link-{size}")
    page.goto(f"/console/contacts/{KEY}")
    with page.expect_download() as download:
        page.get_by_role("button", name="Download the poster").press("Enter")
    assert download.value.suggested_filename == f"poster-{KEY}-a4.pdf"

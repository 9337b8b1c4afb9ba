"""The pages of opportunities, trusted places and talents in Chromium: axe finds nothing, and a poster is made with the keyboard."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from bot.cases import handoffs
from bot.conversation import inbox
from bot.db.base import now
from bot.house import House
from bot.numbers.suppression import FEWEST
from bot.opportunities import interest
from bot.people.models import Chat, Person
from bot.talents import sharing
from tests.browser.chromium import started
from tests.browser.console import SIZES, Open, check, log_in, looks, opening
from tests.console import site
from tests.console.test_talents_pages import have
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


@pytest.mark.parametrize(("size", "scheme"), looks("phone-light"))
def test_axe_finds_nothing_and_a_poster_is_made(size: str, scheme: str, known: House, open_page: Open, amina: Colleague) -> None:
    page = log_in(open_page(size, scheme, look=True), amina)
    for name, path in {"opportunities": "/opportunities", "places": "/contacts", "place": f"/contacts/{KEY}"}.items():
        page.goto(f"/console{path}")
        check(page, f"{name}-{size}")
    page.goto("/console/opportunities")
    page.get_by_role("button", name=f"Assured today: {sample.WARD.name}").press("Enter")
    expect(page.get_by_text("They take people:")).to_be_visible()
    check(page, f"opportunities-assured-{size}")
    page.goto(f"/console/contacts/{KEY}")
    page.get_by_role("button", name="Make a new secret link").press("Enter")
    expect(page.get_by_text("/service/came/")).to_be_visible()
    check(page, f"place-link-{size}")
    page.goto(f"/console/contacts/{KEY}")
    with page.expect_download() as download:
        page.get_by_role("button", name="Download the poster").press("Enter")
    assert download.value.suggested_filename == f"poster-{KEY}-a4.pdf"


def test_axe_finds_nothing_on_the_pages_of_talents_in_the_dark(house: House, open_page: Open) -> None:
    """The numbers, and a case whose person shows their list, in one browser at both sizes."""
    with house.sessions.begin() as session:
        people = [inbox.chat_for(session, "cli", f"p{number}") for number in range(FEWEST)]
        case = handoffs.open_handoff(session, people[0], kind="asked", urgency="any", reason="x", reach="cli").reference
        numbers = [chat.person_id for chat in people]
    for number in numbers:
        have(house, number, ("job", "nurse"), ("skill", "sew"), ("language", "ti"))
    with house.sessions.begin() as session:
        sharing.share(session, numbers[0], now())
    page = log_in(open_page("desktop", "dark", look=True), Colleague.join(house, "lea", "lead"))
    for path, name, shown in (("/talents", "talents", "sew clothes"), (f"/cases/{case}", "talents-case", "sew clothes")):
        page.goto(f"/console{path}")
        expect(page.get_by_text(shown).first).to_be_visible()
        for size, viewport in SIZES.items():
            page.set_viewport_size(viewport)  # type: ignore[arg-type]  # the library is typed looser than it is used
            check(page, f"{name}-{size}-dark")

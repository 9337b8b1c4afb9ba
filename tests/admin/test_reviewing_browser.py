"""Translations in Chromium: a reviewer with a phone, an admin with a desk, and what the bot says afterwards."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec
import pytest
from playwright.sync_api import Browser, Page, expect

from bot.answers import terms
from bot.cases.hours import Hours
from bot.conversation import inbox
from bot.conversation.turn import Turn
from bot.db.base import now
from bot.house import House
from bot.knowledge import editing, snapshot, uses
from bot.wording import reviewing, units
from bot.wording.units import Unit
from tests.admin.test_wording_files import AR
from tests.admin.wording import HELLO, MEANING, TAX, stock, unit
from tests.browser.chromium import started
from tests.browser.console import Open, check, log_in, looks, opening
from tests.console import site
from tests.knowledge.test_editing import FACT
from tests.staff.people import Colleague

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with started() as running:
        yield running


@pytest.fixture
def known(house: House) -> House:
    return stock(house)


@pytest.fixture
def open_page(browser: Browser, known: House) -> Iterator[Open]:
    with site.served(known) as base, opening(browser, base) as opened:
        yield opened


def said(house: House, key: str, language: str = "ar") -> str:
    """What somebody is told who asks for a word."""
    with house.sessions() as session:
        chat = inbox.chat_for(session, "web", "somebody")
        house.refresh(session)
        knowledge = snapshot.current(session)
        turn = Turn(session, chat, knowledge, language, "", "x", Hours.parse(house.settings.hours), now())
        return terms.term(turn, key).text


def test_a_new_word_is_translated_and_corrected_on_a_phone_and_the_bot_says_it(open_page: Open, known: House) -> None:
    with known.sessions.begin() as session:
        fact = msgspec.to_builtins(FACT)
        editing.create(
            session,
            "terms",
            "meter",
            data={"name": "Smart meter", "domain": "home", "meaning": "A box that counts your power.", "fact": fact},
            texts={("en", "meaning"): "A box that counts your power."},
            who="staff:1",
            why="",
        )
        uses.count(session, {("terms", "meter")}, FACT.checked_on)
    assert "A box that counts your power." in said(known, "meter")
    page = log_in(open_page("phone", look=True), Colleague.join(known, "rana", "reviewer"))
    expect(page.get_by_role("heading", name="Is this right?")).to_be_visible()
    check(page, "review-phone")
    expect(page.locator("article")).to_contain_text("A box that counts your power.")  # what people asked for comes first
    write(page, "صندوق يعد الكهرباء. اسمه Smart meter.")
    expect(page.get_by_role("status").filter(has_text="Thank you")).to_be_visible()
    assert "صندوق يعد الكهرباء" in said(known, "meter")
    with known.sessions.begin() as session:
        entry = editing.find(session, "terms", "meter")
        assert entry is not None
        editing.edit_text(session, entry, "en", "meaning", "A box that counts your power and gas.", "staff:1", "")
    assert "A box that counts your power and gas." in said(known, "meter")  # the Arabic is of another English now
    page.goto("/console/review")
    page.get_by_text("The English has changed: see what").click()
    expect(page.locator("ins")).to_contain_text("and gas")
    check(page, "review-changed-phone")
    page.get_by_text("Correct it").click()
    expect(page.get_by_role("button", name="It is right")).to_be_hidden()
    box = page.get_by_role("textbox", name="Arabic")
    box.fill("صندوق يعد الكهرباء والغاز، 24 ساعة. اسمه Smart meter.")
    expect(page.locator("#concerns")).to_contain_text("24")
    check(page, "review-concern-phone")
    box.fill("صندوق يعد الكهرباء والغاز. اسمه Smart meter.")
    expect(page.locator("#concerns li")).to_have_count(0)
    page.get_by_role("button", name="Send").first.click()
    expect(page.get_by_role("status").filter(has_text="Thank you")).to_be_visible()
    assert "الكهرباء والغاز" in said(known, "meter")
    assert page.complaints == []  # type: ignore[attr-defined]  # set by tests/browser/chromium.py


def test_all_three_buttons_work_without_scripts(open_page: Open, known: House) -> None:
    page = log_in(open_page("phone", java_script_enabled=False), Colleague.join(known, "rana", "reviewer"))
    page.get_by_role("button", name="It is right").click()
    expect(page.get_by_role("status").first).to_contain_text("marked as right")
    page.get_by_text("Ask or comment").click()
    page.get_by_label("Your question or comment").fill("Which one?")
    page.locator("details[open]").get_by_role("button", name="Send").click()
    expect(page.get_by_role("status").first).to_contain_text("sees your question")
    page.get_by_text("Correct it").click()
    page.get_by_role("textbox", name="Arabic").first.fill("1")
    page.locator("details[open]").get_by_role("button", name="Send").click()
    expect(page.get_by_role("alert").first).to_be_visible()


@pytest.mark.parametrize(("size", "scheme"), looks("phone-dark"))
def test_axe_finds_nothing_on_the_pages_of_an_admin(open_page: Open, known: House, size: str, scheme: str) -> None:
    rana = Colleague.join(known, "rana", "reviewer")
    with known.sessions.begin() as session:
        reviewing.ask(session, rana.id, "ar", MEANING, unit(known).token, "هل هذا صحيح؟")
    page = log_in(open_page(size, scheme, look=True), Colleague.join(known, "bea", "admin"))
    name = f"{size}-{scheme}"
    page.goto("/console/translations")
    check(page, f"translations-{name}")
    page.goto("/console/translations/ar")
    check(page, f"translations-list-{name}")
    page.goto(f"/console/translations/ar/text?place={TAX}")
    page.get_by_role("textbox", name="Arabic").fill("ضريبة")
    expect(page.locator("#concerns")).to_contain_text("Council Tax")
    check(page, f"translations-text-{name}")
    counted = next(u for u in all_units(known) if u.counted)
    page.goto(f"/console/translations/ar/text?place={counted.place}")
    check(page, f"translations-forms-{name}")
    page.goto(f"/console/translations/en/text?place={HELLO}")
    page.get_by_role("textbox", name="English").fill("Good morning.")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("button", name="Say what came with the program")).to_be_visible()
    check(page, f"translations-own-{name}")
    page.goto("/console/translations/ar")
    page.get_by_label("File", exact=True).set_input_files(
        files=[{"name": "ar.po", "mimeType": "text/plain", "buffer": po_file()}]
    )
    page.get_by_role("button", name="Look at it").click()
    expect(page.get_by_text(AR)).to_be_visible()
    check(page, f"translations-file-{name}")
    page.goto("/console/staff")
    check(page, f"staff-reviewer-{name}")
    assert page.complaints == []  # type: ignore[attr-defined]  # set by tests/browser/chromium.py


def write(page: Page, text: str) -> None:
    page.get_by_role("textbox", name="Arabic").fill(text)
    page.locator("details[open]").get_by_role("button", name="Send").click()


def all_units(house: House) -> list[Unit]:
    with house.sessions() as session:
        return units.listed(session, "ar")


def po_file() -> bytes:
    return (
        'msgid ""\nmsgstr "Language: ar\\nContent-Type: text/plain; charset=utf-8\\n"\n\n'
        f'msgctxt "{MEANING}"\nmsgid "The first level, from £32,073."\nmsgstr "{AR}"\n\n'
        f'msgctxt "{TAX}"\nmsgid "Something else"\nmsgstr "Council Tax"\n\n'
        'msgctxt "terms/none/meaning"\nmsgid "x"\nmsgstr "y"\n'
    ).encode()

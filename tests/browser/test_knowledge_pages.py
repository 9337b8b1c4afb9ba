"""Editing what the bot knows in Chromium: kept while typing, seen as people will see it, approved by a second person, live."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, expect
from sqlalchemy import select

from bot.channels.cli import CommandLineChannel
from bot.conversation import inbox, personal_data
from bot.conversation.worker import Worker
from bot.house import House
from bot.knowledge import drafts, editing, snapshot
from bot.knowledge.draft_models import Draft
from bot.people.models import Chat
from bot.suggestions import making
from tests.browser.chromium import shot, started
from tests.browser.console import Open, check, log_in, opening, sizes
from tests.console import site
from tests.staff.people import Colleague

pytestmark = pytest.mark.browser
EVIL = "<script>alert(1)</script>{{7*7}} =1+1"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    expect.set_options(
        timeout=20_000
    )  # the whole knowledge is read anew after each change, on a machine that does other things too
    with started() as running:
        yield running


@pytest.fixture
def open_page(browser: Browser, stocked: House) -> Iterator[Open]:
    with site.served(stocked) as base, opening(browser, base) as opened:
        yield opened


def first(house: House, kind: str) -> str:
    with house.sessions() as session:
        return next(iter(getattr(snapshot.current(session), kind)))


def test_a_draft_is_previewed_in_arabic_approved_by_a_second_person_and_live(stocked: House, open_page: Open) -> None:
    key = first(stocked, "safety")
    page = log_in(open_page(), Colleague.join(stocked, "elena", "editor"))
    page.goto(f"/console/knowledge/safety/{key}?language=ar")
    page.locator("[name='ar.what']").fill("مساعدة في النهار والليل.")
    page.get_by_label("Number", exact=True).fill("0300 111 2222")
    expect(page.locator("[data-kept]")).to_contain_text("Kept as your draft at")  # while she types, without a button
    page.get_by_role("button", name="Show").click()
    phone = page.locator("#phone")
    expect(phone).to_have_attribute("dir", "rtl")
    expect(phone).to_contain_text("0300 111 2222")
    expect(phone).to_contain_text("مساعدة في النهار والليل.")
    shot(page, "knowledge-preview-ar")
    page.get_by_label("Why do you change it?").fill("they told us")
    page.get_by_role("button", name="Send to review").click()
    expect(page.get_by_text("Sent to review.")).to_be_visible()
    other = log_in(open_page(), Colleague.join(stocked, "bea", "admin"))
    other.goto("/console/knowledge/drafts")
    other.locator("a.reference").click()
    expect(other.locator(".changes")).to_contain_text("0300 111 2222")
    expect(other.get_by_role("button", name="Publish", exact=True)).to_have_count(0)  # not before it is approved
    other.get_by_role("button", name="Approve exactly this").click()
    expect(other.get_by_text("Approved. It can be published now.")).to_be_visible()
    with stocked.sessions() as session:
        assert snapshot.current(session).safety[key].number != "0300 111 2222"
    other.get_by_role("button", name="Publish", exact=True).click()
    expect(other.get_by_text("The bot says it from the next message on.")).to_be_visible()
    with stocked.sessions() as session:
        assert snapshot.current(session).safety[key].number == "0300 111 2222"
        assert snapshot.current(session).words("safety", key, "what", "ar").text == "مساعدة في النهار والليل."
    assert page.complaints == [] and other.complaints == []  # type: ignore[attr-defined]  # ours


def test_what_is_wrong_and_how_hard_it_reads_is_said_while_typing(stocked: House, open_page: Open) -> None:
    page = log_in(open_page(), Colleague.join(stocked, "bea", "admin"))
    page.goto("/console/knowledge/terms/gp")
    hard = "Notwithstanding administrative considerations, practitioners unilaterally characterise registration eligibility."
    page.locator("[name='en.meaning']").fill(hard)
    expect(page.locator("[data-measure='meaning']")).to_have_class(re.compile("hard"))
    page.locator("[name='en.meaning']").fill("")
    expect(page.locator("[data-wrong-list]")).to_contain_text("Meaning")
    page.locator("[name='en.meaning']").fill(EVIL)
    expect(page.locator("[data-wrong]")).to_be_hidden()
    page.get_by_label("Language of the preview").select_option("en")
    expect(page.locator("#phone")).to_contain_text(EVIL)
    page.get_by_role("button", name="Save and publish").click()
    expect(page.locator("[name='en.meaning']")).to_have_value(EVIL)
    expect(page.locator(".changes").first).to_contain_text(EVIL)
    assert page.complaints == []  # type: ignore[attr-defined]  # ours


def test_a_step_is_added_moved_and_seen_in_the_drawing(stocked: House, open_page: Open) -> None:
    key = first(stocked, "pathways")
    page = log_in(open_page(), Colleague.join(stocked, "bea", "admin"))
    page.goto(f"/console/knowledge/pathways/{key}")
    boxes = page.locator("svg.pathway g").count()
    page.get_by_label("New step, in a few words").fill("Visit a ward")
    page.get_by_role("button", name="Add", exact=True).click()
    expect(page.locator("svg.pathway g")).to_have_count(boxes + 1)
    expect(page.locator("svg.pathway g.current")).to_contain_text("Visit a ward")
    page.locator("[name='en.do']").fill("Ask for a day at the hospital.")
    page.get_by_label("Who does it").fill("you")
    expect(page.locator("[data-kept]")).to_contain_text("Kept as your draft at")
    page.get_by_role("button", name="Move up: Visit a ward").click()
    expect(page.locator(".steps > li").nth(boxes - 1)).to_contain_text("Visit a ward")
    with stocked.sessions() as session:
        draft = drafts.own(session, "pathways", key, "staff:1")
        assert draft is not None and draft.changes["steps.visit-a-ward.do"] == "Ask for a day at the hospital."
    assert page.complaints == []  # type: ignore[attr-defined]  # ours


def test_a_related_word_is_found_by_typing_and_a_suggestions_words_are_put_in(stocked: House, open_page: Open) -> None:
    said = "Kwame says it is not for <b>everybody</b>"
    with stocked.sessions.begin() as session:
        chat = inbox.chat_for(session, "web", "somebody")
        row = making.make(session, chat, what="other", kind="terms", key="gp", words=said, language="en")
        assert row is not None
    page = log_in(open_page("desktop", "dark", look=True), Colleague.join(stocked, "bea", "admin"))
    page.goto(f"/console/knowledge/terms/gp?suggestion={row.id}")
    box = page.locator("[data-find] input[list]").first
    page.locator("details", has=box).locator("> summary").click()
    box.press_sequentially("council t")
    option = page.locator("datalist option").first
    expect(option).to_be_attached()
    wanted = str(option.get_attribute("value"))
    assert "council t" in wanted.casefold()
    box.fill(wanted)  # as a browser does when one of its list is chosen
    chosen = page.locator("[data-chosen]").first.get_by_label(wanted)
    expect(chosen).to_be_checked()
    expect(box).to_have_value("")
    meaning = page.locator("[name='en.meaning']")
    was = meaning.input_value()
    page.get_by_role("button", name="Put these words into the field").click()
    expect(meaning).to_have_value(f"{was}\n{said}")
    expect(meaning).to_be_focused()
    expect(page.locator("[data-kept]")).to_contain_text("Kept as your draft at")
    check(page, "knowledge-suggestion-desktop")
    with stocked.sessions.begin() as session:
        draft = drafts.own(session, "terms", "gp", "staff:1")
        assert draft is not None and draft.changes["meaning"] == f"{was}\n{said}"
        assert str(chosen.get_attribute("value")) in str(draft.changes)
        personal_data.forget(session, session.get_one(Chat, chat.id).person)
    meaning.press_sequentially(" And more.")
    expect(page.locator("[data-unkept]")).to_be_visible()  # the words are deleted: the window that has them cannot keep them
    with stocked.sessions() as session:
        assert "Kwame" not in str(session.scalars(select(Draft.changes)).all())
    assert [line for line in page.complaints if "status of 4" not in line] == []  # type: ignore[attr-defined]  # ours


def test_on_a_phone_the_menu_opens_and_the_buttons_of_the_preview_can_be_tapped(
    stocked: House, open_page: Open, engine: Any
) -> None:
    worker = Worker(stocked, engine, {"cli": CommandLineChannel()})
    thread = threading.Thread(target=worker.run, daemon=True)
    thread.start()
    try:
        page = log_in(open_page("phone", look=True), Colleague.join(stocked, "bea", "admin"))
        menu, link = page.locator("summary", has_text="Menu"), page.get_by_role("link", name="Numbers", exact=True)
        expect(menu).to_be_visible()
        expect(link).to_be_hidden()
        menu.press("Enter")
        expect(link).to_be_visible()
        check(page, "menu-phone")
        page.keyboard.press("Escape")
        expect(link).to_be_hidden()
        menu.click()
        link.click()
        expect(page).to_have_url(re.compile("/console/numbers"))
        page.goto("/console/knowledge/terms/gp")
        page.get_by_label("Language of the preview").select_option("en")
        page.locator("[name='en.meaning']").fill("A doctor near you, says the draft.")
        phone = page.locator("#phone")
        page.get_by_role("button", name="Show").click()
        expect(phone).to_contain_text("says the draft")
        phone.get_by_role("button", name="Menu").first.click()
        expect(phone.locator(".person")).to_have_text("Menu")
        expect(phone.locator(".bot").last).to_contain_text("What can I do for you?")
        page.get_by_label("Try a message").fill("What is a GP?")
        page.get_by_label("Try a message").press("Enter")
        expect(phone.locator(".person")).to_have_text(["Menu", "What is a GP?"])
        expect(phone.locator(".bot", has_text="says the draft")).to_have_count(2)
        check(page, "knowledge-taps-phone")
        assert page.complaints == []  # type: ignore[attr-defined]  # ours
    finally:
        worker.stop()
        thread.join(10)


def test_every_column_of_the_list_is_in_view_at_1280(stocked: House, open_page: Open) -> None:
    page = log_in(open_page(), Colleague.join(stocked, "bea", "admin"))
    for kind in ("terms", "services"):
        page.goto(f"/console/knowledge/{kind}")
        assert page.locator(".scroll").evaluate("(it) => it.scrollWidth <= it.clientWidth"), kind


@pytest.mark.parametrize("size", sizes("phone"))
def test_axe_finds_nothing_and_nothing_is_cut_off(stocked: House, open_page: Open, size: str) -> None:
    with stocked.sessions.begin() as session:
        keys = {kind: first(stocked, kind) for kind in ("terms", "services", "safety", "letters", "replies", "pathways")}
        row = editing.find(session, "terms", "gp")
        assert row is not None
        editing.edit_text(session, row, "en", "meaning", "A doctor near you.", "staff:9", "shorter")
        made = drafts.propose(
            session, "terms", "gp", who="staff:9", why="a test", texts={("en", "meaning"): "A doctor near your home."}
        )
        assert made is not None
        late = drafts.save(session, "terms", "gp", "staff:1", {"meaning": "Anna's."}, seen=editing.revision(row))
        assert late is not None
        editing.edit_text(session, row, "en", "meaning", "Ben's.", "staff:9", "")
        steps = snapshot.current(session).pathways[keys["pathways"]].steps
    page = log_in(open_page(size, look=True), Colleague.join(stocked, "bea", "admin"))
    for kind, key in [*keys.items(), ("terms", "gp")]:
        page.goto(f"/console/knowledge/{kind}/{key}?language=ar")
        expect(page.locator("#phone")).to_be_visible()
        check(page, f"knowledge-{kind}-{key}-{size}")
    page.goto(f"/console/knowledge/pathways/{keys['pathways']}?step={steps[1].key}&language=ar")
    expect(page.locator("#phone")).to_be_visible()
    check(page, f"knowledge-step-{size}")
    for path, name in (
        ("terms", "list"),
        ("terms/new", "new"),
        ("drafts", "drafts"),
        (f"drafts/{made.id}", "draft"),
        (f"drafts/{late.id}", "clash"),
    ):
        page.goto(f"/console/knowledge/{path}")
        check(page, f"knowledge-{name}-{size}")

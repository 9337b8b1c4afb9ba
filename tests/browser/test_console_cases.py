"""Caseworkers at the queue and at a case, in Chromium: by mouse, by keys, on a phone, without scripts, when things go wrong."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from dataclasses import replace

import pytest
from playwright.sync_api import Browser, expect
from sqlalchemy import delete, select

from bot.cases import answering, holds, referrals
from bot.cases.models import Message, Translation
from bot.conversation import outbox
from bot.conversation.models import Outbox
from bot.house import House
from bot.people.models import Chat
from bot.staff.models import StaffSession
from tests.browser.chromium import shot, started
from tests.browser.console import Open, check, log_in, looks, opening, sizes
from tests.console import site
from tests.console.bureau import SAID, Bureau
from tests.translation import machine
from tests.translation.asking import settings as translating
from tests.translation.machine import SENTENCES

pytestmark = pytest.mark.browser
EVIL = "<script>alert(1)</script><img src=x onerror=alert(2)> {{7*7}} \u202emoc.live\u202c "


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with started() as running:
        yield running


@pytest.fixture
def bureau(house: House) -> Bureau:
    return Bureau.open(house)


@pytest.fixture
def open_page(browser: Browser, bureau: Bureau) -> Iterator[Open]:
    with site.served(bureau.house) as base, opening(browser, base) as opened:
        yield opened


@pytest.fixture
def case(bureau: Bureau) -> str:
    """Somebody who writes Arabic, with a plan, a referral and a note about them."""
    reference = bureau.ask(reach="07700 900123")
    bureau.plan(reference)
    with bureau.house.sessions.begin() as session:
        chat = session.get_one(Chat, bureau.case(session, reference).chat_id)
        shared = {"need": "housing", "language": "ar", "contact": "chat web"}
        referrals.make(session, chat, service="hub", need="housing", shared=shared, made_from="1:0", told=None)
    bureau.translate()
    return reference


# by keys


def test_the_whole_way_by_keys_alone(open_page: Open, bureau: Bureau, case: str) -> None:
    first = bureau.ask("urgent", urgency="danger", kind="danger")
    page = log_in(open_page(), bureau.join("amina"))
    page.keyboard.press("j")
    expect(page.get_by_role("link", name=first)).to_be_focused()
    page.keyboard.press("j")
    expect(page.get_by_role("link", name=case)).to_be_focused()
    page.keyboard.press("k")
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("link", name=case)).to_be_focused()
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/cases/{case}")  # and has loaded
    page.keyboard.press("c")
    expect(page.get_by_text("It is yours.")).to_be_focused()
    page.keyboard.press("r")
    expect(page.get_by_label("Your answer")).to_be_focused()
    page.keyboard.type("just come? c r n j /")  # keys are letters while one writes
    while not page.evaluate("document.activeElement.matches('#reply button.main')"):
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator(".from-staff .text").first).to_have_text("just come? c r n j /")
    expect(page.get_by_label("Your answer")).to_have_value("")
    page.keyboard.press("n")
    expect(page.get_by_label("New note")).to_be_focused()
    page.keyboard.type("by keys")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator(".notes")).to_contain_text("by keys")
    page.keyboard.press("u")
    page.wait_for_url(re.compile("/console/cases$"))
    page.keyboard.press("/")
    expect(page.get_by_role("searchbox")).to_be_focused()
    assert page.complaints == []  # type: ignore[attr-defined]  # set by tests/browser/chromium.py


def test_the_keys_are_listed_and_can_be_turned_off(open_page: Open, bureau: Bureau, case: str) -> None:
    page = log_in(open_page(), bureau.join("amina"))
    page.wait_for_load_state("load")  # the script that hears the keys has run
    page.keyboard.press("?")
    listed = page.get_by_role("dialog", name="Keys")
    expect(listed).to_be_visible()
    listed.get_by_label("These keys work").uncheck()
    page.keyboard.press("Escape")
    expect(listed).to_be_hidden()
    page.keyboard.press("j")
    expect(page.get_by_role("link", name=case)).not_to_be_focused()


def test_from_the_list_one_key_claims(open_page: Open, bureau: Bureau, case: str) -> None:
    page = log_in(open_page(), bureau.join("amina"))
    page.keyboard.press("j")
    page.keyboard.press("c")
    page.wait_for_url(f"**/cases/{case}*")
    expect(page.get_by_text("It is yours.")).to_be_visible()


# both directions of writing


@pytest.mark.parametrize("size", sizes("phone"))
def test_an_arabic_conversation_runs_from_the_right_inside_the_english_page(
    size: str, open_page: Open, bureau: Bureau, case: str
) -> None:
    page = log_in(open_page(size), bureau.join("amina"))
    page.goto(f"/console/cases/{case}")
    assert page.evaluate("getComputedStyle(document.body).direction") == "ltr"
    original, english = page.locator(".from-person .original .text").first, page.locator(".from-person .english").first
    assert original.evaluate("e => getComputedStyle(e).direction") == "rtl" and original.get_attribute("lang") == "ar"
    assert english.evaluate("e => getComputedStyle(e).direction") == "ltr"
    page.mouse.move(1, 1)  # over no word, which it would explain
    expect(original).to_have_text(SAID[0], use_inner_text=True)
    left, right = original.bounding_box(), english.bounding_box()
    assert left and right
    if size == "desktop":  # beside it
        assert right["x"] >= left["x"] + left["width"] - 1 and abs(left["y"] - right["y"]) < 40
    else:  # below it
        assert right["y"] >= left["y"] + left["height"] - 1
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


def test_the_case_is_on_one_screen_at_1280(open_page: Open, bureau: Bureau, case: str) -> None:
    page = log_in(open_page(), bureau.join("amina"))
    page.goto(f"/console/cases/{case}")
    page.get_by_role("button", name="Claim").click()
    expect(page.get_by_text("It is yours.")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollHeight <= document.documentElement.clientHeight")
    for place in (page.get_by_role("heading", name="Summary"), page.get_by_label("Your answer"), page.get_by_text("Notes").first):
        expect(place).to_be_in_viewport()
    expect(page.get_by_role("button", name="Send")).to_be_in_viewport()


def test_a_term_is_explained_on_focus_and_let_go_by_escape(open_page: Open, bureau: Bureau, case: str) -> None:
    page = log_in(open_page(), bureau.join("amina"))
    page.goto(f"/console/cases/{case}")
    term = page.locator(".from-person .term").first
    term.focus()
    tip = term.locator(".tip")
    expect(tip).to_be_visible()
    expect(tip).to_contain_text("A yearly tax.")
    shot(page, "console-term-tip")
    page.keyboard.press("Escape")
    expect(tip).to_be_hidden()
    expect(term).to_be_focused()
    page.get_by_role("link", name="Referrals").focus()
    term.hover()
    expect(tip).to_be_visible()


def test_print_shows_the_case_and_explains_its_words(open_page: Open, bureau: Bureau, case: str) -> None:
    page = log_in(open_page(), bureau.join("amina"))
    page.goto(f"/console/cases/{case}")
    page.emulate_media(media="print")
    expect(page.locator(".both .meaning").first).to_be_visible()
    for gone in (page.locator(".top"), page.get_by_role("button", name="Claim"), page.locator(".tip").first):
        expect(gone).to_be_hidden()
    assert page.locator(".conversation").evaluate("e => getComputedStyle(e).overflowY") == "visible"
    said, work = page.locator(".talk").bounding_box(), page.locator(".work").bounding_box()
    last = page.locator(".message").last.bounding_box()
    assert (
        said and work and last and last["y"] + last["height"] <= said["y"] + said["height"] <= work["y"] + 1
    )  # one below the other
    shot(page, "console-case-print", full_page=True)


# what people send stays text


@pytest.mark.parametrize("size", sizes("desktop"))
def test_markup_overrides_and_ten_thousand_letters_stay_text(size: str, open_page: Open, bureau: Bureau) -> None:
    long = EVIL + "w" * 10_000
    reference = bureau.ask(said=(EVIL, long), language="en")
    page = log_in(open_page(size), bureau.join("amina"))
    page.goto(f"/console/cases/{reference}")
    expect(page.locator(".from-person .text").first).to_contain_text(
        "<script>alert(1)</script><img src=x onerror=alert(2)> {{7*7}}"
    )
    assert page.locator(".messages img, .messages script").count() == 0
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    box = page.locator(".message .text.long").bounding_box()
    assert box and box["height"] < 300  # it scrolls in itself
    assert page.complaints == []  # type: ignore[attr-defined]  # set by tests/browser/chromium.py


# when things go wrong


def test_a_lost_connection_in_the_middle_of_a_reply_loses_and_repeats_nothing(open_page: Open, bureau: Bureau, case: str) -> None:
    bureau.claim(case)
    page = log_in(open_page(), bureau.join("amina"))
    page.goto(f"/console/cases/{case}")
    page.get_by_label("Your answer").fill("This must not be lost")
    page.context.set_offline(True)
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_text("No connection. Nothing was sent")).to_be_visible()
    expect(page.get_by_label("Your answer")).to_have_value("This must not be lost")
    page.context.set_offline(False)
    page.get_by_role("button", name="Send").click()
    expect(page.locator(".from-staff .text").first).to_have_text("This must not be lost")
    assert [reply.text for reply in bureau.going_out()] == ["This must not be lost"]
    expect(page.get_by_text("No connection. Nothing was sent")).to_be_hidden()


def test_an_answer_that_got_through_although_nobody_heard_goes_out_once(open_page: Open, bureau: Bureau, case: str) -> None:
    bureau.claim(case)
    page = log_in(open_page(), bureau.join("amina"))
    page.goto(f"/console/cases/{case}")
    page.get_by_label("Your answer").fill("Only once")

    def swallow(route: object) -> None:  # the server takes it, its answer never arrives
        route.fetch(max_redirects=0)  # type: ignore[attr-defined]  # an attribute of the test's own
        route.abort("connectionreset")  # type: ignore[attr-defined]  # an attribute of the test's own

    page.route("**/answer", swallow)
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_text("No connection.")).to_be_visible()
    page.unroute("**/answer")
    page.get_by_role("button", name="Send").click()
    expect(page.locator(".from-staff .text")).to_have_count(1)
    assert [reply.text for reply in bureau.going_out()] == ["Only once"]


def test_a_draft_survives_leaving_the_page_and_being_logged_out(open_page: Open, bureau: Bureau, case: str) -> None:
    bureau.claim(case)
    amina = bureau.join("amina")
    page = log_in(open_page(), amina)
    page.goto(f"/console/cases/{case}")
    page.get_by_label("Your answer").fill("half a sentence")
    page.goto("/console/cases")
    page.goto(f"/console/cases/{case}")
    expect(page.get_by_label("Your answer")).to_have_value("half a sentence")
    with bureau.house.sessions.begin() as session:
        session.execute(delete(StaffSession))
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_text("You are logged out.")).to_be_visible()
    expect(page.get_by_label("Your answer")).to_have_value("half a sentence")
    assert bureau.going_out() == []
    log_in(page, amina)
    page.goto(f"/console/cases/{case}")
    expect(page.get_by_label("Your answer")).to_have_value("half a sentence")
    page.get_by_role("button", name="Send").click()
    expect(page.locator(".from-staff .text").first).to_have_text("half a sentence")
    page.reload()
    expect(page.get_by_label("Your answer")).to_have_value("")
    page.get_by_label("Your answer").fill("secret")
    page.get_by_role("button", name="Log out").click()
    expect(page.get_by_text("You are logged out.")).to_be_visible()
    assert page.evaluate("sessionStorage.length") == 0


def test_of_two_who_claim_one_is_told_who_was_first(open_page: Open, bureau: Bureau, case: str) -> None:
    pages = [log_in(open_page(), bureau.join(name)) for name in ("amina", "dawud")]
    for page in pages:
        page.goto(f"/console/cases/{case}")
        page.route("**/console/live**", lambda route: route.abort())  # neither hears of the other
        page.reload()
    pages[0].get_by_role("button", name="Claim").click()
    expect(pages[0].get_by_text("It is yours.")).to_be_visible()
    pages[1].get_by_role("button", name="Claim").click()
    expect(pages[1].get_by_role("alert").filter(has_text="Somebody else has just claimed")).to_be_visible()
    expect(pages[1].get_by_text("Amina holds this hand-off")).to_be_visible()


def test_two_tabs_of_one_colleague_share_one_stream_and_neither_repeats(open_page: Open, bureau: Bureau, case: str) -> None:
    bureau.claim(case)
    first = log_in(open_page(), bureau.join("amina"))
    streams: list[str] = []
    first.context.on("request", lambda request: streams.append(request.url) if request.url.endswith("/live") else None)
    first.goto(f"/console/cases/{case}")
    second = first.context.new_page()
    second.goto(f"/console/cases/{case}")
    first.get_by_label("Your answer").fill("from the first")
    second.get_by_label("Your answer").fill("from the second")
    second.get_by_role("button", name="Send").click()
    expect(second.locator(".from-staff .text")).to_have_text(["from the second"])
    first.bring_to_front()
    expect(first.locator(".from-staff .text")).to_have_text(["from the second"])  # heard live
    expect(first.get_by_label("Your answer")).to_have_value("from the first")  # still there
    first.get_by_role("button", name="Send").click()
    expect(first.locator(".from-staff .text")).to_have_count(2)
    assert [reply.text for reply in bureau.going_out()] == ["from the second", "from the first"] and len(streams) <= 2


def test_a_stale_case_says_so_and_keeps_the_words(open_page: Open, bureau: Bureau, case: str) -> None:
    bureau.claim(case)
    page = log_in(open_page(), bureau.join("amina"))
    page.route("**/console/live**", lambda route: route.abort())
    page.goto(f"/console/cases/{case}")
    page.get_by_label("Your answer").fill("a long and careful answer")
    with bureau.house.sessions.begin() as session:
        answering.give_back(session, bureau.case(session, case), bureau.join("amina").id, "")
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_role("alert").filter(has_text="not yours")).to_be_visible()
    expect(page.get_by_label("Your text, which was not sent")).to_have_value("a long and careful answer")


# without scripts


def test_without_scripts_a_case_is_found_claimed_answered_and_closed(open_page: Open, bureau: Bureau, case: str) -> None:
    page = open_page(java_script_enabled=False)
    colleague = bureau.join("amina")
    colleague.forget_codes()
    page.goto("/console/login")
    page.get_by_label("Login").fill(colleague.login)
    page.get_by_label("Password").fill(colleague.password)
    page.get_by_label("Code from your app").fill(colleague.code())
    page.get_by_role("button", name="Log in").click()
    page.get_by_label("Language").select_option("ar")
    page.get_by_role("button", name="Show").click()
    page.get_by_role("button", name=f"Claim {case}").click()
    expect(page.get_by_text("It is yours.")).to_be_visible()
    page.get_by_label("Your answer").fill("x" * 10)
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_text("Your answer is on its way.")).to_be_visible()
    page.get_by_text("Ready-made reply").click()
    page.get_by_label("Reply", exact=True).select_option("hello")
    page.get_by_role("button", name="Put into the box").click()
    expect(page.get_by_label("Your answer")).to_have_value(re.compile("Hello"))
    page.locator("summary", has_text="Close").click()
    page.get_by_label("How did it end?").select_option("helped")
    page.get_by_role("button", name="Close").click()
    expect(page.get_by_text("Closed. The person has been told.")).to_be_visible()
    assert len(bureau.going_out()) == 1


# alive


def test_somebody_in_danger_appears_by_themselves_with_a_sound_and_a_count(open_page: Open, bureau: Bureau, case: str) -> None:
    page = log_in(open_page(), bureau.join("amina"))
    expect(page.get_by_role("link", name=case)).to_be_visible()
    expect(page).to_have_title(re.compile(r"^\(1\) Hand-offs"))
    page.get_by_role("heading", name="Hand-offs").click()  # a browser plays nothing before it was touched
    danger = bureau.ask("two", urgency="danger", kind="danger")
    expect(page.locator(".case").first).to_contain_text(danger)
    expect(page).to_have_title(re.compile(r"^\(! 1\) Hand-offs"))
    expect(page.locator("html")).to_have_attribute("data-sounded", "1")
    page.get_by_label("Sound at danger").uncheck()
    page.get_by_label("Count in the tab").uncheck()
    expect(page).to_have_title(re.compile("^Hand-offs"))
    bureau.ask("three", urgency="danger", kind="danger")
    expect(page.locator(".case")).to_have_count(3)
    expect(page.locator("html")).to_have_attribute("data-sounded", "1")
    expect(page.locator("[data-news=notices]")).to_have_text("2")
    page.reload()
    expect(page.get_by_label("Sound at danger")).not_to_be_checked()
    assert page.complaints == []  # type: ignore[attr-defined]  # set by tests/browser/chromium.py


def test_on_a_case_a_new_message_comes_in_and_what_is_typed_and_open_stays(open_page: Open, bureau: Bureau, case: str) -> None:
    bureau.claim(case)
    page = log_in(open_page(), bureau.join("amina"))
    page.goto(f"/console/cases/{case}")
    page.locator("summary", has_text="Set aside").click()
    page.get_by_label("Your answer").focus()
    page.keyboard.type("I am writing")
    bureau.write(case, "شيء آخر")
    expect(page.locator(".from-person .original .text").last).to_have_text("شيء آخر")
    expect(page.get_by_label("Your answer")).to_be_focused()
    page.keyboard.type(" to you")
    expect(page.get_by_label("Your answer")).to_have_value("I am writing to you")
    expect(page.get_by_role("button", name="Next Monday")).to_be_visible()
    page.get_by_role("button", name="Send").click()  # it knows of the new message
    expect(page.locator(".from-staff .text").first).to_have_text("I am writing to you")
    expect(page.locator("[data-done]")).to_have_text("Your answer is on its way.")


def test_on_another_page_one_is_told_of_danger(open_page: Open, bureau: Bureau, case: str) -> None:
    page = log_in(open_page(), bureau.join("amina"))
    page.goto(f"/console/cases/{case}")
    bureau.ask("two", urgency="danger", kind="danger")
    expect(page.get_by_role("link", name="Somebody who may be in danger is waiting. See who.")).to_be_visible()
    shot(page, "console-case-danger")


def test_the_session_ends_and_the_page_says_so(open_page: Open, bureau: Bureau, case: str) -> None:
    page = log_in(open_page(), bureau.join("amina"))
    with bureau.house.sessions.begin() as session:
        session.execute(delete(StaffSession))
    expect(page.get_by_text("You are logged out.")).to_be_visible()


def test_filters_change_the_list_and_the_address_without_a_new_page(open_page: Open, bureau: Bureau, case: str) -> None:
    bureau.ask("two", language="so")
    page = log_in(open_page(), bureau.join("amina"))
    page.evaluate("window.still = true")
    page.get_by_label("Language").select_option("so")
    expect(page.locator(".case")).to_have_count(1)
    expect(page).to_have_url(re.compile(r"language=so$"))
    assert page.evaluate("window.still")
    page.get_by_text("Keep these filters").click()
    page.get_by_label("Name").fill("Somali")
    page.get_by_role("button", name="Keep").click()
    expect(page.get_by_role("link", name="Somali")).to_have_attribute("aria-current", "page")
    page.go_back()
    page.get_by_role("link", name="Clear filters").click()
    expect(page.locator(".case")).to_have_count(2)


# the answer, translated


def test_an_answer_is_translated_read_back_and_sent(browser: Browser, bureau: Bureau, case: str) -> None:
    bureau.claim(case)
    words = " ".join(SENTENCES["en"].split()[:12])
    with machine.running("libretranslate") as libre:
        bureau.house = replace(bureau.house, settings=replace(bureau.house.settings, translating=translating(libre)))
        with site.served(bureau.house) as base, opening(browser, base) as open_page:
            page = log_in(open_page(), bureau.join("amina"))
            page.goto(f"/console/cases/{case}")
            page.get_by_label("Your answer").fill(words)
            page.get_by_role("button", name="Translate into Arabic").click()
            expect(page.get_by_text("It is being translated").first).to_be_visible()
            worker = threading.Thread(target=bureau.translate)  # beside the pages, as in the program
            worker.start()
            expect(page.get_by_text("Read back in English")).to_be_visible()  # without anybody loading it anew
            worker.join()
            text = page.locator(".three [lang=ar]")
            assert text.evaluate("e => getComputedStyle(e).direction") == "rtl"
            shot(page, "console-case-translated")
            assert bureau.going_out() == []
            page.get_by_role("button", name="Send the translation").click()
            expect(page.locator(".from-staff .original .text")).to_contain_text(words)
            expect(page.locator(".from-staff .english")).to_contain_text("Written in English by the caseworker")
            expect(page.get_by_label("Your answer")).to_have_value("")
            assert page.complaints == []  # type: ignore[attr-defined]  # set by tests/browser/chromium.py


# axe, light and dark, phone and desktop


@pytest.mark.parametrize(("size", "scheme"), looks("desktop-dark"))
def test_axe_finds_nothing_on_any_page_in_any_state(size: str, scheme: str, open_page: Open, bureau: Bureau) -> None:
    name = f"{size}-{scheme}"
    page = log_in(open_page(size, scheme, look=True), bureau.join("lena", "lead"))
    check(page, f"queue-empty-{name}")
    case = bureau.ask(reach="07700 900123")
    bureau.plan(case)
    danger = bureau.ask("two", urgency="danger", kind="danger", language="so")
    bureau.ask("three", language="fa", need="legal", kind="immigration", urgency="any")
    with bureau.house.sessions.begin() as session:
        chat = session.get_one(Chat, bureau.case(session, case).chat_id)
        shared = {"need": "housing", "language": "ar", "contact": "chat web"}
        row = referrals.make(session, chat, service="hub", need="housing", shared=shared, made_from="1:0", told=None)
        referral = row.reference
    bureau.translate()
    page.goto("/console/cases?language=ar&show=all")
    check(page, f"queue-filtered-{name}")
    page.goto("/console/cases?text=nothing")
    check(page, f"queue-nothing-{name}")
    page.goto("/console/cases")
    page.keyboard.press("?")
    check(page, f"queue-keys-{name}")
    page.goto("/console/notices")
    check(page, f"notices-{name}")
    page.goto(f"/console/cases/{danger}")
    check(page, f"case-danger-{name}")
    page.goto(f"/console/cases/{case}")
    check(page, f"case-waiting-{name}")
    page.get_by_role("button", name="Claim").click()
    expect(page.get_by_text("It is yours.")).to_be_visible()
    for summary in page.locator("details:not([open]):not([name]) > summary").all():
        if summary.is_visible():
            summary.click()
    check(page, f"case-mine-{name}")
    page.evaluate("document.getElementById('text').removeAttribute('maxlength')")
    page.get_by_label("Your answer").fill("word " * 900)
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_role("alert").filter(has_text="This text is too long")).to_be_visible()
    check(page, f"case-refused-{name}")
    page.get_by_label("Your answer").fill("hello")
    page.get_by_role("button", name="Send").click()
    expect(page.locator(".from-staff").first).to_be_visible()
    with bureau.house.sessions.begin() as session:
        for number in session.scalars(select(Outbox.id).where(Outbox.origin.startswith("staff:"))):
            outbox.mark_failed(session, number, "UnreachableError", unreachable=True)
        holds.put(session, bureau.case(session, case), bureau.join("lena").id, "A claim")
    page.goto(f"/console/cases/{case}")
    check(page, f"case-failed-{name}")
    page.get_by_text("Attach what the bot knows").click()
    page.get_by_label("What to attach").select_option("term:council-tax")
    page.get_by_role("button", name="See what is sent").click()
    expect(page.get_by_text("The person gets this").first).to_be_visible()
    check(page, f"case-preview-{name}")
    page.goto("/console/upcoming")
    check(page, f"upcoming-{name}")
    page.goto("/console/referrals")
    check(page, f"referrals-{name}")
    page.goto(f"/console/referrals/{referral}")
    page.get_by_text("By telephone").click()
    check(page, f"referral-{name}")
    page.get_by_text("By a link that you pass on").click()
    page.get_by_role("button", name="Make the link").click()
    expect(page.get_by_text("The link is ready")).to_be_visible()
    check(page, f"referral-link-{name}")
    with bureau.house.sessions.begin() as session:
        answering.close(session, bureau.case(session, case), bureau.join("lena").id, "helped")
    page.goto(f"/console/cases/{case}")
    check(page, f"case-closed-{name}")
    page.goto("/console/cases/H-NEVER")
    check(page, f"case-not-there-{name}")
    page.get_by_role("button", name="Log out").click()
    log_in(page, bureau.join("oda", "auditor"))
    page.goto("/console/masked?show=all")
    check(page, f"masked-queue-{name}")
    page.goto(f"/console/masked/{case}")
    check(page, f"masked-case-{name}")
    with bureau.house.sessions() as session:
        assert session.scalars(select(Translation)).first() and session.scalars(select(Message)).first()

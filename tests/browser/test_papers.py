"""Papers in the chat page: a picture that is seen and a PDF that can be had, on a phone, in Arabic too."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from bot.conversation.incoming import Incoming
from bot.house import House
from bot.people.models import Chat
from bot.replies import Block, Button, Paper, Reply
from tests.browser.chromium import DESKTOP, PHONE, shot, started, violations
from tests.web import site

pytestmark = pytest.mark.browser

SAID = {"ar": "هذه بطاقتك. أرها للموظف.", "en": "Here is your card. Show it at the desk."}


def bot(incoming: Incoming, chat: Chat) -> list[Reply]:
    """Gives a card in the form that was written, in the language of the page."""
    language = incoming.language_hint if incoming.language_hint in SAID else "en"
    chat.person.language, chat.person.language_confirmed = language, True
    if incoming.text not in ("pdf", "png"):
        return [Reply(text="?", language=language)]
    pair: dict[str, Any] = {"other": "أحتاج إلى مترجم من فضلك", "other_language": "ar"} if language == "ar" else {}
    title: dict[str, Any] = {"other": "الطبيب (GP)", "other_language": "ar"} if language == "ar" else {}
    blocks = [
        Block(kind="title", text="Doctor (GP)", language="en", **title),
        *[Block(kind="pair", text="I need an interpreter, please.", language="en", **pair)] * 4,
    ]
    paper = Paper(name="card-gp", form=incoming.text, language=language, blocks=blocks)
    return [Reply(text=SAID[language], language=language, paper=paper, rows=[[Button(label="Menu", payload="/menu")]])]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with started() as running:
        yield running


@pytest.fixture
def base(house: House) -> Iterator[str]:
    with site.served(house) as address, site.Echo(house, bot):
        yield address


@pytest.fixture
def open_page(browser: Browser, base: str) -> Iterator[Any]:
    """Opens the page with its real policy and fails the test when the browser blocks or misses something."""
    contexts, complaints = [], []

    def opened(language: str = "en", size: dict[str, int] = PHONE, **options: Any) -> Page:
        context = browser.new_context(viewport=size, locale=language, reduced_motion="reduce", **options)  # type: ignore[arg-type]  # the library is typed looser than it is used
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
        page.goto(base + f"/?lang={language}")
        expect(page.get_by_role("log")).to_contain_text("?")
        return page

    yield opened
    for context in contexts:
        context.close()
    assert complaints == []


def ask(page: Page, form: str) -> None:
    page.locator("#write").fill(form)
    page.locator(".send").click()
    expect(page.locator(".paper")).to_have_count(1)


@pytest.mark.parametrize(("size", "name"), [(PHONE, "390"), pytest.param(DESKTOP, "1280", marks=pytest.mark.long)])
@pytest.mark.parametrize("language", ["en", "ar"])
def test_a_picture_appears_in_the_conversation(open_page: Any, language: str, size: dict[str, int], name: str) -> None:
    page = open_page(language, size, bypass_csp=True)  # for axe
    ask(page, "png")
    picture = page.get_by_role("img", name="الطبيب (GP)" if language == "ar" else "Doctor (GP)")
    expect(picture).to_be_visible()
    page.wait_for_function(
        "() => [...document.querySelectorAll('.paper img')].every(image => image.complete && image.naturalWidth)"
    )
    assert picture.evaluate("image => image.naturalWidth") == 1_080
    box, log = picture.bounding_box(), page.locator(".log").bounding_box()
    assert box and log and box["width"] > 250
    assert log["x"] - 1 <= box["x"] and box["x"] + box["width"] <= log["x"] + log["width"] + 1
    side = log["x"] + log["width"] - box["x"] - box["width"] if language == "ar" else box["x"] - log["x"]
    assert side < 12  # at the side on which the language begins
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    expect(page.locator(".line.bot").last.locator(".bubble")).to_be_in_viewport()
    shot(page, f"paper-{language}-{name}")
    assert violations(page) == []


def test_with_the_real_policy_the_picture_is_shown_and_opens_in_a_tab_of_its_own(open_page: Any) -> None:
    page = open_page()
    ask(page, "png")
    page.wait_for_function("() => document.querySelector('.paper img')?.naturalWidth === 1080")
    with page.context.expect_page() as opened:
        page.get_by_role("link", name="Open or save the picture").click()
    expect(opened.value.locator("img")).to_be_visible()
    assert opened.value.evaluate("document.contentType") == "image/png"


@pytest.mark.parametrize("language", ["en", "ar"])
def test_a_pdf_is_a_clear_link_that_brings_the_file(open_page: Any, language: str) -> None:
    page = open_page(language)
    ask(page, "pdf")
    link = page.locator(".paper")
    expect(link).to_contain_text("PDF")
    expect(link).to_contain_text("الطبيب (GP)" if language == "ar" else "Doctor (GP)")
    box = link.bounding_box()
    assert box and box["height"] >= 44 and page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    shot(page, f"paper-pdf-{language}-390")
    with page.context.expect_event("response", lambda response: "/chat/papers/" in response.url) as answer:
        link.click()
    assert (answer.value.status, answer.value.headers["content-type"]) == (200, "application/pdf")
    page.bring_to_front()
    link.evaluate("link => { link.download = '' }")  # what "save the link" does; without it this browser shows the PDF in a tab
    with page.expect_download() as download:
        link.click()
    assert download.value.suggested_filename == "card-gp.pdf"
    assert download.value.path().read_bytes().startswith(b"%PDF")


def test_the_words_of_a_paper_change_with_the_language_of_the_page_and_it_is_there_after_a_reload(open_page: Any) -> None:
    page = open_page()
    ask(page, "png")
    page.locator("nav [data-language=uk]").click()
    expect(page.locator(".paper")).to_contain_text("Відкрити або зберегти зображення")
    page.reload()
    expect(page.locator(".paper img")).to_be_visible()
    page.wait_for_function("() => document.querySelector('.paper img')?.naturalWidth === 1080")
    expect(page.locator(".paper")).to_have_count(1)

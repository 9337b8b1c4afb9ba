"""A photo by the web page as a person sends it: on a phone, by keyboard, in Arabic, over a line that breaks."""

from __future__ import annotations

import asyncio
import io
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import Browser, FileChooser, Locator, Page, Route, expect
from sqlalchemy import select
from sqlalchemy.orm import undefer

from bot.app import channels
from bot.conversation import photos
from bot.conversation.models import Photo
from bot.conversation.worker import Worker
from bot.house import House
from bot.i18n import t
from bot.people.models import Chat
from bot.photos.frames import Answer
from bot.photos.reader import Reader
from bot.photos.words import judged
from engine.agent import Engine
from tests.browser.chromium import DESKTOP, PHONE, shot, started, violations
from tests.photos import pictures
from tests.photos.marks import reads
from tests.web import site

pytestmark = pytest.mark.browser
LETTER = {"name": "IMG_2041.jpg", "mimeType": "image/jpeg", "buffer": pictures.photo(pictures.UNIVERSAL_CREDIT)}
Open = Callable[..., Page]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with started() as running:
        yield running


@contextmanager
def answered(house: House, engine: Engine) -> Iterator[None]:
    """The real worker, in its thread."""
    worker = Worker(house, engine, channels(house))
    thread = threading.Thread(target=worker.run, daemon=True)
    thread.start()
    yield
    worker.stop()
    thread.join(10)


@pytest.fixture
def base(stocked: House, engine: Engine, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    monkeypatch.setattr(photos, "missing", tuple)
    with site.served(stocked) as address, answered(stocked, engine):
        yield address


@pytest.fixture
def open_page(browser: Browser, base: str) -> Iterator[Open]:
    """Opens the page in a new browser profile, language chosen; fails the test on what the console complains about."""
    contexts, complaints = [], []

    def opened(size: dict[str, int] = PHONE, locale: str = "en-GB", choose: str = "English", **options: Any) -> Page:
        touch: dict[str, Any] = {"has_touch": True, "is_mobile": True, "device_scale_factor": 2} if size is PHONE else {}
        profile: dict[str, Any] = {"viewport": size, "locale": locale, "bypass_csp": True, "reduced_motion": "reduce"}
        context = browser.new_context(**profile, **touch, **options)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda m: complaints.append(m.text) if m.type == "error" and "load resource" not in m.text else None)
        page.goto(base)
        page.get_by_role("log").get_by_role("button", name=choose).click()
        expect(page.locator(".line.bot")).to_have_count(3)
        return page

    yield opened
    for context in contexts:
        context.close()
    assert complaints == []


def choose_file(page: Page, file: dict[str, Any] = LETTER) -> None:
    with page.expect_file_chooser() as chooser:
        page.locator("#photo").click()
    chooser.value.set_files(file)  # type: ignore[arg-type]  # a file in memory


def above_the_field(page: Page, what: Locator) -> bool:
    """Whether it is seen whole, and not behind the field to write in."""
    seen, field = what.bounding_box(), page.locator("#form").bounding_box()
    return bool(seen and field and seen["y"] + seen["height"] <= field["y"])


def is_read(house: House, letter: str = pictures.UNIVERSAL_CREDIT) -> None:
    with house.sessions.begin() as session:
        found = photos.claim(session, ["web"])
        assert found is not None
        photos.finish(session, found[0].id, found[0].attempts, judged(Answer(letter, 0.98)))
    house.inbox_bell.ring()


def kept(house: House) -> Photo:
    with house.sessions() as session:
        return session.scalars(select(Photo).options(undefer(Photo.body))).one()


@reads
@pytest.mark.parametrize(
    ("size", "name", "dark"),
    [
        (PHONE, "390", False),
        pytest.param(DESKTOP, "1280", True, marks=pytest.mark.long),
        pytest.param(PHONE, "390", True, marks=pytest.mark.long),
        pytest.param(DESKTOP, "1280", False, marks=pytest.mark.long),
    ],
)
def test_a_letter_is_photographed_read_and_explained(
    open_page: Open, stocked: House, size: dict[str, int], name: str, dark: bool
) -> None:
    name += "-dark" if dark else ""
    page = open_page(size, color_scheme="dark" if dark else "light")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth") and violations(page) == []
    choose_file(page)
    expect(page.locator(".line.person").last).to_contain_text("📷 Photo")
    expect(page.locator(".line.bot").last).to_contain_text("I am reading the photo")
    expect(page.locator("#typing")).to_contain_text("Reading the photo…")
    shot(page, f"photo-{name}-reading")
    assert violations(page) == []

    async def read() -> None:
        reader = Reader(stocked, channels(stocked))
        assert await reader.one()
        await reader._process.end()

    thread = threading.Thread(target=lambda: asyncio.run(read()))  # the browser's library has the loop of this one
    thread.start()
    expect(page.locator(".line.bot").last).to_contain_text("This looks like a letter", timeout=120_000)
    thread.join()
    expect(page.locator(".line.bot").last).to_contain_text("8 December 2026")
    expect(page.locator("#typing")).to_be_hidden()
    shot(page, f"photo-{name}-answer", full_page=True)
    assert violations(page) == []
    page.reload()
    expect(page.locator(".line.person", has_text="📷 Photo")).to_have_count(1)


def test_it_works_with_the_keyboard_alone_and_says_what_it_is(open_page: Open) -> None:
    page = open_page(DESKTOP)
    choosers: list[FileChooser] = []
    page.on(
        "filechooser", lambda chooser: choosers.append(chooser)
    )  # before the key: on a busy machine the browser hears of a listener late
    button = page.get_by_role("button", name="Add a photo of a letter")
    page.locator("#write").focus()
    page.keyboard.press("Tab")
    expect(button).to_be_focused()
    assert page.evaluate("getComputedStyle(document.activeElement).outlineWidth") == "3px"
    page.keyboard.press("Enter")
    if not choosers:
        page.wait_for_event("filechooser")
    (chooser,) = choosers
    assert not chooser.is_multiple()
    chooser.set_files(LETTER)  # type: ignore[arg-type]  # a file in memory
    expect(page.locator(".line.bot").last).to_contain_text("I am reading the photo")
    expect(button).to_be_focused()
    assert page.locator("#photo-file").get_attribute("accept") == "image/*"


def test_in_arabic_it_stands_on_the_other_side_and_is_large_enough_for_a_thumb(open_page: Open) -> None:
    page = open_page(locale="ar-SY", choose="العربية")
    expect(page.locator("html")).to_have_attribute("dir", "rtl")
    photo, send, field = (page.locator(where).bounding_box() for where in ("#photo", ".send", "#write"))
    assert photo and send and field
    assert send["x"] < photo["x"] < field["x"] and min(photo["width"], photo["height"]) >= 44
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    choose_file(page)
    expect(page.locator(".line.bot")).to_have_count(4)
    shot(page, "photo-ar-390")
    assert violations(page) == []


def test_the_photo_leaves_the_phone_smaller_upright_and_without_the_place_where_it_was_taken(
    open_page: Open, stocked: House
) -> None:
    page = open_page()
    large = pictures.page(pictures.TENANCY).resize((3024, 4276)).transpose(Image.Transpose.ROTATE_90)
    notes = Image.Exif()
    notes[0x0112] = 6  # lies on its side, says the camera
    notes.get_ifd(0x8825)[2] = (52.0, 28.0, 48.0)  # where it was taken
    out = io.BytesIO()
    large.save(out, "JPEG", exif=notes)
    choose_file(page, {**LETTER, "buffer": out.getvalue()})
    expect(page.locator(".line.bot").last).to_contain_text("I am reading the photo")
    body = kept(stocked).body
    assert body is not None and len(body) < len(out.getvalue())
    arrived = Image.open(io.BytesIO(body))
    assert max(arrived.size) == 2_400 and arrived.height > arrived.width and not arrived.getexif()


def test_what_is_no_picture_is_refused_kindly_and_not_tried_for_ever(open_page: Open, stocked: House) -> None:
    page = open_page()
    choose_file(page, {"name": "letter.jpg", "mimeType": "image/jpeg", "buffer": b"%PDF-1.7"})
    line = page.locator(".line.person").last
    expect(line).to_contain_text("Not sent. This is not a picture that we can read.")
    expect(line.get_by_role("button")).to_have_count(0)
    with stocked.sessions() as session:
        assert session.scalars(select(Photo)).all() == []
    assert violations(page) == []


def test_a_file_that_is_too_large_is_not_even_sent(open_page: Open) -> None:
    page = open_page()
    posted = []
    page.on("request", lambda request: posted.append(request.url) if "/chat/photos" in request.url else None)
    choose_file(page, {"name": "huge.jpg", "mimeType": "image/jpeg", "buffer": bytes(8 * 2**20 + 1)})
    expect(page.locator(".line.person").last).to_contain_text("8 MB at most")
    assert posted == []


def test_a_broken_line_is_told_and_the_photo_sent_again_by_one_tap(open_page: Open, stocked: House) -> None:
    page = open_page()
    page.route("**/chat/photos", lambda route: route.abort())
    choose_file(page)
    line = page.locator(".line.person").last
    expect(line).to_contain_text("Not sent.")
    assert above_the_field(page, line.get_by_role("button", name="Send it again"))
    shot(page, "photo-390-failed")
    assert violations(page) == []
    page.unroute("**/chat/photos")
    line.get_by_role("button", name="Send it again").click()
    expect(page.locator(".line.bot").last).to_contain_text("I am reading the photo")
    expect(line).not_to_contain_text("Not sent")
    expect(page.locator(".line.person", has_text="📷 Photo")).to_have_count(1)
    assert kept(stocked).state == "waiting"


def test_while_it_is_on_its_way_a_bar_says_so(open_page: Open) -> None:
    page = open_page()
    held: list[Route] = []
    page.route("**/chat/photos", lambda route: held.append(route))
    choose_file(page)
    bar = page.get_by_role("progressbar", name="Sending the photo")
    expect(bar).to_be_visible()
    assert above_the_field(page, bar)
    shot(page, "photo-390-sending")
    assert violations(page) == []
    held[0].continue_()
    expect(bar).to_have_count(0)
    expect(page.locator(".line.bot").last).to_contain_text("I am reading the photo")


def test_somebody_who_goes_on_writing_is_answered_and_the_letter_comes_when_it_is_read(open_page: Open, stocked: House) -> None:
    page = open_page()
    choose_file(page)
    expect(page.locator("#typing")).to_contain_text("Reading the photo…")
    page.locator("#write").fill("What does DBS check mean?")
    page.locator(".send").click()
    expect(page.locator(".line.bot").last).to_contain_text("Disclosure and Barring")
    expect(page.locator("#typing")).to_contain_text("Reading the photo…")
    is_read(stocked)
    expect(page.locator(".line.bot").last).to_contain_text("This looks like a letter")
    expect(page.locator("#typing")).to_be_hidden()


def test_with_a_caseworker_the_answer_is_that_they_do_not_see_photos(open_page: Open, stocked: House) -> None:
    page = open_page()
    with stocked.sessions.begin() as session:
        session.scalars(select(Chat)).one().held_by_handoff = 1
    expect(page.get_by_role("status")).to_contain_text("talking to a person")
    choose_file(page)
    expect(page.locator(".line.bot").last).to_contain_text(t("en", "photo.held"))

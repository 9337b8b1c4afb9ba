"""A voice message on the web page as a person sends it, with the browser's own microphone (which beeps), and a colleague who plays it."""

from __future__ import annotations

import io
import threading
import wave
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect
from sqlalchemy import select

from bot.app import channels
from bot.cases.models import Handoff
from bot.conversation.worker import Worker
from bot.house import House
from bot.i18n import t
from bot.recordings.models import RecordingBody
from engine.agent import Engine
from tests.browser.chromium import PHONE, shot, started, violations
from tests.browser.console import log_in
from tests.console import site
from tests.recordings.telling import kept
from tests.staff.people import Colleague
from tests.web.site import until

pytestmark = pytest.mark.browser
Open = Callable[..., Page]
HEARD = """player => new Promise((done) => {
  player.muted = true;
  player.ontimeupdate = () => player.currentTime > 0.1 && done(true);
  player.play().catch((error) => done(String(error)));
})"""
# what the page asks the device for, and whether it gives it back
WATCHED = """
window.tracks = [];
const devices = navigator.mediaDevices, ask = devices.getUserMedia.bind(devices);
devices.getUserMedia = async (what) => {
  const stream = await ask(what);
  window.tracks.push(...stream.getTracks());
  return stream;
};
"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with started("--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream") as running:
        yield running


@pytest.fixture
def open_page(browser: Browser, stocked: House, engine: Engine) -> Iterator[Open]:
    """Opens the chat page of the whole program in a new browser profile, language chosen."""
    worker = Worker(stocked, engine, channels(stocked))
    thread = threading.Thread(target=worker.run, daemon=True)
    thread.start()
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def opened(choose: str = "English", *, script: str = WATCHED, **options: Any) -> Page:
        context = browser.new_context(base_url=base, reduced_motion="reduce", **options)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda m: complaints.append(m.text) if m.type == "error" and "load resource" not in m.text else None)
        page.add_init_script(script)
        page.goto("/")
        page.get_by_role("log").get_by_role("button", name=choose).click()
        expect(page.locator(".line.bot")).to_have_count(3)
        return page

    with site.served(stocked, whole=True) as base:
        yield opened
        for context in contexts:
            context.close()
    worker.stop()
    thread.join(10)
    assert complaints == []


def stored(house: House) -> int:
    with house.sessions() as session:
        return len(session.scalars(select(RecordingBody.id)).all())


def a_second(page: Page) -> None:
    """Recorded by the keyboard alone: the key is where it is needed."""
    page.keyboard.press("Enter")
    expect(page.locator("#voice-clock")).to_have_text("0:01")
    expect(page.locator("#voice-stop")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#voice-place audio")).to_be_visible()


def wav() -> bytes:
    out = io.BytesIO()
    with wave.open(out, "wb") as sound:
        sound.setparams((1, 2, 8_000, 0, "NONE", ""))
        sound.writeframes(bytes(16_000 * 2))
    return out.getvalue()


def test_recorded_heard_sent_again_after_a_broken_line_and_played_by_a_colleague(open_page: Open, stocked: House) -> None:
    amina = Colleague.join(stocked, "amina", "caseworker")
    page = open_page()
    page.locator("#voice").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#voice-record")).to_be_focused()
    assert page.locator("#voice").get_attribute("aria-expanded") == "true" and page.evaluate("tracks.length") == 0
    a_second(page)
    assert page.evaluate("tracks.map((track) => track.readyState)") == ["ended"]  # the microphone is given back
    expect(page.locator("#voice-place audio")).to_be_focused()  # and not the button that sends: a key held down would press it
    assert page.locator("#voice-place audio").evaluate(HEARD) is True  # before it is sent
    expect(page.locator("#voice-told")).to_have_text(t("en", "web.voice_hear"))
    page.route("**/chat/recordings", lambda route: (route.fetch(), route.abort()))  # stored, but the answer is lost
    page.locator("#voice-send").click()
    line = page.locator(".line.person").last
    expect(line).to_contain_text(t("en", "web.error.recording_not_now"))
    assert stored(stocked) == 1
    page.unroute("**/chat/recordings")
    line.get_by_role("button", name="Send it again").click()
    expect(page.locator(".line.bot").last).to_contain_text(t("en", "recording.ask.voice"))
    expect(line).not_to_contain_text("Not sent")
    expect(page.locator(".line.bot").last).to_contain_text(t("en", "recording.danger", number="999"))
    page.get_by_role("button", name=t("en", "recording.button.yes")).click()
    expect(page.locator(".line.bot", has_text="Nobody has listened to it yet")).to_have_count(1)
    (row,) = kept(stocked)
    assert stored(stocked) == 1 and (row.kind, row.state, row.seconds) == ("voice", "kept", 1)
    page.reload()
    expect(page.locator(".line.person", has_text=t("en", "web.voice_name"))).to_have_count(1)
    with stocked.sessions() as session:
        case = session.scalars(select(Handoff.reference)).one()
    desk = log_in(page.context.new_page(), amina)
    desk.goto(f"/console/cases/{case}")
    with desk.expect_response(f"**/console/recordings/{row.id}") as answer:
        assert desk.locator("audio").evaluate(HEARD) is True
    assert answer.value.headers["content-type"] == "video/webm"
    desk.get_by_role("link", name=t("en", "console.recordings.alone")).click()
    alone = desk.locator("video")  # the browser's own page, in which no script runs: it is asked again and again
    until(lambda: alone.evaluate("player => player.readyState") >= 2, "it can be played alone")
    desk.goto(f"/console/cases/{case}")
    desk.get_by_label("Written down: what was said").fill("A beep.")
    desk.get_by_role("button", name="Save as a note").click()
    desk.get_by_role("button", name=t("en", "console.recordings.delete")).click()
    expect(desk.locator(".recording")).to_contain_text(t("en", "console.recordings.gone"))
    assert stored(stocked) == 0


def test_on_a_phone_in_arabic_every_state_is_readable_and_what_is_thrown_away_goes_nowhere(
    open_page: Open, stocked: House
) -> None:
    page = open_page("العربية", viewport=PHONE, locale="ar-SY", has_touch=True, bypass_csp=True)
    posted = []
    page.on("request", lambda request: posted.append(request.url) if "/chat/recordings" in request.url else None)
    send, voice, field = (page.locator(where).bounding_box() for where in (".send", "#voice", "#write"))
    assert send and voice and field and send["x"] < voice["x"] < field["x"] and min(voice["width"], voice["height"]) >= 44
    page.locator("#voice").click()
    for state in ("ready", "on", "made"):
        if state == "on":
            page.locator("#voice-record").click()
            expect(page.locator("#voice-clock")).to_be_visible()
        if state == "made":
            page.locator("#voice-stop").click()
            expect(page.locator("#voice-place audio")).to_be_visible()
        shot(page, f"voice-ar-390-{state}")
        assert violations(page) == [], state
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.locator("#voice-cancel").click()
    expect(page.locator("#voice-place audio")).to_have_count(0)
    page.locator("#voice-record").click()
    expect(page.locator("#voice-clock")).to_be_visible()
    page.locator("#voice-cancel").click()  # also while it is recorded
    expect(page.locator("#voice-record")).to_be_focused()
    assert page.evaluate("tracks.map((track) => track.readyState)") == ["ended", "ended"]
    page.keyboard.press("Escape")
    expect(page.locator("#voice-panel")).to_be_hidden()
    expect(page.locator("#voice")).to_be_focused()
    assert posted == [] and stored(stocked) == 0


def test_without_a_recorder_or_a_microphone_a_file_can_be_sent_and_a_large_one_is_told_before(
    open_page: Open, stocked: House
) -> None:
    page = open_page(script="navigator.mediaDevices.getUserMedia = () => Promise.reject(new Error('no'))")
    page.locator("#voice").click()
    page.locator("#voice-record").click()
    expect(page.locator("#voice-told")).to_have_text(t("en", "web.voice_no_microphone"))
    page = open_page(script="delete window.MediaRecorder", color_scheme="dark")
    posted = []
    page.on("request", lambda request: posted.append(request.url) if "/chat/recordings" in request.url else None)
    page.locator("#voice").click()
    expect(page.locator("#voice-record")).to_be_hidden()
    expect(page.locator("#voice-choose")).to_be_focused()
    large = {"name": "a.wav", "mimeType": "audio/wav", "buffer": wav() + bytes(5 * 2**20)}
    page.locator("#voice-file").set_input_files(large)  # type: ignore[arg-type]  # a file in memory
    expect(page.locator("#voice-told")).to_have_text(t("en", "web.error.recording_too_large", mb=5))
    assert posted == []
    page.locator("#voice-file").set_input_files({**large, "buffer": wav()})  # type: ignore[arg-type]  # a file in memory
    expect(page.get_by_label(t("en", "web.voice_player"))).to_be_visible()
    shot(page, "voice-1280-dark-made")
    page.locator("#voice-place audio").evaluate(
        "player => player.readyState || new Promise((d) => (player.onloadedmetadata = d))"
    )
    page.locator("#voice-send").click()
    expect(page.locator(".line.bot").last).to_contain_text(t("en", "recording.ask.voice"))
    assert stored(stocked) == 1 and [(row.kind, row.seconds) for row in kept(stocked)] == [("voice", 2)]

"""A voice message on the case page in Chromium: it is heard under the page's own policy, says why when it is not, and axe is content."""

from __future__ import annotations

import base64
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from bot.house import House
from bot.i18n import t
from tests.browser.chromium import started
from tests.browser.console import Open, check, log_in, opening
from tests.console import site
from tests.console.bureau import Bureau
from tests.recordings.giving import given
from tests.telegram.peer import Peer

pytestmark = pytest.mark.browser
# a second of a tone, recorded by the browser itself: WebM with Opus, as a phone would send it
RECORD = """async () => {
  const context = new AudioContext(), tone = context.createOscillator(), out = context.createMediaStreamDestination();
  tone.connect(out);
  tone.start();
  const recorder = new MediaRecorder(out.stream, { mimeType: "audio/webm;codecs=opus" }), parts = [];
  recorder.ondataavailable = (event) => parts.push(event.data);
  const stopped = new Promise((done) => (recorder.onstop = done));
  recorder.start();
  setTimeout(() => recorder.stop(), 1000);
  await stopped;
  const bytes = new Uint8Array(await new Blob(parts).arrayBuffer());
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
}"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with started() as running:
        yield running


@pytest.fixture
def open_page(browser: Browser, house: House) -> Iterator[Open]:
    with site.served(house, whole=True) as base, opening(browser, base) as opened:
        yield opened


def plays(page: Page) -> None:
    page.locator("audio").evaluate("player => { player.muted = true; player.play().catch(() => 0); }")


def test_heard_or_told_why_not_and_written_down(browser: Browser, open_page: Open, house: House, peer: Peer) -> None:
    bureau = Bureau.open(house)
    amina = bureau.join("amina")
    case, number = given(bureau)
    for size in ("phone", "desktop"):
        page = log_in(open_page(size, look=True), amina)
        page.goto(f"/console/cases/{case}")
        check(page, f"recording-{size}")
    page = log_in(open_page(), amina)
    page.goto(f"/console/cases/{case}")
    plays(page)  # Telegram does not know it
    expect(page.get_by_text(t("en", "console.refused.recording_gone"))).to_be_visible()
    peer.files["voice-1"] = base64.b64decode(page.evaluate(RECORD))
    page.reload()
    heard = "player => new Promise((done) => (player.ontimeupdate = () => player.currentTime > 0.1 && done(true)))"
    with page.expect_response(f"**/console/recordings/{number}") as answer:
        plays(page)
    assert answer.value.headers["content-type"] == "video/webm" and page.locator("audio").evaluate(heard)
    page.get_by_label("Written down: what was said").fill("A tone.")
    page.get_by_role("button", name="Save as a note").click()
    expect(page.locator(".recording").get_by_text("A tone.")).to_be_visible()
    expect(page.get_by_label("Written down: what was said")).to_have_value("")
    page.get_by_label("Note", exact=False).last.fill("and another note, by the form beside it")
    page.locator("#note-form button").click()
    expect(page.locator("#notes li")).to_have_count(2)
    page = log_in(open_page("phone", look=True), amina)
    page.goto(f"/console/cases/{case}")
    expect(page.get_by_role("button", name=t("en", "console.recordings.delete"))).to_be_visible()
    check(page, "recording-phone-written")

"""A recording on the case page: played through the real line to the tests' Bot API server, by who may, and written down."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import pytest
from sqlalchemy import delete, select, update

from bot.cases import handoffs
from bot.cases.models import CaseNote, Message
from bot.channels.telegram import client
from bot.channels.telegram.channel import TelegramChannel
from bot.house import House
from bot.i18n import t
from bot.recordings.models import Recording
from bot.recordings.sounds import kind_of, span
from bot.staff.models import AuditEntry
from tests.cases.office import OTHERS
from tests.console.bureau import Bureau
from tests.console.desk import Desk
from tests.recordings.giving import OGG, SAID, given
from tests.telegram.peer import DROP, Peer


@pytest.fixture
def bureau(house: House) -> Bureau:
    return Bureau.open(house)


@pytest.fixture
def runner(house: House) -> Iterator[asyncio.Runner]:
    with asyncio.Runner() as running:
        yield running
        running.run(client.close(house.settings))


@pytest.fixture
def desk(house: House, runner: asyncio.Runner) -> Desk:
    return Desk(house, runner, channels={"telegram": TelegramChannel(house.settings)})


def audited(house: House) -> list[tuple[str, str, str]]:
    with house.sessions() as session:
        rows = session.scalars(select(AuditEntry).where(AuditEntry.verb.startswith("recordings.")).order_by(AuditEntry.id))
        return [(row.verb, row.object, row.why) for row in rows]


def test_it_stands_at_its_place_and_is_played_from_the_channel(desk: Desk, bureau: Bureau, peer: Peer) -> None:
    peer.files["voice-1"] = OGG
    case, number = given(bureau)
    page = desk.log_in(bureau.join("amina")).get(f"/cases/{case}").text
    assert f"{case}: text" not in desk.text  # what they agreed to is shared with nobody
    assert f'<audio controls preload="none" src="/console/recordings/{number}"' in page
    assert page.index(SAID) < page.index("Voice message, 0:34") and "[voice]" not in page
    assert peer.called("getFile") == []  # nothing is fetched before somebody plays it
    answer = desk.get(f"/recordings/{number}")
    assert (answer.status_code, answer.content, answer.headers["content-type"]) == (200, OGG, "audio/ogg")
    assert (answer.headers["cache-control"], answer.headers["x-content-type-options"]) == ("no-store", "nosniff")
    assert "media-src 'self'" in answer.headers["content-security-policy"]
    part = desk._runner.run(desk.client.get(f"/console/recordings/{number}", headers={"range": "bytes=0-1"}))
    assert (part.status_code, part.content, part.headers["content-range"]) == (206, OGG[:2], f"bytes 0-1/{len(OGG)}")
    assert audited(bureau.house) == [("recordings.play", f"handoff:{case}", f"recording:{number}")] * 2


def test_another_team_an_auditor_and_an_admin_do_not_hear_it(desk: Desk, bureau: Bureau, peer: Peer) -> None:
    peer.files["voice-1"] = OGG
    case, number = given(bureau)
    for login, role, team, status in (
        ("otto", "caseworker", OTHERS, 404),
        ("ada", "auditor", None, 403),
        ("root", "admin", None, 403),
    ):
        other = Desk(bureau.house, desk._runner, channels={"telegram": TelegramChannel(bureau.house.settings)})
        other.log_in(bureau.join(login, role, team))
        assert other.get(f"/recordings/{number}").status_code == status, login
        if role == "auditor":
            assert "/console/recordings/" not in other.get(f"/masked/{case}").text and "Voice message" not in other.text
    assert peer.called("getFile") == [] and audited(bureau.house) == []


@pytest.mark.parametrize("why", ["gone", "away", "large", "type", "no_line", "over", "closed"])
def test_what_goes_wrong_is_said_plainly(desk: Desk, bureau: Bureau, peer: Peer, runner: asyncio.Runner, why: str) -> None:
    case, number = given(bureau)
    status = {"gone": 404, "large": 413, "type": 415, "over": 404, "closed": 404}.get(why, 503)
    if why != "gone":
        peer.files["voice-1"] = b"<html><script>alert(1)</script>" if why == "type" else OGG
    if why == "away":
        peer.fail("file", DROP)
    if why == "large":
        peer.sizes["voice-1"] = 21 * 2**20
    if why == "no_line":
        desk = Desk(bureau.house, runner)
    with bureau.house.sessions.begin() as session:
        if why == "over":
            session.execute(update(Recording).values(media_id=None, state="gone"))
        if why == "closed":
            handoffs.close(session, bureau.case(session, case), "bot", "helped")
    answer = desk.log_in(bureau.join("amina")).get(f"/recordings/{number}")
    assert answer.status_code == status and answer.headers["content-type"].startswith("text/html")
    assert (
        t("en", f"console.refused.recording_{'over' if why == 'closed' else why}") in desk.text and "alert(1)" not in answer.text
    )


def test_what_was_said_is_written_down_under_it_once_and_as_a_note(desk: Desk, bureau: Bureau, peer: Peer) -> None:
    case, number = given(bureau)
    desk.log_in(bureau.join("amina")).get(f"/cases/{case}")
    form = desk.form(f"/recordings/{number}/note")
    desk.post(f"/recordings/{number}/note", {**form, "written": " "})
    assert desk.page.status_code == 409 and case in desk.text
    for _ in range(2):  # the same form twice is one note
        desk.post(f"/recordings/{number}/note", {**form, "written": "She asks when the hearing is."})
        desk.follow()
    with bureau.house.sessions() as session:
        (note,) = session.scalars(select(CaseNote)).all()
        assert note.text.startswith("Voice message, 0:34 of ") and note.text.endswith("\nShe asks when the hearing is.")
    assert desk.text.count("She asks when the hearing is.") == 2  # under the recording and among the notes
    assert "Written down by Amina" in desk.text or "Written down by amina" in desk.text
    assert audited(bureau.house)[0] == ("recordings.written_down", f"handoff:{case}", f"recording:{number}")


def test_words_beside_it_stay_words_and_a_refused_one_cannot_be_played(desk: Desk, bureau: Bureau, peer: Peer) -> None:
    case, number = given(bureau, "video")
    with bureau.house.sessions.begin() as session:
        line = session.scalars(select(Message).where(Message.id == session.get_one(Recording, number).message_id)).one()
        line.text, line.kind = "[video] بيتي", "video"
    page = desk.log_in(bureau.join("amina")).get(f"/cases/{case}").text
    assert "<video controls" in page and ">بيتي<" in page and "[video]" not in page
    with bureau.house.sessions.begin() as session:
        session.execute(update(Recording).values(media_id=None, state="refused"))
    page = desk.get(f"/cases/{case}").text
    assert "<video" not in page and t("en", "console.recordings.refused") in page and ">بيتي<" in page
    with bureau.house.sessions.begin() as session:
        session.execute(delete(Recording))
    page = desk.get(f"/cases/{case}").text
    assert t("en", "console.recordings.not_kept") in page and ">بيتي<" in page and "[video]" not in page


def test_who_types_the_name_of_a_recording_in_brackets_has_typed_words(desk: Desk, bureau: Bureau) -> None:
    case = bureau.ask(who="5550001", channel="telegram", said=("[voice]", "[video] look"), reason="x")
    page = desk.log_in(bureau.join("amina")).get(f"/cases/{case}").text
    assert "[voice]" in page and "[video] look" in page and t("en", "console.recordings.not_kept") not in page


def test_only_what_a_browser_plays_is_a_recording() -> None:
    kinds = {
        "audio/ogg": OGG,
        "audio/mpeg": b"\xff\xfb\x90\x64" + bytes(9),
        "audio/mp4": bytes(4) + b"ftypM4A \0",
        "video/mp4": bytes(4) + b"ftypisom\0",
        "video/webm": b"\x1a\x45\xdf\xa3" + bytes(20) + b"\x42\x82\x84webm",
    }
    assert {kind_of(body): body for body in kinds.values()} == kinds and kind_of(b"ID3\x04") == "audio/mpeg"
    for other in (b"", b"\xff", b"\xff\xd8\xff\xe0", b"<svg>", b"%PDF", b"MZ", b"\x1a\x45\xdf\xa3matroska", b"\xff\xfe<\0"):
        assert kind_of(other) is None, other
    asked = {"bytes=0-": (0, 10), "bytes=2-4": (2, 5), "bytes=-3": (7, 10), "bytes=9-99": (9, 10)}
    assert {text: span(text, 10) for text in asked} == asked
    for text in ("", "bytes=10-", "bytes=4-2", "bytes=-0", "bytes=a-b", "items=0-1", "bytes=0-1,3-4", "bytes=٣-", "bytes=-"):
        assert span(text, 10) is None, text

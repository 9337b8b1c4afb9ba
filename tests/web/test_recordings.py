"""A recording that the page posts: by its bytes, never larger than was set, stored once, sealed, and taken from our own page only."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import undefer

from bot import crypto
from bot.channels.web.channel import WebChannel
from bot.errors import PermanentError, RefusedError, TransientError
from bot.house import House
from bot.i18n import t
from bot.installation import changing
from bot.recordings import bodies
from bot.recordings.models import HERE, RecordingBody
from bot.settings import Settings
from tests.recordings.giving import OGG
from tests.web import site
from tests.web.site import Visitor, rows_of

WEBM = b"\x1a\x45\xdf\xa3" + bytes(20) + b"\x42\x82\x84webm"
MEGABYTE = 2**20


@pytest.fixture
def small(house: House, environ: dict[str, str]) -> Iterator[Visitor]:
    """A visitor of an installation that takes one megabyte."""
    with site.served(with_largest(house, environ, "1")) as base:
        yield Visitor(base)


def with_largest(house: House, environ: dict[str, str], mb: str) -> House:
    settings = Settings.read({**environ, "USEIT_RECORDING_MB": mb})
    return House(settings, house.database, house.sessions, house.hours)


def post(visitor: Visitor, body: bytes = OGG, update_id: str = "r-1", seconds: str = "34", **more: Any) -> httpx.Response:
    fields = {"id": update_id, "language": "so", "seconds": seconds}
    return visitor.http.post("/chat/recordings", data=fields, files={"recording": ("x", body)}, **more)


def kept(house: House) -> list[RecordingBody]:
    with house.sessions() as session:
        return list(session.scalars(select(RecordingBody).options(undefer(RecordingBody.body))))


def test_it_is_stored_sealed_with_its_message_when_the_page_is_told_so(house: House, visitor: Visitor) -> None:
    answer = post(visitor)
    assert answer.status_code == 202 and answer.json() == {"stored": True, "repeat": False} and "chat" in answer.cookies
    [row], [body] = rows_of(house), kept(house)
    came = WebChannel().read(row.raw)
    assert (came.kind, came.media, came.language_hint) == ("media", "voice", "so")
    assert (came.media_seconds, came.media_size) == (34, len(OGG))
    assert came.media_id == HERE + body.key
    assert (body.body, body.size, body.inbox_id, body.chat_id, body.recording_id) == (OGG, len(OGG), row.id, row.chat_id, None)
    with house.database.connect() as connection:
        (stored,) = connection.exec_driver_sql("SELECT body FROM recording_bodies").scalars()
    assert b"OpusHead" not in stored and crypto.decrypt(stored, "recording_bodies.body") == OGG


def test_a_repeated_id_is_stored_once(house: House, visitor: Visitor) -> None:
    assert post(visitor).json()["repeat"] is False
    assert post(visitor).json() == {"stored": True, "repeat": True}
    assert len(rows_of(house)) == len(kept(house)) == 1


@pytest.mark.parametrize(
    ("body", "media"),
    [
        (b"RIFF\x24\0\0\0WAVEfmt ", "voice"),
        (b"ID3\x04", "voice"),
        (bytes(4) + b"ftypM4A \0", "voice"),
        (WEBM + b"\x86\x86A_OPUS", "voice"),
        (WEBM + b"\x86\x85V_VP9", "video"),
        (bytes(4) + b"ftypmp42" + bytes(90) + b"hdlr" + bytes(8) + b"soun", "voice"),
        (bytes(4) + b"ftypmp42" + bytes(90) + b"hdlr" + bytes(8) + b"soun" + b"hdlr" + bytes(8) + b"vide", "video"),
    ],
)
def test_whether_there_is_something_to_see_is_read_from_the_bytes(
    house: House, visitor: Visitor, body: bytes, media: str
) -> None:
    assert post(visitor, body).status_code == 202
    assert WebChannel().read(rows_of(house)[0].raw).media == media


@pytest.mark.parametrize(
    "body", [b"", b"<html><script>", b"\xff\xd8\xff\xe0", b"%PDF-1.7", b"MZ\x90", b"RIFF\0\0\0\0WEBP", b"\x7fELF"]
)
def test_what_is_no_recording_is_refused_whatever_the_page_calls_it(house: House, visitor: Visitor, body: bytes) -> None:
    answer = visitor.http.post("/chat/recordings", data={"id": "r"}, files={"recording": ("a.ogg", body, "audio/ogg")})
    assert answer.status_code == 415 and answer.json()["error"] == t("en", "web.error.recording_unreadable")
    assert rows_of(house) == [] and kept(house) == []


def test_what_is_larger_than_was_set_is_refused_in_words_and_nothing_is_kept(house: House, small: Visitor) -> None:
    answer = post(small, OGG + bytes(MEGABYTE))
    assert answer.status_code == 413 and "1 MB" in answer.json()["error"]
    chunks = (
        b'--b\r\nContent-Disposition: form-data; name="recording"; filename="x"\r\n\r\n' + OGG,
        *(bytes(100_000) for _ in range(20)),
    )
    headers = {"Content-Type": "multipart/form-data; boundary=b"}
    assert small.http.post("/chat/recordings", content=iter(chunks), headers=headers).status_code == 413  # no length was said
    assert rows_of(house) == [] and kept(house) == []
    assert post(small, OGG + bytes(MEGABYTE - len(OGG))).status_code == 202


@pytest.mark.parametrize("headers", [{"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://elsewhere.example"}])
def test_a_form_of_another_site_is_refused(house: House, visitor: Visitor, headers: dict[str, str]) -> None:
    answer = post(visitor, headers=headers)
    assert answer.status_code == 403 and "set-cookie" not in answer.headers and kept(house) == []


def test_more_than_a_few_undecided_ones_are_refused_and_a_full_store_too(
    house: House, base: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    visitor = Visitor(base)
    for number in range(bodies.MOST_UNDECIDED):
        assert post(visitor, update_id=f"r-{number}").status_code == 202
    answer = post(visitor, update_id="one-more")
    assert answer.status_code == 429 and answer.json()["error"] == t("en", "web.error.recording_too_many")
    assert post(visitor, update_id="r-1").json()["repeat"] is True
    monkeypatch.setattr(bodies, "MOST_BYTES", len(OGG) * bodies.MOST_UNDECIDED)
    full = post(Visitor(base))
    assert full.status_code == 429 and full.json()["error"] == t("en", "web.error.recording_not_now")
    assert len(rows_of(house)) == len(kept(house)) == bodies.MOST_UNDECIDED


def test_a_database_that_takes_nothing_gives_503_and_keeps_no_message_without_its_sound(house: House, visitor: Visitor) -> None:
    with house.database.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE recording_bodies RENAME TO away")
    assert post(visitor).status_code == 503 and rows_of(house) == []


def test_switched_off_there_is_no_button_no_microphone_and_no_upload(house: House, environ: dict[str, str]) -> None:
    with site.served(with_largest(house, environ, "0")) as base:
        visitor = Visitor(base)
        page = visitor.http.get("/")
        assert 'id="voice"' not in page.text and "microphone=()" in page.headers["permissions-policy"]
        answer = post(visitor)
    assert answer.status_code == 404 and answer.json()["error"] == t("en", "web.error.recording_off") and kept(house) == []


def test_nobody_begins_a_conversation_with_one_while_the_web_chat_is_off(house: House, visitor: Visitor) -> None:
    with house.sessions.begin() as session:
        changing.change(session, "feature.web_chat", "off", who="staff:1")
        house.refresh(session)
    answer = post(visitor)
    assert answer.status_code == 403 and answer.json()["error"] == t("en", "web.off") and kept(house) == []


@pytest.mark.parametrize(("said", "seconds"), [("", 0), ("-1", 0), ("1e3", 0), ("٣", 0), ("999999999", 6 * 3600), ("61", 61)])
def test_how_long_the_page_says_it_is_is_a_number_or_nothing(house: House, visitor: Visitor, said: str, seconds: int) -> None:
    assert post(visitor, seconds=said).status_code == 202
    assert WebChannel().read(rows_of(house)[0].raw).media_seconds == seconds


def test_the_page_cannot_claim_one_by_a_message(house: House, visitor: Visitor) -> None:
    claimed = {"media": "voice", "media_id": HERE + "0" * 32, "size": 1, "seconds": 1}
    body = {"id": "a-1", "kind": "text", "text": "hello", "recorded": claimed}
    assert visitor.http.post("/chat/messages", json=body).status_code == 202
    assert WebChannel().read(rows_of(house)[0].raw).kind == "text"
    with pytest.raises(PermanentError):
        WebChannel().read({"recorded": {**claimed, "media": "photo"}})


def test_the_channel_gives_out_what_is_there_and_nothing_else(house: House, visitor: Visitor, event_loop_runner: Any) -> None:
    post(visitor)
    channel, media_id = WebChannel(house.sessions), HERE + kept(house)[0].key

    def fetched(media_id: str, largest: int = MEGABYTE) -> bytes:
        async def fetch() -> bytes:
            return await channel.fetch(media_id, largest)

        body: bytes = event_loop_runner.run(fetch())
        return body

    assert fetched(media_id) == OGG
    with pytest.raises(PermanentError):
        fetched(HERE + "0" * 32)
    with pytest.raises(RefusedError) as refused:
        fetched(media_id, len(OGG) - 1)
    assert refused.value.reason == "too_large"
    with house.sessions.begin() as session:
        session.execute(update(RecordingBody).values(key="another"))
    with pytest.raises(PermanentError):
        fetched(media_id)
    with house.database.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE recording_bodies RENAME TO away")
    with pytest.raises(TransientError):
        fetched(media_id)

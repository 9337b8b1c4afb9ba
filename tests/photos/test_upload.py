"""What the page uploads: from our own page only, in memory only, never more than eight megabytes, stored once."""

from __future__ import annotations

import os
import socket
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
from sqlalchemy import select
from sqlalchemy.orm import undefer

from bot.channels.web.channel import WebChannel
from bot.conversation import photos
from bot.conversation.models import Photo
from bot.errors import PermanentError
from bot.house import House
from bot.settings import Settings
from tests.photos import pictures
from tests.web import site
from tests.web.site import Visitor, rows_of

JPEG = b"\xff\xd8\xff\xe0 a photo"


@pytest.fixture
def base(house: House, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The site of an installation that can read photos."""
    monkeypatch.setattr(photos, "missing", tuple)
    with site.served(house) as address:
        yield address


@pytest.fixture
def visitor(base: str) -> Visitor:
    return Visitor(base)


def post(visitor: Visitor, body: bytes = JPEG, update_id: str = "p-1", **more: Any) -> httpx.Response:
    return visitor.http.post("/chat/photos", data={"id": update_id, "language": "so"}, files={"photo": ("x", body)}, **more)


def kept(house: House) -> list[Photo]:
    with house.sessions() as session:
        return list(session.scalars(select(Photo).options(undefer(Photo.body))))


def test_a_photo_is_stored_with_its_message_when_the_page_is_told_so(house: House, visitor: Visitor) -> None:
    answer = post(visitor)
    assert answer.status_code == 202 and answer.json() == {"stored": True, "repeat": False} and "chat" in answer.cookies
    [row] = rows_of(house)
    incoming = WebChannel().read(row.raw)
    assert (incoming.kind, incoming.media, incoming.language_hint) == ("media", "photo", "so")
    [photo] = kept(house)
    assert (photo.state, photo.body, photo.inbox_id, photo.chat_id) == ("arrived", JPEG, row.id, row.chat_id)


def test_a_repeated_id_is_stored_once(house: House, visitor: Visitor) -> None:
    assert post(visitor).json()["repeat"] is False
    assert post(visitor).json() == {"stored": True, "repeat": True}
    assert len(rows_of(house)) == len(kept(house)) == 1


def test_the_whole_photo_arrives_byte_for_byte(house: House, visitor: Visitor) -> None:
    body = pictures.photo(pictures.TENANCY) + b"\r\n--" + os.urandom(photos.LARGEST_UPLOAD - 400_000)
    assert len(body) > 7_000_000
    assert post(visitor, body).status_code == 202
    assert kept(house)[0].body == body


@pytest.mark.parametrize(
    "headers",
    [{"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "none"}, {"Origin": "https://elsewhere.example"}, {"Origin": ""}],
)
def test_a_form_of_another_site_is_refused_and_gets_no_cookie(house: House, visitor: Visitor, headers: dict[str, str]) -> None:
    answer = post(visitor, headers=headers)
    assert answer.status_code == 403 and "set-cookie" not in answer.headers and answer.json()["error"]
    assert rows_of(house) == [] and kept(house) == []


@pytest.mark.parametrize("body", [b"", b"GIF89a", b"%PDF-1.7", b"<svg/>", b"RIFF\x00\x00\x00\x00WAVE"])
def test_what_is_no_photo_is_refused_whatever_the_page_calls_it(house: House, visitor: Visitor, body: bytes) -> None:
    answer = visitor.http.post("/chat/photos", data={"id": "p"}, files={"photo": ("letter.jpg", body, "image/jpeg")})
    assert answer.status_code == 415 and "picture" in answer.json()["error"]
    assert rows_of(house) == [] and kept(house) == []


def test_more_than_eight_megabytes_are_refused_and_nothing_is_kept(house: House, visitor: Visitor) -> None:
    answer = post(visitor, JPEG + bytes(photos.LARGEST_UPLOAD))
    assert answer.status_code == 413 and "8 MB" in answer.json()["error"]
    assert rows_of(house) == [] and kept(house) == []


def test_a_body_without_a_stated_length_is_cut_off_too(visitor: Visitor) -> None:
    head = b'--b\r\nContent-Disposition: form-data; name="photo"; filename="x"\r\n\r\n' + JPEG
    chunks = (head, *(bytes(100_000) for _ in range(200)))
    answer = visitor.http.post("/chat/photos", content=iter(chunks), headers={"Content-Type": "multipart/form-data; boundary=b"})
    assert answer.status_code == 413


PART = b'--b\r\nContent-Disposition: form-data; name="%s"\r\n\r\n%s\r\n'


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("application/json", b"{}"),
        ("multipart/form-data", PART % (b"photo", JPEG) + b"--b--\r\n"),
        ("multipart/form-data; boundary=b", b""),
        ("multipart/form-data; boundary=b", b"not a form"),
        ("multipart/form-data; boundary=b", PART % (b"photo", JPEG)),  # it breaks off
        ("multipart/form-data; boundary=b", b"--b\r\n\r\nno name\r\n--b--\r\n"),
        ("multipart/form-data; boundary=b", PART % (b"photo", JPEG) + PART % (b"photo", JPEG) + b"--b--\r\n"),
        ("multipart/form-data; boundary=b", b"".join(PART % (b"f%d" % n, b"x") for n in range(20)) + b"--b--\r\n"),
        ("multipart/form-data; boundary=b", b"--b\r\n" + b"X: y\r\n" * 50 + b"\r\nx\r\n--b--\r\n"),
        ("multipart/form-data; boundary=" + "b" * 500, b"--b"),
        ("multipart/form-data; boundary=b", PART % (b"photo", JPEG) + b"--b--\r\n"),  # no id
        ("multipart/form-data; boundary=b", PART % (b"photo", JPEG) + PART % (b"id", b"a b") + b"--b--\r\n"),
    ],
)
def test_what_is_no_form_of_ours_gets_a_clear_answer_and_is_not_stored(
    house: House, visitor: Visitor, kind: str, body: bytes
) -> None:
    answer = visitor.http.post("/chat/photos", content=body, headers={"Content-Type": kind})
    assert answer.status_code == 400 and answer.json()["error"] and "Traceback" not in answer.text
    assert rows_of(house) == [] and kept(house) == []


def test_a_field_that_is_no_photo_may_not_be_large(visitor: Visitor) -> None:
    answer = visitor.http.post("/chat/photos", data={"id": "x" * 5_000}, files={"photo": ("x", JPEG)})
    assert answer.status_code == 413


def test_nothing_of_a_photo_is_written_to_the_disk_outside_the_database(
    house: House, visitor: Visitor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    empty = tmp_path / "temporary"
    empty.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(empty))
    stamp = empty.stat().st_mtime_ns
    assert post(visitor, JPEG + bytes(4_000_000)).status_code == 202
    assert list(empty.iterdir()) == [] and empty.stat().st_mtime_ns == stamp
    assert len(kept(house)) == 1


def test_a_page_that_goes_away_in_the_middle_leaves_nothing(house: House, base: str) -> None:
    address = urlsplit(base)
    with socket.create_connection((address.hostname, address.port)) as line:
        head = f"POST /chat/photos HTTP/1.1\r\nHost: {address.netloc}\r\nOrigin: {base}\r\nContent-Length: 5000\r\n"
        line.sendall(head.encode() + b"Content-Type: multipart/form-data; boundary=b\r\n\r\n" + PART % (b"photo", JPEG))
    answer = post(Visitor(base))  # the next one is served as ever
    assert answer.status_code == 202 and len(kept(house)) == 1


def test_a_page_that_sends_too_slowly_is_given_up(base: str, monkeypatch: pytest.MonkeyPatch) -> None:
    from bot.channels.web import uploading

    monkeypatch.setattr(uploading, "LONGEST_SECONDS", 0.2)
    address = urlsplit(base)
    with socket.create_connection((address.hostname, address.port), 10) as line:
        head = f"POST /chat/photos HTTP/1.1\r\nHost: {address.netloc}\r\nOrigin: {base}\r\nContent-Length: 5000\r\n"
        line.sendall(head.encode() + b"Content-Type: multipart/form-data; boundary=b\r\n\r\n" + PART % (b"photo", JPEG))
        assert line.recv(100).startswith(b"HTTP/1.1 408")


def test_the_seventh_photo_that_waits_is_refused_in_the_persons_words(house: House, base: str) -> None:
    visitor = Visitor(base)
    for number in range(photos.MOST_OF_ONE):
        assert post(visitor, update_id=f"p-{number}").status_code == 202
    answer = post(visitor, update_id="one-more")
    assert answer.status_code == 429 and int(answer.headers["retry-after"]) > 0 and "too many" in answer.json()["error"]
    assert post(visitor, update_id="p-1").json()["repeat"] is True
    assert len(kept(house)) == photos.MOST_OF_ONE
    assert post(Visitor(base), update_id="p-1").status_code == 202  # somebody else's photo is taken


def test_more_uploads_at_once_than_memory_is_there_for_are_asked_to_come_again(
    base: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from bot.channels.web import uploading

    monkeypatch.setattr(uploading, "MOST_AT_ONCE", 0)
    answer = post(Visitor(base))
    assert answer.status_code == 503 and int(answer.headers["retry-after"]) > 0


def test_a_database_that_takes_nothing_gives_503_and_an_honest_line(house: House, visitor: Visitor) -> None:
    with house.database.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE photos RENAME TO away")
    answer = post(visitor)
    assert answer.status_code == 503 and answer.json()["error"]
    assert rows_of(house) == []  # the message was not kept without its photo


def test_where_photos_cannot_be_read_there_is_no_button_and_no_upload(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(photos, "missing", lambda: ("rapidocr",))
    with site.served(house) as address:
        visitor = Visitor(address)
        assert 'id="photo"' not in visitor.http.get("/").text
        assert post(visitor).status_code == 404
    assert kept(house) == []


def test_the_button_is_there_when_they_can_be_read_and_goes_when_it_is_switched_off(
    house: House, visitor: Visitor, environ: dict[str, str]
) -> None:
    assert 'id="photo"' in visitor.http.get("/").text
    off = House(Settings.read({**environ, "USEIT_PHOTO": "off"}), house.database, house.sessions, house.hours)
    with site.served(off) as address:
        assert 'id="photo"' not in Visitor(address).http.get("/").text


def test_the_page_cannot_claim_an_upload_that_was_none(house: House, visitor: Visitor) -> None:
    body = {"id": "a-1", "kind": "text", "text": "hello", "uploaded": True, "photo_read": {"words": "I read this"}}
    assert visitor.http.post("/chat/messages", json=body).status_code == 202
    [row] = rows_of(house)
    assert photos.read(row.raw) is None and WebChannel().read(row.raw).kind == "text"


async def _fetch() -> bytes:
    return await WebChannel().fetch("1", photos.LARGEST)


def test_the_web_chat_keeps_nothing_that_could_be_fetched(event_loop_runner: Any) -> None:
    with pytest.raises(PermanentError):
        event_loop_runner.run(_fetch())

"""The reader: from a row that waits to a row of the inbox, whatever the channel, the file or the reading process do."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
from collections.abc import Awaitable, Callable, Iterator
from typing import Any

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import undefer

from bot.app import channels
from bot.channels.telegram import client
from bot.conversation import inbox, photos
from bot.conversation.incoming import Incoming, PhotoRead
from bot.conversation.models import Inbox, Photo
from bot.house import House
from bot.photos.process import ReadingProcess
from bot.photos.reader import Reader
from bot.settings import Settings
from tests.photos import pictures
from tests.photos.marks import reads
from tests.telegram import peer as other
from tests.telegram.events import PERSON
from tests.telegram.peer import Peer, until

_runner: asyncio.Runner
_process: ReadingProcess
SHORT = pictures.short()


@pytest.fixture
def peer() -> Any:
    with Peer() as running:
        yield running
        assert running.faults == []


@pytest.fixture
def environ(environ: dict[str, str], peer: Peer) -> dict[str, str]:
    return {**environ, "USEIT_TELEGRAM_TOKEN": peer.token, "USEIT_TELEGRAM_API": peer.url}


def waits(house: House, channel: str, body: bytes | None = None, media_id: str = "F1") -> None:
    """A photo of somebody on `channel`, after its message was answered."""
    address = str(PERSON) if channel == "telegram" else "token"
    with house.sessions.begin() as session:
        row_id = inbox.receive(session, channel, address, os.urandom(4).hex(), {})
        assert row_id is not None
        row = session.get_one(Inbox, row_id)
        if body is not None:
            photos.upload(session, row.id, row.chat_id, body)
            session.flush()
        assert photos.keep(session, row, Incoming(kind="media", media="photo", media_id=media_id), for_person=False) == ""
        inbox.finish(row)


def read(house: House) -> PhotoRead | None:
    """What the last photo gave; None while it is not finished."""
    with house.sessions() as session:
        rows = session.scalars(select(Inbox).options(undefer(Inbox.raw)).where(Inbox.state == "open").order_by(Inbox.id)).all()
    found = photos.read(rows[-1].raw) if rows else None
    return found.photo if found else None


def photo(house: House) -> Photo:
    with house.sessions() as session:
        return session.scalars(select(Photo).options(undefer(Photo.body)).order_by(Photo.id.desc()).limit(1)).one()


@pytest.fixture(scope="module", autouse=True)
def runner() -> Iterator[asyncio.Runner]:
    """One loop for all, and one reading process where a test does not bring its own: starting one takes seconds."""
    global _runner, _process
    with asyncio.Runner() as _runner:
        _process = ReadingProcess(Settings.read({}).photo_mb)
        yield _runner
        _runner.run(_process.end())


def run(house: House, work: Callable[[Reader], Awaitable[object]], process: ReadingProcess | None = None) -> Any:
    async def whole() -> object:
        try:
            return await work(Reader(house, channels(house), process or _process))
        finally:
            if process is not None:
                await process.end()
            await client.close(house.settings)

    return _runner.run(whole())


@reads
def test_a_photo_in_telegram_is_fetched_and_read(house: House, peer: Peer) -> None:
    peer.files["F1"] = pictures.photo(pictures.UNIVERSAL_CREDIT)
    waits(house, "telegram")
    assert run(house, lambda reader: reader.one())
    found = read(house)
    assert found is not None and "8 December 2026" in found.words and found.masked == ["nino"] and not found.failure
    assert photo(house).state == "done" and photo(house).media_id is None


@reads
def test_an_uploaded_photo_is_read_from_its_row_and_erased(house: House) -> None:
    waits(house, "web", pictures.photo(pictures.HOSPITAL, pictures.turned))
    run(house, lambda reader: reader.one())
    found = read(house)
    assert found is not None and "14 December 2026" in found.words and "nhs" in found.masked
    assert photo(house).body is None


def test_when_nothing_waits_nothing_is_started(house: House) -> None:
    process = ReadingProcess(1500, module="tests.photos.stuck")
    assert run(house, lambda reader: reader.one(), process) is False
    assert process.pid is None


@pytest.mark.parametrize(
    "failure",
    [
        other.DROP,
        pytest.param(other.Failure(502, "Bad Gateway"), marks=pytest.mark.long),
        pytest.param(other.flood(1), marks=pytest.mark.long),
        pytest.param(other.Failure(401, "Unauthorized"), marks=pytest.mark.long),
    ],
    ids=str,
)
@pytest.mark.parametrize("where", [pytest.param("getFile", marks=pytest.mark.long), "file"])
@reads
def test_telegram_in_trouble_is_asked_again_later(house: House, peer: Peer, where: str, failure: other.Failure) -> None:
    peer.files["F1"] = SHORT
    peer.fail(where, failure)
    waits(house, "telegram")
    run(house, lambda reader: reader.one())
    kept = photo(house)
    assert (kept.state, kept.failure, kept.media_id) == ("waiting", "TransientError", "F1") and kept.not_before is not None
    with house.sessions.begin() as session:
        session.execute(update(Photo).values(not_before=None))
    run(house, lambda reader: reader.one())
    assert "Rent account" in (read(house) or PhotoRead()).words


@reads
def test_telegram_in_trouble_for_too_long_is_told(house: House, peer: Peer) -> None:
    peer.fail("getFile", *[other.DROP] * photos.MAX_ATTEMPTS)
    waits(house, "telegram")
    for _ in range(photos.MAX_ATTEMPTS):
        run(house, lambda reader: reader.one())
        with house.sessions.begin() as session:
            session.execute(update(Photo).values(not_before=None))
    assert read(house) == PhotoRead(failure="not_fetched")


@reads
@pytest.mark.parametrize("media_id", ["gone", ""])
def test_a_photo_that_telegram_has_not_any_more_is_told_at_once(house: House, peer: Peer, media_id: str) -> None:
    if not media_id:  # the library does not ask without an id as Telegram would want it
        peer.fail("getFile", other.refused("invalid file_id"))
    waits(house, "telegram", media_id=media_id)
    run(house, lambda reader: reader.one())
    assert read(house) == PhotoRead(failure="not_fetched")


@reads
def test_a_file_that_is_gone_between_asking_and_fetching_is_told(house: House, peer: Peer) -> None:
    peer.files["F1"] = b"x"
    peer.fail("file", other.Failure(404))
    waits(house, "telegram")
    run(house, lambda reader: reader.one())
    assert read(house) == PhotoRead(failure="not_fetched")


@reads
def test_a_file_that_is_too_large_is_not_fetched_and_one_that_lies_about_it_is_not_fetched_whole(
    house: House, peer: Peer
) -> None:
    peer.files["F1"] = SHORT + bytes(photos.LARGEST)
    for said in (photos.LARGEST + 1, 1_000):
        peer.sizes["F1"] = said
        waits(house, "telegram")
        run(house, lambda reader: reader.one())
        assert read(house) == PhotoRead(failure="too_large")
    peer.fail("getFile", other.refused("file is too big"))
    waits(house, "telegram")
    run(house, lambda reader: reader.one())
    assert read(house) == PhotoRead(failure="too_large")


@reads
def test_a_file_that_only_claims_to_be_a_photo_never_reaches_the_reading_process(house: House, peer: Peer) -> None:
    peer.files["F1"] = b"%PDF-1.7 called letter.jpg"
    process = ReadingProcess(1500, module="tests.photos.stuck")
    waits(house, "telegram")
    run(house, lambda reader: reader.one(), process)
    assert read(house) == PhotoRead(failure="wrong_type") and process.pid is None


@reads
def test_a_photo_that_ends_the_process_twice_is_told_and_not_tried_for_ever(house: House) -> None:
    waits(house, "web", SHORT)
    for _ in range(2):
        run(house, lambda reader: reader.one(), ReadingProcess(1500, module="tests.photos.does_not_exist"))
        with house.sessions.begin() as session:
            session.execute(update(Photo).values(not_before=None))
    assert read(house) == PhotoRead(failure="trouble") and photo(house).body is None


@reads
def test_a_photo_that_takes_too_long_is_given_up(house: House) -> None:
    waits(house, "web", SHORT)
    for _ in range(2):
        run(house, lambda reader: reader.one(), ReadingProcess(1500, longest=0.5, module="tests.photos.stuck"))
        with house.sessions.begin() as session:
            session.execute(update(Photo).values(not_before=None))
    assert read(house) == PhotoRead(failure="trouble")


def test_photos_that_came_before_reading_was_switched_off_are_told_and_erased(house: House, environ: dict[str, str]) -> None:
    waits(house, "web", b"\xff\xd8\xff")
    off = House(Settings.read({**environ, "USEIT_PHOTO": "off"}), house.database, house.sessions, house.hours)
    run(off, lambda reader: reader.one())
    assert read(house) == PhotoRead(failure="off") and photo(house).body is None


@reads
def test_the_loop_hears_of_a_photo_reads_it_and_stops_in_the_middle_of_the_next(house: House) -> None:
    process = ReadingProcess(1500)

    async def work(reader: Reader) -> None:
        stop = asyncio.Event()
        running = asyncio.create_task(reader.run(stop))
        waits(house, "web", SHORT)
        house.outbox_bell.ring()
        await asyncio.to_thread(until, lambda: read(house), "the photo is read")
        waits(house, "web", SHORT)
        house.outbox_bell.ring()
        await asyncio.to_thread(until, lambda: photo(house).state == "reading", "the next is taken")
        stop.set()
        await asyncio.wait_for(running, 5)
        assert process.pid is None

    run(house, work, process)
    assert photo(house).state == "reading"
    with house.sessions.begin() as session:
        photos.release_abandoned(session)
    run(house, lambda reader: reader.one())
    assert "Rent account" in (read(house) or PhotoRead()).words


@reads
def test_the_loop_outlives_a_database_that_is_away(house: House, caplog: pytest.LogCaptureFixture) -> None:
    async def work(reader: Reader) -> None:
        stop = asyncio.Event()
        with house.database.begin() as connection:
            connection.exec_driver_sql("ALTER TABLE photos RENAME TO away")
        running = asyncio.create_task(reader.run(stop))
        await asyncio.to_thread(until, lambda: "the database does not answer" in caplog.text, "it looks in vain")
        with house.database.begin() as connection:
            connection.exec_driver_sql("ALTER TABLE away RENAME TO photos")
        waits(house, "web", b"\xff\xd8\xff broken")
        await asyncio.to_thread(until, lambda: read(house), "the photo is answered")
        stop.set()
        await asyncio.wait_for(running, 5)

    run(house, work)
    assert read(house) == PhotoRead(failure="unreadable")


@reads
def test_neither_words_nor_addresses_reach_the_log(house: House, peer: Peer, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    peer.files["F1"] = SHORT
    peer.fail("file", other.DROP)
    waits(house, "telegram")
    run(house, lambda reader: reader.one())
    with house.sessions.begin() as session:
        session.execute(update(Photo).values(not_before=None))
    run(house, lambda reader: reader.one())
    assert read(house)
    assert "was not read" in caplog.text
    assert peer.token not in caplog.text and "Rent account" not in caplog.text


@reads
def test_a_killed_reading_process_means_one_more_attempt_and_then_the_words(house: House) -> None:
    process = ReadingProcess(1500)
    waits(house, "web", SHORT)

    async def work(reader: Reader) -> None:
        reading = asyncio.ensure_future(reader.one())
        await asyncio.to_thread(until, lambda: process.pid is not None, "it is started")
        os.kill(process.pid or 0, signal.SIGKILL)
        await reading
        assert photo(house).state == "waiting"
        with house.sessions.begin() as session:
            session.execute(update(Photo).values(not_before=None))
        await reader.one()

    run(house, work, process)
    assert "Rent account" in (read(house) or PhotoRead()).words

"""Takes the photo that is due, fetches it, has it read, and puts its words where messages come in. One at a time."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy.exc import DBAPIError

from bot.conversation import photos
from bot.conversation.incoming import Channel, PhotoRead
from bot.db.session import read_only
from bot.errors import PermanentError, RefusedError, TransientError
from bot.house import House
from bot.photos.pictures import kind_of
from bot.photos.process import ReadingProcess
from bot.photos.words import judged

log = logging.getLogger(__name__)
LOOK_SECONDS = 1.0  # between two looks when no bell rings: another process may have put a photo there
DATABASE_AWAY_SECONDS = 1.0
MOST_READINGS = 2  # a photo that ends the process twice is not tried again


@dataclass(frozen=True)
class _Photo:
    """What is needed of a claimed row outside its transaction."""

    id: int
    attempt: int
    channel: str
    media_id: str
    body: bytes | None


class Reader:
    """One in the program, in its event loop; the work is done in a process of its own."""

    def __init__(self, house: House, channels: Mapping[str, Channel], process: ReadingProcess | None = None) -> None:
        self._house, self._channels = house, channels
        self._process = process or ReadingProcess(house.settings.photo_mb)

    async def run(self, stop: asyncio.Event) -> None:
        """Until `stop`; a photo in hand is then left for the next start. Survives a database that is away."""
        stopping = asyncio.ensure_future(stop.wait())
        try:
            while not stop.is_set():
                working = asyncio.ensure_future(self._next())
                await asyncio.wait({working, stopping}, return_when=asyncio.FIRST_COMPLETED)
                if not working.done():
                    working.cancel()
                with contextlib.suppress(asyncio.CancelledError):
                    await working
        finally:
            stopping.cancel()
            await self._process.end()

    async def one(self) -> bool:
        """Reads one photo; False when none is due."""
        photo = await asyncio.to_thread(self._claim)
        if photo is None:
            return False
        if not photos.possible(self._house.settings):  # they came before somebody switched reading off
            await self._finish(photo, PhotoRead(failure="off"))
            return True
        if photo.attempt > photos.MAX_ATTEMPTS:  # the program itself ended each time
            await self._finish(photo, PhotoRead(failure="trouble"))
            return True
        try:
            body = (
                photo.body
                if photo.body is not None
                else await self._channels[photo.channel].fetch(photo.media_id, photos.LARGEST)
            )
        except TransientError as error:
            await self._postpone(photo, error, PhotoRead(failure="not_fetched"))
        except RefusedError as error:
            await self._finish(photo, PhotoRead(failure=error.reason))
        except PermanentError:
            await self._finish(photo, PhotoRead(failure="not_fetched"))
        else:
            await self._read(photo, body)
        return True

    async def _next(self) -> None:
        try:
            if not await self.one():
                await self._process.rest()
                await self._house.outbox_bell.heard(LOOK_SECONDS)  # rung after each message that was answered
        except DBAPIError as error:
            log.warning("the database does not answer: %s", type(error.orig).__name__)
            await asyncio.sleep(DATABASE_AWAY_SECONDS)
        except Exception as error:  # the loop must outlive anything: nobody else reads. The photo is due again after its lease
            log.error("a photo was not read: %s", type(error).__name__)
            await asyncio.sleep(DATABASE_AWAY_SECONDS)

    async def _read(self, photo: _Photo, body: bytes) -> None:
        if kind_of(body) is None:  # whatever it was called
            await self._finish(photo, PhotoRead(failure="wrong_type"))
            return
        try:
            answer = await self._process.read(body)
        except TransientError as error:
            await self._postpone(photo, error, PhotoRead(failure="trouble"), MOST_READINGS)
        else:
            await self._finish(photo, judged(answer))

    def _claim(self) -> _Photo | None:
        with read_only(self._house.sessions) as session:  # most looks find nothing, and hold up nobody who writes
            if not photos.is_due(session, self._channels):
                return None
        with self._house.sessions.begin() as session:
            found = photos.claim(session, self._channels)
            if found is None:
                return None
            photo, chat = found
            return _Photo(photo.id, photo.attempts, chat.channel, photo.media_id or "", photo.body)

    async def _finish(self, photo: _Photo, read: PhotoRead) -> None:
        def write() -> None:
            with self._house.sessions.begin() as session:
                photos.finish(session, photo.id, photo.attempt, read)

        await asyncio.to_thread(write)
        self._house.inbox_bell.ring()

    async def _postpone(self, photo: _Photo, error: Exception, last: PhotoRead, most: int = photos.MAX_ATTEMPTS) -> None:
        log.warning("photo %d was not read: %s", photo.id, error)

        def write() -> None:
            with self._house.sessions.begin() as session:
                photos.postpone(session, photo.id, photo.attempt, type(error).__name__, last, most)

        await asyncio.to_thread(write)
        self._house.inbox_bell.ring()

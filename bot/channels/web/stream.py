"""Server-sent events: a chat's lines as they come, for as long as the page is open."""

from __future__ import annotations

import logging
import time
from collections.abc import AsyncIterator
from typing import ClassVar
from weakref import WeakSet

import anyio
import msgspec
from anyio import CapacityLimiter, to_thread
from sqlalchemy.exc import SQLAlchemyError
from starlette.responses import StreamingResponse
from starlette.types import Receive, Scope, Send

from bot.channels.web.reading import Look, Place, State, look
from bot.conversation.bell import POLL
from bot.errors import UseItError
from bot.house import House

log = logging.getLogger(__name__)

HEARTBEAT = 15.0  # seconds of silence after which a comment is sent, so that proxies and phones keep the connection
IDLE = 2.0  # seconds between looks when nothing is awaited; a bell in this process is heard at once all the same
RECONNECT = 2_000  # milliseconds, told to the browser
READERS = 4  # looks at the database at the same time; the rest of the pool is for messages that come in


class EventStream(StreamingResponse):
    """Ends at once when the person leaves, whatever the server's protocol version says about it."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async with anyio.create_task_group() as both:

            async def give() -> None:
                try:
                    await self.stream_response(send)
                except OSError:
                    log.debug("the page has gone")
                both.cancel_scope.cancel()

            both.start_soon(give)
            await self.listen_for_disconnect(receive)
            both.cancel_scope.cancel()


class Streams:
    """The open streams of this process share the readers of the database."""

    _all: ClassVar[WeakSet[Streams]] = WeakSet()

    def __init__(self, house: House) -> None:
        self._house = house
        self._readers = CapacityLimiter(READERS)
        self._closing = False
        self._all.add(self)

    @classmethod
    def close_all(cls) -> None:
        """Ends every open stream of this process: the server stops, and would wait for them. Pages come back by themselves."""
        for streams in list(cls._all):
            streams._closing = True
            streams._house.outbox_bell.ring()

    def open(self, token: str, after: str) -> EventStream:
        """The events of one chat after a place ("" for the whole conversation)."""
        headers = {"X-Accel-Buffering": "no", "Cache-Control": "no-store"}
        events = self._events(token, Place.parse(after))
        return EventStream(events, media_type="text/event-stream", headers=headers)

    async def _events(self, token: str, place: Place) -> AsyncIterator[bytes]:
        yield f"retry: {RECONNECT}\n\n".encode()
        told: State | None = None
        given: set[int] = set()  # a row that could not be noted as sent is found again and not given again
        spoke = time.monotonic()
        while not self._closing:
            found = await self._look(token, place)
            if found is not None:
                events = _events_of(found, given, told, place)
                given.update(line.id for line in found.lines)
                place, told = found.place, found.state
                for event in events:
                    spoke = time.monotonic()
                    yield event
            if time.monotonic() - spoke >= HEARTBEAT:
                spoke = time.monotonic()
                yield b": still here\n\n"
            await self._house.outbox_bell.heard(POLL if told and told.answering == "working" else min(IDLE, HEARTBEAT))

    async def _look(self, token: str, place: Place) -> Look | None:
        try:
            return await to_thread.run_sync(look, self._house.sessions, token, place, limiter=self._readers)
        except (SQLAlchemyError, UseItError) as error:
            log.warning("a chat could not be read: %s", type(error).__name__)
            return None


def _events_of(found: Look, given: set[int], told: State | None, before: Place) -> list[bytes]:
    """`begin` and `ready` stand around a whole conversation; each line is a message; `state` comes when it has changed.

    A place is told only when everything up to it has been given: who loses the connection in between gets it again.
    """
    events = [_event("begin", {})] if found.fresh else []
    at = before.message
    for line in found.lines:
        if found.fresh:
            events.append(_event("message", line))
        elif line.id not in given:
            at = max(at, line.id)
            events.append(_event("message", line, Place(found.place.epoch, at)))
    if found.fresh:
        events.append(_event("ready", {"empty": not found.lines}, found.place))
    if found.state != told:
        events.append(_event("state", found.state))
    return events


def _event(name: str, data: object, place: Place | None = None) -> bytes:
    head = f"id: {place}\n" if place is not None else ""
    head += f"event: {name}\n" if name != "message" else ""
    return head.encode() + b"data: " + msgspec.json.encode(data) + b"\n\n"

"""What goes on, told to the console's open pages by server-sent events: counts, and that something has changed. Never a word of anybody.

A browser keeps one stream, however many tabs it has (static/live.js); a process looks at the database once for all of them. A
stream does not keep a session alive, and ends with it.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from typing import ClassVar, TypeVar
from weakref import WeakSet

import msgspec
from anyio import CapacityLimiter, to_thread
from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session
from starlette.responses import JSONResponse, Response

from bot.cases import following, notice_board, queues
from bot.cases.following import Beat
from bot.channels.web.stream import EventStream
from bot.console import case_page, cookies
from bot.console.visits import NotHereError, StaffVisit
from bot.db.session import read_only
from bot.house import House
from bot.staff import sessions
from bot.staff.permissions import may
from bot.translation.models import ReplyDraft

log = logging.getLogger(__name__)
LOOK, GAP = 1.0, 0.3  # seconds between looks for changes, and at least when bells ring
HEARTBEAT = 15.0  # seconds after which a stream says that it is there, and looks whether its session is
RECONNECT = 3_000  # milliseconds, told to the browser
READERS = 2
T = TypeVar("T")


class News(msgspec.Struct, frozen=True):
    """`changed`: another text when the queue looks different; `beat`: another number when anything was said or done anywhere."""

    waiting: int = 0
    danger: int = 0
    mine: int = 0
    notices: int = 0
    changed: str = ""
    beat: int = 0


_OVER = News(waiting=-1)  # the session has ended


@dataclass(frozen=True)
class _Counted:
    at: tuple[int, ...]
    news: News


class Live:
    """The streams of this process."""

    _all: ClassVar[WeakSet[Live]] = WeakSet()

    def __init__(self, house: House) -> None:
        self._house = house
        self._readers = CapacityLimiter(READERS)
        self._beat, self._number = Beat((), ()), 0
        self._turn = asyncio.Event()  # set and replaced at each beat
        self._listeners = 0
        self._watching: asyncio.Task[None] | None = None
        self._counted: dict[int, _Counted] = {}  # by account: its tabs and browsers need one count
        self._closing = False
        self._all.add(self)

    @classmethod
    def close_all(cls) -> None:
        """Ends every stream of this process: the server stops, and would wait for them. Pages come back by themselves."""
        for live in list(cls._all):
            live._closing = True
            live._house.outbox_bell.ring()

    def open(self, token: str) -> EventStream:
        headers = {"X-Accel-Buffering": "no", "Cache-Control": "no-store"}
        return EventStream(self._events(token), media_type="text/event-stream", headers=headers)

    def news(self, session: Session, staff_id: int, role: str) -> News:
        """As of now, for one account."""
        found = News(notices=notice_board.count(session, staff_id), beat=self._number)
        if not may(role, "cases.read"):
            return found
        known = self._counted.get(staff_id)
        if known is None or known.at != self._beat.cases or not known.at:
            counts = queues.counts(session, staff_id, role)
            three = {name: counts[name] for name in ("waiting", "danger", "mine")}
            known = _Counted(self._beat.cases, News(**three, changed=queues.latest(session, staff_id, role)))
            self._counted[staff_id] = known
        return msgspec.structs.replace(known.news, notices=found.notices, beat=found.beat)

    async def _events(self, token: str) -> AsyncIterator[bytes]:
        yield f"retry: {RECONNECT}\n\n".encode()
        told, spoke, seen = None, time.monotonic(), -1
        self._listeners += 1
        try:
            while not self._closing:
                if self._watching is None or self._watching.done():
                    self._watching = asyncio.create_task(self._watch())
                seen = await self._next(seen)
                news = await self._try(lambda session: self._look(session, token))
                if news is _OVER:
                    yield b"event: ended\ndata: {}\n\n"
                    return
                if news is not None and news != told:
                    told, spoke = news, time.monotonic()
                    yield b"data: " + msgspec.json.encode(news) + b"\n\n"
                elif time.monotonic() - spoke >= HEARTBEAT:
                    spoke = time.monotonic()
                    yield b": still here\n\n"
        finally:
            self._listeners -= 1

    async def _next(self, seen: int) -> int:
        """The number of the newest beat, when it is another one than `seen`, and after HEARTBEAT at the latest."""
        if seen == self._number:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._turn.wait(), HEARTBEAT)
        return self._number

    async def _watch(self) -> None:
        """While somebody listens: one look for all of them."""
        while self._listeners and not self._closing:
            beat = await self._try(beat_of)
            if beat is not None and beat != self._beat:
                self._beat, self._number = beat, self._number + 1
                self._turn.set()
                self._turn = asyncio.Event()
            await asyncio.sleep(GAP)
            await self._house.outbox_bell.heard(LOOK - GAP)
        self._turn.set()

    def _look(self, session: Session, token: str) -> News:
        found = sessions.peek(session, token, limits=sessions.Limits.of(self._house.settings))
        return self.news(session, found.staff_id, found.staff.role) if found else _OVER

    async def _try(self, ask: Callable[[Session], T]) -> T | None:
        """None when the database does not answer; it is asked again."""

        def asked() -> T:
            with read_only(self._house.sessions) as session:
                return ask(session)

        try:
            return await to_thread.run_sync(asked, limiter=self._readers)
        except SQLAlchemyError as error:
            log.warning("what is new could not be read: %s", type(error).__name__)
            return None


def live_of(visit: StaffVisit) -> Live:
    return visit.request.app.state.live  # type: ignore[no-any-return]  # put there by bot/console/routes.py


def stream(visit: StaffVisit) -> Response:
    """The stream, for who asks for one; else the news as they are now."""
    live = live_of(visit)
    if "text/event-stream" in visit.request.headers.get("accept", ""):
        return live.open(cookies.session_token(visit.request, visit.house.settings))
    news = live.news(visit.session, visit.staff.id, visit.staff.role)
    return Response(msgspec.json.encode(news), media_type="application/json")


def case(visit: StaffVisit) -> Response:
    """Whether the page of one case would look different: it compares this with what it was made with."""
    handoff = queues.find(visit.session, visit.reference, visit.staff.id, visit.staff.role)
    if handoff is None or not may(visit.staff.role, "cases.read"):
        raise NotHereError
    return JSONResponse({"mark": case_page.mark(visit, handoff)})


def beat_of(session: Session) -> Beat:
    """Of the house; a translation of an answer that is ready counts as words."""
    beat = following.beat(session)
    ready = select(func.count(ReplyDraft.id)).where(ReplyDraft.state.in_(("ready", "failed")))
    return Beat(beat.cases, (*beat.words, session.scalar(ready) or 0))


def close() -> None:
    """Call it when the server is to stop."""
    Live.close_all()

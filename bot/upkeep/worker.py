"""What is done for the knowledge while nobody waits: the daily look, the links, the feeds. It talks to the web, so no turn waits for it."""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
import logging
from collections.abc import Awaitable, Callable, Mapping

import httpx
from sqlalchemy.exc import DBAPIError

from bot.cases.hours import LONDON
from bot.db.base import now
from bot.db.session import as_transient, read_only
from bot.errors import UseItError
from bot.house import House
from bot.knowledge import links as asking
from bot.knowledge import snapshot
from bot.upkeep import feeds, jobs, links, looking
from bot.upkeep.arrivals import forget_old
from bot.upkeep.outside import Allowed, OutsideAsync, public

log = logging.getLogger(__name__)
LOOK_SECONDS = 20.0  # how soon what was asked for begins
DAILY_AT = dt.time(4, 30)  # in London
LEASE = dt.timedelta(minutes=30)
LINKS_EVERY = dt.timedelta(minutes=10)
LINK_SECONDS = 20.0
LOOKING, LINKS = "looking", "links"


class Caretaker:
    """One a process, in its event loop; several share the work by claiming it. `allowed`, `between`: for tests."""

    def __init__(self, house: House, allowed: Allowed = public, between: float = asking.BETWEEN_SECONDS) -> None:
        self._house, self._allowed, self._between = house, allowed, between

    async def run(self, stop: asyncio.Event) -> None:
        """Until `stop`; what is under way then is begun anew later. Survives a database that is away."""
        stopped = asyncio.create_task(stop.wait())
        while not stop.is_set():
            working = asyncio.create_task(self.once())
            await asyncio.wait({working, stopped}, return_when=asyncio.FIRST_COMPLETED)
            if not working.done():
                working.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await working
            await asyncio.wait({stopped}, timeout=LOOK_SECONDS)
        stopped.cancel()

    async def once(self) -> None:
        """Everything that is due."""
        await self._job(LINKS, self._links, lambda: now() + LINKS_EVERY)
        await self._job(LOOKING, self._look, next_day)
        try:
            await asyncio.to_thread(feeds.read_due, self._house, self._allowed)
        except DBAPIError as error:
            log.warning("the database does not answer: %s", type(error.orig).__name__)

    async def _job(self, name: str, work: Callable[[], Awaitable[None]], next_due: Callable[[], dt.datetime]) -> None:
        try:
            if not await asyncio.to_thread(self._claim, name):
                return
            failure = ""
            try:
                await work()
            except UseItError as error:
                failure = str(error)
            except DBAPIError as error:
                failure = str(as_transient(error))
            except Exception as error:  # the other jobs are due all the same
                failure = type(error).__name__
                log.error("%s stumbled: %s", name, failure)
            await asyncio.to_thread(self._end, name, next_due(), failure)
        except DBAPIError as error:
            log.warning("the database does not answer: %s", type(error.orig).__name__)

    def _claim(self, name: str) -> bool:
        with self._house.sessions.begin() as session:
            return jobs.claim(session, name, LEASE)

    def _end(self, name: str, due_at: dt.datetime, failure: str) -> None:
        with self._house.sessions.begin() as session:
            jobs.end(session, name, due_at, failure)

    async def _look(self) -> None:
        await asyncio.to_thread(look_now, self._house)

    async def _links(self) -> None:
        asked = await asyncio.to_thread(self._due_links)
        if not asked:
            return
        headers = {"user-agent": asking.AGENT}
        async with httpx.AsyncClient(transport=OutsideAsync(self._allowed), headers=headers, timeout=LINK_SECONDS) as client:
            answers = await asking.check(asked, client, self._between)
        await asyncio.to_thread(self._note, asked, answers)

    def _due_links(self) -> list[str]:
        with read_only(self._house.sessions) as session:
            return links.due(session)

    def _note(self, asked: list[str], answers: Mapping[str, str]) -> None:
        with self._house.sessions.begin() as session:
            links.note(session, asked, answers)


def look_now(house: House) -> int:
    """Makes the list anew. Reads as long as it takes without holding anybody up, then writes at once. Returns how many."""
    with house.sessions.begin() as session:
        links.register(session, snapshot.current(session))
        forget_old(session)
    with read_only(house.sessions) as session:
        found = looking.look(session, house.settings.languages)
    with house.sessions.begin() as session:
        looking.store(session, found)
    return len(found)


def next_day() -> dt.datetime:
    """The next DAILY_AT."""
    local = now().astimezone(LONDON)
    today = dt.datetime.combine(local.date(), DAILY_AT, LONDON)
    return today if today > local else today + dt.timedelta(days=1)

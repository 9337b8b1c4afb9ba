"""Puts the open cases into English while nobody waits: what we know ourselves at once, the machine's as it comes.

Find, make, write; claim and commit, ask, note and commit. Killed at any moment nothing is lost, and at worst asked twice.
"""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
import logging
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from bot.db.base import now
from bot.errors import TranslationError
from bot.house import House
from bot.knowledge import snapshot
from bot.translation import costs, drafts, due, filling, permission
from bot.translation.choosing import translator_of
from bot.translation.desk import ENGLISH, Desk
from bot.translation.drafts import Wanted
from bot.translation.due import Due
from bot.translation.permission import Listen
from bot.translation.port import Translator
from engine.safety import Listener

log = logging.getLogger(__name__)
LOOK_SECONDS = 1.0  # how late a line may be that another process caused
OVERLAP = dt.timedelta(seconds=60)  # clocks differ, and what was begun earlier may be committed later
PEOPLE_AT_ONCE = 25
AT_ONCE = 4  # questions to the machine at the same time
TIDY_SECONDS = 600.0


class TranslationWorker:
    """One a process, in its event loop; several share the work by claiming rows. `listen`: what hears immigration questions."""

    def __init__(self, house: House, translator: Translator | None = None, listen: Listen | None = None) -> None:
        self._house, self._machine = house, house.settings.translating
        self._listen = listen or Listener().listen
        found = translator or translator_of(self._machine)
        self._desk = Desk(found, self._count) if found is not None else None
        self._people: list[int] = []  # still to be looked at
        self._since: dt.datetime | None = None
        self._looked = 0.0
        self._tidied = 0.0

    async def run(self, stop: asyncio.Event) -> None:
        """Until `stop`; what is being asked then is asked again later. Survives a database that is away."""
        stopped = asyncio.create_task(stop.wait())
        try:
            while not stop.is_set():
                working = asyncio.create_task(self._some_or_none())
                await asyncio.wait({working, stopped}, return_when=asyncio.FIRST_COMPLETED)
                if not working.done():
                    working.cancel()
                    await asyncio.wait({working})
                elif not working.result():
                    await self._rest(stopped)
        finally:
            stopped.cancel()
            if self._desk is not None:
                await self._desk.close()

    async def some(self) -> int:
        """What is due now. Returns how much was done."""
        done = await asyncio.to_thread(self._fill)
        if self._desk is None:
            return done
        asked: list[Awaitable[None]] = []
        for row in await asyncio.to_thread(self._claim):
            asked.append(self._draft(row) if isinstance(row, Wanted) else self._line(row))
        for result in await asyncio.gather(*asked, return_exceptions=True):
            if isinstance(result, Exception):  # its row is still leased and due again when the lease ends
                log.warning("a translation was not noted: %s", type(result).__name__)
        return done + len(asked)

    async def _some_or_none(self) -> int:
        try:
            return await self.some()
        except DBAPIError as error:
            log.warning("the database does not answer: %s", type(error.orig).__name__)
        except Exception as error:  # the loop must outlive anything
            log.error("translating stumbled: %s", type(error).__name__)
        return 0

    async def _rest(self, stopped: asyncio.Task[bool]) -> None:
        heard = asyncio.create_task(self._house.outbox_bell.heard(LOOK_SECONDS))  # rung by every answer and every form
        await asyncio.wait({heard, stopped}, return_when=asyncio.FIRST_COMPLETED)
        heard.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await heard

    def _fill(self) -> int:
        """Writes lines for the messages that have none."""
        self._tidy()
        with self._reading() as session:
            self._look(session)
            people = self._people[:PEOPLE_AT_ONCE]
            found = filling.missing(session, people, self._machine) if people else []
            rows = filling.made(session, found, snapshot.current(session), self._machine, self._listen) if found else []
        if len(found) < filling.AT_ONCE:
            del self._people[: len(people)]
        if rows:
            with self._house.sessions.begin() as session:
                filling.write(session, rows)
        return len(rows) or len(self._people)

    def _look(self, session: Session) -> None:
        """Whose case has changed goes to the front; at the first look everybody with an open case."""
        if self._people and time.monotonic() - self._looked < LOOK_SECONDS:
            return
        began, waiting = now(), set(self._people)
        fresh = [person for person in filling.people(session, self._since) if person not in waiting]
        self._people = fresh + self._people
        self._since, self._looked = began - OVERLAP, time.monotonic()

    def _claim(self) -> list[Wanted | Due]:
        """Replies before lines: somebody waits for them."""
        assert self._machine is not None
        with self._reading() as session:
            if not drafts.is_wanted(session) and not due.is_due(session):
                return []
        with self._house.sessions.begin() as session:
            wanted = drafts.claim(session, self._machine, AT_ONCE)
            return [*wanted, *due.claim(session, self._machine, AT_ONCE - len(wanted))]

    def _tidy(self) -> None:
        if time.monotonic() - self._tidied > TIDY_SECONDS or not self._tidied:
            with self._house.sessions.begin() as session:
                due.let_go(session)
                drafts.forget_old(session)
            self._tidied = time.monotonic()

    async def _line(self, row: Due) -> None:
        assert self._desk is not None
        try:
            made = await self._desk.translated(row.text, row.language, ENGLISH, await self._knowledge())
        except TranslationError as error:
            failure = error
            log.warning("message translation %d: %s", row.id, error)
            await self._write(lambda session: due.note_failure(session, row, failure))
        else:
            await self._write(lambda session: due.note(session, row, made))

    async def _draft(self, row: Wanted) -> None:
        assert self._desk is not None and self._machine is not None
        try:
            if why := permission.against_text(row.original, self._machine, self._listen):
                raise TranslationError("the reply is about somebody's immigration case", why)
            made = await self._desk.both_ways(row.original, row.language, await self._knowledge())
        except TranslationError as error:
            kind = error.kind
            log.warning("translation of reply %d: %s", row.id, error)
            await self._write(lambda session: drafts.note_failure(session, row, kind))
        else:
            await self._write(lambda session: drafts.note(session, row, made))

    async def _knowledge(self) -> snapshot.Snapshot:
        def read() -> snapshot.Snapshot:
            with self._reading() as session:
                return snapshot.current(session)

        return await asyncio.to_thread(read)

    async def _count(self, characters: int) -> bool:
        most = self._machine.characters_per_day if self._machine is not None else 0

        def counted() -> bool:
            with self._house.sessions.begin() as session:
                if characters < 0:
                    costs.give_back(session, -characters)
                    return True
                return costs.reserve(session, characters, most)

        return await asyncio.to_thread(counted)

    async def _write(self, change: Callable[[Session], None]) -> None:
        def write() -> None:
            with self._house.sessions.begin() as session:
                change(session)

        await asyncio.to_thread(write)

    @contextmanager
    def _reading(self) -> Iterator[Session]:
        """Takes no lock: most looks find nothing, and hold up nobody who writes."""
        with self._house.sessions() as session:
            session.connection(execution_options={"reader": True})
            yield session

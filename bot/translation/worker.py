"""Puts the open cases into English while nobody waits: what we know ourselves at once, the machine's as it comes.

Find, make, write; claim and commit, ask, note and commit. Killed at any moment nothing is lost, and at worst asked twice.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable

from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from bot.db.session import read_only
from bot.errors import TranslationError
from bot.house import House
from bot.knowledge import snapshot
from bot.translation import costs, drafts_due, due, permission, suggested, suggesting
from bot.translation.choosing import translator_of
from bot.translation.desk import ENGLISH, Desk
from bot.translation.drafts_due import Wanted
from bot.translation.due import Due
from bot.translation.looking import LOOK_SECONDS, Looker
from bot.translation.permission import Listen
from bot.translation.port import Translated, Translator
from bot.translation.suggesting import WantedText
from engine.safety import Listener

log = logging.getLogger(__name__)
AT_ONCE = 4  # questions to the machine at the same time


class TranslationWorker:
    """One a process, in its event loop; several share the work by claiming rows. `listen`: what hears immigration questions."""

    def __init__(self, house: House, translator: Translator | None = None, listen: Listen | None = None) -> None:
        self._house, self._machine = house, house.settings.translating
        self._listen = listen or Listener().listen
        found = translator or translator_of(self._machine)
        self._desk = Desk(found, self._count) if found is not None else None
        self._looker = Looker(house, self._listen)

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
        done = await asyncio.to_thread(self._looker.look)
        if self._desk is None:
            return done
        asked: list[Awaitable[None]] = []
        for row in await asyncio.to_thread(self._claim):
            match row:
                case Wanted():
                    asked.append(self._draft(row))
                case WantedText():
                    asked.append(self._text(row))
                case Due():
                    asked.append(self._line(row))
        for suggestion in await asyncio.to_thread(suggested.claim, self._house.sessions, self._machine, self._listen):
            asked.append(self._suggestion(suggestion))
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

    def _claim(self) -> list[Wanted | WantedText | Due]:
        """Replies, then suggestions, then lines: somebody waits for the first two."""
        assert self._machine is not None
        with read_only(self._house.sessions) as session:
            if not (drafts_due.is_wanted(session) or suggesting.is_wanted(session) or due.is_due(session)):
                return []
        with self._house.sessions.begin() as session:
            wanted = drafts_due.claim(session, self._machine, AT_ONCE)
            texts = suggesting.claim(session, AT_ONCE - len(wanted))
            return [*wanted, *texts, *due.claim(session, self._machine, AT_ONCE - len(wanted) - len(texts))]

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

    async def _suggestion(self, row: suggested.Wanted) -> None:
        assert self._desk is not None
        try:
            made = await self._desk.translated(row.words, row.language, ENGLISH, await self._knowledge())
        except TranslationError as error:  # the gloss stays
            log.warning("translation of suggestion %d: %s", row.id, error)
        else:
            await self._write(lambda session: suggested.note(session, row, made))

    async def _draft(self, row: Wanted) -> None:
        assert self._desk is not None and self._machine is not None
        try:
            for words in (row.original, row.text or ""):
                if why := permission.against_text(words, self._machine, self._listen):
                    raise TranslationError("the reply is about somebody's immigration case", why)
            knowledge = await self._knowledge()
            if row.text is not None:
                made = await self._desk.way_back(row.text, row.language, knowledge)
            else:
                made = await self._desk.both_ways(row.original, row.language, knowledge)
        except TranslationError as error:
            kind = error.kind
            log.warning("translation of reply %d: %s", row.id, error)
            await self._write(lambda session: drafts_due.note_failure(session, row, kind))
        else:
            await self._write(lambda session: drafts_due.note(session, row, made))

    async def _text(self, row: WantedText) -> None:
        """A text of ours, which holds nobody's words: each form that is different once."""
        assert self._desk is not None
        made: dict[str, Translated] = {}
        try:
            for form in dict.fromkeys(row.english):
                made[form] = await self._desk.translated(form, ENGLISH, row.language, await self._knowledge())
        except TranslationError as error:
            kind = error.kind
            log.warning("suggestion %d: %s", row.id, error)
            await self._write(lambda session: suggesting.note_failure(session, row, kind))
        else:
            forms, by = [made[form].text for form in row.english], made[row.english[0]].by
            await self._write(lambda session: suggesting.note(session, row, forms, by))

    async def _knowledge(self) -> snapshot.Snapshot:
        def read() -> snapshot.Snapshot:
            with read_only(self._house.sessions) as session:
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

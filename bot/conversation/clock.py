"""What happens because time has passed: reminders that are due go into the outbox, once, whoever is killed in between."""

from __future__ import annotations

import asyncio
import contextlib
import logging

from sqlalchemy.exc import DBAPIError

from bot.answers import reminders
from bot.conversation import outbox
from bot.house import House
from bot.knowledge import snapshot
from bot.people import reminders as kept

log = logging.getLogger(__name__)
LOOK_SECONDS = 20.0  # how late a reminder may be


class Clock:
    """One a process; several share the work, each reminder being taken by one."""

    def __init__(self, house: House) -> None:
        self._house = house

    async def run(self, stop: asyncio.Event) -> None:
        """Until `stop`. Survives a database that is away."""
        while not stop.is_set():
            try:
                await asyncio.to_thread(self.tick)
            except DBAPIError as error:
                log.warning("the database does not answer: %s", type(error.orig).__name__)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), LOOK_SECONDS)

    def tick(self) -> int:
        """Everything that is due now, in one transaction. Returns how many messages will go out."""
        written = 0
        with self._house.sessions.begin() as session:
            knowledge = snapshot.current(session)
            for reminder, chat in kept.take_due(session):
                reply = reminders.due(knowledge, reminder, chat.person.language)
                if reply is not None:
                    outbox.enqueue(session, chat.id, [reply], origin=f"reminder:{reminder.id}")
                    written += 1
        if written:
            self._house.outbox_bell.ring()
        return written

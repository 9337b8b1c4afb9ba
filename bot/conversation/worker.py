"""Takes the oldest open message, answers it, and goes on. One transaction for one message: killed at any moment, it is
either answered or still open.
"""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Callable, Mapping
from functools import partial

from sqlalchemy.exc import DBAPIError

from bot.conversation import answering, inbox, previewing
from bot.conversation.incoming import Channel
from bot.conversation.models import Inbox
from bot.errors import KeyMissingError, PermanentError
from bot.house import House
from bot.people.models import Chat
from engine.agent import Engine

log = logging.getLogger(__name__)
DATABASE_AWAY_SECONDS = 1.0
KEY_AWAY_SECONDS = 5.0


class Worker:
    """Runs in a thread of its own, so that a slow disk never stops the web pages."""

    def __init__(
        self,
        house: House,
        engine: Engine,
        channels: Mapping[str, Channel],
        *,
        newest: Callable[[Engine], Engine] = lambda engine: engine,
    ) -> None:
        """`newest` is asked with each message in hand which engine is to answer it, and must not wait (bot/training/serving.py)."""
        self._house, self._engine, self._channels, self._newest = house, engine, channels, newest
        self._stop = threading.Event()

    def run(self) -> None:
        """Until `stop`. Survives a database that is away."""
        self._house.rehearsals.serving = True
        with asyncio.Runner() as runner:
            while not self._stop.is_set():
                try:
                    said = runner.run(self.rehearse())
                    if not runner.run(self.one()) and not said:
                        self._house.inbox_bell.wait()
                except DBAPIError as error:
                    log.warning("the database does not answer: %s", type(error.orig).__name__)
                    self._stop.wait(DATABASE_AWAY_SECONDS)
                except KeyMissingError as error:  # nothing is lost: all of it waits for the key
                    log.error("%s", error)
                    self._stop.wait(KEY_AWAY_SECONDS)
                except Exception as error:  # the thread must outlive anything: nobody else answers
                    log.error("the worker stumbled: %s", type(error).__name__)
                    self._stop.wait(DATABASE_AWAY_SECONDS)

    def stop(self) -> None:
        self._house.rehearsals.serving = False
        self._stop.set()
        self._house.inbox_bell.ring()

    async def rehearse(self) -> bool:
        """Answers one message to a draft that somebody looks at in the console; False when none waits."""
        self._engine = self._newest(self._engine)
        return await self._house.rehearsals.one(partial(previewing.said, self._house, self._engine))

    async def one(self) -> bool:
        """Answers one message; False when none is due. What fails is postponed, the rest goes on."""
        taken: int | None = None
        try:
            with self._house.sessions.begin() as session:
                found = inbox.next_open(session, list(self._channels))
                if found is None:
                    return False
                row, chat = found
                taken = row.id
                self._engine = self._newest(self._engine)  # now: what came after a switch is not answered with the model before
                await answering.answer(self._house, self._engine, session, row, chat, self._channels[row.channel])
        except DBAPIError:
            raise
        except Exception as error:
            cause = error.__cause__ or error
            if isinstance(cause, KeyMissingError):
                raise cause from None
            if taken is None:
                raise
            self._failed(taken, error)
        self._house.outbox_bell.ring()
        return True

    def _failed(self, inbox_id: int, error: Exception) -> None:
        cause = error.__cause__ or error
        log.error("message %d was not answered: %s (%s)", inbox_id, type(error).__name__, type(cause).__name__)
        with self._house.sessions.begin() as session:
            if session.get_one(Inbox, inbox_id).state != "open":
                return  # another worker has answered it meanwhile
            row = inbox.postpone(session, inbox_id, type(cause).__name__)
            chat = session.get_one(Chat, row.chat_id)
            if isinstance(error, PermanentError):
                row.state, row.raw = "dead", None
            elif row.attempts == 1:
                answering.apologise(self._house, session, row, chat)
            if row.state == "dead":
                answering.give_up(session, row, chat)

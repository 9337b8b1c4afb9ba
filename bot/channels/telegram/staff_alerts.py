"""Tells the team's own Telegram chat that somebody waits. Claim and commit, send, note and commit."""

from __future__ import annotations

import asyncio
import contextlib
import logging

from sqlalchemy.exc import DBAPIError
from telegram.error import TelegramError

from bot.cases import alerts, notifying
from bot.channels.telegram import client, sending
from bot.channels.telegram.failures import raise_ours
from bot.errors import MovedError, PermanentError, TransientError
from bot.house import House

log = logging.getLogger(__name__)
LOOK_SECONDS = 2.0


class StaffAlerts:
    """One a process; several share the work by claiming rows. `chat`: the setting USEIT_STAFF_TELEGRAM_CHAT."""

    def __init__(self, house: House, chat: int) -> None:
        self._house, self._chat = house, chat

    async def run(self, stop: asyncio.Event) -> None:
        """Until `stop`. Survives a database or a Telegram that is away."""
        while not stop.is_set():
            try:
                if await self.some():
                    continue
            except DBAPIError as error:
                log.warning("the database does not answer: %s", type(error.orig).__name__)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), LOOK_SECONDS)

    async def some(self) -> int:
        """Sends what is due, one after the other. Returns how many were tried."""
        due = await asyncio.to_thread(self._claim)
        for number, words in due:
            try:
                await self._send(words)
            except (TransientError, PermanentError) as error:
                await asyncio.to_thread(self._note_failure, number, error)
            else:
                await asyncio.to_thread(self._note_sent, number)
        return len(due)

    async def _send(self, words: str) -> None:
        try:
            await sending.words(client.line(self._house.settings), self._chat, words, None)
        except TelegramError as error:
            try:
                raise_ours(error)
            except MovedError as moved:  # a group that has become a supergroup; the setting is to be changed
                log.warning("the team's Telegram chat has the new number %s: set USEIT_STAFF_TELEGRAM_CHAT to it", moved.address)
                self._chat = int(moved.address)
                raise TransientError("the team's chat has moved") from None

    def _claim(self) -> list[tuple[int, str]]:
        found = []
        with self._house.sessions.begin() as session:
            for row in alerts.claim(session):
                words = notifying.line(session, row, self._house.settings.public_url)
                if words is None:
                    alerts.mark_sent(session, row.id)  # there is nothing left to say
                else:
                    found.append((row.id, words))
        return found

    def _note_sent(self, number: int) -> None:
        with self._house.sessions.begin() as session:
            alerts.mark_sent(session, number)

    def _note_failure(self, number: int, error: TransientError | PermanentError) -> None:
        log.warning("the team's Telegram chat was not told: %s", error)
        with self._house.sessions.begin() as session:
            if isinstance(error, PermanentError):
                alerts.mark_failed(session, number, type(error).__name__)
            else:
                alerts.mark_retry(session, number, type(error).__name__, error.retry_after)

"""Sends what is in the outbox over the channels that push. Claim and commit, send, note and commit."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping

from sqlalchemy import select, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from bot import crypto
from bot.conversation import outbox
from bot.conversation.incoming import Channel, Outgoing
from bot.conversation.models import Outbox
from bot.errors import KeyMissingError, MovedError, PermanentError, TransientError, UnreachableError
from bot.house import House
from bot.people.models import Chat

log = logging.getLogger(__name__)
DATABASE_AWAY_SECONDS = 1.0
KEY_AWAY_SECONDS = 5.0


class Sender:
    """One a process; several processes share the work by claiming rows."""

    def __init__(self, house: House, channels: Mapping[str, Channel]) -> None:
        self._house = house
        self._channels = {name: channel for name, channel in channels.items() if channel.pushes}
        self._taken: dict[int, str] = {}  # what a channel has taken and is not noted yet
        self._noting = asyncio.Lock()

    async def run(self, stop: asyncio.Event) -> None:
        """Until `stop` is set and what was claimed is noted."""
        if not self._channels:
            await stop.wait()
        while not stop.is_set():
            try:
                if not await self.some():
                    await self._house.outbox_bell.heard()
            except DBAPIError as error:
                log.warning("the database does not answer: %s", type(error.orig).__name__)
                await asyncio.sleep(DATABASE_AWAY_SECONDS)
            except KeyMissingError as error:
                log.error("%s", error)
                await asyncio.sleep(KEY_AWAY_SECONDS)

    async def some(self) -> int:
        """Sends what is due, the first message of each chat, at the same time. Returns how many were tried."""
        await self._note_taken()  # what could not be noted when the database was away
        claimed = await asyncio.to_thread(self._claim)
        for result in await asyncio.gather(*(self._send(*one) for one in claimed), return_exceptions=True):
            if isinstance(result, BaseException):  # its row is still claimed and due again when the lease ends
                log.warning("sending was not noted: %s", type(result).__name__)
        return len(claimed)

    def _claim(self) -> list[tuple[str, str, Outgoing]]:
        with self._house.sessions.begin() as session:
            rows = outbox.claim(session, list(self._channels))
            return [(chat.channel, chat.address, outbox.outgoing(row)) for row, chat in rows]

    async def _send(self, channel: str, address: str, message: Outgoing) -> None:
        try:
            sent = await self._channels[channel].send(address, message)
        except Exception as error:
            await asyncio.to_thread(self._note_failure, channel, message.id, error)
        else:
            self._taken[message.id] = sent
            await self._note_taken()

    async def _note_taken(self) -> None:
        """One transaction for all that was taken while the one before was written. What could not be noted waits for the next."""
        async with self._noting:
            taken, self._taken = self._taken, {}
            try:
                if taken:
                    await asyncio.to_thread(self._write_sent, taken)
            except DBAPIError:
                self._taken = taken | self._taken
                raise

    def _write_sent(self, taken: dict[int, str]) -> None:
        with self._house.sessions.begin() as session:
            outbox.mark_sent(session, taken)

    def _note_failure(self, channel: str, outbox_id: int, error: Exception) -> None:
        name = type(error).__name__
        log.warning("message %d was not sent: %s", outbox_id, name)
        with self._house.sessions.begin() as session:
            if isinstance(error, MovedError) and self._move(session, channel, outbox_id, error.address):
                outbox.mark_retry(session, outbox_id, name, 0.0)
            elif isinstance(error, UnreachableError):
                outbox.mark_failed(session, outbox_id, name, unreachable=True)
            elif isinstance(error, PermanentError):
                outbox.mark_failed(session, outbox_id, name)
            else:
                outbox.mark_retry(session, outbox_id, name, error.retry_after if isinstance(error, TransientError) else None)

    def _move(self, session: Session, channel: str, outbox_id: int, address: str) -> bool:
        """The chat's new address; False when there is a chat with it already (they have written from there)."""
        row = session.get(Outbox, outbox_id)
        hashed = crypto.pseudonym(channel, address)
        if row is None or session.scalar(select(Chat.id).where(Chat.channel == channel, Chat.address_hash == hashed)):
            return False
        session.execute(update(Chat).where(Chat.id == row.chat_id).values(address=address, address_hash=hashed))
        return True

"""Telegram as a channel: what the conversation sees of it."""

from __future__ import annotations

import contextlib
from typing import Any, NoReturn

from telegram.constants import ChatAction
from telegram.error import TelegramError

from bot.channels.telegram import client, fetching, reading, sending, writing
from bot.channels.telegram.failures import raise_ours
from bot.channels.telegram.limits import Pace
from bot.conversation.incoming import Incoming, Outgoing
from bot.errors import PermanentError, TransientError
from bot.papers.drawing import draw
from bot.settings import Settings


class TelegramChannel:
    """Implements `bot.conversation.incoming.Channel`. An address is a chat id in digits."""

    name = "telegram"
    pushes = True

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._pace = Pace()
        self._arrived: dict[int, int] = {}  # parts of a long message or one with a file that are there when a later one failed

    def read(self, raw: dict[str, Any]) -> Incoming:
        """The meaning of a raw update. Raises PermanentError when it has none."""
        return reading.read(raw)

    async def send(self, address: str, outgoing: Outgoing) -> str:
        """Sends all parts, keeping Telegram's speed limits, and returns the id of the last message.

        Raises TransientError (flood, network, too many papers wait to be drawn), UnreachableError (blocked, no such chat),
        MovedError, PermanentError. Tried again in this process, it goes on after the parts that had arrived; after a crash a
        file may come twice.
        """
        parts = writing.messages(outgoing)
        if not parts or not address.removeprefix("-").isdecimal():
            raise PermanentError("a message without words or address cannot be sent")
        sent, first = "", min(self._arrived.get(outgoing.id, 0), len(parts) - 1)
        paper = outgoing.reply.paper if parts[first].has_paper else None
        body = await draw(paper) if paper else b""
        self._arrived.pop(outgoing.id, None)
        for number in range(first, len(parts)):
            await self._pace.wait(address)
            try:
                sent = await self._send(address, parts[number].text, body, outgoing, is_last=number == len(parts) - 1)
            except TelegramError as error:
                self._failed(error, outgoing, number)
            body = b""
        return sent

    def _failed(self, error: TelegramError, outgoing: Outgoing, number: int) -> NoReturn:
        try:
            raise_ours(error)
        except TransientError as ours:
            self._arrived[outgoing.id] = number
            raise ours from None  # the original quotes addresses
        except PermanentError as ours:
            raise ours from None

    async def _send(self, address: str, text: str, body: bytes, outgoing: Outgoing, *, is_last: bool) -> str:
        line, keyboard = client.line(self._settings), writing.keyboard(outgoing) if is_last else None
        if body and outgoing.reply.paper:
            message = await sending.file(line, int(address), outgoing.reply.paper, body, text, keyboard)
        else:
            message = await sending.words(line, int(address), text, keyboard)
        return str(message.message_id)

    async def fetch(self, media_id: str, largest: int) -> bytes:
        """See `fetching.fetch`."""
        return await fetching.fetch(client.line(self._settings), self._settings.telegram_api, media_id, largest)

    async def typing(self, address: str) -> None:
        """Shows "typing…" for about five seconds. Never raises."""
        with contextlib.suppress(TelegramError, ValueError):
            await client.line(self._settings).bot.send_chat_action(int(address), ChatAction.TYPING)

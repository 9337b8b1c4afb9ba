"""Telegram as a channel: what the conversation sees of it."""

from __future__ import annotations

import contextlib
from typing import Any, NoReturn

from telegram import LinkPreviewOptions
from telegram.constants import ChatAction
from telegram.error import TelegramError

from bot.channels.telegram import client, reading, writing
from bot.channels.telegram.failures import raise_ours
from bot.channels.telegram.limits import Pace
from bot.conversation.incoming import Incoming, Outgoing
from bot.errors import PermanentError, TransientError
from bot.settings import Settings

NO_PREVIEW = LinkPreviewOptions(is_disabled=True)


class TelegramChannel:
    """Implements `bot.conversation.incoming.Channel`. An address is a chat id in digits."""

    name = "telegram"
    pushes = True

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._pace = Pace()
        self._arrived: dict[int, int] = {}  # parts of a long message that are there when a later one failed

    def read(self, raw: dict[str, Any]) -> Incoming:
        """The meaning of a raw update. Raises PermanentError when it has none."""
        return reading.read(raw)

    async def send(self, address: str, outgoing: Outgoing) -> str:
        """Sends all parts, keeping Telegram's speed limits, and returns the id of the last message.

        Raises TransientError (flood, network), UnreachableError (blocked, no such chat), MovedError, PermanentError. Tried
        again in this process, it goes on after the parts that had arrived.
        """
        texts = writing.parts(outgoing)
        if not texts or not address.removeprefix("-").isdecimal():
            raise PermanentError("a message without words or address cannot be sent")
        sent = ""
        for number in range(min(self._arrived.pop(outgoing.id, 0), len(texts) - 1), len(texts)):
            await self._pace.wait(address)
            try:
                sent = await self._send(address, texts[number], outgoing if number == len(texts) - 1 else None)
            except TelegramError as error:
                self._failed(error, outgoing, number)
        return sent

    def _failed(self, error: TelegramError, outgoing: Outgoing, number: int) -> NoReturn:
        try:
            raise_ours(error)
        except TransientError as ours:
            self._arrived[outgoing.id] = number
            raise ours from None  # the original quotes addresses
        except PermanentError as ours:
            raise ours from None

    async def _send(self, address: str, text: str, buttons_of: Outgoing | None) -> str:
        message = await client.line(self._settings).bot.send_message(
            int(address),
            text,
            reply_markup=writing.keyboard(buttons_of) if buttons_of else None,
            link_preview_options=NO_PREVIEW,
        )
        return str(message.message_id)

    async def typing(self, address: str) -> None:
        """Shows "typing…" for about five seconds. Never raises."""
        with contextlib.suppress(TelegramError, ValueError):
            await client.line(self._settings).bot.send_chat_action(int(address), ChatAction.TYPING)

"""The web chat as a channel: our own JSON in; the page fetches what goes out."""

from __future__ import annotations

import datetime as dt
from typing import Any, Literal

import msgspec

from bot.conversation.incoming import Incoming, Outgoing
from bot.errors import PermanentError

NAME = "web"
UPLOADED = "uploaded"  # in a row beside which a photo is kept; no message of the page can have it: `WebMessage` drops it


class WebMessage(msgspec.Struct, frozen=True, omit_defaults=True):
    """What the page posts, without its id, as it stands in the inbox."""

    kind: Literal["text", "button", "command"]
    text: str = ""
    button: str = ""
    command: str = ""
    argument: str = ""
    language: str = ""  # of the page
    sent_at: dt.datetime | None = None  # by the person's clock: when they pressed "send", perhaps without a connection


class WebChannel:
    """People with the chat page open. Nothing is pushed: `bot.channels.web.stream` gives rows to whoever asks."""

    name = NAME
    pushes = False

    def read(self, raw: dict[str, Any]) -> Incoming:
        """Raises PermanentError when `raw` is nothing that the page posts."""
        if UPLOADED in raw:
            return Incoming(kind="media", media="photo", language_hint=str(raw.get("language", "")))
        try:
            message = msgspec.convert(raw, WebMessage)
        except msgspec.ValidationError as error:
            raise PermanentError("not a message of the web chat") from error
        return Incoming(
            kind=message.kind,
            text=message.text,
            button=message.button,
            command=message.command,
            argument=message.argument,
            language_hint=message.language,
            sent_at=message.sent_at,
        )

    async def send(self, address: str, outgoing: Outgoing) -> str:
        """The row is its own delivery; its id is the message's id."""
        return str(outgoing.id)

    async def fetch(self, media_id: str, largest: int) -> bytes:
        """The page sends photos whole: they are kept with us (bot/conversation/photos.py)."""
        raise PermanentError("the web chat keeps nothing to be fetched")

    async def typing(self, address: str) -> None:
        """The page is told by its event stream while a message of the chat is open."""

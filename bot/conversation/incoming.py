"""What comes in from any channel and what goes out to any channel: the words every edge shares with the conversation."""

from __future__ import annotations

import datetime as dt
from typing import Any, Literal, Protocol

import msgspec

from bot.replies import Reply

Kind = Literal["text", "button", "command", "media", "edited", "nothing"]
Media = Literal["photo", "voice", "video", "document", "location", "contact", "sticker", "other"]


class Incoming(msgspec.Struct, frozen=True, kw_only=True):
    """One thing a person did.

    text: what they wrote, or the caption. command: name without the slash, `argument` what follows it. button:
    "<outbox id>:<number>", the token that `Outgoing.buttons` went out with. nothing: an update that needs no answer.
    """

    kind: Kind
    text: str = ""
    command: str = ""
    argument: str = ""
    button: str = ""
    media: Media | None = None
    media_id: str = ""
    place: tuple[float, float] | None = None  # a shared location, latitude and longitude; used once and never kept
    language_hint: str = ""  # the channel's guess (Telegram profile, browser), a code like "ar" or "ar-SY"
    sent_at: dt.datetime | None = None
    blocked: bool = False  # the person blocked the bot; with kind "nothing"


class Outgoing(msgspec.Struct, frozen=True, kw_only=True):
    """A reply on its way: `id` is the outbox row; the n-th button (counted over all rows) has the token "<id>:<n>"."""

    id: int
    reply: Reply


class Channel(Protocol):
    """A way to reach people. `pushes` is False where the person's side fetches (web page, command line)."""

    name: str
    pushes: bool

    def read(self, raw: dict[str, Any]) -> Incoming:
        """The meaning of a stored raw update. Raises PermanentError when it has none (it is then set aside)."""
        ...

    async def send(self, address: str, outgoing: Outgoing) -> str:
        """Sends and returns the channel's id of the message.

        Raises TransientError (with `retry_after` when told), UnreachableError, MovedError, or PermanentError.
        """
        ...

    async def typing(self, address: str) -> None:
        """Shows that an answer is being made. Never raises."""
        ...

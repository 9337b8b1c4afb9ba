"""What comes in from any channel and what goes out to any channel: the words every edge shares with the conversation."""

from __future__ import annotations

import datetime as dt
from typing import Any, Literal, Protocol

import msgspec

from bot.replies import Reply

Kind = Literal["text", "button", "command", "media", "edited", "photo", "nothing"]
Media = Literal["photo", "voice", "video", "document", "location", "contact", "sticker", "other"]


class PhotoRead(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What became of a photo: its `words`, and the kinds of identifiers `masked` in them, or why there are none.

    failure: wrong_type, too_large, unreadable, foreign, not_fetched, trouble, off. for_person: the photo was sent as what a
    caseworker is to read.
    """

    words: str = ""
    masked: list[str] = []
    failure: str = ""
    for_person: bool = False


class Incoming(msgspec.Struct, frozen=True, kw_only=True):
    """One thing a person did.

    text: what they wrote, or the caption. command: name without the slash, `argument` what follows it. button:
    "<outbox id>:<number>", the token that `Outgoing.buttons` went out with. photo: what became of a photo they sent before
    (bot/conversation/photos.py). nothing: an update that needs no answer.
    """

    kind: Kind
    text: str = ""
    command: str = ""
    argument: str = ""
    button: str = ""
    media: Media | None = None
    media_id: str = ""
    media_size: int = 0  # bytes, where the channel tells it
    media_seconds: int = 0  # of a voice message or video, where the channel tells it
    photo: PhotoRead | None = None
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

    async def fetch(self, media_id: str, largest: int) -> bytes:
        """What a person sent, at most `largest` bytes.

        Raises TransientError, PermanentError (gone, or nothing is kept here), or RefusedError with the reason `too_large`.
        """
        ...

    async def typing(self, address: str) -> None:
        """Shows that an answer is being made. Never raises."""
        ...

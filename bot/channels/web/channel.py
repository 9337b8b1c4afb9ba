"""The web chat as a channel: our own JSON in; the page fetches what goes out."""

from __future__ import annotations

import datetime as dt
from typing import Any, Literal

import msgspec
from anyio import to_thread
from sqlalchemy.exc import SQLAlchemyError

from bot.conversation.incoming import Incoming, Outgoing
from bot.db.session import Sessions, read_only
from bot.errors import PermanentError, TransientError
from bot.recordings import bodies

NAME = "web"
# in rows beside which a photo or a recording is kept; no message of the page can have them: `WebMessage` drops them
UPLOADED, RECORDED = "uploaded", "recorded"


class WebMessage(msgspec.Struct, frozen=True, omit_defaults=True):
    """What the page posts, without its id, as it stands in the inbox."""

    kind: Literal["text", "button", "command"]
    text: str = ""
    button: str = ""
    command: str = ""
    argument: str = ""
    language: str = ""  # of the page
    sent_at: dt.datetime | None = None  # by the person's clock: when they pressed "send", perhaps without a connection


class Recorded(msgspec.Struct, frozen=True):
    """A voice message or video that the page posted, as its row of the inbox has it. `seconds`: by the page, 0 when it does not know."""

    media: Literal["voice", "video"]
    media_id: str
    size: int
    seconds: int = 0


class WebChannel:
    """People with the chat page open. Nothing is pushed: `bot.channels.web.stream` gives rows to whoever asks.

    Without `sessions` it reads messages and has nothing to fetch.
    """

    name = NAME
    pushes = False

    def __init__(self, sessions: Sessions | None = None) -> None:
        self._sessions = sessions

    def read(self, raw: dict[str, Any]) -> Incoming:
        """Raises PermanentError when `raw` is nothing that the page posts."""
        if UPLOADED in raw:
            return Incoming(kind="media", media="photo", language_hint=str(raw.get("language", "")))
        try:
            if RECORDED in raw:
                return _recording(msgspec.convert(raw[RECORDED], Recorded), str(raw.get("language", "")))
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
        """A recording. The page sends everything whole: it is kept with us (bot/recordings/bodies.py), and photos are given to nobody."""
        sessions = self._sessions
        if sessions is None:
            raise PermanentError("the web chat keeps nothing to be fetched here")

        def kept() -> bytes:
            with read_only(sessions) as session:
                return bodies.fetch(session, media_id, largest)

        try:
            return await to_thread.run_sync(kept)
        except SQLAlchemyError as error:
            raise TransientError("the database does not answer") from error

    async def typing(self, address: str) -> None:
        """The page is told by its event stream while a message of the chat is open."""


def _recording(recorded: Recorded, language: str) -> Incoming:
    return Incoming(
        kind="media",
        media=recorded.media,
        media_id=recorded.media_id,
        media_size=recorded.size,
        media_seconds=recorded.seconds,
        language_hint=language,
    )

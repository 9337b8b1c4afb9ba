"""Photos of letters: kept until they are read, given out one at a time, and what became of them put where messages come in.

What a photo held travels as a row of the inbox: it keeps its place among the chat's messages and is answered in a transaction
that may be tried again, as everything else is.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from functools import cache
from importlib.util import find_spec
from typing import Any

import msgspec
from sqlalchemy import BindParameter, bindparam, exists, func, select, update
from sqlalchemy.orm import Session, aliased

from bot.conversation.incoming import Incoming, PhotoRead
from bot.conversation.models import Inbox, Photo
from bot.db.base import UtcDateTime, now
from bot.db.session import insert_new
from bot.people.models import Chat
from bot.settings import Settings

LARGEST = 10 * 2**20  # bytes of a photo that a channel keeps for us
LARGEST_UPLOAD = 8 * 2**20  # bytes of one that comes to us whole
MOST_OF_ONE, MOST_OF_ALL = 6, 60  # photos that wait, of a chat and together: at half a minute each, half an hour
UNREAD = ("arrived", "waiting", "reading")
LEASE_SECONDS = 240  # longer than fetching and reading one may take
MAX_ATTEMPTS = 4
BACKOFF_SECONDS = (2, 15, 60)
RAW = "photo_read"  # the key of a row that no channel wrote
PACKAGES = ("rapidocr", "onnxruntime", "PIL")

_EARLIER = aliased(Photo)
_IS_FIRST = ~exists().where(_EARLIER.chat_id == Photo.chat_id, _EARLIER.state.in_(("waiting", "reading")), _EARLIER.id < Photo.id)

_AT: BindParameter[dt.datetime] = bindparam("at", type_=UtcDateTime)
_DUE = (
    select(Photo, Chat)
    .join(Chat, Chat.id == Photo.chat_id)
    .where(Chat.channel.in_(bindparam("channels", expanding=True)), _IS_FIRST)
    .where((Photo.state == "waiting") | ((Photo.state == "reading") & (Photo.lease_until < _AT)))
    .where(Photo.not_before.is_(None) | (Photo.not_before <= _AT))
    .order_by(Photo.id)
    .limit(1)
)


def possible(settings: Settings) -> bool:
    """Whether photos can be read here: the extra `photo` is installed and nobody switched it off."""
    return settings.photo == "auto" and not missing()


@cache
def missing() -> tuple[str, ...]:
    """The packages that reading needs and that are not installed."""
    return tuple(name for name in PACKAGES if find_spec(name) is None)


def is_photo(incoming: Incoming) -> bool:
    return incoming.kind == "media" and incoming.media == "photo"


def has_room(session: Session, chat_id: int) -> bool:
    """Whether one more photo of this chat may wait."""
    of_all = session.scalar(select(func.count(Photo.id)).where(Photo.state.in_(UNREAD))) or 0
    of_one = session.scalar(select(func.count(Photo.id)).where(Photo.chat_id == chat_id, Photo.state.in_(UNREAD))) or 0
    return of_one < MOST_OF_ONE and of_all < MOST_OF_ALL


def upload(session: Session, inbox_id: int, chat_id: int, body: bytes) -> None:
    """Keeps what came with a message, until the message is answered."""
    session.add(Photo(inbox_id=inbox_id, chat_id=chat_id, body=body, state="arrived"))


def keep(session: Session, row: Inbox, incoming: Incoming, *, for_person: bool) -> str:
    """Puts the photo of a message where it will be read. "" when it is there, else why not: too_large, too_many.

    `for_person`: it was sent as what a caseworker is to read.
    """
    photo = _uploaded(session, row)
    if photo is None and incoming.media_size > LARGEST:
        return "too_large"
    if photo is None and not has_room(session, row.chat_id):
        return "too_many"
    if photo is None:
        session.add(Photo(inbox_id=row.id, chat_id=row.chat_id, media_id=incoming.media_id, for_person=for_person))
    else:
        photo.state, photo.for_person = "waiting", for_person
    return ""


def drop(session: Session, row: Inbox) -> None:
    """Forgets what was uploaded with a message that will not be read."""
    if (photo := _uploaded(session, row)) is not None:
        _close(photo, "not read")


def is_due(session: Session, channels: Collection[str]) -> bool:
    """Whether `claim` would find one. Needs no right to write."""
    return session.execute(_DUE, {"channels": list(channels), "at": now()}).first() is not None


def claim(session: Session, channels: Collection[str]) -> tuple[Photo, Chat] | None:
    """The photo to read now, the first of its chat, marked `reading` for LEASE_SECONDS. The caller commits, then reads."""
    at = now()
    found = session.execute(_DUE.with_for_update(of=Photo, skip_locked=True), {"channels": list(channels), "at": at}).first()
    if found is None:
        return None
    photo, chat = found
    photo.state, photo.lease_until, photo.attempts = "reading", at + dt.timedelta(seconds=LEASE_SECONDS), photo.attempts + 1
    return photo, chat


def finish(session: Session, photo_id: int, attempt: int, read: PhotoRead) -> bool:
    """Erases the photo and puts what it held where messages come in. False when it is no longer ours to finish: deleted by
    the person, or taken by another process meanwhile."""
    photo = _claimed(session, photo_id, attempt)
    if photo is None:
        return False
    chat = session.get_one(Chat, photo.chat_id)
    read = msgspec.structs.replace(read, for_person=photo.for_person)
    raw = {RAW: msgspec.to_builtins(read)}
    insert_new(session, Inbox, channel=chat.channel, update_id=f"photo:{photo.id}", chat_id=chat.id, raw=raw)
    _close(photo, read.failure)
    return True


def postpone(session: Session, photo_id: int, attempt: int, failure: str, last: PhotoRead, most: int = MAX_ATTEMPTS) -> None:
    """To be tried again later; after `most` attempts it is finished with `last`."""
    photo = _claimed(session, photo_id, attempt)
    if photo is None:
        return
    if photo.attempts >= most:
        finish(session, photo_id, attempt, last)
        return
    wait = BACKOFF_SECONDS[min(photo.attempts, len(BACKOFF_SECONDS)) - 1]
    photo.state, photo.failure, photo.lease_until = "waiting", failure, None
    photo.not_before = now() + dt.timedelta(seconds=wait)


def release_abandoned(session: Session) -> None:
    """At the start of the only reader: what a process that died was reading is due again at once."""
    session.execute(update(Photo).where(Photo.state == "reading").values(state="waiting", lease_until=None, not_before=None))


def read(raw: Any) -> Incoming | None:
    """The meaning of a row that `finish` wrote; None for every other row."""
    if not isinstance(raw, dict) or RAW not in raw:
        return None
    found = msgspec.convert(raw[RAW], PhotoRead)
    return Incoming(kind="photo", text=found.words, photo=found)


def _uploaded(session: Session, row: Inbox) -> Photo | None:
    return session.scalar(select(Photo).where(Photo.inbox_id == row.id, Photo.state == "arrived"))


def _claimed(session: Session, photo_id: int, attempt: int) -> Photo | None:
    photo = session.get(Photo, photo_id)
    return photo if photo is not None and (photo.state, photo.attempts) == ("reading", attempt) else None


def _close(photo: Photo, failure: str) -> None:
    photo.state, photo.failure, photo.done_at = "failed" if failure else "done", failure or None, now()
    photo.body = photo.media_id = photo.lease_until = photo.not_before = None

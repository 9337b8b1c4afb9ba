"""The recordings that are kept with us, sealed, because the channel they came by keeps nothing: brought, taken up, given out, gone."""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Sequence

from sqlalchemy import ColumnElement, delete, func, select, update
from sqlalchemy.orm import Session

from bot.errors import PermanentError, RefusedError
from bot.recordings.models import HERE, Recording, RecordingBody

MOST_UNDECIDED = 6  # of a chat, that wait for the person's yes or no
MOST_OF_ONE = 40  # of a chat
MOST_BYTES = 2 * 2**30  # of all together: a full disk would stop everybody's conversation
UNANSWERED_AGE = dt.timedelta(days=1)  # of one whose message nobody has answered, because it was set aside


def check_room(session: Session, chat_id: int, size: int) -> None:
    """Whether one more of `size` bytes may come. Raises RefusedError: too_many (of this chat), full (of all)."""
    mine = select(func.count(RecordingBody.id)).where(RecordingBody.chat_id == chat_id)
    undecided = RecordingBody.recording_id.is_(None) | (Recording.state == "asked")
    waiting = mine.outerjoin(Recording, Recording.id == RecordingBody.recording_id).where(undecided)
    if (session.scalar(mine) or 0) >= MOST_OF_ONE or (session.scalar(waiting) or 0) >= MOST_UNDECIDED:
        raise RefusedError("too many recordings of this chat are kept", "too_many")
    if (session.scalar(select(func.sum(RecordingBody.size))) or 0) + size > MOST_BYTES:
        raise RefusedError("the room for recordings is full", "full")


def new_media_id() -> str:
    """Where the next one will be."""
    return HERE + secrets.token_hex(16)


def bring(session: Session, inbox_id: int, chat_id: int, media_id: str, body: bytes) -> None:
    """Keeps what came with a message until the message is answered."""
    key = media_id.removeprefix(HERE)
    session.add(RecordingBody(key=key, chat_id=chat_id, inbox_id=inbox_id, size=len(body), body=body))


def is_lost(session: Session, media_id: str) -> bool:
    """Whether it should be with us and is not: the person had everything deleted before its message was answered."""
    return media_id.startswith(HERE) and session.scalar(select(RecordingBody.id).where(_of(media_id))) is None


def take_up(session: Session, row: Recording) -> None:
    """From now on it goes with its recording. Nothing for one that a channel keeps."""
    if row.is_here:
        session.execute(update(RecordingBody).where(_of(str(row.media_id))).values(recording_id=row.id, inbox_id=None))


def leave(session: Session, inbox_id: int) -> None:
    """The message is answered: what came with it and was not taken up is not kept."""
    session.execute(delete(RecordingBody).where(RecordingBody.inbox_id == inbox_id))


def fetch(session: Session, media_id: str, largest: int) -> bytes:
    """Raises PermanentError when it is not here (any more), RefusedError (too_large)."""
    size = session.scalar(select(RecordingBody.size).where(_of(media_id)))
    if size is None:
        raise PermanentError("this recording is not kept")
    if size > largest:
        raise RefusedError("this recording is larger than was asked for", "too_large")
    return session.execute(select(RecordingBody.body).where(_of(media_id))).scalar_one()


def erase(session: Session, recording_ids: Sequence[int]) -> None:
    """Of these recordings, whose rows may stay."""
    session.execute(delete(RecordingBody).where(RecordingBody.recording_id.in_(recording_ids)))


def abandoned(at: dt.datetime) -> list[ColumnElement[bool]]:
    """Those whose message was never answered."""
    return [RecordingBody.recording_id.is_(None), RecordingBody.came_at < at - UNANSWERED_AGE]


def _of(media_id: str) -> ColumnElement[bool]:
    return RecordingBody.key == media_id.removeprefix(HERE)

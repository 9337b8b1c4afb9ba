"""What is to be said to one of a pair by the other, or of the pair by us: written down, and sent when it may be.

It waits for a decent hour, unless they are writing to each other just now, and for the end of a caseworker's conversation. It is dropped
when the pair is not in the state any more in which it was meant, when the chat said stop, cannot be reached, or is somebody else's.
"""

from __future__ import annotations

import datetime as dt
from typing import Literal

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.db.base import now
from bot.mentoring.models import MentorMessage, MentorPair, MentorWriting
from bot.people.models import Chat
from bot.people.reminders import PLACE

FIRST_HOUR, LAST_HOUR = 8, 21  # of a day in Birmingham: not before, not from then on
TOO_LATE = dt.timedelta(days=3)
AT_ONCE = 50
# the state of the pair in which a notice is still true
TRUE_IN = {
    "words": ("active",),
    "asked": ("asked",),
    "begun": ("active",),
    "names": ("active",),
    "again": ("active",),
    "paused": ("paused",),
    "declined": ("declined",),
    "ended": ("ended",),
}
Fate = Literal["send", "wait", "drop"]


def put(
    session: Session,
    pair: MentorPair,
    side: str,
    kind: str,
    text: str | None = None,
    language: str = "en",
    state: str = "waiting",
) -> MentorMessage:
    """`side`: whom it is for. `state`: waiting, or held for words that a caseworker has to see and nobody else."""
    message = MentorMessage(pair_id=pair.id, side=side, kind=kind, text=text, language=language, state=state)
    session.add(message)
    session.flush()
    return message


def origin(message_id: int) -> str:
    """The origin of its row in the outbox."""
    return f"mentor:{message_id}/0"


def chat_id_of(pair: MentorPair, side: str) -> int:
    return pair.mentor.chat_id if side == "mentor" else pair.wish.chat_id


def person_id_of(pair: MentorPair, side: str) -> int:
    return pair.mentor.person_id if side == "mentor" else pair.wish.person_id


def fate(session: Session, message: MentorMessage, pair: MentorPair, chat: Chat, at: dt.datetime) -> Fate:
    """What becomes of it now."""
    if pair.state not in TRUE_IN[message.kind] or chat.person_id != person_id_of(pair, message.side):
        return "drop"
    if chat.stopped or chat.unreachable_at is not None or message.at < at - TOO_LATE:
        return "drop"
    if chat.held_by_handoff is not None:
        return "wait"
    return "send" if is_decent(at) or is_writing(session, chat.id, pair.id, at) else "wait"


def is_decent(at: dt.datetime) -> bool:
    """Whether people may be written to who have not asked just now."""
    return FIRST_HOUR <= at.astimezone(PLACE).hour < LAST_HOUR


def is_writing(session: Session, chat_id: int, pair_id: int, at: dt.datetime) -> bool:
    row = session.get(MentorWriting, chat_id)
    return row is not None and row.pair_id == pair_id and row.until > at


def decide(session: Session, message: MentorMessage, pair: MentorPair, at: dt.datetime | None = None) -> tuple[Fate, Chat | None]:
    """Marks it `sent` or `dropped` if it is one of these now. With "send" the caller writes it to this chat's outbox in the same
    transaction; a chat that somebody else holds is not waited for."""
    at = at or now()
    locked = select(Chat).where(Chat.id == chat_id_of(pair, message.side)).with_for_update(skip_locked=True)
    chat = session.scalar(locked.execution_options(populate_existing=True))
    if chat is None:
        return "wait", None
    found = fate(session, message, pair, chat, at)
    if found != "wait":
        message.state, message.done_at = ("sent" if found == "send" else "dropped"), at
    return found, chat


def waiting(session: Session, limit: int = AT_ONCE, after: int = 0) -> list[MentorMessage]:
    """What waits, the oldest first, locked for this transaction."""
    found = select(MentorMessage).where(MentorMessage.state == "waiting", MentorMessage.id > after).order_by(MentorMessage.id)
    return list(session.scalars(found.limit(limit).with_for_update(skip_locked=True)))


def waiting_of(session: Session, pair: MentorPair) -> list[MentorMessage]:
    """What waits for the two of one pair, which the caller has locked."""
    found = (
        select(MentorMessage).where(MentorMessage.state == "waiting", MentorMessage.pair_id == pair.id).order_by(MentorMessage.id)
    )
    return list(session.scalars(found.with_for_update(skip_locked=True)))


def lately(session: Session, pair: MentorPair, side: str, since: dt.datetime) -> list[str]:
    """What `side` has written to the other since then, the oldest first."""
    mine = (MentorMessage.pair_id == pair.id) & (MentorMessage.side != side) & (MentorMessage.kind == "words")
    found = select(MentorMessage.text).where(mine, MentorMessage.at > since, MentorMessage.state.in_(("waiting", "sent")))
    return [text or "" for text in session.scalars(found.order_by(MentorMessage.id))]


def count_since(session: Session, pair: MentorPair, side: str, since: dt.datetime) -> int:
    """How many `side` has written to the other since then."""
    mine = (MentorMessage.pair_id == pair.id) & (MentorMessage.side != side) & (MentorMessage.kind == "words")
    return session.scalar(select(func.count(MentorMessage.id)).where(mine, MentorMessage.at > since)) or 0

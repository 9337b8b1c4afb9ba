"""Whether what somebody writes goes to the other of a pair: begun with one tap, ended with one tap, and by itself after a while."""

from __future__ import annotations

import datetime as dt

from sqlalchemy.orm import Session

from bot.db.base import now
from bot.mentoring.models import MentorPair, MentorWriting
from bot.people.models import Chat

LASTS = dt.timedelta(minutes=30)  # after the last words


def of(session: Session, chat: Chat) -> MentorWriting | None:
    """That of this chat, also one that is over by now: who asks says so and ends it."""
    return session.get(MentorWriting, chat.id)


def begin(session: Session, chat: Chat, pair: MentorPair) -> None:
    """What this chat writes goes to the other of this pair, and to no other."""
    row = of(session, chat)
    if row is None:
        session.add(MentorWriting(chat_id=chat.id, pair_id=pair.id, until=now() + LASTS))
    else:
        row.pair_id, row.until = pair.id, now() + LASTS
    session.flush()


def end(session: Session, chat: Chat) -> None:
    """What this chat writes is for the bot."""
    row = of(session, chat)
    if row is not None:
        session.delete(row)
        session.flush()

"""What the clock does for mentors: delivers what waited, tells who was left, and pauses with people who cannot be reached."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import ColumnElement, exists, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from bot.answers import mentoring as answers
from bot.cases import crew, notices
from bot.conversation import outbox, relaying
from bot.db.base import now
from bot.house import House
from bot.mentoring import pairs, post
from bot.mentoring.models import Mentor, MentorPair, MentorWish
from bot.people.models import Chat

AT_ONCE = 50


def due(session: Session, house: House, at: dt.datetime | None = None) -> int:
    """Everything that is due (by `at`), in the caller's transaction. Returns how many messages to people were written."""
    at = at or now()
    _unreachable(session)
    written = _deliver(session) + _tell_left(session, at)
    _to_check_again(session, at)
    return written


def _deliver(session: Session) -> int:
    """All that waits, a piece at a time; what cannot go now holds back nobody else's."""
    written, last = 0, 0
    while messages := post.waiting(session, after=last):
        for message in messages:
            last = message.id
            pair = session.get_one(MentorPair, message.pair_id)
            written += relaying.send(session, message, pair)
    return written


def _tell_left(session: Session, at: dt.datetime) -> int:
    """Those whose other one has gone: once, at a decent hour, and only who may be written to."""
    if not post.is_decent(at):
        return 0
    mentors = select(Mentor).where(Mentor.left_at.is_not(None)).order_by(Mentor.id).limit(AT_ONCE)
    wished = select(MentorWish).where(MentorWish.left_at.is_not(None)).order_by(MentorWish.id).limit(AT_ONCE)
    rows: list[Mentor | MentorWish] = [*session.scalars(mentors.with_for_update(skip_locked=True))]
    rows += session.scalars(wished.with_for_update(skip_locked=True))
    return sum(_tell(session, row) for row in rows)


def _tell(session: Session, row: Mentor | MentorWish) -> bool:
    """Whether a message was written."""
    chat = session.scalar(select(Chat).where(Chat.id == row.chat_id).with_for_update(skip_locked=True))
    if chat is None or chat.held_by_handoff is not None:
        return False
    side, since, row.left_at = "mentor" if isinstance(row, Mentor) else "mentee", row.left_at, None
    if chat.stopped or chat.unreachable_at is not None or chat.person_id != row.person_id:
        return False
    outbox.enqueue(session, chat.id, [answers.gone(side, chat.person.language)], origin=f"mentor-left:{side}:{row.id}:{since}")
    return True


def _unreachable(session: Session) -> None:
    """A pair of which one cannot be reached is paused, and goes on when they are there again."""

    def away(chat_id: InstrumentedAttribute[int]) -> ColumnElement[bool]:
        return exists().where(Chat.id == chat_id, Chat.unreachable_at.is_not(None) | Chat.stopped)

    both = (
        select(MentorPair)
        .join(Mentor, Mentor.id == MentorPair.mentor_id)
        .join(MentorWish, MentorWish.id == MentorPair.wish_id)
        .limit(AT_ONCE)
        .with_for_update(of=MentorPair, skip_locked=True)
    )
    lost = away(Mentor.chat_id) | away(MentorWish.chat_id)
    for pair in session.scalars(both.where(MentorPair.state == "active", lost)).all():
        pairs.pause(session, pair, "unreachable")
    for pair in session.scalars(both.where(MentorPair.state == "paused", MentorPair.why == "unreachable", ~lost)).all():
        pairs.resume(session, pair)


def _to_check_again(session: Session, at: dt.datetime) -> None:
    """A year has passed since somebody was checked: caseworkers are told; until then they get nobody new (matching.find)."""
    late = select(Mentor.id).where(Mentor.state == "active", Mentor.recheck_on < at.date()).limit(AT_ONCE)
    for number in session.scalars(late).all():
        notices.tell(session, crew.ids(session, None), "mentor_recheck", f"mentor:{number}")

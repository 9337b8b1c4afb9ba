"""Whether something has changed, for pages that stay open: cheap to ask every second, and without a word of anybody."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.cases.models import CaseEvent, CaseNote, CaseTag, Handoff, Message, Notice, Referral, ScheduledMessage, Translation
from bot.conversation.models import Outbox
from bot.people.models import Chat
from bot.staff.models import StaffSession

LAST = 30  # messages whose delivery and translation can still change


@dataclass(frozen=True)
class Beat:
    """`cases`: something in a case, a notice or a session of staff; `words`: something was said, sent or translated."""

    cases: tuple[int, ...]
    words: tuple[int, ...]


def beat(session: Session) -> Beat:
    """Of the whole house. Every part is the end of an index, whatever the number of cases."""
    cases = (
        select(func.max(CaseEvent.id)),
        select(func.max(Notice.id)),
        select(func.max(CaseNote.id)),
        select(func.count(StaffSession.token_hash)),
    )
    words = (
        select(func.max(Message.id)),
        select(func.max(Translation.id)),
        select(func.count(Outbox.id)).where(Outbox.state.in_(("queued", "sending"))),
    )
    row = session.execute(select(*(one.scalar_subquery() for one in (*cases, *words)))).one()
    numbers = tuple(int(number or 0) for number in row)
    return Beat(numbers[: len(cases)], numbers[len(cases) :])


def mark(session: Session, handoff: Handoff) -> str:
    """Another one whenever the page of this case would look different."""
    chats = list(session.scalars(select(Chat.id).where(Chat.person_id == handoff.person_id)))
    last = list(session.scalars(select(Message.id).where(Message.chat_id.in_(chats)).order_by(Message.id.desc()).limit(LAST)))
    sent = select(Outbox.state).join(Message, Message.outbox_id == Outbox.id).where(Message.id.in_(last)).order_by(Message.id)
    translated = select(func.count(Translation.id), func.max(Translation.id)).where(Translation.message_id.in_(last))
    notes = select(func.max(CaseNote.id)).where(CaseNote.handoff_id == handoff.id)
    referred = select(func.max(Referral.updated_at)).where(Referral.person_id == handoff.person_id)
    parts = [
        _micros(handoff.updated_at),
        last[0] if last else 0,
        "".join(state[0] for state in session.scalars(sent)),
        *session.execute(translated).one(),
        session.scalar(notes),
        _micros(session.scalar(referred)),
        session.scalar(select(func.count()).where(CaseTag.handoff_id == handoff.id)),
        session.scalar(
            select(func.count(ScheduledMessage.id)).where(
                ScheduledMessage.handoff_id == handoff.id, ScheduledMessage.state == "waiting"
            )
        ),
    ]
    return ".".join(str(part or 0) for part in parts)


def newest_said(session: Session, person_id: int) -> int:
    """The id of what the person wrote last, 0 when nothing of them is kept: an answer that does not know it is an old one."""
    chats = select(Chat.id).where(Chat.person_id == person_id)
    return session.scalar(select(func.max(Message.id)).where(Message.chat_id.in_(chats), Message.sender == "person")) or 0


def _micros(at: dt.datetime | None) -> int:
    return int(at.timestamp() * 1_000_000) if at else 0

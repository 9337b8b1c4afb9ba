"""Words of a caseworker that go out later: kept in the database, sent by the clock, once and in order, whoever is killed."""

from __future__ import annotations

import datetime as dt

import msgspec
from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from bot.cases import handoffs, notices
from bot.cases.models import Handoff, ScheduledMessage
from bot.cases.states import HELD
from bot.conversation import outbox
from bot.db.base import now
from bot.errors import RefusedError
from bot.people.models import Chat
from bot.replies import Reply

LONGEST = dt.timedelta(days=180)
MOST = 10  # waiting in one case
AT_ONCE = 50  # chats in one transaction


def schedule(session: Session, handoff: Handoff, staff_id: int, reply: Reply, due_at: dt.datetime, *, once: str) -> bool:
    """Puts a ready message (bot/cases/answering.py) by until its time. False for the same form sent twice.

    Raises RefusedError: not_yours, until (past, or too far off), scheduled_many.
    """
    handoffs.lock(session, handoff)
    if is_scheduled(session, once):
        return False
    if handoff.state not in HELD or handoff.claimed_by != staff_id:
        raise RefusedError("claim this hand-off before you write", "not_yours")
    if not now() < due_at <= now() + LONGEST:
        raise RefusedError("choose a time in the next 180 days", "until")
    if len(waiting(session, handoff)) >= MOST:
        raise RefusedError(f"at most {MOST} messages can wait in one case", "scheduled_many")
    body = msgspec.to_builtins(reply)
    session.add(ScheduledMessage(handoff_id=handoff.id, staff_id=staff_id, body=body, due_at=due_at, once=once))
    handoffs.note(session, handoff, f"staff:{staff_id}", "scheduled", due_at.isoformat(timespec="minutes"))
    session.flush()
    return True


def is_scheduled(session: Session, once: str) -> bool:
    """Whether this form has put a message by before, whatever became of it."""
    return session.scalar(select(ScheduledMessage.id).where(ScheduledMessage.once == once)) is not None


def waiting(session: Session, handoff: Handoff) -> list[ScheduledMessage]:
    """What will still go out in this case, the next first."""
    query = select(ScheduledMessage).where(ScheduledMessage.handoff_id == handoff.id, ScheduledMessage.state == "waiting")
    return list(session.scalars(query.order_by(ScheduledMessage.due_at, ScheduledMessage.id)))


def reply_of(row: ScheduledMessage) -> Reply:
    """The message as it will go out."""
    return msgspec.convert(row.body, Reply)


def cancel(session: Session, handoff: Handoff, staff_id: int, message_id: int) -> bool:
    """False when it went out or was cancelled before, or is another case's."""
    handoffs.lock(session, handoff)
    row = session.get(ScheduledMessage, message_id, populate_existing=True)
    if row is None or row.handoff_id != handoff.id or row.state != "waiting":
        return False
    row.state = "cancelled"
    handoffs.note(session, handoff, f"staff:{staff_id}", "unscheduled", row.due_at.isoformat(timespec="minutes"))
    return True


def due(session: Session) -> int:
    """For the clock: writes what is due to the outbox. Returns how many.

    Not to somebody who cannot or does not want to be written to, nor in a case that has ended: who wrote it is told then. A
    chat is taken by one process, so that its messages keep their order.
    """
    ready = exists().where(
        ScheduledMessage.handoff_id == Handoff.id, ScheduledMessage.state == "waiting", ScheduledMessage.due_at <= now()
    )
    query = (
        select(Handoff, Chat)
        .join(Chat, Chat.id == Handoff.chat_id)
        .where(ready)
        .order_by(Handoff.id)
        .limit(AT_ONCE)
        .with_for_update(of=Chat, skip_locked=True)
    )
    written = 0
    for handoff, chat in session.execute(query).all():
        session.refresh(handoff)
        for row in waiting(session, handoff):
            if row.due_at <= now() and handoff.chat_id == chat.id:  # they may have gone to another chat of theirs meanwhile
                written += _send(session, handoff, chat, row)
    return written


def _send(session: Session, handoff: Handoff, chat: Chat, row: ScheduledMessage) -> int:
    if handoff.state == "closed" or chat.stopped or chat.unreachable_at is not None:
        row.state = "cancelled"
        handoffs.note(session, handoff, "bot", "not_sent", "closed" if handoff.state == "closed" else "stopped")
        notices.tell(session, [row.staff_id], "not_sent", f"handoff:{handoff.reference}")
        return 0
    row.state = "sent"
    handoffs.note(session, handoff, f"staff:{row.staff_id}", "sent_as_scheduled")
    outbox.enqueue(session, chat.id, [reply_of(row)], origin=f"scheduled:{row.id}", staff_id=row.staff_id)
    return 1

"""Hand-offs: a person asks for a person; a caseworker claims, answers, gives back or closes."""

from __future__ import annotations

from sqlalchemy import case, select, update
from sqlalchemy.orm import Session

from bot.cases.models import CaseEvent, Handoff
from bot.cases.references import new_reference
from bot.cases.states import HANDOFF, check_move
from bot.db.base import now
from bot.errors import RefusedError
from bot.people.models import Chat

OPEN = ("waiting", "claimed", "answered")
URGENCIES = ("danger", "today", "week", "any")  # most urgent first


def open_handoff(session: Session, chat: Chat, *, kind: str, urgency: str, reason: str, reach: str) -> Handoff:
    """Puts the person in the queue. A chat has one open hand-off: asking again adds to it and can only raise urgency."""
    handoff = open_of(session, chat.id)
    if handoff is None:
        handoff = Handoff(
            reference=new_reference("H"),
            person_id=chat.person_id,
            chat_id=chat.id,
            kind=kind,
            urgency=urgency,
            reason=reason,
            reach=reach,
        )
        session.add(handoff)
        session.flush()
        _note(session, handoff, "person" if kind == "asked" else "bot", None, kind)
        return handoff
    if reason and reason not in handoff.reason:
        handoff.reason = f"{handoff.reason}\n{reason}".strip()
    if URGENCIES.index(urgency) < URGENCIES.index(handoff.urgency):
        handoff.urgency = urgency
        handoff.kind = kind
    handoff.reach = reach or handoff.reach
    _note(session, handoff, "bot", handoff.state, f"again: {kind}")
    return handoff


def open_of(session: Session, chat_id: int) -> Handoff | None:
    return session.scalar(select(Handoff).where(Handoff.chat_id == chat_id, Handoff.state.in_(OPEN)).order_by(Handoff.id))


def queue(session: Session, states: tuple[str, ...] = OPEN, limit: int = 200) -> list[Handoff]:
    """Hand-offs, danger first, then by urgency and waiting time."""
    order = case({name: place for place, name in enumerate(URGENCIES)}, value=Handoff.urgency)
    query = select(Handoff).where(Handoff.state.in_(states)).order_by(order, Handoff.created_at).limit(limit)
    return list(session.scalars(query))


def claim(session: Session, handoff: Handoff, staff_id: int) -> None:
    """The bot falls silent in this chat. Raises RefusedError when somebody else was first."""
    _lock(session, handoff)
    taken = session.execute(
        update(Handoff)
        .where(Handoff.id == handoff.id, Handoff.state == "waiting")
        .values(state="claimed", claimed_by=staff_id, claimed_at=now())
    )
    if taken.rowcount != 1:  # type: ignore[attr-defined]  # a CursorResult
        raise RefusedError("somebody else has claimed this hand-off")
    session.refresh(handoff)
    session.execute(update(Chat).where(Chat.id == handoff.chat_id).values(held_by_handoff=handoff.id))
    _note(session, handoff, f"staff:{staff_id}", "waiting", "claimed")


def answered(session: Session, handoff: Handoff, staff_id: int) -> None:
    """Notes that the caseworker wrote to the person. Raises RefusedError when it is not theirs."""
    if handoff.claimed_by != staff_id:
        raise RefusedError("claim this hand-off before you answer")
    _move(session, handoff, "answered", staff_id, "")


def release(session: Session, handoff: Handoff, staff_id: int, why: str) -> None:
    """Back to the queue; the bot speaks again in this chat."""
    _move(session, handoff, "waiting", staff_id, why)
    handoff.claimed_by = handoff.claimed_at = None
    session.execute(update(Chat).where(Chat.id == handoff.chat_id).values(held_by_handoff=None))


def close(session: Session, handoff: Handoff, staff_id: int, outcome: str) -> None:
    """Ends it, with an outcome (helped, referred, could_not_reach, other); the bot speaks again."""
    _move(session, handoff, "closed", staff_id, outcome)
    handoff.closed_at, handoff.outcome = now(), outcome
    session.execute(update(Chat).where(Chat.id == handoff.chat_id).values(held_by_handoff=None))


def _lock(session: Session, handoff: Handoff) -> None:
    """The chat first, then the hand-off: the order in which the conversation locks them too."""
    session.execute(select(Chat.id).where(Chat.id == handoff.chat_id).with_for_update())
    session.refresh(handoff)


def _move(session: Session, handoff: Handoff, becomes: str, staff_id: int, why: str) -> None:
    _lock(session, handoff)
    check_move(HANDOFF, handoff.state, becomes)
    _note(session, handoff, f"staff:{staff_id}", handoff.state, becomes, why)
    handoff.state = becomes


def _note(session: Session, handoff: Handoff, actor: str, was: str | None, becomes: str, why: str = "") -> None:
    session.add(CaseEvent(handoff_id=handoff.id, actor=actor, was=was, becomes=becomes, why=why))

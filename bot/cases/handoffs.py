"""Hand-offs: a person asks for a person; somebody takes it, answers, gives back or closes. The moves, and nothing of what is said.

Whoever changes a hand-off holds the chat first: the conversation its own, staff all of the person's. So none waits for both.
"""

from __future__ import annotations

import datetime as dt
from typing import get_args

from sqlalchemy import select, update
from sqlalchemy.exc import InvalidRequestError
from sqlalchemy.orm import Session

from bot.cases import notice_board, notices, searching, targets
from bot.cases.hours import Hours
from bot.cases.models import CaseEvent, Handoff
from bot.cases.references import new_reference
from bot.cases.states import HANDOFF, OPEN, URGENCIES, WAITING, check_move
from bot.db.base import Typed, now
from bot.errors import RefusedError
from bot.knowledge.seed import Need
from bot.people.models import Chat
from bot.staff import teams

REOPENS_DAYS = 14  # after closing, the same case goes on; later it is a new one
LONGEST_WHY = 200
NEEDS = frozenset(get_args(Need))


def open_handoff(
    session: Session, chat: Chat, *, kind: str, urgency: str, reason: str, reach: str, hours: Hours | None = None
) -> Handoff:
    """Puts the person in the queue. A person has one open hand-off: asking again adds to it and can only raise urgency.

    One that was closed within REOPENS_DAYS is reopened. `hours`: the house's; without them the clock reckons the target.
    """
    handoff = open_of(session, chat)
    if handoff is not None:
        _ask_again(session, handoff, chat, kind, urgency, reason, reach)
    elif (handoff := _closed_lately(session, chat)) is not None:
        _reopen(session, handoff, chat, kind, urgency, reason, reach)
    else:
        handoff = _make(session, chat, kind, urgency, reason, reach)
    if handoff.target_at is None and hours is not None:
        targets.set_for(session, handoff, hours)
    searching.index_opening(session, handoff)
    return handoff


def open_of(session: Session, chat: Chat) -> Handoff | None:
    """The person's open hand-off, whichever of their chats it came from."""
    mine = (Handoff.person_id == chat.person_id) & Handoff.state.in_(OPEN)
    return session.scalar(select(Handoff).where(mine).order_by(Handoff.id).limit(1))


def person_wrote(session: Session, chat: Chat, text: str) -> None:
    """The person said something: their case wakes up, and one that had been answered waits for us again."""
    handoff = open_of(session, chat)
    if handoff is None:
        return
    searching.index(session, handoff.id, text)
    handoff.chat_id, handoff.updated_at = chat.id, now()  # where they are now is where they are answered
    if handoff.snoozed_until is not None:
        handoff.snoozed_until = None
        note(session, handoff, "person", "woken")
    if handoff.state in ("answered", "waiting_for_person"):
        _move(session, handoff, "claimed", "person", "")
        _waits_anew(handoff)
    if handoff.claimed_by is not None:
        notices.tell(session, [handoff.claimed_by], "person_answered", f"handoff:{handoff.reference}")


def claim(session: Session, handoff: Handoff, staff_id: int, by: str | None = None) -> None:
    """The bot falls silent with this person. Raises RefusedError (taken) when somebody else was first.

    `by`: who made it theirs ("staff:<id>"), when it was not they themselves.
    """
    lock(session, handoff)
    was = handoff.state
    taken = session.execute(
        update(Handoff)
        .where(Handoff.id == handoff.id, Handoff.state.in_(WAITING))
        .values(state="claimed", claimed_by=staff_id, claimed_at=now(), updated_at=now(), snoozed_until=None)
    )
    if taken.rowcount != 1:  # type: ignore[attr-defined]  # a CursorResult
        raise RefusedError("somebody else has claimed this hand-off", "taken")
    session.refresh(handoff)
    session.execute(update(Chat).where(Chat.person_id == handoff.person_id).values(held_by_handoff=handoff.id))
    notice_board.taken(session, handoff)
    _record(session, handoff, by or f"staff:{staff_id}", was, "claimed", f"staff:{staff_id}" if by else "")


def answered(session: Session, handoff: Handoff, staff_id: int, *, awaits: bool = False) -> None:
    """Notes that the caseworker wrote to the person; `awaits`: it is the person's turn now. Raises RefusedError (not_yours, move)."""
    lock(session, handoff)
    if handoff.claimed_by != staff_id:
        raise RefusedError("claim this hand-off before you answer", "not_yours")
    _move(session, handoff, "waiting_for_person" if awaits else "answered", f"staff:{staff_id}", "")
    handoff.first_answered_at = handoff.first_answered_at or now()


def hand_over(session: Session, handoff: Handoff, by: int, to: int) -> None:
    """Somebody else answers from now on; the bot stays silent."""
    handoff.claimed_by, handoff.claimed_at, handoff.snoozed_until = to, now(), None
    note(session, handoff, f"staff:{by}", "handed_over", f"staff:{to}")


def to_team(session: Session, handoff: Handoff, by: int, team_id: int) -> None:
    """Into the queue of this team; when somebody held it, the bot speaks again with the person."""
    if handoff.state not in WAITING:
        _move(session, handoff, "waiting", f"staff:{by}", "")
        handoff.claimed_by = handoff.claimed_at = handoff.snoozed_until = None
        _let_go(session, handoff)
    handoff.team_id, handoff.target_at = team_id, None
    note(session, handoff, f"staff:{by}", "to_team", f"team:{team_id}")


def release(session: Session, handoff: Handoff, staff_id: int, why: str) -> None:
    """Back to the queue; the bot speaks again with this person."""
    lock(session, handoff)
    _move(session, handoff, "waiting", f"staff:{staff_id}", Typed(why[:LONGEST_WHY]))
    handoff.claimed_by = handoff.claimed_at = handoff.snoozed_until = None
    _let_go(session, handoff)


def close(session: Session, handoff: Handoff, actor: str, outcome: str) -> None:
    """Ends it, with an outcome (bot/cases/answering.py); the bot speaks again. `actor`: "staff:<id>" or "bot"."""
    lock(session, handoff)
    _move(session, handoff, "closed", actor, outcome)
    handoff.closed_at, handoff.outcome, handoff.snoozed_until = now(), outcome, None
    notice_board.taken(session, handoff)
    _let_go(session, handoff)


def note(session: Session, handoff: Handoff, actor: str, what: str, why: str = "") -> None:
    """Something that was done without a move: again, assigned, handed_over, to_team, snoozed, woken, joined, scheduled, replied."""
    _record(session, handoff, actor, handoff.state, what, why)


def lock(session: Session, handoff: Handoff) -> None:
    """For staff: nobody else changes it until this transaction ends. Reads it anew. Raises RefusedError (gone)."""
    chats = select(Chat.id).where(Chat.person_id == handoff.person_id).order_by(Chat.id)
    session.execute(chats.with_for_update()).all()
    try:
        session.refresh(handoff)
    except InvalidRequestError as error:  # while we waited for who held the chats
        raise RefusedError("this case was deleted a moment ago", "gone") from error


def _make(session: Session, chat: Chat, kind: str, urgency: str, reason: str, reach: str) -> Handoff:
    team = teams.default_team(session)
    handoff = Handoff(
        reference=new_reference("H"),
        person_id=chat.person_id,
        chat_id=chat.id,
        kind=kind,
        urgency=urgency,
        reason=reason,
        reach=reach,
        team_id=team.id if team else None,
    )
    _describe(handoff, chat)
    session.add(handoff)
    session.flush()
    _record(session, handoff, _actor(kind), None, "waiting", kind)
    notices.opened(session, handoff)
    return handoff


def _ask_again(session: Session, handoff: Handoff, chat: Chat, kind: str, urgency: str, reason: str, reach: str) -> None:
    _add_reason(handoff, reason)
    if URGENCIES.index(urgency) < handoff.rank:
        handoff.urgency, handoff.kind, handoff.target_at, handoff.escalated_at = urgency, kind, None, None
        notices.opened(session, handoff)
    handoff.reach = reach or handoff.reach
    handoff.snoozed_until = None
    handoff.chat_id = chat.id
    _describe(handoff, chat)
    note(session, handoff, _actor(kind), "again", kind)


def _closed_lately(session: Session, chat: Chat) -> Handoff | None:
    since = now() - dt.timedelta(days=REOPENS_DAYS)
    mine = (Handoff.person_id == chat.person_id) & (Handoff.state == "closed") & (Handoff.outcome != "joined")
    return session.scalar(select(Handoff).where(mine, Handoff.closed_at >= since).order_by(Handoff.closed_at.desc()).limit(1))


def _reopen(session: Session, handoff: Handoff, chat: Chat, kind: str, urgency: str, reason: str, reach: str) -> None:
    before = handoff.claimed_by
    _move(session, handoff, "reopened", _actor(kind), kind)
    _add_reason(handoff, reason)
    handoff.kind, handoff.urgency, handoff.reach, handoff.chat_id = kind, urgency, reach or handoff.reach, chat.id
    handoff.claimed_by = handoff.claimed_at = handoff.closed_at = handoff.outcome = None
    _describe(handoff, chat)
    _waits_anew(handoff)
    notices.opened(session, handoff)
    if before is not None:  # who knows the person may want to go on
        notices.tell(session, [before], "reopened", f"handoff:{handoff.reference}")


def _actor(kind: str) -> str:
    return "person" if kind == "asked" else "bot"


def _describe(handoff: Handoff, chat: Chat) -> None:
    """What the queue filters by, as far as the conversation has it."""
    slots = (chat.dialogue or {}).get("slots", {})
    handoff.language = chat.person.language
    need, area = slots.get("need"), slots.get("area")
    handoff.need = need if need in NEEDS else handoff.need
    handoff.area = str(area)[:40] if area and area != "none" else handoff.area


def _add_reason(handoff: Handoff, reason: str) -> None:
    if reason and reason not in handoff.reason:
        handoff.reason = f"{handoff.reason}\n{reason}".strip()


def _waits_anew(handoff: Handoff) -> None:
    handoff.waiting_since, handoff.target_at, handoff.escalated_at = now(), None, None


def _let_go(session: Session, handoff: Handoff) -> None:
    session.execute(update(Chat).where(Chat.person_id == handoff.person_id).values(held_by_handoff=None))


def _move(session: Session, handoff: Handoff, becomes: str, actor: str, why: str) -> None:
    check_move(HANDOFF, handoff.state, becomes)
    _record(session, handoff, actor, handoff.state, becomes, why)
    handoff.state = becomes


def _record(session: Session, handoff: Handoff, actor: str, was: str | None, becomes: str, why: str = "") -> None:
    handoff.updated_at = now()
    session.add(CaseEvent(handoff_id=handoff.id, actor=actor, was=was, becomes=becomes, why=why))

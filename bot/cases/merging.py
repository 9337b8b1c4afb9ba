"""Two people in our tables who are one: somebody wrote from Telegram and from the web page.

There is no way back, so the reference of the case that goes is typed once more. What both had is kept: chats, consents,
referrals, reminders and every done step of a plan; two open cases become one.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import ForeignKey, Table, delete, select, update
from sqlalchemy.orm import Session

from bot.cases import handoffs, searching
from bot.cases.models import CaseNote, CaseTag, CaseWord, Handoff, LegalHold, ScheduledMessage
from bot.cases.states import HELD, OPEN
from bot.db.base import Base
from bot.errors import RefusedError
from bot.journeys import keeping
from bot.mentoring import leaving
from bot.people import plans
from bot.people.models import Chat, Person
from bot.recordings.models import Recording
from bot.staff import audit
from bot.suggestions import telling

JOINED = "joined"  # the outcome of a case that went on as another


def merge(session: Session, kept: Handoff, gone: Handoff, staff_id: int, typed: str) -> None:
    """The person of `gone` is from now on the person of `kept`; an open `gone` is closed and goes on as `kept`.

    `typed`: the reference of `gone`. Locks both itself: the caller has locked neither. Raises RefusedError: same_person, closed (`kept` has ended), legal_hold, held_by_two, confirm.
    """
    _lock(session, kept, gone)
    _check(session, kept, gone, typed)
    into, other = session.get_one(Person, kept.person_id), session.get_one(Person, gone.person_id)
    plans.unite(session, into.id, other.id)
    leaving.joins(session, into.id, other.id)
    keeping.joins(session, into.id, other.id)
    telling.joins(session, into.id, other.id)
    theirs = select(Handoff).where(Handoff.person_id == other.id, Handoff.state.in_(OPEN)).order_by(Handoff.id)
    for case in session.scalars(theirs).all():
        _join(session, kept, case, staff_id)
    handoffs.note(session, kept, f"staff:{staff_id}", JOINED, gone.reference)
    into.created_at = min(into.created_at, other.created_at)
    into.last_seen_at = max(into.last_seen_at, other.last_seen_at)
    into.welcomed = into.welcomed or other.welcomed
    session.flush()
    _move_everything(session, into.id, other.id)
    held = kept.id if kept.state in HELD else None
    session.execute(update(Chat).where(Chat.person_id == into.id).values(held_by_handoff=held))
    audit.record(session, f"staff:{staff_id}", "cases.merge", f"handoff:{kept.reference}", gone.reference)
    session.flush()
    session.expire_all()


def _lock(session: Session, kept: Handoff, gone: Handoff) -> None:
    """All chats of both, in the order in which everybody locks them."""
    both = select(Chat.id).where(Chat.person_id.in_((kept.person_id, gone.person_id))).order_by(Chat.id)
    session.execute(both.with_for_update()).all()
    handoffs.lock(session, kept)  # which they are by now; reads each anew
    handoffs.lock(session, gone)


def _check(session: Session, kept: Handoff, gone: Handoff, typed: str) -> None:
    people = (kept.person_id, gone.person_id)
    if people[0] == people[1]:
        raise RefusedError("these are already the cases of one person", "same_person")
    if kept.state == "closed":
        raise RefusedError("the case that is kept has ended", "closed")
    holds = select(LegalHold.id).where(LegalHold.person_id.in_(people), LegalHold.ended_at.is_(None)).limit(1)
    if session.scalar(holds) is not None:
        raise RefusedError("what is on legal hold stays as it is", "legal_hold")
    held = select(Handoff.claimed_by).where(Handoff.person_id.in_(people), Handoff.state.in_(HELD))
    if len(set(session.scalars(held))) > 1:
        raise RefusedError("two colleagues hold these cases: one of them gives theirs away first", "held_by_two")
    if typed.strip().upper() != gone.reference:
        raise RefusedError(f"type {gone.reference} to confirm", "confirm")


def _join(session: Session, kept: Handoff, gone: Handoff, staff_id: int) -> None:
    """What is in one open case goes on in the other; its history stays with it."""
    if gone.state in HELD and kept.state not in HELD:
        handoffs.claim(session, kept, gone.claimed_by or staff_id, f"staff:{staff_id}")
    if gone.reason and gone.reason not in kept.reason:
        kept.reason = f"{kept.reason}\n{gone.reason}".strip()
    if gone.rank < kept.rank:
        kept.urgency, kept.kind, kept.target_at = gone.urgency, gone.kind, None
    kept.waiting_since = min(kept.waiting_since, gone.waiting_since)
    kept.need, kept.area = kept.need or gone.need, kept.area or gone.area
    kept.team_id = kept.team_id or gone.team_id
    for table in (CaseNote, ScheduledMessage, Recording):
        session.execute(update(table).where(table.handoff_id == gone.id).values(handoff_id=kept.id))
    tags = set(session.scalars(select(CaseTag.tag).where(CaseTag.handoff_id == kept.id)))
    for tag in session.scalars(select(CaseTag.tag).where(CaseTag.handoff_id == gone.id)):
        if tag not in tags:
            session.add(CaseTag(handoff_id=kept.id, tag=tag))
    handoffs.close(session, gone, f"staff:{staff_id}", JOINED)
    session.execute(delete(CaseWord).where(CaseWord.handoff_id == gone.id))
    session.flush()


def _move_everything(session: Session, into: int, other: int) -> None:
    """Every row that names the other person, in whatever table; then the other is nobody."""
    for table in Base.metadata.sorted_tables:
        for column in _naming_people(table):
            session.execute(update(table).where(column == other).values({column: into}))
    session.execute(delete(Person).where(Person.id == other))
    session.expire_all()
    for case in session.scalars(select(Handoff).where(Handoff.person_id == into, Handoff.state.in_(OPEN))):
        searching.rebuild(session, case)


def _naming_people(table: Table) -> list[Any]:
    def names(key: ForeignKey) -> bool:
        return key.column.table is Person.__table__

    return [key.parent for key in table.foreign_keys if names(key)]

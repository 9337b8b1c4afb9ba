"""Legal holds: data of a person that must not be deleted for now, because of a claim, a court or a duty by law.

It stops deleting by the rules (bot/cases/retention.py), and by the person's own wish as far as UK GDPR article 17(3) allows that:
bot/cases/putting_away.py says what stays then. The reason is read by staff only, and sealed; the audit says who and when.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import ColumnElement, exists, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from bot.cases import cleaning, handoffs, queues
from bot.cases.models import Handoff, LegalHold
from bot.db.base import now
from bot.errors import RefusedError
from bot.people.models import Chat, Person
from bot.staff import audit

LONGEST = 500  # characters of a reason


@dataclass(frozen=True)
class Listed:
    """`references`: the person's hand-offs, newest first; `put_away`: the person had the rest deleted."""

    hold: LegalHold
    references: tuple[str, ...]
    put_away: bool


def put(session: Session, handoff: Handoff, staff_id: int, why: str) -> LegalHold | None:
    """On the person of this hand-off. None when there is one already. Raises RefusedError: why_empty, why_long."""
    handoffs.lock(session, handoff)
    if active(session, handoff.person_id) is not None:
        return None
    hold = LegalHold(person_id=handoff.person_id, staff_id=staff_id, why=_reason(why))
    session.add(hold)
    session.flush()
    audit.record(session, f"staff:{staff_id}", "holds.put", f"handoff:{handoff.reference}")
    return hold


def end(session: Session, hold: LegalHold, staff_id: int, why: str) -> bool:
    """What is due by the rules, or was to go by the person's wish, goes at the next run. False when it had ended.

    Raises RefusedError: why_empty, why_long.
    """
    why = _reason(why)
    session.refresh(hold, with_for_update=True)
    if hold.ended_at is not None:
        return False
    hold.ended_at, hold.ended_by, hold.ended_why = now(), staff_id, why
    for reference in _references(session, hold.person_id) or ("",):
        audit.record(session, f"staff:{staff_id}", "holds.end", f"handoff:{reference}")
    session.flush()
    return True


def active(session: Session, person_id: int) -> LegalHold | None:
    return session.scalar(select(LegalHold).where(LegalHold.person_id == person_id, LegalHold.ended_at.is_(None)).limit(1))


def on_person(person_id: InstrumentedAttribute[int]) -> ColumnElement[bool]:
    """Whether the person that this column names is on hold."""
    return person_id.in_(select(LegalHold.person_id).where(LegalHold.ended_at.is_(None)))


def on_chat(chat_id: InstrumentedAttribute[int]) -> ColumnElement[bool]:
    """The same of the person whose chat this column names."""
    return chat_id.in_(select(Chat.id).where(on_person(Chat.person_id)))


def listed(session: Session, staff_id: int, role: str, *, ended: bool = False) -> list[Listed]:
    """Those on people of whom somebody may see a case, the oldest first."""
    theirs = exists().where(Handoff.person_id == LegalHold.person_id, queues.visible_to(session, staff_id, role))
    which = LegalHold.ended_at.is_not(None) if ended else LegalHold.ended_at.is_(None)
    query = select(LegalHold, Person.forgotten_at).join(Person, Person.id == LegalHold.person_id).where(which, theirs)
    rows = session.execute(query.order_by(LegalHold.at, LegalHold.id)).all()
    return [Listed(hold, _references(session, hold.person_id), forgotten is not None) for hold, forgotten in rows]


def find(session: Session, hold_id: int, staff_id: int, role: str) -> LegalHold | None:
    """None when there is none, or none that they may know of."""
    theirs = exists().where(Handoff.person_id == LegalHold.person_id, queues.visible_to(session, staff_id, role))
    return session.scalar(select(LegalHold).where(LegalHold.id == hold_id, theirs))


def _reason(why: str) -> str:
    try:
        return cleaning.words(why, LONGEST)
    except RefusedError as error:
        raise RefusedError(str(error), error.reason.replace("text", "why")) from error


def _references(session: Session, person_id: int) -> tuple[str, ...]:
    query = select(Handoff.reference).where(Handoff.person_id == person_id).order_by(Handoff.id.desc())
    return tuple(session.scalars(query))

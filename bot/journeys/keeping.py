"""How long it is kept, and what is left when it goes: how many of each, by month and language, and nothing else.

Faces and outcomes stay as long as the person, because then and now are years apart; words go as all words do
(bot/conversation/keeping.py).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from sqlalchemy import ColumnElement, delete, select, update
from sqlalchemy.orm import Session

from bot.cases.counting import Gone
from bot.journeys.models import CheckIn, CheckInRhythm, Outcome
from bot.people.models import Person


def erase(session: Session, person_id: int, gone: Gone) -> None:
    """Everything of this person, whatever holds the rest: no duty asks how somebody felt."""
    language = session.scalar(select(Person.language).where(Person.id == person_id)) or "en"
    for row in session.scalars(select(Outcome).where(Outcome.person_id == person_id, Outcome.state == "confirmed")):
        began = dt.datetime.combine(row.happened_on, dt.time(12), dt.UTC)
        gone.add(began, language, f"outcome.{row.kind}")
    for sent, answered in session.execute(select(CheckIn.sent_at, CheckIn.answered_at).where(CheckIn.person_id == person_id)):
        gone.add(sent, language, f"check_in.{'answered' if answered else 'unanswered'}")
    for table in (Outcome, CheckIn, CheckInRhythm):
        session.execute(delete(table).where(table.person_id == person_id))


def joins(session: Session, into: int, other: int) -> None:
    """Two people turn out to be one: the rhythm chosen last counts, and what both have is kept once. Others move the rest."""
    both = select(CheckInRhythm).where(CheckInRhythm.person_id.in_((into, other))).order_by(CheckInRhythm.updated_at.desc())
    for row in session.scalars(both).all()[1:]:
        session.delete(row)
    had = set(session.execute(select(Outcome.kind, Outcome.source).where(Outcome.person_id == into)).tuples())
    for theirs in session.scalars(select(Outcome).where(Outcome.person_id == other)).all():
        if (theirs.kind, theirs.source) in had:
            session.delete(theirs)
    session.flush()


def unanswered(before: dt.datetime) -> list[ColumnElement[bool]]:
    """Check-ins to which nothing came back since then."""
    return [CheckIn.answered_at.is_(None), CheckIn.sent_at < before]


def proposed(before: dt.datetime) -> list[ColumnElement[bool]]:
    """What nobody confirmed since then."""
    return [Outcome.state != "confirmed", Outcome.noted_at < before]


def worded(before: dt.datetime) -> list[ColumnElement[bool]]:
    """Outcomes with words from before then."""
    return [Outcome.words.is_not(None), Outcome.noted_at < before]


def forget_words(session: Session, ids: Sequence[int]) -> None:
    session.execute(update(Outcome).where(Outcome.id.in_(ids)).values(words=None))

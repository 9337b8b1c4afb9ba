"""What of a person counts when something to do is looked for: what they confirmed they can do, and what may not be shown to them."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.people.models import Person, Plan
from bot.talents import profile

ENGLISH = "en"


@dataclass(frozen=True)
class Able:
    """`skills`: keys of data/skills; `languages`: codes, without English, which every place speaks. Only what they said yes to."""

    skills: frozenset[str] = frozenset()
    languages: frozenset[str] = frozenset()


def able(session: Session, person: Person) -> Able:
    """What they confirmed, and the language in which they talk to us."""
    held = profile.held(session, person.id)
    skills = frozenset(row.key for row in held if row.kind == "skill")
    spoken = {row.key for row in held if row.kind == "language"} | {person.language}
    return Able(skills, frozenset(spoken - {ENGLISH, ""}))


def waits_for_decision(session: Session, person_id: int) -> bool:
    """Whether they said for a plan that they wait for an asylum decision: then no paid work is shown to them."""
    answers = session.scalars(select(Plan.answers).where(Plan.person_id == person_id))
    return any((one or {}).get("asylum") == "waiting" for one in answers)

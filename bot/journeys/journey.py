"""The way so far: since when, which steps are done, how far the English is, what changed, and the first and the last face."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.journeys import checkins, english, outcomes
from bot.journeys.english import English
from bot.journeys.models import CheckIn, Outcome
from bot.people.models import Person, Plan
from bot.people.reminders import PLACE


@dataclass(frozen=True)
class Journey:
    """`plan`: the one last used. `english`: None when nothing is known of it. `first`, `last`: check-ins with faces; `last` None with fewer than two."""

    since: dt.date
    plan: Plan | None
    changed: list[Outcome]
    first: CheckIn | None
    last: CheckIn | None
    english: English | None = None

    @property
    def is_empty(self) -> bool:
        return self.plan is None and not self.changed and self.first is None


def of(session: Session, person: Person) -> Journey:
    plan = session.scalar(select(Plan).where(Plan.person_id == person.id).order_by(Plan.updated_at.desc()).limit(1))
    changed, faces = outcomes.of(session, person.id), checkins.answered(session, person.id)
    begins = [person.created_at, *(row.sent_at for row in faces[:1]), *([plan.created_at] if plan else [])]
    since = min([at.astimezone(PLACE).date() for at in begins] + [row.happened_on for row in changed])
    first, last = (faces[0] if faces else None), (faces[-1] if len(faces) > 1 else None)
    return Journey(since, plan, changed, first, last, english.known(plan, changed))

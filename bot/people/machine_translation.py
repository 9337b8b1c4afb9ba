"""Whether a person lets a machine outside read what they and a caseworker write to each other."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.db.base import now
from bot.people.models import Consent

PURPOSE = "machine_translation"
AGREED_DAYS = 180  # then they are asked again
YES, NO = "machine_yes", "machine_no"  # on the buttons of the question (bot/translation/asking.py)


def answer(session: Session, person_id: int, yes: bool) -> None:
    """Keeps what they said last; a no counts at once."""
    at = now()
    given = Consent(person_id=person_id, purpose=PURPOSE, shared={}, given_at=at, until=at + dt.timedelta(days=AGREED_DAYS))
    given.withdrawn_at = None if yes else at
    session.add(given)
    session.flush()


def agreed(session: Session, people: Collection[int]) -> dict[int, bool]:
    """Of each who has answered, what they said last. A yes that is too old is no answer."""
    theirs = select(Consent.person_id, Consent.withdrawn_at, Consent.until).where(Consent.person_id.in_(people))
    last: dict[int, bool] = {}
    for person_id, withdrawn_at, until in session.execute(theirs.where(Consent.purpose == PURPOSE).order_by(Consent.id)):
        last.pop(person_id, None)
        if withdrawn_at is not None or until > now():
            last[person_id] = withdrawn_at is None
    return last

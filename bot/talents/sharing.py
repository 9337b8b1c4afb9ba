"""Whether caseworkers may see somebody's list: only what was on it when they said yes, as it was called then, until a day.

What is added later is not shown before they say yes again; what is taken away or called otherwise is not shown any more.
"""

from __future__ import annotations

import datetime as dt

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.db.base import now
from bot.people.models import Consent
from bot.talents import naming, profile
from bot.talents.models import Talent

PURPOSE = "talents"
DAYS = 90
ENGLISH = "en"


def until(at: dt.datetime) -> dt.date:
    return (at + dt.timedelta(days=DAYS)).date()


def current(session: Session, person_id: int) -> Consent | None:
    """The yes that holds now."""
    query = select(Consent).where(Consent.person_id == person_id, Consent.purpose == PURPOSE).order_by(Consent.id.desc())
    newest = session.scalars(query.limit(1)).first()
    return newest if newest and newest.withdrawn_at is None and newest.until > now() else None


def share(session: Session, person_id: int, at: dt.datetime) -> Consent:
    """They said yes to what is on the list now. One before it ends."""
    stop(session, person_id)
    rows = profile.held(session, person_id)
    shared = {str(row.id): naming.name(session, row, ENGLISH) for row in rows}
    last = dt.datetime.combine(until(at), dt.time(), dt.UTC)
    consent = Consent(person_id=person_id, purpose=PURPOSE, shared=shared, until=last)
    session.add(consent)
    session.flush()
    return consent


def stop(session: Session, person_id: int) -> bool:
    """From now on nobody else sees it. Whether anybody could before."""
    consent = current(session, person_id)
    if consent is not None:
        consent.withdrawn_at = now()
        session.flush()
    return consent is not None


def shown(session: Session, person_id: int) -> list[Talent]:
    """What a caseworker may see now."""
    consent = current(session, person_id)
    if consent is None:
        return []
    agreed = dict(consent.shared)
    return [row for row in profile.held(session, person_id) if agreed.get(str(row.id)) == naming.name(session, row, ENGLISH)]

"""That somebody may hear what a person sends: asked once in a case, taken back with a tap."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.orm import Session

from bot.cases.models import Handoff
from bot.db.base import now
from bot.people.models import Consent
from bot.recordings.keeping import KEPT_DAYS
from bot.recordings.models import PURPOSE


def agree(session: Session, handoff: Handoff, text: str) -> None:
    """A yes to this case. `text`: what the person was asked, kept with the yes."""
    at = now()
    purpose, until = f"{PURPOSE}{handoff.reference}", at + dt.timedelta(KEPT_DAYS)
    session.add(Consent(person_id=handoff.person_id, purpose=purpose, shared={"text": text}, given_at=at, until=until))
    session.flush()


def holds(session: Session, handoff: Handoff) -> bool:
    """Whether the person's yes to this case still counts."""
    return session.scalar(select(Consent.id).where(*_of(handoff), Consent.until > now()).limit(1)) is not None


def end(session: Session, handoff: Handoff) -> None:
    """The person takes it back."""
    session.execute(update(Consent).where(*_of(handoff)).values(withdrawn_at=now()))


def consents_over(before: dt.datetime) -> list[ColumnElement[bool]]:
    """What was agreed and ended before then."""
    return [Consent.purpose.startswith(PURPOSE), (Consent.until < before) | (Consent.withdrawn_at < before)]


def _of(handoff: Handoff) -> list[ColumnElement[bool]]:
    return [Consent.purpose == f"{PURPOSE}{handoff.reference}", Consent.withdrawn_at.is_(None)]

"""How long lists are kept: what was confirmed stays as long as the person (bot/conversation/keeping.py), the rest as long as words."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import ColumnElement, delete
from sqlalchemy.orm import Session

from bot.people.models import Consent
from bot.talents.models import Talent
from bot.talents.profile import THEIRS
from bot.talents.sharing import PURPOSE


def unconfirmed(before: dt.datetime) -> list[ColumnElement[bool]]:
    """What was asked and not answered, or denied, and not touched since then."""
    return [Talent.state.not_in(THEIRS), Talent.updated_at < before]


def over(before: dt.datetime) -> list[ColumnElement[bool]]:
    """Consents to show a list that ended before then."""
    return [Consent.purpose == PURPOSE, (Consent.until < before) | (Consent.withdrawn_at < before)]


def erase(session: Session, person_id: int) -> None:
    """The whole list at once, with what was agreed about it: no legal hold asks for it."""
    session.execute(delete(Talent).where(Talent.person_id == person_id))
    session.execute(delete(Consent).where(Consent.person_id == person_id, Consent.purpose == PURPOSE))

"""Whether somebody still agrees to a referral. Asked anew whenever something about them is to leave the house."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.cases.models import Referral
from bot.db.base import now
from bot.errors import RefusedError
from bot.people.models import Consent


def of(session: Session, referral: Referral) -> Consent | None:
    """The newest yes to this referral; None for a draft, and when the person's data was deleted."""
    query = select(Consent).where(Consent.purpose == f"referral:{referral.reference}").order_by(Consent.id.desc()).limit(1)
    return session.scalar(query)


def check(session: Session, referral: Referral) -> Consent:
    """The consent that holds now. Raises RefusedError: consent_none, consent_withdrawn, consent_over."""
    consent = of(session, referral)
    if consent is None:
        raise RefusedError("the person has not agreed to this referral", "consent_none")
    if consent.withdrawn_at is not None:
        raise RefusedError("the person has taken their consent back", "consent_withdrawn")
    if min(consent.until, referral.consent_until) <= now():
        raise RefusedError("the time the person agreed to is over: ask them again", "consent_over")
    return consent


def holds(session: Session, referral: Referral) -> bool:
    try:
        check(session, referral)
    except RefusedError:
        return False
    return True


def withdraw(session: Session, referral: Referral) -> None:
    """From now on it does not hold. Once withdrawn, it keeps the first time."""
    consent = of(session, referral)
    if consent is not None and consent.withdrawn_at is None:
        consent.withdrawn_at = now()
    session.flush()

"""An e-mail that did not arrive: whoever cares for the referral is told, and nobody is asked how it went."""

from __future__ import annotations

from sqlalchemy.orm import Session

from bot.cases import watchers
from bot.cases.models import CaseEvent, Mail, Referral

SENT_OUT = "referral:"  # how the origin of the mail that passes a referral on begins


def note(session: Session, mail: Mail) -> None:
    """In the transaction that gave the mail up."""
    referral = session.get(Referral, mail.referral_id) if mail.referral_id is not None else None
    if referral is None:
        return
    if mail.origin.startswith(SENT_OUT):
        referral.follow_up_at = None  # the service has never heard of them
    session.add(CaseEvent(referral_id=referral.id, actor="bot", was=referral.state, becomes="mail_failed"))
    watchers.tell(session, referral, "mail_failed")

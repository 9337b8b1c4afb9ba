"""One-time links by which a service reads a referral and answers it, without an account.

The token stands in the path, not in the fragment: the page must work without scripts, and a fragment never reaches us without
one. So nothing of ours writes a path into a log, the page sends no referrer and loads nothing from elsewhere, and a proxy before
us must not log paths below /service (docs/referrals.md). Following the link shows nothing and uses nothing up: mail scanners do
that; a button opens it. 256 random bits, of which only a hash is kept.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import re
import secrets

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot import crypto
from bot.cases import cleaning, consents, moving, referrals, watchers
from bot.cases.models import CaseEvent, Referral, ServiceLink
from bot.db.base import now
from bot.errors import RefusedError
from bot.settings import Settings
from bot.staff import audit

PATH = "/service"
VALID = dt.timedelta(days=14)
ANSWERS = {
    "accepted": "accepted",
    "waiting_list": "waiting_list",
    "no_place": "declined_by_service",
    "not_eligible": "not_eligible",
    "not_our_area": "declined_by_service",
}
OPEN = ("sent", "could_not_reach")  # states in which the service may still answer
LONGEST_NOTE, LONGEST_QUESTION = 500, 1_000
_TOKEN = re.compile(r"[A-Za-z0-9_-]{43,64}")


def make(session: Session, referral: Referral, *, once: str = "") -> str:
    """A new token. `once`: a form's token; the same one gives the same link."""
    token = (
        crypto.pseudonym("service-link-1", once) + crypto.pseudonym("service-link-2", once) if once else secrets.token_urlsafe(32)
    )
    if session.get(ServiceLink, _hash(token)) is None:
        until = min(now() + VALID, referral.consent_until)
        session.add(ServiceLink(token_hash=_hash(token), referral_id=referral.id, expires_at=until))
        session.flush()
    return token


def address(settings: Settings, token: str) -> str:
    return f"{settings.public_url}{PATH}/{token}"


def find(session: Session, token: str, *, to_change: bool = False) -> tuple[ServiceLink, Referral] | None:
    """The link and its referral while they can be answered. None for everything else alike: never was, too old, answered, ended,
    consent over. `to_change`: nobody else moves the referral until this transaction ends.
    """
    link = known(session, token)
    if link is None:
        return None
    referral = session.get_one(Referral, link.referral_id)
    if to_change:
        try:
            referrals.lock(session, referral)
        except RefusedError:  # the person deleted everything a moment ago
            return None
        session.refresh(link)
    is_live = link.answered_at is None and link.expires_at > now() and referral.state in OPEN
    return (link, referral) if is_live and consents.holds(session, referral) else None


def known(session: Session, token: str) -> ServiceLink | None:
    """The link with this token, whatever became of it."""
    return session.get(ServiceLink, _hash(token)) if _TOKEN.fullmatch(token) else None


def note_opened(session: Session, link: ServiceLink, referral: Referral) -> None:
    """Somebody at the service reads it now."""
    if link.opened_at is None:
        link.opened_at = now()
        session.add(CaseEvent(referral_id=referral.id, actor="service", was=referral.state, becomes="opened"))
    _audit(session, referral, "referral.opened")


def answer(session: Session, token: str, said: str, note: str = "") -> bool:
    """What the service says. The person hears the news, and staff are told. True also when this link said the same before; False when
    it does not work (any more). Raises RefusedError: text_long.
    """
    note = cleaning.words(note, LONGEST_NOTE) if note.strip() else ""
    found = find(session, token, to_change=True) if said in ANSWERS else None
    if found is None:
        before = known(session, token)
        return before is not None and before.answer is not None and before.answer == said
    link, referral = found
    link.answered_at, link.answer, link.note = now(), said, note or None
    referrals.move(session, referral, ANSWERS[said], "service", said)
    moving.tell(session, referral)
    watchers.tell(session, referral, "service_answered")
    _audit(session, referral, "referral.answered", said)
    return True


def ask(session: Session, link: ServiceLink, referral: Referral, question: str) -> bool:
    """A question to us, one for each link; it does not use the link up. False when one was asked before.

    Raises RefusedError: text_empty, text_long.
    """
    if link.question is not None:
        return False
    link.question = cleaning.words(question, LONGEST_QUESTION)
    session.add(CaseEvent(referral_id=referral.id, actor="service", was=referral.state, becomes="question"))
    watchers.tell(session, referral, "service_asked")
    _audit(session, referral, "referral.asked")
    return True


def of_referral(session: Session, referral_id: int) -> list[ServiceLink]:
    """Oldest first: when each was opened, and what was answered and asked."""
    rows = select(ServiceLink).where(ServiceLink.referral_id == referral_id)
    return list(session.scalars(rows.order_by(ServiceLink.created_at)))


def _audit(session: Session, referral: Referral, verb: str, why: str = "") -> None:
    audit.record(session, f"service:{referral.service}", verb, f"referral:{referral.reference}", why)


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()

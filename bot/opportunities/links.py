"""Secret links by which a trusted place sees how many came by it: no account, nothing about anybody, ended by us at any time."""

from __future__ import annotations

import hashlib
import re

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from bot import crypto
from bot.db.base import now
from bot.opportunities.models import ContactLink

_TOKEN = re.compile(r"[A-Za-z0-9_-]{43,96}")


def make(session: Session, key: str, staff_id: int, *, once: str) -> str:
    """A new token; the one before it ends. The same form (`once`) sent twice gives the same one."""
    token = crypto.pseudonym("contact-link-1", once) + crypto.pseudonym("contact-link-2", once)
    if session.get(ContactLink, _hash(token)) is None:
        end(session, key)
        session.add(ContactLink(token_hash=_hash(token), contact=key, made_by=staff_id))
        session.flush()
    return token


def find(session: Session, token: str) -> str | None:
    """The key of the place; None for everything else alike: never was, ended."""
    row = session.get(ContactLink, _hash(token)) if _TOKEN.fullmatch(token) else None
    return row.contact if row is not None and row.ended_at is None else None


def current(session: Session, key: str) -> ContactLink | None:
    """The one that opens now."""
    return session.scalar(select(ContactLink).where(ContactLink.contact == key, ContactLink.ended_at.is_(None)).limit(1))


def end(session: Session, key: str) -> None:
    """No link of this place opens any more."""
    live = (ContactLink.contact == key) & ContactLink.ended_at.is_(None)
    session.execute(update(ContactLink).where(live).values(ended_at=now()))


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()

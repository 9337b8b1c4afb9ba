"""Sessions of staff, kept in the database: what is ended here has ended everywhere, whatever a browser still holds."""

from __future__ import annotations

import datetime as dt
import hashlib
import secrets

from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from bot.db.base import now
from bot.staff.models import StaffSession

IDLE = dt.timedelta(minutes=30)
ABSOLUTE = dt.timedelta(hours=12)
_NOTED_EVERY = dt.timedelta(seconds=30)  # so that a page view is not always a write


def start(session: Session, staff_id: int, instead_of: str = "") -> str:
    """A new session's token, 256 random bits; only its hash is stored. `instead_of`: a token that ends with this."""
    end(session, instead_of)
    old = delete(StaffSession).where(StaffSession.created_at < now() - ABSOLUTE)
    session.execute(old)
    token = secrets.token_urlsafe(32)
    session.add(StaffSession(token_hash=_hash(token), staff_id=staff_id, csrf=secrets.token_urlsafe(32)))
    session.flush()
    return token


def find(session: Session, token: str, at: dt.datetime | None = None) -> StaffSession | None:
    """The session of this token; None when it never was, has ended, was idle for 30 minutes or is 12 hours old."""
    at = at or now()
    row = session.get(StaffSession, _hash(token)) if token else None
    if row is None:
        return None
    if at - row.seen_at > IDLE or at - row.created_at > ABSOLUTE or row.staff.disabled_at is not None:
        end(session, token)
        return None
    if at - row.seen_at > _NOTED_EVERY:  # a statement, not the object: a session that ends meanwhile cannot come back
        session.execute(update(StaffSession).where(StaffSession.token_hash == row.token_hash).values(seen_at=at))
    return row


def end(session: Session, token: str) -> None:
    if token:
        session.execute(delete(StaffSession).where(StaffSession.token_hash == _hash(token)))


def end_all(session: Session, staff_id: int) -> None:
    """For a disabled account and a changed password."""
    session.execute(delete(StaffSession).where(StaffSession.staff_id == staff_id))


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()

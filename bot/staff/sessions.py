"""Sessions of staff, kept in the database: what is ended here has ended everywhere, whatever a browser still holds."""

from __future__ import annotations

import datetime as dt
import hashlib
import re
import secrets
from dataclasses import dataclass

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from bot import crypto
from bot.db.base import now
from bot.settings import Settings
from bot.staff.models import StaffSession

_NOTED_EVERY = dt.timedelta(seconds=30)  # so that a page view is not always a write
# what a browser calls itself, the more special name first: Edge and Opera also say Chrome, Chrome also says Safari
_BROWSERS = (("Edg", "Edge"), ("OPR", "Opera"), ("Firefox", "Firefox"), ("Chrome", "Chrome"), ("Safari", "Safari"))
_SYSTEMS = ("Windows", "Android", "iPhone", "iPad", "Mac OS X", "Linux")


@dataclass(frozen=True)
class Limits:
    """`idle`: without a page; `absolute`: since the login, however busy."""

    idle: dt.timedelta = dt.timedelta(minutes=30)
    absolute: dt.timedelta = dt.timedelta(hours=12)

    @classmethod
    def of(cls, settings: Settings) -> Limits:
        return cls(dt.timedelta(minutes=settings.session_idle_minutes), dt.timedelta(hours=settings.session_hours))


DEFAULT = Limits()


def start(session: Session, staff_id: int, instead_of: str = "", *, device: str = "", limits: Limits = DEFAULT) -> str:
    """A new session's token, 256 random bits; only its hash is stored. `instead_of`: a token that ends with this."""
    end(session, instead_of)
    _clear(session, limits)
    token = secrets.token_urlsafe(32)
    made = StaffSession(token_hash=hashed(token), staff_id=staff_id, csrf=secrets.token_urlsafe(32), device=device)
    session.add(made)
    session.flush()
    return token


def find(session: Session, token: str, at: dt.datetime | None = None, limits: Limits = DEFAULT) -> StaffSession | None:
    """The session of this token; None when it never was, has ended, or is over by `limits`."""
    at = at or now()
    row = session.get(StaffSession, hashed(token)) if token else None
    if row is None:
        return None
    if _is_over(row, at, limits) or row.staff.disabled_at is not None:
        end(session, token)
        return None
    if at - row.seen_at > _NOTED_EVERY:  # a statement, not the object: a session that ends meanwhile cannot come back
        session.execute(update(StaffSession).where(StaffSession.token_hash == row.token_hash).values(seen_at=at))
    return row


def peek(session: Session, token: str, at: dt.datetime | None = None, limits: Limits = DEFAULT) -> StaffSession | None:
    """As `find`, but it does not count as use and writes nothing: for what a page left open asks by itself."""
    row = session.get(StaffSession, hashed(token)) if token else None
    if row is None or _is_over(row, at or now(), limits) or row.staff.disabled_at is not None:
        return None
    return row


def listed(session: Session, staff_id: int, limits: Limits = DEFAULT) -> list[StaffSession]:
    """The account's own sessions that are still good, the one used last first."""
    rows = session.scalars(select(StaffSession).where(StaffSession.staff_id == staff_id).order_by(StaffSession.seen_at.desc()))
    return [row for row in rows if not _is_over(row, now(), limits)]


def handle(row: StaffSession) -> str:
    """What a page calls a session by: worth nothing as a token."""
    return crypto.pseudonym("session", row.token_hash)


def end(session: Session, token: str) -> None:
    if token:
        end_hashed(session, hashed(token))


def end_hashed(session: Session, token_hash: str) -> None:
    session.execute(delete(StaffSession).where(StaffSession.token_hash == token_hash))


def end_one(session: Session, staff_id: int, named: str) -> bool:
    """Ends the account's session with this handle. Whether there was one."""
    for row in session.scalars(select(StaffSession).where(StaffSession.staff_id == staff_id)):
        if handle(row) == named:
            end_hashed(session, row.token_hash)
            return True
    return False


def end_all(session: Session, staff_id: int, but: str = "") -> None:
    """For a disabled account, a changed password, another role. `but`: a token that stays."""
    own = delete(StaffSession).where(StaffSession.staff_id == staff_id)
    session.execute(own.where(StaffSession.token_hash != hashed(but)) if but else own)


def device_of(user_agent: str) -> str:
    """The browser and the system by name, so that their owner knows them in a list; "" when neither says its name."""
    browser = next((name for sign, name in _BROWSERS if re.search(rf"\b{sign}\w*/", user_agent)), "")
    system = next((name for name in _SYSTEMS if name in user_agent), "")
    return ", ".join(part for part in (browser, system) if part)


def hashed(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


def _is_over(row: StaffSession, at: dt.datetime, limits: Limits) -> bool:
    return at - row.seen_at > limits.idle or at - row.created_at > limits.absolute


def _clear(session: Session, limits: Limits) -> None:
    oldest = now() - limits.absolute
    session.execute(delete(StaffSession).where(StaffSession.created_at < oldest))

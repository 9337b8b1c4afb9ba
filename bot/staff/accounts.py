"""Accounts: made from an invitation, opened with a password and a code, ended by an admin.

What hashes a password takes `Sessions` and keeps no transaction open meanwhile: hashing is slow on purpose, and on SQLite
an open transaction holds up everybody else.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import re
import secrets

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from bot import crypto
from bot.db.base import now
from bot.db.session import Sessions
from bot.errors import RefusedError
from bot.staff import audit, codes, passwords, sessions, throttle
from bot.staff.models import Invitation, Staff
from bot.staff.permissions import ROLES

INVITATION = dt.timedelta(hours=24)
LOGIN = re.compile(r"[a-z0-9][a-z0-9._-]{1,31}")
_NOBODYS_SECRET = codes.new_secret()


def invite(session: Session, role: str, *, once: str = "") -> str:
    """A token that makes one account within 24 hours. `once`: a form's token; the same one gives the same invitation."""
    if role not in ROLES:
        raise RefusedError("there is no such role", "role")
    token = crypto.pseudonym("invitation", once) if once else secrets.token_urlsafe(32)
    if session.get(Invitation, _hash(token)) is None:
        row = Invitation(token_hash=_hash(token), role=role, totp_secret=codes.new_secret(), expires_at=now() + INVITATION)
        session.add(row)
        session.flush()
    return token


def invitation(session: Session, token: str) -> Invitation:
    """Raises RefusedError (invitation) when it never was, is used, or is too old: one answer for all three."""
    row = session.get(Invitation, _hash(token))
    if row is None or row.used_at is not None or row.expires_at <= now():
        raise RefusedError("this invitation does not work: ask for a new one", "invitation")
    return row


def register(database: Sessions, token: str, *, login: str, name: str, password: str, code: str) -> int:
    """Makes the account and returns its id; the first code proves that the app is set up.

    Raises RefusedError: invitation, login_form, login_taken, name, password_*, code. The invitation stays good then.
    """
    login, name = login.strip().casefold(), " ".join(name.split())
    with database.begin() as session:
        secret = invitation(session, token).totp_secret
    if not LOGIN.fullmatch(login):
        raise RefusedError("a login has 2 to 32 letters a-z, digits, dots or hyphens", "login_form")
    if not 1 <= len(name) <= 80:
        raise RefusedError("a name has 1 to 80 characters", "name")
    stored = passwords.hashed(passwords.check(password, login))
    step = codes.step_of(secret, code, 0)
    if step is None:
        raise RefusedError("the code is not right", "code")
    try:
        with database.begin() as session:
            row = invitation(session, token)  # again: it may have been used while we hashed
            row.used_at = now()
            made = Staff(login=login, name=name, role=row.role, password_hash=stored, totp_secret=secret, totp_last_used=step)
            session.add(made)
            session.flush()
            audit.record(session, f"staff:{made.id}", "staff.register", f"staff:{made.id}", made.role)
            return made.id
    except IntegrityError as error:
        raise RefusedError("this login is taken", "login_taken") from error


def authenticate(database: Sessions, login: str, password: str, code: str, address: str) -> int:
    """The id of the account all three belong to.

    Raises RefusedError: "login" for whatever is wrong, after the same work for a login that does not exist;
    "throttled" after five wrong attempts within ten minutes for this login or from this address.
    """
    login = login.strip().casefold()[:64]
    with database.begin() as session:
        reserved = throttle.reserve(session, login, address)
        found = session.scalar(select(Staff).where(Staff.login == login, Staff.disabled_at.is_(None)))
    if reserved is None:
        raise RefusedError("too many wrong logins: wait ten minutes", "throttled")
    fits = passwords.fits(found.password_hash if found else None, password)
    step = codes.step_of(found.totp_secret if found else _NOBODYS_SECRET, code, found.totp_last_used if found else 0)
    rehashed = passwords.hashed(password) if found and fits and passwords.is_old(found.password_hash) else None
    if found is None or not fits or step is None:
        raise RefusedError("login, password or code is not right", "login")
    with database.begin() as session:
        # compare and set: of two requests with the same code one is too late
        unused = (Staff.id == found.id) & (Staff.totp_last_used < step) & Staff.disabled_at.is_(None)
        used = session.execute(update(Staff).where(unused).values(totp_last_used=step))
        if used.rowcount != 1:  # type: ignore[attr-defined]  # a CursorResult
            raise RefusedError("login, password or code is not right", "login")
        if rehashed:
            session.execute(update(Staff).where(Staff.id == found.id).values(password_hash=rehashed))
        throttle.forgive(session, reserved)
    return found.id


def change_password(database: Sessions, staff_id: int, *, current: str, new: str, code: str, address: str) -> None:
    """Sets a new password and ends every session of the account. Raises RefusedError as `authenticate` and `register`."""
    with database() as session:
        login = session.get_one(Staff, staff_id).login
    accepted = passwords.check(new, login)
    authenticate(database, login, current, code, address)
    stored = passwords.hashed(accepted)
    with database.begin() as session:
        session.execute(update(Staff).where(Staff.id == staff_id).values(password_hash=stored))
        sessions.end_all(session, staff_id)
        audit.record(session, f"staff:{staff_id}", "staff.password", f"staff:{staff_id}")


def disable(session: Session, staff: Staff) -> None:
    """The account cannot log in any more and its sessions end now. Its name stays on what it did."""
    staff.disabled_at = staff.disabled_at or now()
    sessions.end_all(session, staff.id)


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()

"""One-time links: to make an account, or (bot/staff/lost.py) to get back into one. Only the hash of a link's token is kept."""

from __future__ import annotations

import datetime as dt
import re
import secrets
from collections.abc import Collection

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from bot import crypto
from bot.db.base import now
from bot.db.session import Sessions
from bot.errors import RefusedError
from bot.staff import audit, codes, managing, passwords, sessions, teams, wishes
from bot.staff.models import Invitation, Staff
from bot.staff.permissions import ROLES, may

LASTS = dt.timedelta(hours=24)
LOGIN = re.compile(r"[a-z0-9][a-z0-9._-]{1,31}")


def invite(
    session: Session,
    role: str,
    *,
    once: str = "",
    team_id: int | None = None,
    email: str = "",
    languages: Collection[str] = (),
) -> str:
    """A token that makes one account within 24 hours. `once`: a form's token; the same one gives the same invitation.

    `languages`: those a reviewer reads. Raises RefusedError: role, email, languages (a reviewer without one).
    """
    if role not in ROLES:
        raise RefusedError("there is no such role", "role")
    reads = managing.checked_languages(role, languages)
    team = team_id if may(role, "cases.read") else None  # others have no cases, so no team
    return make(session, once, kind="account", role=role, languages=reads, team_id=team, email=wishes.checked_email(email))


def find(session: Session, token: str, *kinds: str) -> Invitation:
    """Raises RefusedError (invitation) when it never was, is used, or is too old: one answer for all three."""
    row = session.get(Invitation, sessions.hashed(token))
    if row is None or row.used_at is not None or row.expires_at <= now() or (kinds and row.kind not in kinds):
        raise RefusedError("this invitation does not work: ask for a new one", "invitation")
    return row


def opened(session: Session, token: str) -> Invitation:
    """The invitation with a new secret for the app: whoever looked at the link before knows nothing of the account.

    Raises RefusedError (invitation).
    """
    row = find(session, token)
    row.totp_secret = codes.new_secret()
    session.flush()
    return row


def take(session: Session, token: str) -> None:
    """Uses it up. Raises RefusedError (invitation) when another request was faster."""
    fresh = update(Invitation).where(Invitation.token_hash == sessions.hashed(token), Invitation.used_at.is_(None))
    if session.execute(fresh.values(used_at=now())).rowcount != 1:  # type: ignore[attr-defined]  # a CursorResult
        raise RefusedError("this invitation does not work: ask for a new one", "invitation")


def register(database: Sessions, token: str, *, login: str, name: str, password: str, code: str) -> int:
    """Makes the account and returns its id; the first code proves that the app is set up.

    Raises RefusedError: invitation, login_form, login_taken, name, password_*, code. The invitation stays good then.
    """
    login, name = checked_names(login, name)
    with database.begin() as session:
        secret = find(session, token, "account").totp_secret
    stored = passwords.hashed(passwords.check(password, login))
    step = codes.step_of(secret, code, 0)
    if step is None:
        raise RefusedError("the code is not right", "code")
    with database.begin() as session:
        return open_account(session, token, login=login, name=name, password_hash=stored, secret=secret, step=step)


def open_account(session: Session, token: str, *, login: str, name: str, password_hash: str, secret: str, step: int = 0) -> int:
    """The account that the invitation is for; its id. Raises RefusedError: invitation, login_taken."""
    invitation = find(session, token, "account")
    take(session, token)
    made = Staff(login=login, name=name, role=invitation.role, email=invitation.email, notify={})
    made.languages = list(invitation.languages or [])
    made.password_hash, made.totp_secret, made.totp_last_used = password_hash, secret, step
    session.add(made)
    try:
        session.flush()
    except IntegrityError as error:
        raise RefusedError("this login is taken", "login_taken") from error
    if invitation.team_id is not None:
        teams.join(session, invitation.team_id, made.id)
    audit.record(session, f"staff:{made.id}", "staff.register", f"staff:{made.id}", made.role)
    return made.id


def checked_names(login: str, name: str) -> tuple[str, str]:
    """As they are kept. Raises RefusedError: login_form, name."""
    login, name = login.strip().casefold(), " ".join(name.split())
    if not LOGIN.fullmatch(login):
        raise RefusedError("a login has 2 to 32 letters a-z, digits, dots or hyphens", "login_form")
    if not 1 <= len(name) <= 80:
        raise RefusedError("a name has 1 to 80 characters", "name")
    return login, name


def is_free(session: Session, login: str) -> bool:
    return session.scalar(select(Staff.id).where(Staff.login == login)) is None


def make(session: Session, once: str, **values: object) -> str:
    """The token of a new row; the same `once` gives the same."""
    token = token_for(once)
    if session.get(Invitation, sessions.hashed(token)) is None:
        expires = now() + LASTS
        session.add(Invitation(token_hash=sessions.hashed(token), totp_secret=codes.new_secret(), expires_at=expires, **values))
        session.flush()
    return token


def token_for(once: str) -> str:
    return crypto.pseudonym("invitation", once) if once else secrets.token_urlsafe(32)

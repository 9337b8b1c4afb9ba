"""Back into an account when the phone or the password is lost, by a one-time link of an admin.

The link never opens the account by itself: whoever lost one of the two things gives the other, so that an admin who makes a link
cannot become somebody else. Who lost both gets a new account.
"""

from __future__ import annotations

from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from bot.db.session import Sessions
from bot.errors import RefusedError
from bot.staff import audit, codes, invitations, passwords, recovery, second_factor, sessions, throttle
from bot.staff.models import Invitation, Staff

KINDS = ("second_factor", "password")


def replace_lost(session: Session, staff: Staff, kind: str, *, once: str = "") -> str:
    """A token with which the owner sets a new second factor or a new password. One made before stops working.

    Raises RefusedError: kind; disabled; no_password, when the account is opened by single sign-on only.
    """
    if kind not in KINDS:
        raise RefusedError("there is no such link", "kind")
    if staff.disabled_at is not None:
        raise RefusedError("the account has ended", "disabled")
    if not staff.password_hash:
        raise RefusedError("this account has no password", "no_password")
    if once and session.get(Invitation, sessions.hashed(invitations.token_for(once))) is not None:
        return invitations.token_for(once)
    session.execute(delete(Invitation).where(Invitation.staff_id == staff.id, Invitation.used_at.is_(None)))
    return invitations.make(session, once, kind=kind, role=staff.role, staff_id=staff.id)


def set_second_factor(database: Sessions, token: str, *, password: str, code: str, address: str) -> int:
    """The phone was lost: the password, and the first code of the new app. Recovery codes and sessions end; the account's id.

    Raises RefusedError: invitation, throttled, lost.
    """
    with database.begin() as session:
        link = invitations.find(session, token, "second_factor")
        staff = session.get_one(Staff, link.staff_id)
        reserved = throttle.reserve(session, staff.login, address)
    if reserved is None:
        raise RefusedError("too many wrong attempts: wait ten minutes", "throttled")
    fits, step = passwords.fits(staff.password_hash, password), codes.step_of(link.totp_secret, code, 0)
    if not fits or step is None:
        raise RefusedError("password or code is not right", "lost")
    with database.begin() as session:
        _restored(session, token, staff.id, reserved, totp_secret=link.totp_secret, totp_last_used=step)
        recovery.replace(session, staff.id, [])
    return staff.id


def set_password(database: Sessions, token: str, *, new: str, code: str, address: str) -> int:
    """The password was forgotten: a code of the app or a recovery code, and a new password. Sessions end; the account's id.

    Raises RefusedError: invitation, throttled, lost, password_short, _long, _common.
    """
    with database.begin() as session:
        staff = session.get_one(Staff, invitations.find(session, token, "password").staff_id)
        accepted = passwords.check(new, staff.login)
        reserved = throttle.reserve(session, staff.login, address)
        candidate = recovery.candidate(session, staff.id, code)
    if reserved is None:
        raise RefusedError("too many wrong attempts: wait ten minutes", "throttled")
    proof = second_factor.check(staff, candidate, code)
    if not proof:
        raise RefusedError("the code is not right", "lost")
    stored = passwords.hashed(accepted)
    with database.begin() as session:
        if not second_factor.spend(session, staff.id, proof):
            raise RefusedError("the code is not right", "lost")
        _restored(session, token, staff.id, reserved, password_hash=stored)
    return staff.id


def _restored(session: Session, token: str, staff_id: int, reserved: list[int], **values: object) -> None:
    kind = invitations.find(session, token, *KINDS).kind
    invitations.take(session, token)
    alive = update(Staff).where(Staff.id == staff_id, Staff.disabled_at.is_(None))
    if session.execute(alive.values(**values)).rowcount != 1:  # type: ignore[attr-defined]  # a CursorResult
        raise RefusedError("this invitation does not work: ask for a new one", "invitation")
    sessions.end_all(session, staff_id)
    throttle.forgive(session, reserved)
    audit.record(session, f"staff:{staff_id}", f"staff.restored_{kind}", f"staff:{staff_id}")

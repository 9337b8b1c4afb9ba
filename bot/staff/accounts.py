"""Getting in: an account is opened with a password and a second factor, and by nothing else than that or a linked sign-on.

What hashes takes `Sessions` and keeps no transaction open meanwhile: hashing is slow on purpose, and on SQLite an open
transaction holds up everybody else.
"""

from __future__ import annotations

from sqlalchemy import select, update

from bot.db.session import Sessions
from bot.errors import RefusedError
from bot.staff import audit, passwords, recovery, second_factor, sessions, throttle
from bot.staff.models import Staff

UNKNOWN = "staff:unknown"


def authenticate(database: Sessions, login: str, password: str, code: str, address: str) -> int:
    """The id of the account all three belong to. `code`: of the app, or a recovery code, which is then used up.

    Raises RefusedError: "login" for whatever is wrong, after the same work for a login that does not exist;
    "throttled" after five wrong attempts within ten minutes for this login or from this address.
    """
    login = login.strip().casefold()[:64]
    with database.begin() as session:
        reserved = throttle.reserve(session, login, address)
        found = session.scalar(select(Staff).where(Staff.login == login, Staff.disabled_at.is_(None)))
        candidate = recovery.candidate(session, found.id if found else None, code)
    if reserved is None:
        raise RefusedError("too many wrong logins: wait ten minutes", "throttled")
    fits = passwords.fits(found.password_hash if found else None, password)
    proof = second_factor.check(found, candidate, code)
    if found is None or not fits or not proof:
        with database.begin() as session:
            audit.record(session, "nobody", "staff.login_refused", f"staff:{found.id}" if found else UNKNOWN)
        raise RefusedError("login, password or code is not right", "login")
    rehashed = passwords.hashed(password) if passwords.is_old(found.password_hash) else None
    with database.begin() as session:
        if not second_factor.spend(session, found.id, proof):
            raise RefusedError("login, password or code is not right", "login")
        if rehashed:
            session.execute(update(Staff).where(Staff.id == found.id).values(password_hash=rehashed))
        throttle.forgive(session, reserved)
    return found.id


def change_password(database: Sessions, staff_id: int, *, current: str, new: str, code: str, address: str) -> None:
    """Sets a new password and ends every session of the account.

    Raises RefusedError as `authenticate`, and password_short, _long, _common.
    """
    accepted = passwords.check(new, _login_of(database, staff_id))
    confirm(database, staff_id, password=current, code=code, address=address)
    stored = passwords.hashed(accepted)
    with database.begin() as session:
        session.execute(update(Staff).where(Staff.id == staff_id).values(password_hash=stored))
        sessions.end_all(session, staff_id)
        audit.record(session, f"staff:{staff_id}", "staff.password", f"staff:{staff_id}")


def confirm(database: Sessions, staff_id: int, *, password: str, code: str, address: str) -> None:
    """That it is really the owner who sits at the open session. Raises RefusedError as `authenticate`."""
    authenticate(database, _login_of(database, staff_id), password, code, address)


def new_recovery_codes(database: Sessions, staff_id: int) -> list[str]:
    """Ten new codes, to be shown this once; the old ones are worth nothing. Call `confirm` before."""
    made = recovery.new()
    stored = recovery.hashed(made)
    with database.begin() as session:
        recovery.replace(session, staff_id, stored)
        audit.record(session, f"staff:{staff_id}", "staff.recovery_codes", f"staff:{staff_id}")
    return made


def _login_of(database: Sessions, staff_id: int) -> str:
    with database() as session:
        return session.get_one(Staff, staff_id).login

"""What an admin does with accounts. At least one admin is always left."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from bot.db.base import now
from bot.errors import RefusedError
from bot.settings import KNOWN_LANGUAGES
from bot.staff import sessions
from bot.staff.models import Invitation, Staff
from bot.staff.permissions import ROLES


def disable(session: Session, staff: Staff) -> None:
    """The account cannot log in any more, its sessions and links end now. Its name stays on what it did.

    Raises RefusedError (last_admin).
    """
    _another_admin_stays(session, staff)
    staff.disabled_at = staff.disabled_at or now()
    sessions.end_all(session, staff.id)
    session.execute(delete(Invitation).where(Invitation.staff_id == staff.id, Invitation.used_at.is_(None)))


def enable(staff: Staff) -> None:
    """It can log in again, with the password and the second factor it had."""
    staff.disabled_at = None


def change_role(session: Session, staff: Staff, role: str) -> None:
    """From the next login on: its sessions end. Raises RefusedError: role, last_admin."""
    if role not in ROLES:
        raise RefusedError("there is no such role", "role")
    if role == staff.role:
        return
    if role != "admin":
        _another_admin_stays(session, staff)
    staff.role = role
    sessions.end_all(session, staff.id)


def change_languages(staff: Staff, languages: Collection[str]) -> None:
    """Those a reviewer reads from now on. Raises RefusedError (languages)."""
    staff.languages = checked_languages(staff.role, languages)


def checked_languages(role: str, languages: Collection[str]) -> list[str]:
    """As they are kept: of a reviewer at least one, of others none. Raises RefusedError (languages)."""
    if role != "reviewer":
        return []
    found = sorted(set(languages) & (set(KNOWN_LANGUAGES) - {"en"}))
    if not found:
        raise RefusedError("a reviewer needs a language", "languages")
    return found


def _another_admin_stays(session: Session, staff: Staff) -> None:
    """Takes hold of every admin's row, always in the same order: two who disable each other at once cannot both succeed."""
    admins = select(Staff).where(Staff.role == "admin", Staff.disabled_at.is_(None)).order_by(Staff.id)
    held = session.scalars(admins.with_for_update().execution_options(populate_existing=True)).all()
    if [row.id for row in held] == [staff.id]:
        raise RefusedError("this is the last admin", "last_admin")

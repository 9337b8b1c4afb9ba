"""Wrong logins, counted for each login and each address: never for all, so that nobody can lock everybody out."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import delete, func, select, text
from sqlalchemy.orm import Session

from bot import crypto
from bot.db.base import now
from bot.db.session import has_one_writer
from bot.staff.models import LoginAttempt

WRONG = 5
WINDOW = dt.timedelta(minutes=10)


def reserve(session: Session, login: str, address: str) -> list[int] | None:
    """Counts an attempt before it is looked at, so that many at once do not slip through. None: five were wrong.

    `login`: "" when it is not known yet, as for somebody who comes back from a sign-on provider; the address counts then.
    """
    session.execute(delete(LoginAttempt).where(LoginAttempt.at < now() - WINDOW))
    buckets = [crypto.pseudonym("address", address)] + ([crypto.pseudonym("login", login.casefold())] if login else [])
    for bucket in sorted(buckets):
        if not has_one_writer(session):  # PostgreSQL: one at a time may count this bucket
            session.execute(text("SELECT pg_advisory_xact_lock(hashtext(:bucket))"), {"bucket": bucket})
        wrong = session.scalar(select(func.count()).select_from(LoginAttempt).where(LoginAttempt.bucket == bucket))
        if (wrong or 0) >= WRONG:
            return None
    rows = [LoginAttempt(bucket=bucket) for bucket in buckets]
    session.add_all(rows)
    session.flush()
    return [row.id for row in rows]


def forgive(session: Session, reserved: list[int]) -> None:
    """The attempt was right: it does not count. Earlier wrong ones still do."""
    session.execute(delete(LoginAttempt).where(LoginAttempt.id.in_(reserved)))

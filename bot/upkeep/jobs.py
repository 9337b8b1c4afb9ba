"""Work of the background that one process does while the others leave it: claimed with a lease, so that nobody's death stops it."""

from __future__ import annotations

import datetime as dt

from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from bot.db.base import now
from bot.db.session import has_one_writer
from bot.upkeep.models import Job

LONGEST_FAILURE = 300  # characters


def claim(session: Session, name: str, lease: dt.timedelta, at: dt.datetime | None = None) -> bool:
    """Whether it is due and now ours for `lease`. A job that never ran is due. The caller commits, then works."""
    at = at or now()
    row = _row(session, name, at)
    if row.due_at > at or (row.lease_until is not None and row.lease_until > at):
        return False
    row.lease_until = at + lease
    return True


def end(session: Session, name: str, due_at: dt.datetime, failure: str = "", at: dt.datetime | None = None) -> None:
    """It has ended, and is due again at `due_at`; at once when somebody asked for it while it ran."""
    at = at or now()
    row = _row(session, name, at)
    row.due_at = at if row.asked else due_at
    row.lease_until, row.ended_at, row.failure, row.asked = None, at, failure[:LONGEST_FAILURE], False


def ask(session: Session, name: str, at: dt.datetime | None = None) -> None:
    """It is due now."""
    at = at or now()
    row = _row(session, name, at)
    row.asked, row.due_at = is_running(row, at), min(row.due_at, at)


def is_running(row: Job | None, at: dt.datetime | None = None) -> bool:
    return row is not None and row.lease_until is not None and row.lease_until > (at or now())


def _row(session: Session, name: str, at: dt.datetime) -> Job:
    """Its row, ours until the transaction ends; made when there is none."""
    insert = sqlite.insert if has_one_writer(session) else postgresql.insert
    session.execute(insert(Job).values(name=name, due_at=at, failure="", asked=False).on_conflict_do_nothing())
    return session.get_one(Job, name, with_for_update=True, populate_existing=True)

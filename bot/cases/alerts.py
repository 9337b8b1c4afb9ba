"""Lines for the team's own chat on Telegram: written where somebody is told of a case, sent afterwards by an edge.

At least once, as in bot/conversation/outbox.py. Such a chat is outside the house, so a line names a case by its reference, says how
urgent it is and which language is needed, and no more.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from bot.cases.models import StaffAlert
from bot.db.base import now
from bot.staff import wishes
from bot.staff.models import Staff

KINDS = ("danger", "waiting", "escalated")
LEASE_SECONDS = 60
MAX_ATTEMPTS = 10
LONGEST_WAIT = 300.0  # seconds
KEPT = dt.timedelta(days=1)
AT_ONCE = 10


def write(session: Session, staff_ids: Iterable[int], kind: str, object: str) -> None:
    """One line for all of them, when it is of KINDS and at least one of them wants such lines."""
    if kind not in KINDS:
        return
    told = session.scalars(select(Staff).where(Staff.id.in_(sorted(staff_ids))))
    if any(wishes.of(staff)["telegram"] for staff in told):
        session.add(StaffAlert(kind=kind, object=object))


def claim(session: Session, limit: int = AT_ONCE) -> list[StaffAlert]:
    """What is due, marked `sending` for LEASE_SECONDS. The caller commits, then sends."""
    at = now()
    is_free = (StaffAlert.state == "queued") | ((StaffAlert.state == "sending") & (StaffAlert.lease_until < at))
    is_due = StaffAlert.not_before.is_(None) | (StaffAlert.not_before <= at)
    query = select(StaffAlert).where(StaffAlert.state.in_(("queued", "sending")), is_free, is_due).order_by(StaffAlert.id)
    rows = list(session.scalars(query.limit(limit).with_for_update(skip_locked=True)))
    for row in rows:
        row.state, row.lease_until, row.attempts = "sending", at + dt.timedelta(seconds=LEASE_SECONDS), row.attempts + 1
    return rows


def mark_sent(session: Session, number: int) -> None:
    row = session.get(StaffAlert, number)
    if row is not None:
        row.state, row.failure, row.lease_until = "sent", None, None


def mark_retry(session: Session, number: int, failure: str, retry_after: float | None = None) -> None:
    """Later, up to MAX_ATTEMPTS times. `retry_after`: seconds, when the chat named them."""
    row = session.get(StaffAlert, number)
    if row is None:
        return
    row.failure, row.lease_until = failure, None
    if row.attempts >= MAX_ATTEMPTS:
        row.state = "failed"
        return
    wait = retry_after if retry_after is not None else min(LONGEST_WAIT, 2.0**row.attempts)
    row.state, row.not_before = "queued", now() + dt.timedelta(seconds=wait)


def mark_failed(session: Session, number: int, failure: str) -> None:
    row = session.get(StaffAlert, number)
    if row is not None:
        row.state, row.failure, row.lease_until = "failed", failure, None


def release_abandoned(session: Session) -> None:
    """At the start of the only sender: what a process that died was sending is due again at once."""
    session.execute(update(StaffAlert).where(StaffAlert.state == "sending").values(state="queued", lease_until=None))


def clear(session: Session) -> None:
    """Takes away what is old, sent or not: nobody needs to be told of yesterday."""
    session.execute(delete(StaffAlert).where(StaffAlert.at < now() - KEPT))

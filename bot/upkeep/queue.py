"""The list of what needs care as admins work through it: who takes it, until when it rests, that it is done."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, case, func, or_, select
from sqlalchemy.orm import Session

from bot.db.base import now
from bot.errors import RefusedError
from bot.staff.models import Staff
from bot.staff.permissions import may
from bot.upkeep.found import KINDS
from bot.upkeep.models import Finding

PAGE = 50
SHOWS = ("open", "mine", "nobodys", "snoozed", "done")
LONGEST_SNOOZE = dt.timedelta(days=180)
PERMISSION = "knowledge.edit"


@dataclass(frozen=True)
class Counts:
    """How many there are of each of SHOWS, and of each kind among the open ones."""

    shows: dict[str, int]
    kinds: dict[str, int]


def listed(
    session: Session, show: str, staff_id: int, kind: str = "", page: int = 1, at: dt.datetime | None = None
) -> tuple[list[Finding], int]:
    """One page of PAGE, the most pressing kind first, and how many there are."""
    where = [_shown(show, staff_id, at or now()), *([Finding.kind == kind] if kind else [])]
    pressing = case({name: place for place, name in enumerate(KINDS)}, value=Finding.kind, else_=len(KINDS))
    query = select(Finding).where(*where).order_by(pressing, Finding.since, Finding.id)
    total = session.scalar(select(func.count()).select_from(Finding).where(*where)) or 0
    return list(session.scalars(query.offset((page - 1) * PAGE).limit(PAGE))), total


def counts(session: Session, staff_id: int, at: dt.datetime | None = None) -> Counts:
    at = at or now()
    shows = {show: func.sum(case((_shown(show, staff_id, at), 1), else_=0)) for show in SHOWS}
    row = session.execute(select(*(column.label(name) for name, column in shows.items())).select_from(Finding)).one()
    kinds = session.execute(
        select(Finding.kind, func.count().label("times")).where(_shown("open", staff_id, at)).group_by(Finding.kind)
    )
    by_kind = {row.kind: row.times for row in kinds}
    return Counts({show: int(getattr(row, show) or 0) for show in SHOWS}, {k: by_kind[k] for k in KINDS if k in by_kind})


def find(session: Session, number: int) -> Finding | None:
    """With nobody else changing it until this transaction ends."""
    return session.get(Finding, number, with_for_update=True)


def assign(session: Session, row: Finding, staff_id: int | None) -> None:
    """Whose it is; None: nobody's. Raises RefusedError (assignee) for somebody who may not change the knowledge."""
    if staff_id is not None and staff_id not in {staff.id for staff in assignees(session)}:
        raise RefusedError("this account cannot change the knowledge", "assignee")
    row.assigned_to = staff_id


def assignees(session: Session) -> list[Staff]:
    """The open accounts that may change the knowledge."""
    query = select(Staff).where(Staff.disabled_at.is_(None)).order_by(Staff.name)
    return [staff for staff in session.scalars(query) if may(staff.role, PERMISSION)]


def snooze(row: Finding, until: dt.datetime, at: dt.datetime | None = None) -> None:
    """It rests until then. Raises RefusedError (snooze) for a time that is past or too far off."""
    at = at or now()
    if not at < until <= at + LONGEST_SNOOZE:
        raise RefusedError(f"it can rest up to {LONGEST_SNOOZE.days} days", "snooze")
    row.state, row.wakes_at = "snoozed", until


def done(row: Finding, at: dt.datetime | None = None) -> None:
    """Off the list, until it changes or a while has passed and it is still found (bot.upkeep.looking)."""
    row.state, row.done_at, row.done_mark, row.wakes_at = "done", at or now(), row.mark, None


def again(row: Finding) -> None:
    """Back on the list."""
    row.state, row.wakes_at, row.done_at, row.done_mark = "open", None, None, None


def _shown(show: str, staff_id: int, at: dt.datetime) -> ColumnElement[bool]:
    """A snoozed one is open again at its hour, not only at the next look."""
    is_open = or_(Finding.state == "open", and_(Finding.state == "snoozed", Finding.wakes_at <= at))
    if show == "mine":
        return and_(is_open, Finding.assigned_to == staff_id)
    if show == "nobodys":
        return and_(is_open, Finding.assigned_to.is_(None))
    if show == "snoozed":
        return and_(Finding.state == "snoozed", Finding.wakes_at > at)
    return is_open if show == "open" else Finding.state == show

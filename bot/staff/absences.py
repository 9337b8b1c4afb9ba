"""Days on which somebody is away: nobody is asked to wait for them, and no case is given to them."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from bot.errors import RefusedError
from bot.staff.models import Absence

LONGEST = 366  # days


def is_away(session: Session, staff_id: int, day: dt.date) -> bool:
    """`day` as it is in London, where the team is."""
    return bool(session.scalar(select(exists().where(Absence.staff_id == staff_id, Absence.first <= day, Absence.last >= day))))


def away(session: Session, day: dt.date) -> frozenset[int]:
    """Everybody who is, by id."""
    return frozenset(session.scalars(select(Absence.staff_id).where(Absence.first <= day, Absence.last >= day)))


def coming(session: Session, staff_id: int, today: dt.date) -> list[Absence]:
    """Those that are not over, the next first."""
    own = select(Absence).where(Absence.staff_id == staff_id, Absence.last >= today)
    return list(session.scalars(own.order_by(Absence.first, Absence.id)))


def add(session: Session, staff_id: int, first: dt.date, last: dt.date, today: dt.date) -> Absence:
    """Raises RefusedError (days): the last day is before the first or before today, or more than a year later."""
    if last < first or last < today or (last - first).days >= LONGEST:
        raise RefusedError("the last day is not before the first or before today, and within a year", "days")
    for row in coming(session, staff_id, today):  # the same form sent twice is one absence
        if (row.first, row.last) == (first, last):
            return row
    row = Absence(staff_id=staff_id, first=first, last=last)
    session.add(row)
    session.flush()
    return row


def remove(session: Session, staff_id: int, absence_id: int) -> bool:
    """Whether there was such an absence of this account."""
    row = session.get(Absence, absence_id)
    if row is None or row.staff_id != staff_id:
        return False
    session.delete(row)
    return True

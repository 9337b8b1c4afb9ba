"""By when somebody should have answered, and who is told when nobody has.

Danger: 15 minutes of open hours, out of hours from the next opening on. Everything else: the end of the next working day after
the one on which the person asked. Hours are the team's (bot/cases/hours.py).
"""

from __future__ import annotations

import datetime as dt

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.cases import crew, notices
from bot.cases.hours import LONDON, Hours, of_team
from bot.cases.models import CaseEvent, Handoff
from bot.cases.states import OWED
from bot.db.base import now

DANGER = dt.timedelta(minutes=15)
AT_ONCE = 200  # hand-offs looked at in one transaction


def target(urgency: str, since: dt.datetime, hours: Hours) -> dt.datetime:
    """In UTC. `hours`: of the team."""
    if urgency == "danger":
        return hours.after(since, DANGER)
    return hours.closing(hours.day_after(since.astimezone(LONDON).date())).astimezone(dt.UTC)


def set_for(session: Session, handoff: Handoff, house: Hours) -> None:
    """`house`: the house's hours; the hand-off's team may have its own."""
    handoff.target_at = target(
        handoff.urgency, handoff.waiting_since, of_team(session, handoff.team_id, house, handoff.waiting_since)
    )


def is_overdue(handoff: Handoff, at: dt.datetime) -> bool:
    """Whether we owe an answer and its time is over."""
    return handoff.state in OWED and handoff.target_at is not None and handoff.target_at < at


def overdue(session: Session, at: dt.datetime | None = None) -> list[Handoff]:
    """Those whose time is over and of whom no lead was told yet, the longest overdue first; nobody else escalates them meanwhile."""
    query = (
        select(Handoff)
        .where(
            Handoff.closed_at.is_(None),
            Handoff.state.in_(OWED),
            Handoff.target_at < (at or now()),
            Handoff.escalated_at.is_(None),
        )
        .order_by(Handoff.target_at)
        .limit(AT_ONCE)
        .with_for_update(skip_locked=True)
    )
    return list(session.scalars(query))


def due(session: Session, house: Hours) -> int:
    """For the clock: reckons the targets that are missing and tells leads of those that were missed. Nothing goes out (0)."""
    missing = select(Handoff).where(Handoff.closed_at.is_(None), Handoff.target_at.is_(None)).order_by(Handoff.id).limit(AT_ONCE)
    for handoff in session.scalars(missing.with_for_update(skip_locked=True)):
        set_for(session, handoff, house)
    for handoff in overdue(session):
        handoff.escalated_at = now()
        session.add(CaseEvent(handoff_id=handoff.id, actor="bot", was=handoff.state, becomes="escalated"))
        notices.tell(session, crew.leads(session, handoff.team_id), "escalated", f"handoff:{handoff.reference}")
    return 0

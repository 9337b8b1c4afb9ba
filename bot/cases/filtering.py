"""What the queue can be narrowed down by: which values there are, and reading them as a page or a saved view has them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, fields

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from bot.cases.handoffs import NEEDS
from bot.cases.models import Handoff
from bot.cases.queues import SHOWN, Filters
from bot.cases.states import HANDOFF, URGENCIES, WAITING
from bot.db.base import now

MOST_AREAS = 60
LONGEST = 100  # characters of a filter
STATES = tuple(state for state in HANDOFF if state != "closed")


def given(value: Callable[[str], str]) -> Filters | None:
    """From the names and values of an address; None when it shows what there is not."""
    found = {field.name: " ".join(value(field.name).split())[:LONGEST] for field in fields(Filters)}
    found["show"] = found["show"] or "waiting"
    return Filters(**found) if found["show"] in SHOWN else None


def narrowed(filters: Filters) -> dict[str, str]:
    """The filters that are set, without which list is shown."""
    return {name: value for name, value in asdict(filters).items() if value and name != "show"}


def choices(session: Session, visible: ColumnElement[bool], languages: tuple[str, ...]) -> dict[str, list[str]]:
    """Filter -> what can be chosen. `languages`: those the house speaks."""
    return {
        "urgency": list(URGENCIES),
        "state": list(STATES),
        "language": list(languages),
        "need": sorted(NEEDS),
        "area": areas(session, visible),
    }


def in_danger(session: Session, visible: ColumnElement[bool]) -> int:
    """How many wait who may be in danger, of those that somebody may know of, whatever else they filter by."""
    at = now()
    awake = Handoff.snoozed_until.is_(None) | (Handoff.snoozed_until <= at)
    waits = select(func.count()).where(Handoff.state.in_(WAITING), Handoff.rank == 0, awake, Handoff.closed_at.is_(None), visible)
    return session.scalar(waits) or 0


def areas(session: Session, visible: ColumnElement[bool]) -> list[str]:
    """Of the open cases that somebody may know of."""
    named = select(Handoff.area).where(Handoff.closed_at.is_(None), Handoff.area.is_not(None), visible).distinct()
    return sorted(area for area in session.scalars(named.limit(MOST_AREAS)) if area)

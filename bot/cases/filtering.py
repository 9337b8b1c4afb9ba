"""What the queue can be narrowed down by: which values there are, and reading them as a page or a saved view has them."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import asdict, fields
from weakref import WeakKeyDictionary

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from bot.cases import tags
from bot.cases.handoffs import NEEDS
from bot.cases.models import Handoff
from bot.cases.queues import SHOWN, Filters
from bot.cases.states import HANDOFF, URGENCIES, WAITING
from bot.db.base import now

MOST_AREAS = 60
LONGEST = 100  # characters of a filter
TAGS_SECONDS = 60.0
_tags: WeakKeyDictionary[object, tuple[float, list[str]]] = WeakKeyDictionary()
STATES = tuple(state for state in HANDOFF if state != "closed")


def given(value: Callable[[str], str]) -> Filters | None:
    """From the names and values of an address; None when it shows what there is not."""
    found = {field.name: line(value(field.name)) for field in fields(Filters)}
    found["show"] = found["show"] or "waiting"
    return Filters(**found) if found["show"] in SHOWN else None


def line(text: str) -> str:
    """As a filter has it: printable, in one line, not too long."""
    return " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())[:LONGEST]


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


def known_tags(session: Session) -> list[str]:
    """The tags that are used most; those of the last minute, because counting them is a walk over all cases."""
    database, at = session.get_bind(), time.monotonic()
    known = _tags.get(database)
    if known is None or at - known[0] > TAGS_SECONDS:
        known = _tags[database] = (at, tags.suggested(session))
    return known[1]


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

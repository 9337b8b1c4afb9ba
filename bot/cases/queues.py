"""The hand-offs as a list: which are waiting, mine, open, closed; the most urgent and longest waiting first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, case, func, select
from sqlalchemy.orm import Session

from bot.cases.handoffs import OPEN, URGENCIES
from bot.cases.models import Handoff
from bot.people.models import Chat, Person
from bot.staff.models import Staff

SHOWN = ("waiting", "mine", "all", "closed")
PAGE = 50


@dataclass(frozen=True)
class Queued:
    handoff: Handoff
    language: str
    channel: str
    held_by: str  # a caseworker's name, or ""


def listed(session: Session, show: str, staff_id: int, page: int = 1) -> list[Queued]:
    """One page of PAGE rows; `show` is one of SHOWN."""
    order = case({name: place for place, name in enumerate(URGENCIES)}, value=Handoff.urgency)
    query = (
        select(Handoff, Person.language, Chat.channel, Staff.name)
        .join(Chat, Chat.id == Handoff.chat_id)
        .join(Person, Person.id == Handoff.person_id)
        .outerjoin(Staff, Staff.id == Handoff.claimed_by)
        .where(_which(show, staff_id))
        .limit(PAGE)
        .offset((page - 1) * PAGE)
    )
    query = query.order_by(Handoff.closed_at.desc()) if show == "closed" else query.order_by(order, Handoff.created_at)
    return [Queued(handoff, language, channel, name or "") for handoff, language, channel, name in session.execute(query)]


def counts(session: Session, staff_id: int) -> dict[str, int]:
    """How many there are in each of SHOWN, and in danger among those waiting ("danger")."""
    which: dict[str, ColumnElement[bool]] = {show: _which(show, staff_id) for show in SHOWN}
    which["danger"] = which["waiting"] & (Handoff.urgency == "danger")
    found: Any = session.execute(select(*(func.count().filter(condition) for condition in which.values()))).one()
    return dict(zip(which, found, strict=True))


def _which(show: str, staff_id: int) -> ColumnElement[bool]:
    if show == "waiting":
        return Handoff.state == "waiting"
    if show == "mine":
        return Handoff.state.in_(OPEN) & (Handoff.claimed_by == staff_id)
    return Handoff.state.in_(OPEN) if show == "all" else Handoff.state == "closed"

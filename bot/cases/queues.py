"""The hand-offs as a list: whose they are, what to filter by, the most urgent and longest waiting first, page after page.

A page begins after the last row of the one before, not at a number: the hundredth page costs what the first does, and a row
that comes in between moves nothing.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, false, func, literal, or_, select, true, tuple_
from sqlalchemy.orm import Session

from bot.cases import searching
from bot.cases.models import CaseTag, Handoff, Referral
from bot.cases.states import URGENCIES, WAITING
from bot.db.base import UtcDateTime, now
from bot.people.models import Chat
from bot.staff import teams
from bot.staff.models import Staff

SHOWN = ("waiting", "mine", "team", "all", "snoozed", "closed")
PAGE = 50
MOST_COUNTED = 1_000
_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
_MICROSECOND = dt.timedelta(microseconds=1)
_OPEN, _ENDED = Handoff.closed_at.is_(None), Handoff.closed_at.is_not(None)  # as the indexes put it


@dataclass(frozen=True)
class Filters:
    """`show`: one of SHOWN. Everything else narrows it down; "" is no filter. `text`: a reference or words."""

    show: str = "waiting"
    state: str = ""
    urgency: str = ""
    language: str = ""
    need: str = ""
    area: str = ""
    tag: str = ""
    text: str = ""


@dataclass(frozen=True)
class Queued:
    """A row of the list. `held_by`: a colleague's name, or ""."""

    handoff: Handoff
    channel: str
    held_by: str
    tags: tuple[str, ...]

    @property
    def language(self) -> str:
        return self.handoff.language


@dataclass(frozen=True)
class Page:
    """`after`: what the next page begins after, "" when this is the last one."""

    rows: list[Queued]
    after: str


def visible_to(session: Session, staff_id: int, role: str, of: type[Handoff] | type[Referral] = Handoff) -> ColumnElement[bool]:
    """Which cases somebody may know of: those of their teams, those of no team, and what they hold; an auditor all of them."""
    if role == "auditor":
        return true()
    if role not in ("caseworker", "lead"):
        return false()
    theirs = of.team_id.is_(None) | of.team_id.in_(sorted(teams.team_ids_of(session, staff_id)))
    return theirs | (Handoff.claimed_by == staff_id) if of is Handoff else theirs


def find(session: Session, reference: str, staff_id: int, role: str) -> Handoff | None:
    """The case; None when there is none, or none that they may know of."""
    return session.scalar(select(Handoff).where(Handoff.reference == reference, visible_to(session, staff_id, role)))


def listed(session: Session, filters: Filters, staff_id: int, role: str, after: str = "") -> Page:
    """One page. `after`: of the page before; anything that is none begins at the first."""
    order = _order(filters.show)
    wanted = [visible_to(session, staff_id, role), _shows(session, filters.show, staff_id), *_narrowed(session, filters)]
    if (place := _place(order, after)) is not None:
        wanted.append(place)
    ordered = (column.desc() if filters.show == "closed" else column for column in order)
    # which ones, out of an index alone; only these are then read
    ids = list(session.scalars(select(Handoff.id).where(*wanted).order_by(*ordered).limit(PAGE + 1)))
    rows = _read(session, ids[:PAGE])
    return Page(rows, _mark(filters.show, rows[-1].handoff) if rows and len(ids) > PAGE else "")


def _read(session: Session, ids: list[int]) -> list[Queued]:
    query = (
        select(Handoff, Chat.channel, Staff.name)
        .join(Chat, Chat.id == Handoff.chat_id)
        .outerjoin(Staff, Staff.id == Handoff.claimed_by)
        .where(Handoff.id.in_(ids))
    )
    tags = _tags(session, ids)
    rows = {row[0].id: Queued(row[0], row[1], row[2] or "", tags.get(row[0].id, ())) for row in session.execute(query)}
    return [rows[number] for number in ids if number in rows]  # one may have been deleted a moment ago


def counts(session: Session, staff_id: int, role: str, filters: Filters | None = None) -> dict[str, int]:
    """How many there are in each of SHOWN, narrowed down as `filters` says, and in danger among those waiting ("danger").

    Of the closed ones up to MOST_COUNTED are counted, which stands for "so many or more".
    """
    visible, narrowed = visible_to(session, staff_id, role), _narrowed(session, filters) if filters else []
    which = {show: _shows(session, show, staff_id) for show in SHOWN if show != "closed"}
    which["danger"] = which["waiting"] & (Handoff.rank == 0)
    numbers = [func.count().filter(condition) for condition in which.values()]
    found: Any = session.execute(select(*numbers).where(_OPEN, visible, *narrowed)).one()  # one walk for all of them
    some = select(Handoff.id).where(_ENDED, visible, *narrowed).limit(MOST_COUNTED).subquery()
    closed = session.scalar(select(func.count()).select_from(some)) or 0
    return {**dict(zip(which, found, strict=True)), "closed": closed}


def latest(session: Session, staff_id: int, role: str) -> str:
    """Changes whenever an open case that they may know of changes; for pages that follow the queue live."""
    query = select(func.count(), func.max(Handoff.updated_at)).where(_OPEN, visible_to(session, staff_id, role))
    number, at = session.execute(query).one()
    return f"{number}.{_micros(at) if at else 0}"


def _shows(session: Session, show: str, staff_id: int) -> ColumnElement[bool]:
    if show == "closed":
        return _ENDED
    at = now()
    if show == "snoozed":
        return _OPEN & (Handoff.snoozed_until > at)
    awake = _OPEN & or_(Handoff.snoozed_until.is_(None), Handoff.snoozed_until <= at)
    if show == "waiting":
        return awake & Handoff.state.in_(WAITING)
    if show == "mine":
        return awake & (Handoff.claimed_by == staff_id)
    return awake & Handoff.team_id.in_(sorted(teams.team_ids_of(session, staff_id))) if show == "team" else awake


def _narrowed(session: Session, filters: Filters) -> list[ColumnElement[bool]]:
    columns = {"state": Handoff.state, "language": Handoff.language, "need": Handoff.need, "area": Handoff.area}
    found = [column == value for name, column in columns.items() if (value := getattr(filters, name))]
    if filters.urgency:
        found.append(Handoff.rank == (URGENCIES.index(filters.urgency) if filters.urgency in URGENCIES else -1))
    if filters.tag:
        found.append(searching.having(session, CaseTag.handoff_id, CaseTag.tag == filters.tag))
    searched = searching.condition(session, filters.text)
    return found if searched is None else [*found, searched]


def _order(show: str) -> tuple[Any, ...]:
    if show == "closed":
        return (Handoff.closed_at, Handoff.id)
    return (Handoff.snoozed_until, Handoff.id) if show == "snoozed" else (Handoff.rank, Handoff.waiting_since, Handoff.id)


def _mark(show: str, last: Handoff) -> str:
    values = [getattr(last, column.key) for column in _order(show)]
    return ".".join(str(_micros(value) if isinstance(value, dt.datetime) else value) for value in values)


def _place(order: tuple[Any, ...], after: str) -> ColumnElement[bool] | None:
    parts = after.split(".")
    if len(parts) != len(order) or not all(part.isascii() and part.isdecimal() and len(part) < 19 for part in parts):
        return None
    values = [
        literal(_EPOCH + int(part) * _MICROSECOND, UtcDateTime) if isinstance(column.type, UtcDateTime) else literal(int(part))
        for part, column in zip(parts, order, strict=True)
    ]
    beyond: ColumnElement[bool] = (
        tuple_(*order) < tuple_(*values) if order[0] is Handoff.closed_at else tuple_(*order) > tuple_(*values)
    )
    return beyond


def _micros(at: dt.datetime) -> int:
    return (at - _EPOCH) // _MICROSECOND


def _tags(session: Session, ids: list[int]) -> dict[int, tuple[str, ...]]:
    found: dict[int, tuple[str, ...]] = {}
    rows = session.execute(select(CaseTag.handoff_id, CaseTag.tag).where(CaseTag.handoff_id.in_(ids)).order_by(CaseTag.tag))
    for number, tag in rows:
        found[number] = (*found.get(number, ()), tag)
    return found

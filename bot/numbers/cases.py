"""Hand-offs in numbers: how many, how fast, about what, what came of them, who carries them."""

from __future__ import annotations

import datetime as dt
import itertools
import statistics
from collections import Counter
from collections.abc import Sequence

from sqlalchemy import ColumnElement, and_, func, select, type_coerce
from sqlalchemy.orm import InstrumentedAttribute, Session

from bot.cases import hours
from bot.cases.answering import OUTCOMES
from bot.cases.handoffs import NEEDS
from bot.cases.hours import LONDON, Hours
from bot.cases.models import Handoff
from bot.cases.retention import SILENT, UNANSWERED
from bot.cases.states import HELD, OPEN, URGENCIES, WAITING
from bot.db.base import UtcDateTime
from bot.numbers import suppression
from bot.numbers.gone import Gone
from bot.numbers.open_time import OpenTime
from bot.numbers.period import Scope
from bot.numbers.suppression import HIDDEN, Cell
from bot.numbers.tables import Row, Table, one_column, open_list, side_by_side
from bot.staff.models import Staff
from bot.staff.permissions import may

KINDS = ("asked", "danger", "immigration", "not_understood", "technical", "mentor")
AGES = {"hour": 1, "four_hours": 4, "day": 24, "three_days": 72, "week": 168}  # hours of waiting, up to which
FEWEST_FOR_90 = 20  # answers, so that at least two of them took longer than nine of ten did
NOT_SAID = "not_said"
FACETS = ("language", "need", "area", "kind", "outcome")
Facets = dict[str, Counter[str]]  # one of FACETS -> value -> how many


def opened(session: Session, scope: Scope, gone: Gone) -> int:
    return _count(session, _within(Handoff.created_at, scope)) + gone.number("handoff")


def flow(session: Session, scope: Scope, gone: Gone, kept_since: dt.date) -> Table:
    """Opened, first answered, closed, by week or month.

    Of those that were deleted only the month of the opening is known, so before `kept_since`, when closed ones began to be deleted, it
    is not known how many were answered or closed.
    """
    spans = scope.period.parts
    opened_in: list[int] = _by_part(session, scope, Handoff.created_at)
    for (what, month), times in gone.by_month.items():
        if what == "handoff":
            begins = dt.date.fromisoformat(f"{month}-01")
            opened_in[max(place for place, span in enumerate(spans) if span.first <= max(begins, spans[0].first))] += times
    lost = bool(gone.number("handoff") or gone.left_out)
    columns: dict[str, list[int | None]] = {"opened": [*opened_in]}
    for name, column in (("answered", Handoff.first_answered_at), ("closed", Handoff.closed_at)):
        counts = zip(spans, _by_part(session, scope, column), strict=True)
        columns[name] = [None if lost and span.first < kept_since else count for span, count in counts]
    codes = [f"{span.first.isoformat()}/{span.last.isoformat()}" for span in spans]
    return side_by_side("flow", "span", codes, columns)


def facets(session: Session, scope: Scope) -> Facets:
    """Those opened in these days by the value of each of FACETS; NOT_SAID where there is none. One reading for all of them."""
    columns = [getattr(Handoff, name) for name in FACETS]
    found: Facets = {name: Counter() for name in FACETS}
    query = select(*columns, func.count()).where(_within(Handoff.created_at, scope)).group_by(*columns)
    for *values, count in session.execute(query).all():
        for name, value in zip(FACETS, values, strict=True):
            found[name][value or NOT_SAID] += count
    return found


def languages(of: Facets, gone: Gone, offered: Sequence[str]) -> Table:
    """Every language the bot speaks, also one in which nobody asked: a gap would say that."""
    counts = Counter(of["language"]) + gone.languages("handoff")
    return one_column("languages", "language", {code: counts[code] for code in [*offered, *sorted(counts.keys() - set(offered))]})


def needs(of: Facets, gone: Gone) -> Table:
    counts = of["need"]
    known = {need: counts.get(need, 0) for need in sorted(NEEDS)}
    return one_column("needs", "need", {**known, NOT_SAID: counts.get(NOT_SAID, 0)}, deleted=gone.number("handoff"))


def areas(of: Facets, gone: Gone) -> Table:
    return open_list("areas", "area", of["area"], deleted=gone.number("handoff"))


def kinds(of: Facets, gone: Gone) -> Table:
    counts = of["kind"]
    return one_column("kinds", "kind", {kind: counts.get(kind, 0) for kind in KINDS}, deleted=gone.number("handoff"))


def outcomes(of: Facets, gone: Gone) -> Table:
    """What has come, until today, of those that were opened in these days."""
    counts, ended = Counter(of["outcome"]), gone.ended("handoff")
    still_open, cancelled = counts.pop(NOT_SAID, 0), ended.pop("open", 0)
    counts += ended
    known = {code: counts[code] for code in (*OUTCOMES, SILENT, UNANSWERED, "joined")}
    more = {code: count for code, count in sorted(counts.items()) if code not in known}
    return one_column("outcomes", "outcome", {**known, **more, "still_open": still_open, "cancelled": cancelled})


def waiting(session: Session, scope: Scope, at: dt.datetime) -> Table:
    """Those that nobody has taken, at this moment, by how long they have waited; the days do not matter."""
    bounds = [dt.timedelta(hours=hours) for hours in AGES.values()]
    these = and_(Handoff.closed_at.is_(None), Handoff.state.in_(WAITING), *_narrowed(scope))
    edges = [None, *bounds, None]
    found = [
        func.count().filter(
            *([Handoff.waiting_since <= at - low] if low is not None else []),
            *([Handoff.waiting_since > at - high] if high is not None else []),
        )
        for low, high in itertools.pairwise(edges)
    ]
    counts = session.execute(select(*found).select_from(Handoff).where(these)).one()
    return one_column("waiting", "age", dict(zip((*AGES, "longer"), map(int, counts), strict=True)))


def load(session: Session, scope: Scope) -> Table:
    """What each colleague holds now and has closed in these days."""
    held = _by_staff(session, and_(Handoff.closed_at.is_(None), Handoff.state.in_(HELD), *_narrowed(scope)))
    closed = _by_staff(session, _within(Handoff.closed_at, scope))
    codes = [
        str(row.id)
        for row in session.execute(select(Staff.id, Staff.role, Staff.disabled_at).order_by(Staff.name))
        if row.id in held or row.id in closed or (row.disabled_at is None and may(row.role, "cases.claim"))
    ]
    columns = {"held": [held.get(int(code), 0) for code in codes], "closed": [closed.get(int(code), 0) for code in codes]}
    return side_by_side("load", "staff", codes, columns)


def first_answers(session: Session, scope: Scope, house: Hours) -> Table:
    """How long those opened in these days waited for the first answer, in minutes: by the clock, and of open hours.

    The middle one, and the one that nine of ten do not exceed. Of too few nothing is said.
    """
    answered_at = type_coerce(Handoff.first_answered_at, UtcDateTime)
    query = select(Handoff.urgency, Handoff.team_id, Handoff.created_at, answered_at)
    query = query.where(_within(Handoff.created_at, scope), Handoff.first_answered_at.is_not(None))
    rows = session.connection().execute(query).all()  # a year of them: without the ORM
    spans: dict[str, list[tuple[float, float]]] = {urgency: [] for urgency in URGENCIES}
    if rows:
        last = max(row[3] for row in rows).astimezone(LONDON).date()
        teams = {row.team_id for row in rows}
        of_team = {
            team: OpenTime(hours.of_team(session, team, house, scope.period.start), scope.period.first, last) for team in teams
        }
        for urgency, team, begin, end in rows:
            spans[urgency].append(((end - begin).total_seconds() / 60, of_team[team].minutes(begin, end)))
    every = [span for found in spans.values() for span in found]
    cells = suppression.parts([len(found) for found in spans.values()])
    made = [Row(urgency, (cell, *_times(spans[urgency], cell))) for urgency, cell in zip(spans, cells, strict=True)]
    total = suppression.alone(len(every))
    columns = ("count", "median", "ninety", "open_median", "open_ninety")
    return Table("first_answers", "urgency", columns, tuple(made), (total, *_times(every, total)), minutes=1)


def open_now(session: Session, scope: Scope) -> int:
    return _count(session, and_(Handoff.closed_at.is_(None), Handoff.state.in_(OPEN), *_narrowed(scope)))


def _times(spans: list[tuple[float, float]], count: Cell) -> tuple[Cell, ...]:
    if count.value is None:
        return (HIDDEN,) * 4
    clock, open_hours = [sorted(span[place] for span in spans) for place in (0, 1)]
    found = []
    for taken in (clock, open_hours):
        ninth = Cell(round(statistics.quantiles(taken, n=10)[8])) if len(taken) >= FEWEST_FOR_90 else HIDDEN
        found += [Cell(round(statistics.median(taken))), ninth]
    return tuple(found)


def _narrowed(scope: Scope) -> list[ColumnElement[bool]]:
    given = ((Handoff.language, scope.language), (Handoff.need, scope.need), (Handoff.team_id, scope.team_id))
    return [column == value for column, value in given if value not in ("", None)]


def _within(
    column: InstrumentedAttribute[dt.datetime] | InstrumentedAttribute[dt.datetime | None], scope: Scope
) -> ColumnElement[bool]:
    return and_(column >= scope.period.start, column < scope.period.end, *_narrowed(scope))


def _count(session: Session, condition: ColumnElement[bool]) -> int:
    return session.scalar(select(func.count()).select_from(Handoff).where(condition)) or 0


def _by_part(
    session: Session, scope: Scope, column: InstrumentedAttribute[dt.datetime] | InstrumentedAttribute[dt.datetime | None]
) -> list[int]:
    spans = [func.count().filter(column >= part.start, column < part.end) for part in scope.period.parts]
    return [int(count) for count in session.execute(select(*spans).select_from(Handoff).where(_within(column, scope))).one()]


def _by_staff(session: Session, condition: ColumnElement[bool]) -> dict[int, int]:
    query = (
        select(Handoff.claimed_by, func.count()).where(condition, Handoff.claimed_by.is_not(None)).group_by(Handoff.claimed_by)
    )
    return {int(number): count for number, count in session.execute(query).all() if number is not None}

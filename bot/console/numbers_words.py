"""The report in words: what its codes are called, and how numbers, times and what is not shown are written."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from markupsafe import Markup
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot import i18n
from bot.cases.summary import language_name
from bot.console.rendering import LANGUAGE, day, t, t_or
from bot.knowledge import snapshot
from bot.numbers.charts import Bar, bars
from bot.numbers.journeys import FINISHED
from bot.numbers.report import Report
from bot.numbers.suppression import Cell
from bot.numbers.tables import Row, Table
from bot.staff.models import Staff, Team

KEY = "console.numbers."
OUT_OF_CHART = {
    "help_by_need": ("count",),
    "help_by_service": ("count",),
    "first_answers": ("count", "median", "ninety"),
    "steps": ("stands",),
}
WORDED = {
    "urgency": "console.urgency.", "outcome": "console.outcome.", "said": "console.outcome.", "kind": "console.kind.",
    "need": "need.", "referral": "console.referral.state.",
}  # fmt: skip


@dataclass(frozen=True)
class Worded:
    """`name`: unique in the report, as a file or an id may be called. `empty`: nothing in it may be shown."""

    name: str
    title: str
    note: str
    head: list[str]
    rows: list[tuple[str, list[str]]]
    total: list[str]
    chart: Markup
    empty: bool


class Words:
    """Of one report; asks the database what services, colleagues and steps are called."""

    def __init__(self, session: Session, report: Report) -> None:
        self._known, self.report = snapshot.current(session), report
        self._teams = {row.id: row.name for row in session.execute(select(Team.id, Team.name))}
        self._staff: dict[str, str] = {str(row.id): row.name for row in session.execute(select(Staff.id, Staff.name))}

    def tables(self, section: str) -> list[Worded]:
        return [self._worded(table) for table in self.report.sections[section]]

    def heads(self) -> list[tuple[str, str]]:
        return [(t(f"{KEY}head.{code}"), self.cell(cell)) for code, cell in self.report.heads.items()]

    def cautions(self) -> list[str]:
        return [t(f"{KEY}caution.{code}", number=number) for code, number in self.report.cautions.items()]

    def cell(self, cell: Cell, *, is_time: bool = False) -> str:
        if cell.value is None:
            return t(f"{KEY}{cell.mark}")
        return duration(cell.value) if is_time else f"{cell.value:,}"

    def as_lines(self, table: Table) -> Iterator[list[str]]:
        """For a file: numbers without separators, times in minutes."""
        plain: Callable[[Cell], str] = lambda cell: self.cell(cell) if cell.value is None else str(cell.value)  # noqa: E731  # one line, used once
        names = [t(f"{KEY}column.{name}") for name in table.columns]
        yield [t(f"{KEY}rows.{table.kind}"), *(self._unit(name, place >= table.minutes) for place, name in enumerate(names))]
        for row in table.rows:
            yield [self.label(table, row), *map(plain, row.cells)]
        if table.total:
            yield [t(f"{KEY}total"), *map(plain, table.total)]

    def files(self) -> Iterator[tuple[str, Iterator[list[str]]]]:
        """Name and lines of one file for each table, and of one for the numbers one reads first."""
        yield "heads", ([title, value] for title, value in self.heads())
        yield from ((name_of(table), self.as_lines(table)) for table in self.report.tables)

    def in_one(self) -> Iterator[list[str]]:
        """All tables under each other, for one file: each with its title, then an empty line."""
        yield [t(f"{KEY}title"), self.span()]
        yield from ([title, value] for title, value in self.heads())
        for table in self.report.tables:
            yield []
            yield [self.title(table)]
            yield from self.as_lines(table)
        yield []
        yield from ([caution] for caution in self.cautions())

    def narrowed(self) -> list[str]:
        """What the report is narrowed to."""
        scope = self.report.scope
        found = [language_name(scope.language)] if scope.language else []
        found += [t(f"need.{scope.need}")] if scope.need else []
        return found + ([self._teams[scope.team_id]] if scope.team_id is not None else [])

    def span(self) -> str:
        period = self.report.scope.period
        return t(f"{KEY}span", first=day(period.first), last=day(period.last))

    def title(self, table: Table) -> str:
        about = self._known.words("pathways", table.about, "title", LANGUAGE).text or table.about
        return t(f"{KEY}table.{table.key}", about=about) if about else t(f"{KEY}table.{table.key}")

    def label(self, table: Table, row: Row) -> str:
        first = self._label(table, row.code)
        if row.until in ("", row.code):
            return first
        return t(f"{KEY}run", first=first, last=self._label(table, row.until))

    def _worded(self, table: Table) -> Worded:
        columns = [t(f"{KEY}column.{name}") for name in table.columns]
        rows = [(self.label(table, row), self._texts(table, row.cells)) for row in table.rows]
        name = name_of(table)
        drawn = [place for place, column in enumerate(table.columns) if column not in OUT_OF_CHART.get(table.key, ())]
        picture = bars(
            f"c-{name}",
            self.title(table),
            t(f"{KEY}chart", columns=", ".join(columns[place] for place in drawn)),
            [columns[place] for place in drawn],
            [
                (label, [Bar(row.cells[place].value, texts[place]) for place in drawn])
                for row, (label, texts) in zip(table.rows, rows, strict=True)
            ],
        )
        return Worded(
            name,
            self.title(table),
            t(f"{KEY}note.{table.key}"),
            [t(f"{KEY}rows.{table.kind}"), *columns],
            rows,
            self._texts(table, table.total),
            Markup(picture),  # noqa: S704  # every text in it was escaped where it was put in
            table.is_empty,
        )

    def _texts(self, table: Table, cells: tuple[Cell, ...]) -> list[str]:
        return [self.cell(cell, is_time=place >= table.minutes) for place, cell in enumerate(cells)]

    def _label(self, table: Table, code: str) -> str:
        if table.kind == "span":
            first, _, last = code.partition("/")
            return _short_span(dt.date.fromisoformat(first), dt.date.fromisoformat(last))
        if i18n.has(LANGUAGE, own := f"{KEY}{table.kind}.{code}"):
            return t(own)
        if i18n.has(LANGUAGE, shared := f"{KEY}row.{code}"):
            return t(shared)
        if table.kind == "language":
            return language_name(code)
        if table.kind == "staff":
            return self._staff.get(code, code)
        if table.kind == "service":
            return str(self._known.receivers[code].name) if code in self._known.receivers else code
        if table.kind == "pathway":
            return self._known.words("pathways", code, "title", LANGUAGE).text or code
        if table.kind == "step":
            return self._step(table.about, code)
        return t_or(WORDED.get(table.kind, KEY), code)

    def _step(self, pathway: str, code: str) -> str:
        if code == FINISHED:
            return t(f"{KEY}finished")
        return self._known.words("pathways", pathway, f"{code}/title", LANGUAGE).text or code

    def _unit(self, name: str, is_time: bool) -> str:
        return t(f"{KEY}in_minutes", name=name) if is_time else name


def name_of(table: Table) -> str:
    """Unique in a report, as a file or an id may be called."""
    return f"{table.key}-{table.about}".strip("-").replace("_", "-")


def duration(minutes: int) -> str:
    """In the units one would say it in."""
    if minutes < 60:
        return t(f"{KEY}minutes", minutes=minutes)
    if minutes < 48 * 60:
        return t(f"{KEY}hours", hours=minutes // 60, minutes=minutes % 60)
    return t(f"{KEY}days_hours", days=minutes // (24 * 60), hours=minutes // 60 % 24)


def _short_span(first: dt.date, last: dt.date) -> str:
    if first.day == 1 and (last + dt.timedelta(days=1)).day == 1:
        return t(f"{KEY}month", month=t(f"{KEY}month.{first.month}"), year=first.year)
    return t(f"{KEY}short_span", first=_short(first), last=_short(last))


def _short(value: dt.date) -> str:
    return i18n.weekday(LANGUAGE, value).partition(" ")[2]

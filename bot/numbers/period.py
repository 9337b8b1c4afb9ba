"""Which days are counted, and what the count is narrowed to. Days are London's, the first and the last included."""

from __future__ import annotations

import calendar
import datetime as dt
from dataclasses import dataclass

from bot.cases.hours import LONDON
from bot.errors import RefusedError

LONGEST_DAYS = 3 * 366
BY_WEEKS = 62  # days: up to here a period is drawn by weeks, longer ones by months
PRESETS = ("this_month", "last_month", "quarter", "year")


@dataclass(frozen=True)
class Period:
    """Raises RefusedError (days): it ends before it begins, or is longer than LONGEST_DAYS."""

    first: dt.date
    last: dt.date

    def __post_init__(self) -> None:
        if not 0 <= (self.last - self.first).days < LONGEST_DAYS:
            raise RefusedError("the last day is not before the first, and at most three years after it", "days")

    @property
    def start(self) -> dt.datetime:
        return dt.datetime.combine(self.first, dt.time(), LONDON)

    @property
    def end(self) -> dt.datetime:
        """The midnight after the last day; excluded."""
        return dt.datetime.combine(self.last + dt.timedelta(days=1), dt.time(), LONDON)

    @property
    def parts(self) -> list[Period]:
        """The weeks (they begin on Monday) or, of a long period, the months of it; the ends as the period has them."""
        found, day = [], self.first
        by_weeks = (self.last - self.first).days < BY_WEEKS
        while day <= self.last:
            last = day + dt.timedelta(days=6 - day.weekday()) if by_weeks else _end_of_month(day)
            found.append(Period(day, min(last, self.last)))
            day = last + dt.timedelta(days=1)
        return found

    def months(self, today: dt.date) -> tuple[list[str], list[str]]:
        """The months ("2026-11") that it covers wholly, or as far as they have gone, and those of which it covers some days."""
        whole: list[str] = []
        partly: list[str] = []
        day = self.first.replace(day=1)
        while day <= self.last:
            covers = self.first <= day and min(_end_of_month(day), max(day, today)) <= self.last
            (whole if covers else partly).append(day.strftime("%Y-%m"))
            day = _end_of_month(day) + dt.timedelta(days=1)
        return whole, partly


@dataclass(frozen=True)
class Scope:
    """The days, and what is counted of them: "" and None mean everything."""

    period: Period
    language: str = ""
    need: str = ""
    team_id: int | None = None

    @property
    def is_of_cases_only(self) -> bool:
        """Whether it is narrowed by what only cases have, so that it says nothing about people and plans."""
        return bool(self.need) or self.team_id is not None


def preset(name: str, today: dt.date) -> Period:
    """One of PRESETS: until today, or for `last_month` the month before; `quarter`: of the calendar; `year`: this month and the eleven
    before it. Raises RefusedError (days)."""
    month = today.replace(day=1)
    if name == "this_month":
        return Period(month, today)
    if name == "last_month":
        before = month - dt.timedelta(days=1)
        return Period(before.replace(day=1), before)
    if name == "quarter":
        return Period(today.replace(month=(today.month - 1) // 3 * 3 + 1, day=1), today)
    if name == "year":
        return Period(
            month.replace(year=month.year - 1, month=month.month + 1) if month.month < 12 else month.replace(month=1), today
        )
    raise RefusedError("there is no such period", "days")


def _end_of_month(day: dt.date) -> dt.date:
    return day.replace(day=calendar.monthrange(day.year, day.month)[1])

"""When somebody of the team is there. The bot's promises and the targets come from here and from nowhere else.

Hours are in the time of London; a day is closed when it is a bank holiday, when the team says so, or when all of them are away.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.cases import crew
from bot.cases.holidays import Calendar
from bot.errors import RefusedError, SettingsError
from bot.staff import teams
from bot.staff.models import Absence, Team

LONDON = ZoneInfo("Europe/London")
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
AHEAD_DAYS = 366  # how far absences are looked at
_FORM = re.compile(r"(\w{3})(?:-(\w{3}))? (\d\d:\d\d)-(\d\d:\d\d)")


@dataclass(frozen=True)
class Hours:
    """Open from `opens` to `closes` on `days` (0 is Monday), never on a bank holiday or on one of `closed`."""

    days: tuple[int, ...]
    opens: dt.time
    closes: dt.time
    holidays: Calendar = field(default_factory=Calendar, compare=False)
    closed: frozenset[dt.date] = frozenset()

    @classmethod
    def parse(cls, text: str, holidays: Calendar | None = None) -> Hours:
        """From "mon-fri 09:00-16:30". Raises SettingsError."""
        match = _FORM.fullmatch(text.strip().lower())
        if not match or match[1] not in DAYS or (match[2] or match[1]) not in DAYS:
            raise SettingsError('USEIT_HOURS: must look like "mon-fri 09:00-16:30"')
        first, last = DAYS.index(match[1]), DAYS.index(match[2] or match[1])
        try:
            opens, closes = dt.time.fromisoformat(match[3]), dt.time.fromisoformat(match[4])
        except ValueError as error:
            raise SettingsError("USEIT_HOURS: has a time that does not exist") from error
        if opens >= closes or first > last:
            raise SettingsError("USEIT_HOURS: must open before it closes, and begin before it ends")
        return cls(tuple(range(first, last + 1)), opens, closes, holidays or Calendar())

    def is_open(self, at: dt.datetime) -> bool:
        local = at.astimezone(LONDON)
        return self.works(local.date()) and self.opens <= local.time() < self.closes

    def next_open(self, at: dt.datetime) -> dt.datetime:
        """`at` itself when somebody is there, else the next moment at which somebody is; in London's time."""
        local = at.astimezone(LONDON)
        if self.is_open(at):
            return local
        today = local.time() < self.opens and self.works(local.date())
        return dt.datetime.combine(local.date() if today else self.day_after(local.date()), self.opens, LONDON)

    def works(self, day: dt.date) -> bool:
        """Whether somebody is there on this day at all."""
        return day.weekday() in self.days and day not in self.holidays and day not in self.closed

    def day_after(self, day: dt.date) -> dt.date:
        """The next working day, never `day` itself."""
        day += dt.timedelta(days=1)
        while not self.works(day):
            day += dt.timedelta(days=1)
        return day

    def closing(self, day: dt.date) -> dt.datetime:
        return dt.datetime.combine(day, self.closes, LONDON)

    def after(self, at: dt.datetime, amount: dt.timedelta) -> dt.datetime:
        """When so much open time has passed since `at`; in UTC, where an hour is an hour when the clocks change."""
        begins = self.next_open(at)
        while True:
            left = self.closing(begins.date()).astimezone(dt.UTC) - begins.astimezone(dt.UTC)
            if amount <= left:
                return begins.astimezone(dt.UTC) + amount
            amount -= left
            begins = dt.datetime.combine(self.day_after(begins.date()), self.opens, LONDON)


def of_team(session: Session, team_id: int | None, house: Hours, at: dt.datetime) -> Hours:
    """The team's own hours, else the house's; closed on its own closed days, and on those on which all its members are away.

    `team_id` None: everybody who works on cases is the team.
    """
    team = session.get(Team, team_id) if team_id is not None else None
    own = Hours.parse(team.hours, house.holidays) if team and team.hours else house
    closed = {dt.date.fromisoformat(day) for day in (team.closed or [])} if team else set()
    return replace(own, closed=own.closed | closed | _all_away(session, team_id, at.astimezone(LONDON).date()))


def of_default_team(session: Session, house: Hours, at: dt.datetime) -> Hours:
    """Of the team that new cases go to: what a person can be promised."""
    team = teams.default_team(session)
    return of_team(session, team.id if team else None, house, at)


def _all_away(session: Session, team_id: int | None, today: dt.date) -> set[dt.date]:
    away: dict[int, set[dt.date]] = {number: set() for number in crew.ids(session, team_id)}
    rows = session.execute(select(Absence.staff_id, Absence.first, Absence.last).where(Absence.last >= today))
    for number, first, last in rows:
        if number in away:
            away[number].update(_days(max(first, today), min(last, today + dt.timedelta(days=AHEAD_DAYS))))
    return set.intersection(*away.values()) if away else set()


def _days(first: dt.date, last: dt.date) -> Iterable[dt.date]:
    return (first + dt.timedelta(days=n) for n in range((last - first).days + 1))


def moment(text: str) -> dt.datetime:
    """A time as a form's "2026-12-01T14:30" gives it, by the clock on the wall in London; in UTC.

    The hour that comes twice in autumn is the first of the two. Raises RefusedError: time (no time, or one that the clock skips).
    """
    try:
        local = dt.datetime.fromisoformat(text.strip())
        found = local.replace(tzinfo=LONDON).astimezone(dt.UTC)
    except (ValueError, OverflowError) as error:
        raise RefusedError("this is not a day and a time", "time") from error
    if local.tzinfo is not None or found.astimezone(LONDON).replace(tzinfo=None) != local:
        raise RefusedError("this is not a time in London: it has a zone, or the clocks go forward over it", "time")
    return found

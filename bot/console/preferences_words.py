"""How settings look: the week as a picture, the next days, and one line for each change."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from bot.cases.hours import LONDON, Hours
from bot.console import rendering
from bot.installation.models import SettingChange

DAY_HEIGHT, LEFT, WIDTH = 22, 44, 480  # of the picture; 20 units are an hour
SHOWN_DAYS = 14
LONGEST = 120  # characters of a value in the list of changes


@dataclass(frozen=True)
class Bar:
    """One day of the picture: `x` and `width` None when nobody is there."""

    name: str
    y: int
    x: float | None
    width: float | None


@dataclass(frozen=True)
class Day:
    """One of the days to come. `why`: of a closed one, holiday or closed; "" of an open one."""

    day: dt.date
    opens: str
    closes: str
    why: str


@dataclass(frozen=True)
class Changed:
    id: int
    name: str
    at: dt.datetime
    who: str
    before: str
    after: str
    can_be_undone: bool

    @classmethod
    def of(cls, row: SettingChange) -> Changed:
        return cls(row.id, row.name, row.at, row.who, _short(row, row.before), _short(row, row.after), row.name != "stop")


def week(hours: Hours) -> list[Bar]:
    """Monday to Sunday, without holidays."""
    begins, ends = _hour(hours.opens), _hour(hours.closes)
    bars = []
    for number in range(7):
        name = rendering.t(f"console.settings.day.{number}")
        is_open = number in hours.days
        y = number * DAY_HEIGHT
        bars.append(Bar(name, y, LEFT + begins * 20 if is_open else None, (ends - begins) * 20 if is_open else None))
    return bars


def coming(hours: Hours, at: dt.datetime) -> list[Day]:
    """The next days, holidays among them."""
    today = at.astimezone(LONDON).date()
    days = []
    for day in (today + dt.timedelta(days=n) for n in range(SHOWN_DAYS)):
        why = "" if hours.works(day) else "holiday" if day.weekday() in hours.days else "closed"
        days.append(Day(day, f"{hours.opens:%H:%M}", f"{hours.closes:%H:%M}", why))
    return days


def _hour(time: dt.time) -> float:
    return time.hour + time.minute / 60


def _short(row: SettingChange, value: object) -> str:
    if value is None:
        return rendering.t("console.settings.not_set" if row.name != "stop" else "console.settings.runs")
    if isinstance(value, dict):
        return str(value.get("reason", ""))[:LONGEST]
    if isinstance(value, bool):
        return rendering.t("console.settings.on" if value else "console.settings.off")
    text = ", ".join(map(str, value)) if isinstance(value, list) else str(value)
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"

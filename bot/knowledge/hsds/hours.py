"""Schedules of HSDS (a weekly rule of RFC 5545 with a time of day) and our opening hours."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from typing import get_args

from bot.knowledge import seed
from bot.knowledge.hsds import prose
from bot.knowledge.hsds.forms import clock_of, day_of
from bot.knowledge.hsds.ids import identify
from bot.knowledge.hsds.tables import Schedule, said

DAYS: tuple[seed.Day, ...] = get_args(seed.Day)
CODES = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_LAST = "23:59"  # our day ends here; in HSDS it may end at 00:00


def openings_of(schedules: list[Schedule], on: dt.date) -> list[seed.Opening]:
    """The weekly hours that hold on a day. What is monthly, in every other week, or has no time of day is not ours to say."""
    found: list[seed.Opening] = []
    for schedule in schedules:
        if _holds(schedule, on):
            found += [opening for opening in _openings(schedule) if opening not in found]
    return found


def words_of(schedules: list[Schedule]) -> str:
    """What they say of the hours, each text once."""
    return prose.joined([schedule.description for schedule in schedules])


def schedules_of(service: seed.Service) -> list[Schedule]:
    """A service's hours; the text about them stands with the first."""
    found = [
        Schedule(
            id=identify("schedule", service.key, ",".join(o.days), o.opens, o.closes),
            freq="WEEKLY",
            byday=",".join(CODES[DAYS.index(day)] for day in o.days),
            opens_at=f"{o.opens}:00",
            closes_at=f"{o.closes}:00",
        )
        for o in service.openings
    ]
    if service.hours:
        if not found:
            found = [Schedule(id=identify("schedule", service.key, "described"))]
        found[0].description = service.hours
    return found


def days_of(schedule: Schedule) -> list[int]:
    """The days of the week of a rule, Monday 0: its `byday`, else the day it begins on."""
    if byday := said(schedule.byday):
        parts = re.split(r"[,;\s]+", byday.strip().upper())
        return [CODES.index(part) for part in parts if part in CODES]
    begins = day_of(schedule.dtstart)
    return [begins.weekday()] if begins else []


def _holds(schedule: Schedule, on: dt.date) -> bool:
    ends = [day for day in (day_of(schedule.valid_to), day_of(schedule.until)) if day]
    begins = day_of(schedule.valid_from)
    return (begins is None or begins <= on) and all(on <= day for day in ends)


def _openings(schedule: Schedule) -> Iterator[seed.Opening]:
    days, opens, closes = days_of(schedule), clock_of(schedule.opens_at), clock_of(schedule.closes_at)
    weekly = schedule.freq == "WEEKLY" or (not schedule.freq and schedule.byday)
    if not days or opens is None or closes is None or not weekly or (schedule.interval or 1) != 1:
        return
    if closes == dt.time(0):
        yield _opening(days, f"{opens:%H:%M}", _LAST)
    elif opens < closes:
        yield _opening(days, f"{opens:%H:%M}", f"{closes:%H:%M}")
    elif opens > closes:  # through the night: two days' hours
        yield _opening(days, f"{opens:%H:%M}", _LAST)
        yield _opening([(day + 1) % 7 for day in days], "00:00", f"{closes:%H:%M}")


def _opening(days: list[int], opens: str, closes: str) -> seed.Opening:
    return seed.Opening(days=[DAYS[day] for day in days], opens=opens, closes=closes)

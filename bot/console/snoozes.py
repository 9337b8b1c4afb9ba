"""The times until which a case is usually set aside."""

from __future__ import annotations

import datetime as dt

from bot.cases.hours import LONDON

MORNING = dt.time(9)


def offered(at: dt.datetime) -> list[tuple[str, str]]:
    """(name, value): the name by which console.snooze.<name> words it, the value as a form's time has it, by London's clock."""
    today = at.astimezone(LONDON).date()
    to_monday = dt.timedelta(days=7 - today.weekday())
    days = {"tomorrow": today + dt.timedelta(days=1), "three_days": today + dt.timedelta(days=3), "monday": today + to_monday}
    return [(name, dt.datetime.combine(day, MORNING).strftime("%Y-%m-%dT%H:%M")) for name, day in days.items()]

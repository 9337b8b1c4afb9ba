"""Whether a service is open at a moment, by the clock on the wall in England."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

from bot.knowledge.seed import Opening, Service

PLACE = ZoneInfo("Europe/London")
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def is_open(service: Service, at: dt.datetime) -> bool | None:
    """None where no hours are known."""
    if not service.openings:
        return None
    local = at.astimezone(PLACE)
    return any(DAYS[local.weekday()] in opening.days and _within(opening, local.time()) for opening in service.openings)


def _within(opening: Opening, time: dt.time) -> bool:
    opens, closes = (dt.time.fromisoformat(written) for written in (opening.opens, opening.closes))
    return opens <= time <= closes if closes == dt.time(23, 59) else opens <= time < closes

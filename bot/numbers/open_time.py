"""How much of a span of time somebody was there: open hours between two moments, fast enough for every case of a year."""

from __future__ import annotations

import datetime as dt

from bot.cases.hours import LONDON, Hours


class OpenTime:
    """Between two days. `hours`: of the team."""

    def __init__(self, hours: Hours, first: dt.date, last: dt.date) -> None:
        self._hours, self._first = hours, first
        self._a_day = (_seconds(hours.closes) - _seconds(hours.opens)) / 60
        self._works = [hours.works(first + dt.timedelta(days=n)) for n in range((last - first).days + 2)]
        self._before = [0.0]
        for works in self._works:
            self._before.append(self._before[-1] + (self._a_day if works else 0.0))

    def minutes(self, begin: dt.datetime, end: dt.datetime) -> float:
        """Of open time from `begin` to `end`, both within the days."""
        return self._until(end) - self._until(begin)

    def _until(self, at: dt.datetime) -> float:
        local = at.astimezone(LONDON)
        place = (local.date() - self._first).days
        if not self._works[place]:
            return self._before[place]
        today = (_seconds(local.time()) - _seconds(self._hours.opens)) / 60
        return self._before[place] + min(max(today, 0.0), self._a_day)


def _seconds(time: dt.time) -> float:
    return time.hour * 3600 + time.minute * 60 + time.second

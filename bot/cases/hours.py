"""When somebody of the team is there. The bot's promises come from here and from nowhere else.

England's bank holidays are shipped as data; hours are in the time of London.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from zoneinfo import ZoneInfo

import yaml

from bot.errors import SettingsError

LONDON = ZoneInfo("Europe/London")
HOLIDAYS = Path(__file__).resolve().parents[2] / "data/bank_holidays.yml"
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_FORM = re.compile(r"(\w{3})(?:-(\w{3}))? (\d\d:\d\d)-(\d\d:\d\d)")


@dataclass(frozen=True)
class Hours:
    """Open from `opens` to `closes` on `days` (0 is Monday), never on a bank holiday."""

    days: tuple[int, ...]
    opens: dt.time
    closes: dt.time

    @classmethod
    def parse(cls, text: str) -> Hours:
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
        return cls(tuple(range(first, last + 1)), opens, closes)

    def is_open(self, at: dt.datetime) -> bool:
        local = at.astimezone(LONDON)
        return self._works(local.date()) and self.opens <= local.time() < self.closes

    def next_open(self, at: dt.datetime) -> dt.datetime:
        """`at` itself when somebody is there, else the next moment at which somebody is; in London's time."""
        local = at.astimezone(LONDON)
        if self.is_open(at):
            return local
        day = local.date() if local.time() < self.opens else local.date() + dt.timedelta(days=1)
        while not self._works(day):
            day += dt.timedelta(days=1)
        return dt.datetime.combine(day, self.opens, LONDON)

    def _works(self, day: dt.date) -> bool:
        return day.weekday() in self.days and day not in bank_holidays()


@lru_cache(maxsize=1)
def bank_holidays() -> frozenset[dt.date]:
    return frozenset(yaml.safe_load(HOLIDAYS.read_text(encoding="utf-8")))

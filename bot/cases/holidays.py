"""England's bank holidays: shipped as data, and newer ones from GOV.UK when somebody has fetched them."""

from __future__ import annotations

import datetime as dt
import json
import logging
from functools import lru_cache
from pathlib import Path
from typing import Any

import httpx
import yaml

from bot.errors import PermanentError, TransientError

log = logging.getLogger(__name__)
SHIPPED = Path(__file__).resolve().parents[2] / "data/bank_holidays.yml"
FEED = "https://www.gov.uk/bank-holidays.json"
DIVISION = "england-and-wales"
SECONDS = 10.0
LONGEST = 1_000_000  # bytes; the feed has some tens of thousands


class Calendar:
    """The days that are bank holidays. `fetched`: the file that `update` wrote; it is read again when it changes."""

    def __init__(self, fetched: Path | None = None) -> None:
        self._fetched = fetched
        self._seen: float | None = None
        self._days = shipped()

    def __contains__(self, day: dt.date) -> bool:
        return day in self.days()

    def days(self) -> frozenset[dt.date]:
        """The shipped ones; for a year that was fetched, what GOV.UK says alone: a holiday can be moved by proclamation."""
        if self._fetched is not None:
            changed = self._fetched.stat().st_mtime if self._fetched.exists() else None
            if changed != self._seen:
                self._seen = changed
                try:
                    newer = read(self._fetched) if changed is not None else frozenset()
                except PermanentError as error:  # no reason to promise nothing: the days known before still count
                    log.error("%s", error)
                    return self._days
                years = {day.year for day in newer}
                self._days = newer | {day for day in shipped() if day.year not in years}
        return self._days


@lru_cache(maxsize=1)
def shipped() -> frozenset[dt.date]:
    return frozenset(yaml.safe_load(SHIPPED.read_text(encoding="utf-8")))


def fetched_file(var: Path) -> Path:
    """Where fetched holidays are kept."""
    return var / "bank_holidays.json"


def read(path: Path) -> frozenset[dt.date]:
    """Raises PermanentError when the file does not hold days."""
    try:
        return frozenset(dt.date.fromisoformat(day) for day in json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError) as error:
        raise PermanentError(f"{path.name} does not hold days: delete it or fetch it again") from error


def fetch(address: str = FEED) -> frozenset[dt.date]:
    """What the feed says. Raises TransientError (no network, a slow or failing server), PermanentError (not the feed)."""
    try:
        answer = httpx.get(address, timeout=SECONDS, follow_redirects=True)
        answer.raise_for_status()
    except httpx.HTTPError as error:
        raise TransientError(f"the bank holidays could not be fetched ({type(error).__name__})") from error
    if len(answer.content) > LONGEST:
        raise PermanentError("the answer is too long to be the bank holidays")
    try:
        events: list[dict[str, Any]] = json.loads(answer.content)[DIVISION]["events"]
        days = frozenset(dt.date.fromisoformat(event["date"]) for event in events)
    except (ValueError, TypeError, KeyError) as error:
        raise PermanentError("the answer is not the bank holidays of GOV.UK") from error
    if not days:
        raise PermanentError("the answer holds no bank holidays")
    return days


def update(var: Path, address: str = FEED) -> frozenset[dt.date]:
    """Fetches and keeps them; what was kept before stays when anything goes wrong. Raises what `fetch` raises."""
    days = fetch(address)
    path = fetched_file(var)
    fresh = path.with_suffix(".new")
    fresh.write_text(json.dumps(sorted(day.isoformat() for day in days)), encoding="utf-8")
    fresh.replace(path)
    return days

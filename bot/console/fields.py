"""Reading what a form or a path says, where it is not plain text."""

from __future__ import annotations

import datetime as dt

from bot.cases.hours import LONDON
from bot.console.visits import NotHereError, Visit
from bot.db.base import now
from bot.errors import RefusedError


def today() -> dt.date:
    """In London, where the team is."""
    return now().astimezone(LONDON).date()


def day(text: str) -> dt.date:
    """As a date field sends it. Raises RefusedError (days)."""
    try:
        return dt.date.fromisoformat(text.strip())
    except ValueError as error:
        raise RefusedError("a day looks like 2026-12-24", "days") from error


def days(visit: Visit) -> tuple[dt.date, dt.date]:
    """The fields `first` and `last`; without a last day it is the first. Raises RefusedError (days)."""
    first = day(visit.value("first"))
    return first, day(visit.value("last")) if visit.value("last").strip() else first


def number_in_path(visit: Visit, name: str = "id") -> int:
    """Raises NotHereError when that part of the path is no id."""
    return _number(visit.part(name))


def number_in_form(visit: Visit, name: str) -> int:
    """Raises NotHereError when the field holds no id: our own pages send one."""
    return _number(visit.value(name))


def _number(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and 0 < len(text) < 10):
        raise NotHereError
    return int(text)

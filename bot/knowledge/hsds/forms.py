"""The forms that HSDS asks of single values (uuid, uri, email, dates and times), and reading them."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from urllib.parse import quote

_CHARACTER = r"(?:[A-Za-z0-9:/?@!$&'()*+,;=\-._~]|%[0-9A-Fa-f]{2})"
_URI = re.compile(rf"([A-Za-z][A-Za-z0-9+.-]*):{_CHARACTER}+(?:#{_CHARACTER}*)?")  # RFC 3986, without IPv6 addresses
_RFC3339 = re.compile(r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(?:\.\d+)?(?:[Zz]|[+-]\d\d:\d\d)")
_EMAIL = re.compile(r"[^@\s<>]+@[^@\s<>]+")
_UUID = re.compile(r"[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}")
_RUNS_CODE = ("javascript", "data", "vbscript")


def is_identifier(value: str) -> bool:
    """A UUID with its hyphens (RFC 4122), as the schema's `uuid` format has it."""
    return _UUID.fullmatch(value) is not None


def is_link(value: str) -> bool:
    """A URI (RFC 3986) that a browser would not run."""
    found = _URI.fullmatch(value)
    return found is not None and found[1].lower() not in _RUNS_CODE


def is_web(value: str) -> bool:
    return is_link(value) and value.lower().startswith(("http://", "https://"))


def is_email(value: str) -> bool:
    return _EMAIL.fullmatch(value) is not None


def is_day(value: str) -> bool:
    return day_of(value) is not None


def is_clock(value: str) -> bool:
    return clock_of(value) is not None


def is_moment(value: str) -> bool:
    return moment_of(value) is not None


def day_of(value: object) -> dt.date | None:
    """The day of a date or of a date with a time: published feeds hold both."""
    found = moment_of(value)
    return found.date() if found else None


def moment_of(value: object) -> dt.datetime | None:
    """In UTC; a moment that names no zone is taken to be in UTC, a date is its first moment."""
    try:
        found = dt.datetime.fromisoformat(value) if isinstance(value, str) else None
        return found.astimezone(dt.UTC) if found and found.tzinfo else found.replace(tzinfo=dt.UTC) if found else None
    except (ValueError, OverflowError):
        return None


def clock_of(value: object) -> dt.time | None:
    try:
        return dt.time.fromisoformat(value).replace(tzinfo=None) if isinstance(value, str) else None
    except ValueError:
        return None


def written(moment: dt.datetime) -> str:
    """RFC 3339, in UTC, by seconds: the schema's `date-time`."""
    return moment.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def in_full(stated: str, moment: dt.datetime) -> str:
    """A moment as somebody stated it where that is RFC 3339 already, else written anew."""
    return stated if _RFC3339.fullmatch(stated) else written(moment)


def as_uri(link: str) -> str:
    """A link that people write with letters outside ASCII, as a URI."""
    return quote(link, safe=":/?#@!$&'()*+,;=-._~%")


# (predicate, what the value should have been)
Form = tuple[Callable[[str], bool], str]
IDENTIFIER: Form = (is_identifier, "is not a UUID")
LINK: Form = (is_link, "is not a link (https://...)")
EMAIL: Form = (is_email, "is not an e-mail address")
DAY: Form = (is_day, "is not a date (YYYY-MM-DD)")
CLOCK: Form = (is_clock, "is not a time (HH:MM)")
MOMENT: Form = (is_moment, "is not a date with a time (YYYY-MM-DDTHH:MM:SSZ)")

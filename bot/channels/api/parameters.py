"""The API's query parameters: what each may be, read strictly. One table for the reading and for the description."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from starlette.datastructures import QueryParams

from bot.knowledge import places

MOST_PER_PAGE = 100
USUAL_PER_PAGE = 50
MOST_PAGES = 1_000_000
LONGEST = 200  # characters
FORMATS = ("json", "ndjson")
DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
DAY_NAMES = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
CLOCK = r"^([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9])?$"
POSTCODE = r"^[A-Za-z]{1,2}[0-9][0-9A-Za-z]?( ?[0-9][A-Za-z]{2})?$"
_INTEGER = re.compile(r"[0-9]{1,7}")
_NUMBER = re.compile(r"-?[0-9]{1,20}(\.[0-9]{1,20})?([eE][+-]?[0-9]{1,3})?")
_MOMENT = re.compile(r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)")


class BadParameterError(Exception):
    """`reason`: unknown, twice, integer, number, boolean, day, time, moment, postcode, format, long (400); needs_postcode,
    unknown_postcode (422: well formed, and there is no answer to it)."""

    def __init__(self, name: str, reason: str, status: int = 400) -> None:
        self.name, self.reason, self.status = name, reason, status
        super().__init__(f"{name}: {reason}")


@dataclass(frozen=True)
class Parameter:
    """`schema`: of OpenAPI. `read`: gives the value or raises ValueError; `reason`: why it did."""

    name: str
    schema: Mapping[str, Any]
    read: Callable[[str], Any]
    reason: str


def _integer(low: int, high: int) -> Callable[[str], int]:
    def read(value: str) -> int:
        if not _INTEGER.fullmatch(value) or not low <= int(value) <= high:
            raise ValueError(value)
        return int(value)

    return read


def _number(value: str) -> float:
    if not _NUMBER.fullmatch(value):
        raise ValueError(value)
    return float(value)


def _distance(value: str) -> float:
    if (metres := _number(value)) < 0:
        raise ValueError(value)
    return metres


def _boolean(value: str) -> bool:
    return ("false", "true").index(value) == 1  # raises ValueError for any other


def _day(value: str) -> int:
    return DAYS.index(value) if value in DAYS else DAY_NAMES.index(value)


def _clock(value: str) -> dt.time:
    if not re.fullmatch(CLOCK, value):
        raise ValueError(value)
    return dt.time.fromisoformat(value)


def _moment(value: str) -> dt.datetime:
    if not _MOMENT.fullmatch(value):
        raise ValueError(value)
    return dt.datetime.fromisoformat(value.upper())


def _postcode(value: str) -> str:
    if not re.fullmatch(POSTCODE, value):
        raise ValueError(value)
    return value.upper()


def _format(value: str) -> str:
    return FORMATS[FORMATS.index(value)]  # raises ValueError for any other


def _text(value: str) -> str:
    if len(value) > LONGEST:
        raise ValueError(value)
    return value


_TEXT = {"type": "string", "maxLength": LONGEST}
_YES_NO = {"type": "boolean", "default": False}
PARAMETERS: dict[str, Parameter] = {
    p.name: p
    for p in (
        Parameter("search", _TEXT, _text, "long"),
        Parameter(
            "page", {"type": "integer", "minimum": 1, "maximum": MOST_PAGES, "default": 1}, _integer(1, MOST_PAGES), "integer"
        ),
        Parameter(
            "per_page",
            {"type": "integer", "minimum": 1, "maximum": MOST_PER_PAGE, "default": USUAL_PER_PAGE},
            _integer(1, MOST_PER_PAGE),
            "integer",
        ),
        Parameter("format", {"type": "string", "enum": [*FORMATS], "default": "json"}, _format, "format"),
        Parameter("minimal", _YES_NO, _boolean, "boolean"),
        Parameter("full", _YES_NO, _boolean, "boolean"),
        Parameter("taxonomy_term_id", _TEXT, _text, "long"),
        Parameter("taxonomy_id", _TEXT, _text, "long"),
        Parameter("organization_id", _TEXT, _text, "long"),
        Parameter("minimum_age", {"type": "number"}, _number, "number"),
        Parameter("maximum_age", {"type": "number"}, _number, "number"),
        Parameter("start_time", {"type": "string", "pattern": CLOCK}, _clock, "time"),
        Parameter("end_time", {"type": "string", "pattern": CLOCK}, _clock, "time"),
        Parameter("day", {"type": "string", "enum": [*DAYS, *DAY_NAMES]}, _day, "day"),
        Parameter("postcode", {"type": "string", "pattern": POSTCODE}, _postcode, "postcode"),
        Parameter("proximity", {"type": "number", "minimum": 0}, _distance, "number"),
        Parameter("modified_after", {"type": "string", "format": "date-time"}, _moment, "moment"),
    )
}


def read(query: QueryParams, allowed: tuple[str, ...]) -> dict[str, Any]:
    """The values that were given. Raises BadParameterError: a filter that is misspelt would otherwise answer with everything."""
    found: dict[str, Any] = {}
    for name, value in query.multi_items():
        if name not in allowed:
            raise BadParameterError(name, "unknown")
        if name in found:
            raise BadParameterError(name, "twice")
        try:
            found[name] = PARAMETERS[name].read(value)
        except ValueError as error:
            raise BadParameterError(name, PARAMETERS[name].reason) from error
    if "proximity" in found and "postcode" not in found:
        raise BadParameterError("proximity", "needs_postcode", 422)
    if "postcode" in found and places.point_of(found["postcode"]) is None:
        raise BadParameterError("postcode", "unknown_postcode", 422)
    return found

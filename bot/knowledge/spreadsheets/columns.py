"""Which columns a sheet of terms or services has, and how their values are written in a cell and read from one."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from bot.knowledge.checks import cleaned
from bot.knowledge.seed import TextFields
from bot.settings import KNOWN_LANGUAGES

LANGUAGES = tuple(code for code in KNOWN_LANGUAGES if code != "en")
KEY, REVISION = "key", "revision"
FACT = ("source", "checked_on", "review_by", "volatility", "sure")
_OPENING = re.compile(
    r"((?:mon|tue|wed|thu|fri|sat|sun)(?:[ ,]+(?:mon|tue|wed|thu|fri|sat|sun))*) +(\d\d:\d\d) ?[-–] ?(\d\d:\d\d)"
)


@dataclass(frozen=True)
class Kind:
    """How a value stands in a cell. `read` raises ValueError with what would be right."""

    write: Callable[[Any], str]
    read: Callable[[str], Any]


def _list(values: list[str]) -> str:
    """Items by " | "; each on a line of its own where one of them holds the sign."""
    items = [str(value) for value in values]
    return "\n".join([*items, ""]) if any("|" in item for item in items) else " | ".join(items)


def _items(cell: str) -> list[str]:
    parts = re.split(r"[\r\n]+" if "\n" in cell.strip(" ") else r"\|", cell)
    return list(dict.fromkeys(part.strip() for part in parts if part.strip()))


def _codes(cell: str) -> list[str]:
    return list(dict.fromkeys(part for part in re.split(r"[|,;\s]+", cell) if part))


def _yes(cell: str) -> bool:
    words = cell.strip().lower()
    if words not in ("", "yes", "no", "true", "false"):
        raise ValueError("must be yes or no")
    return words in ("yes", "true")


def _number(cell: str) -> int | None:
    if not re.fullmatch(r"\d{0,3}", cell.strip()):
        raise ValueError("must be a whole number")
    return int(cell) if cell.strip() else None


def _phones(values: list[Mapping[str, str]]) -> str:
    return _list([f"{value['number']}; {value['note']}" if value.get("note") else value["number"] for value in values])


def _read_phones(cell: str) -> list[dict[str, str]]:
    pairs = (item.partition(";") for item in _items(cell))
    return [{"number": number.strip(), "note": note.strip()} for number, _, note in pairs]


def _openings(values: list[Mapping[str, Any]]) -> str:
    return _list([f"{' '.join(value['days'])} {value['opens']}-{value['closes']}" for value in values])


def _read_openings(cell: str) -> list[dict[str, Any]]:
    found = []
    for item in _items(cell):
        match = _OPENING.fullmatch(" ".join(item.lower().split()))
        if not match:
            raise ValueError("hours look like mon tue 09:00-17:00 | wed 10:00-12:00")
        found.append({"days": re.findall(r"\w{3}", match[1]), "opens": match[2], "closes": match[3]})
    return found


LINE = Kind(str, lambda cell: " ".join(cleaned(cell).split()))
TEXT = Kind(str, cleaned)
ITEMS = Kind(_list, _items)
CODES = Kind(_list, _codes)
YES = Kind(lambda value: "yes" if value else "", _yes)
NUMBER = Kind(lambda value: "" if value is None else str(value), _number)
LEVEL = Kind(str, lambda cell: _number(cell) or 0)
FOLLOW_UP = Kind(str, lambda cell: _number(cell) or 14)
UNLESS_NO = Kind(lambda value: "" if value else "no", lambda cell: not cell.strip() or _yes(cell))
NAMES = Kind(lambda value: _list(str(value).split("\n")), lambda cell: "\n".join(_items(cell)))

PLAIN: dict[str, dict[str, Kind]] = {
    "terms": {
        "name": LINE,
        "expansion": LINE,
        "domain": LINE,
        "aliases": ITEMS,
        "misspellings": ITEMS,
        "related": CODES,
        "confused_with": CODES,
        "shared": ITEMS,
        "context": ITEMS,
        "topic": YES,
        "everyday": YES,
    },
    "services": {
        "organization": LINE,
        "name": LINE,
        "needs": CODES,
        "towns": ITEMS,
        "postcode_districts": CODES,
        "national": YES,
        "address": LINE,
        "phones": Kind(_phones, _read_phones),
        "url": LINE,
        "email": LINE,
        "languages": CODES,
        "attributes": CODES,
        "immigration_level": LEVEL,
        "openings": Kind(_openings, _read_openings),
        "min_age": NUMBER,
        "max_age": NUMBER,
        "interpreters": YES,
        "referral_email": LINE,
        "follow_up_days": FOLLOW_UP,
        "takes_links": UNLESS_NO,
    },
}


def names(kind: str, languages: tuple[str, ...]) -> list[str]:
    """The columns in their order; translations are `<field>.<language>`."""
    texts = TextFields[kind]
    others = (*texts, "names") if kind == "terms" else texts
    translated = [f"{field}.{language}" for language in languages for field in others]
    return [KEY, REVISION, *PLAIN[kind], *texts, *FACT, *translated]


def place(name: str) -> tuple[str, str]:
    """(language, field) of a text's column."""
    field, _, language = name.partition(".")
    return language or "en", field


def column(place: tuple[str, str]) -> str:
    language, field = place
    return field if language == "en" else f"{field}.{language}"


def kind_of(name: str, kind: str) -> Kind:
    if name in PLAIN[kind]:
        return PLAIN[kind][name]
    return LINE if name in FACT else NAMES if name.startswith("names.") else TEXT


def cell(name: str, kind: str, data: Mapping[str, Any], texts: Mapping[tuple[str, str], str]) -> str:
    """What stands in a column for an entry."""
    shape = kind_of(name, kind)
    if name in PLAIN[kind]:
        empty: Any = [] if shape in (ITEMS, CODES) or name in ("phones", "openings") else None if shape is NUMBER else ""
        return shape.write(data.get(name, empty))
    return shape.write(data["fact"].get(name, "") if name in FACT else texts.get(place(name), ""))


def normal(name: str, kind: str, written: str) -> str:
    """A cell as it would be written: two that mean the same are the same. Raises ValueError."""
    shape = kind_of(name, kind)
    return shape.write(shape.read(written))

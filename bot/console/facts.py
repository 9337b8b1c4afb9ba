"""The facts of an entry as fields of a form, and back: lists by lines or commas, hours as "mon tue 09:00-17:00"."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, get_args, get_type_hints

from bot.errors import RefusedError
from bot.knowledge.seed import Day, Need, Service, Sure, Volatility

# the words a service may be described with, out of its shape
ATTRIBUTES: tuple[str, ...] = get_args(get_args(get_type_hints(Service)["attributes"])[0])
NEEDS, SURE, VOLATILITY, DAYS = get_args(Need), get_args(Sure), get_args(Volatility), get_args(Day)
_OPENING = re.compile(r"((?:\w{3}[ ,]+)+)(\d\d:\d\d) ?[-–] ?(\d\d:\d\d)")


@dataclass(frozen=True)
class Field:
    """`widget`: line, lines, commas, checks. `options`: of checks."""

    name: str
    widget: str = "line"
    options: tuple[str, ...] = ()


FIELDS: dict[str, tuple[Field, ...]] = {
    "terms": (Field("name"), Field("expansion"), Field("aliases", "commas"), Field("misspellings", "commas")),
    "services": (
        Field("name"),
        Field("organization"),
        Field("phones", "lines"),
        Field("url"),
        Field("email"),
        Field("address"),
        Field("openings", "lines"),
        Field("needs", "checks", NEEDS),
        Field("languages", "commas"),
        Field("towns", "commas"),
        Field("postcode_districts", "commas"),
        Field("attributes", "checks", ATTRIBUTES),
        Field("referral_email"),
        Field("follow_up_days"),
        Field("takes_links", "checks", ("yes",)),
    ),
}


def shown(kind: str, data: dict[str, Any]) -> dict[str, Any]:
    """What stands in each field of the form."""
    found: dict[str, Any] = {}
    for field in FIELDS[kind]:
        value = data.get(field.name, "")
        if field.name == "phones":
            value = "\n".join(" | ".join(part for part in (p["number"], p["note"]) if part) for p in value)
        elif field.name == "openings":
            value = "\n".join(f"{' '.join(o['days'])} {o['opens']}-{o['closes']}" for o in value)
        elif field.name == "takes_links":
            value = ["yes"] if data.get("takes_links", True) else []
        elif field.name == "follow_up_days":
            value = str(value or 14)
        elif field.widget == "commas":
            value = ", ".join(value)
        found[field.name] = value
    return found


def given(kind: str, value: Callable[[str], str], values: Callable[[str], list[str]], fact: dict[str, Any]) -> dict[str, Any]:
    """The data that a form holds. Raises RefusedError (hours)."""
    found: dict[str, Any] = {}
    for field in FIELDS[kind]:
        raw = value(field.name)
        if field.name == "phones":
            found["phones"] = [_phone(line) for line in raw.splitlines() if line.strip()]
        elif field.name == "openings":
            found["openings"] = [_opening(line) for line in raw.splitlines() if line.strip()]
        elif field.name == "takes_links":
            found["takes_links"] = "yes" in values("takes_links")
        elif field.name == "follow_up_days":
            found["follow_up_days"] = int(raw) if raw.strip().isdecimal() and len(raw) < 5 else 0  # 0 is refused
        elif field.widget == "commas":
            found[field.name] = list(dict.fromkeys(part.strip() for part in re.split(r"[,\n]", raw) if part.strip()))
        elif field.widget == "checks":
            found[field.name] = [option for option in field.options if option in values(field.name)]
        else:
            found[field.name] = " ".join(raw.split())
    names = ("source", "checked_on", "review_by", "sure")
    return {**found, "fact": {**fact, **{name: value(name).strip() for name in names}}}


def _phone(line: str) -> dict[str, str]:
    number, _, note = line.partition("|")
    return {"number": number.strip(), "note": note.strip()}


def _opening(line: str) -> dict[str, Any]:
    match = _OPENING.fullmatch(" ".join(line.lower().split()))
    if not match:
        raise RefusedError('hours look like "mon tue 09:00-17:00"', "hours")
    return {"days": re.findall(r"\w{3}", match[1]), "opens": match[2], "closes": match[3]}

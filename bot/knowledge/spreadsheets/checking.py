"""What a row must be, by the entry's own rules and by those between entries; each problem for the line it stands in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from bot.errors import RefusedError
from bot.knowledge import checks
from bot.knowledge.consistency import KEY, problems_of
from bot.knowledge.seed import KINDS, Seed
from bot.knowledge.spreadsheets.columns import FACT, column

REQUIRED = {"terms": ("name", "domain"), "services": ("organization", "name", "needs")}


def problems_of_row(
    kind: str, where: str, data: dict[str, Any], texts: Mapping[tuple[str, str], str], is_new: bool
) -> Iterator[str]:
    """By the rules that an admin's change must keep (bot.knowledge.checks)."""
    missing = list(_missing(kind, data)) if is_new else []
    yield from (f"{where}: {problem}" for problem in missing)
    try:
        if not missing:
            checks.check_data(kind, data)
    except RefusedError as error:
        yield f"{where}: {error}"
    required = {("en", name): "" for name in checks.REQUIRED[kind]} if is_new else {}
    for (language, name), text in {**required, **texts}.items():
        try:
            checks.check_text(kind, language, name, text)
        except RefusedError as error:
            yield f"{where}: {column((language, name))}: {error}"
        if name == "figure" and not data.get("figure"):
            yield f"{where}: {column((language, name))}: a figure needs a source of its own, for which a sheet has no place"


def _missing(kind: str, data: dict[str, Any]) -> Iterator[str]:
    """What a new entry cannot be without."""
    if not KEY.fullmatch(data["key"]):
        yield "key: has only a-z, 0-9 and -"
    for name in REQUIRED[kind]:
        if not data.get(name):
            yield f"{name}: is empty, and a new entry needs it"
    yield from (f"{name}: is empty, and a new entry needs it" for name in FACT if not data["fact"].get(name))


def broken_between(kind: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """(key, problem) of what would not hold any more between the entries, or in their keys (bot.knowledge.consistency)."""
    known = set(_problems(kind, before))
    for problem in _problems(kind, after):
        if problem not in known:
            _, keys, said = problem.split(": ", 2)  # "<kind>: <key>, <key>: <what>"
            yield from ((key, said) for key in keys.split(", "))


def _problems(kind: str, data: Mapping[str, Any]) -> list[str]:
    entries: dict[str, list[Any]] = {name: [] for name in KINDS}
    entries[kind] = [msgspec.convert(one, checks.SHAPES[kind]) for one in data.values()]
    return problems_of(Seed(**entries, texts={}, names={}))

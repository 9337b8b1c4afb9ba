"""Taxonomies as feeds bring them: terms that stand above themselves, or are two things under one id."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from bot.knowledge.hsds.source import Feed

MOST = 50  # problems named


def problems_of(feed: Feed) -> list[str]:
    """One line for each circle of terms and each id that two different terms have; [] when all is well."""
    names: dict[str, str] = {}
    parents: dict[str, str] = {}
    found: list[str] = []
    for record in feed.records:
        for term in _terms(record.raw):
            number, name, parent = (str(term.get(field) or "") for field in ("id", "name", "parent_id"))
            if number and name and names.setdefault(number, name) != name:
                found.append(f"{record.where}: the taxonomy terms {names[number]!r} and {name!r} have one id, {number}")
            if number and parent:
                parents[number] = parent
    found += [
        f"{feed.name}: the taxonomy terms {' > '.join(circle)} stand above each other in a circle" for circle in _circles(parents)
    ]
    return list(dict.fromkeys(found))[:MOST]


def _terms(value: Any) -> Iterator[dict[str, Any]]:
    """Every taxonomy term that stands anywhere in a record; walked without recursion, as it may be nested deep."""
    waiting = [value]
    while waiting:
        one = waiting.pop()
        if isinstance(one, dict):
            waiting += one.values()
            term = one.get("taxonomy_term")
            if isinstance(term, dict):
                yield term
        elif isinstance(one, list):
            waiting += one


def _circles(parents: dict[str, str]) -> Iterator[list[str]]:
    """Each circle once, from one of its terms round to it again."""
    settled: set[str] = set()
    for start in parents:
        path: list[str] = []
        here = start
        while here in parents and here not in settled and here not in path:
            path.append(here)
            here = parents[here]
        if here in path:
            yield [*path[path.index(here) :], here]
        settled |= set(path)

"""Two people changed one entry: what each changed alone is taken, what both changed is shown to be chosen. Nothing is overwritten."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from bot.knowledge.document import Document, english_place, same


class Clash(NamedTuple):
    """A place that somebody must decide: as it was when the draft began, as the draft has it, as it is published now.

    `english`: the text itself clashes with nothing, but the English it translates has changed.
    """

    place: str
    base: Any
    mine: Any
    theirs: Any
    english: bool = False


MINE, THEIRS = "mine", "theirs"


def merge(
    kind: str, base: Mapping[str, Any], changes: Mapping[str, Any], theirs: Mapping[str, Any], choices: Mapping[str, str]
) -> tuple[Document, list[Clash]]:
    """The published entry with the changes, and what is left to choose. `choices`: place -> mine or theirs."""
    merged, clashes = dict(theirs), []
    for place, mine in changes.items():
        was, now = base.get(place), theirs.get(place)
        if same(now, mine):
            continue
        choice = choices.get(place)
        moved = _english_moved(kind, place, base, changes, theirs)
        if choice == MINE or (same(now, was) and not moved):
            merged[place] = mine
        elif choice != THEIRS:
            clashes.append(Clash(place, was, mine, now, english=same(now, was)))
    return merged, clashes


def _english_moved(kind: str, place: str, base: Mapping[str, Any], changes: Mapping[str, Any], theirs: Mapping[str, Any]) -> bool:
    """Whether this is a translation of an English that somebody else has changed meanwhile."""
    _, colon, field = place.partition(":")
    english = english_place(kind, field) if colon else None
    return english is not None and english not in changes and not same(base.get(english), theirs.get(english))

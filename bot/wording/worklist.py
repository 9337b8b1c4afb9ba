"""The work list of a language: what needs a translator, by kind and state, what people are answered from most first."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.orm import Session

from bot.wording import units
from bot.wording.units import STATES, Unit

PAGE = 50
ORDERS = ("asked", "state", "name")


@dataclass(frozen=True)
class Wanted:
    """What is looked for; "" for all. `words` stand in the name, the English or the translation."""

    kind: str = ""
    state: str = ""
    words: str = ""
    order: str = "asked"


@dataclass(frozen=True)
class Found:
    """A page of texts, how many there are, and how many of each state there are without the filter by state."""

    rows: list[Unit]
    total: int
    states: dict[str, int]


def search(session: Session, language: str, wanted: Wanted, page: int = 1) -> Found:
    """`page` from 1, PAGE texts each."""
    words = wanted.words.casefold().split()
    rows = [u for u in units.listed(session, language) if (not wanted.kind or u.kind == wanted.kind) and _holds(u, words)]
    states = {state: sum(unit.state == state for unit in rows) for state in STATES}
    rows = [unit for unit in rows if not wanted.state or unit.state == wanted.state]
    if wanted.order != "name":
        rows.sort(key=by_state if wanted.order == "state" else by_asked)
    return Found(rows[(page - 1) * PAGE : page * PAGE], len(rows), states)


def by_asked(unit: Unit) -> tuple[int, int]:
    return -unit.asked, STATES.index(unit.state)


def by_state(unit: Unit) -> tuple[int, int]:
    return STATES.index(unit.state), -unit.asked


def _holds(unit: Unit, words: list[str]) -> bool:
    if not words:
        return True
    text = "\n".join((unit.place, unit.name, *unit.english, *unit.text)).casefold()
    return all(word in text for word in words)

"""Two figures for one thing: the same words with other numbers, both good on the same days."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass

from bot.knowledge.snapshot import Snapshot
from bot.upkeep.found import Found, Look

# numbers with what makes them money or a share; "Part 1" and "PLAB 2" are names of things, not figures
_FIGURE = re.compile(r"(?:[£$€]|US\$)\s?\d[\d,]*(?:\.\d+)?|\d[\d,]*(?:\.\d+)?\s?(?:%|pounds?\b|weeks?\b|months?\b|days?\b)")
_DAY = re.compile(
    r"\b(?:\d{1,2} )?(?:January|February|March|April|May|June|July|August|September|October|November|December)\b( \d{4})?|\b20\d\d(?:/\d\d)?\b"
)
_WORD = re.compile(r"[^\W_]+")
# what says how sure a figure is and not what it is of
_SMALL = frozenset(
    ("a", "an", "about", "and", "ask", "at", "before", "but", "check", "each", "first", "for", "from", "if", "in", "is", "it", "now",
     "of", "official", "on", "or", "page", "price", "since", "some", "than", "the", "this", "to", "was", "you", "your")
)  # fmt: skip
SHORTEST = 2  # words that name a thing


@dataclass(frozen=True)
class _Statement:
    """A sentence with figures. `thing`: its words without them; `begins`, `ends`: the days on which it is said."""

    where: str
    text: str
    thing: frozenset[str]
    figures: frozenset[str]
    begins: dt.date
    ends: dt.date


def fees(look: Look) -> Iterator[Found]:
    """Each statement that another one before it speaks against."""
    by_thing: dict[frozenset[str], list[_Statement]] = {}
    for one in _statements(look.knowledge):
        earlier = by_thing.setdefault(one.thing, [])
        against = next((other for other in earlier if _differ(one, other)), None)
        if against is not None:
            place = f"{one.where}/{against.where}"
            yield look.found("contradiction", place, this=one.text, other=against.text, there=against.where)
        earlier.append(one)


def _differ(one: _Statement, other: _Statement) -> bool:
    return one.figures != other.figures and one.begins <= other.ends and other.begins <= one.ends


def _statements(knowledge: Snapshot) -> Iterator[_Statement]:
    for pathway in knowledge.pathways.values():
        for step in pathway.steps:
            for cost in step.costs:
                yield from _statement(f"pathways/{pathway.key}/{step.key}", cost.text, "", cost.valid_from, cost.valid_to)
    for term in knowledge.terms.values():
        if term.figure:
            figure = term.figure
            yield from _statement(f"terms/{term.key}", figure.text, term.name, figure.valid_from, figure.valid_to)


def _statement(where: str, text: str, name: str, begins: dt.date | None, ends: dt.date | None) -> Iterator[_Statement]:
    """`name`: what the text speaks of without saying so, as a term's figure does."""
    first = text.split(". ")[0].split(", ask")[0].split(", check")[0]
    figures = frozenset(re.sub(r"[\s,]", "", figure).removesuffix(".") for figure in _FIGURE.findall(first))
    rest = _DAY.sub(" ", _FIGURE.sub(" ", f"{name} {first}"))
    thing = frozenset(word.casefold() for word in _WORD.findall(rest)) - _SMALL
    if figures and len(thing) >= SHORTEST:
        yield _Statement(where, text, thing, figures, begins or dt.date.min, ends or dt.date.max)

"""Two figures for one thing: the same words with other numbers, or other words with an amount of the same thing; both good on the
same days. One thing is the same term named beside the amount, the same step, the same service."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass

from bot.knowledge.seed import Cost, Figure
from bot.knowledge.snapshot import Snapshot
from bot.upkeep.amounts import Amount, amounts
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
ALWAYS = (dt.date.min, dt.date.max)
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


@dataclass(frozen=True)
class _Claim:
    """An amount with where it is said. `by`: the bodies that may take it, where that is known."""

    where: str
    text: str
    amount: Amount
    by: frozenset[str]
    begins: dt.date
    ends: dt.date


def by_subject(look: Look) -> Iterator[Found]:
    """Each amount that another one before it, of the same thing, speaks against."""
    named: dict[tuple[frozenset[str], frozenset[str]], list[_Claim]] = {}
    there: dict[str, list[_Claim]] = {}
    said: set[tuple[str, str]] = set()
    for one in _claims(look.knowledge):
        groups = [there.setdefault(one.where, [])]
        if one.amount.names:
            groups.append(named.setdefault((one.amount.names, one.amount.rest), []))
        for other in (other for group in groups for other in group):
            places = (one.where, other.where)
            if places not in said and _speaks_against(one, other):
                said.add(places)
                yield look.found("contradiction", "/".join(places), this=one.text, other=other.text, there=other.where)
        for group in groups:
            group.append(one)


def _speaks_against(one: _Claim, other: _Claim) -> bool:
    mine, theirs = one.amount, other.amount
    if one.text == other.text or not mine.differs(theirs) or one.begins > other.ends or other.begins > one.ends:
        return False
    if one.where == other.where:
        return mine.names == theirs.names and mine.rest == theirs.rest
    return not (one.by and other.by and one.by.isdisjoint(other.by))


def _claims(knowledge: Snapshot) -> Iterator[_Claim]:
    def names(text: str) -> list[tuple[str, str]]:
        return [(found.key, found.as_written) for found in knowledge.term_index.in_letter(text)]

    regulators = {pathway.key: frozenset(key for key, _ in names(pathway.regulator)) for pathway in knowledge.pathways.values()}
    bodies = frozenset().union(*regulators.values())

    def claims(
        where: str,
        text: str,
        of: frozenset[str] = frozenset(),
        by: frozenset[str] = frozenset(),
        days: tuple[dt.date, dt.date] = ALWAYS,
    ) -> Iterator[_Claim]:
        return (_Claim(where, text, one, one.by or by, *days) for one in amounts(text, names, bodies, of) if text)

    for pathway in knowledge.pathways.values():
        by = regulators[pathway.key]
        for step in pathway.steps:
            where = f"pathways/{pathway.key}/{step.key}"
            for cost in step.costs:
                yield from claims(where, cost.text, by=by, days=_days(cost))
            for text in (step.do, step.trap, step.papers, step.time):
                yield from claims(where, text, by=by)
    for term in knowledge.terms.values():
        where, of = f"terms/{term.key}", frozenset({term.key}) - bodies
        if term.figure:
            yield from claims(where, term.figure.text, of, days=_days(term.figure))
        for text in (term.meaning, term.confusion, term.change):
            yield from claims(where, text, of)
    for service in knowledge.services.values():
        for text in (service.cost, service.description, service.how, service.who):
            yield from claims(f"services/{service.key}", text)


def _days(said: Cost | Figure) -> tuple[dt.date, dt.date]:
    return said.valid_from or ALWAYS[0], said.valid_to or ALWAYS[1]


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

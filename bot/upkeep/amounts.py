"""Amounts of money with what they are of, however it is worded: "CBT about £83" and "you pay £90 for the CBT exam" are of one thing."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

_FIGURE = r"\d+(?:,\d{3})*(?:\.\d+)?"
_SIGN = r"£|US\$|\$|€"
_AMOUNT = re.compile(rf"(?P<sign>{_SIGN})\s?({_FIGURE})(?:\s?(?:to|-|–)\s?(?:{_SIGN})\s?({_FIGURE}))?")
_PER = re.compile(
    r"\b(?:for\s+)?(?:an?|per|each|every)\s+(year|month|week|day|hour|page|session|paper|lesson)\b|\b(yearly|monthly|weekly|hourly)\b"
)
_LONG = {"yearly": "year", "monthly": "month", "weekly": "week", "hourly": "hour"}
# where what is said of one amount ends and what is said of the next begins
_ENDS = re.compile(r"[.;:](?:\s|$)|,\s|\b(?:and|or|but|with)\b")
_SENTENCE = re.compile(r"(?<=[.;])\s+")
_FOR = re.compile(r"^\W*(?:an?\s+\w+\s+)?(?:for|to)\s+(?:the\s+)?")
_WORD = re.compile(r"[^\W_]+")
_NUMBER = re.compile(r"\d+")
# what says that it is a price, how sure it is or who pays, and not of what
_SMALL = frozenset(
    """
    a about after all also an any apply as ask at be before best but by can charge charged cost costs currently day
    each every fee fees for from full get have higher hour if in is it its just may month more much must need needs new no
    not now of official on once one only or page paid pay pays people person planned price prices rate since so some than
    that the their them then there these they this to until up usually was we week when where which who will with year yearly
    years you your
    """.split()  # noqa: SIM905  # a list of so many words is not to be read one a line
)


@dataclass(frozen=True)
class Amount:
    """`low`, `high`: equal for one figure. `per`: year, page, ...; "" once. `names`: the terms that are named beside it; `rest`: the
    other words there, by their beginnings, and numbers ("PLAB 2"). `by`: the bodies that are named beside it."""

    low: float
    high: float
    sign: str
    per: str
    names: frozenset[str]
    rest: frozenset[str]
    by: frozenset[str]

    def differs(self, other: Amount) -> bool:
        """Whether both cannot be right: neither lies within the other."""
        if (self.sign, self.per) != (other.sign, other.per):
            return False
        inside = self.low <= other.low and other.high <= self.high
        return not inside and not (other.low <= self.low and self.high <= other.high)


Names = Callable[[str], list[tuple[str, str]]]  # text -> (term, as it is written there)


def amounts(text: str, names: Names, bodies: frozenset[str] = frozenset(), of: frozenset[str] = frozenset()) -> Iterator[Amount]:
    """Every amount of a text. `bodies`: terms that are no thing one pays for, but who takes it. `of`: the terms that all of it is
    about, where it names none."""
    for sentence in _SENTENCE.split(text):
        found = list(_AMOUNT.finditer(sentence))
        for place, match in enumerate(found):
            before = sentence[found[place - 1].end() if place else 0 : match.start()]
            after = sentence[match.end() : found[place + 1].start() if place + 1 < len(found) else len(sentence)]
            subject = _beside(_PER.sub(" ", before), _PER.sub(" ", after))
            terms, rest = frozenset[str](), subject
            for key, written in names(subject):
                terms, rest = terms | {key}, rest.replace(written, " ".join([" ", *_NUMBER.findall(written), " "]))
            per = _PER.search(after[:25]) or _PER.search(before[-25:])
            yield Amount(
                low=_number(match[2]),
                high=_number(match[3] or match[2]),
                sign=match["sign"],
                per=_LONG.get(per[2], per[2]) if per and per[2] else per[1] if per else "",
                names=(terms - bodies) or of,
                rest=frozenset(word[:4] for word in map(str.casefold, _WORD.findall(rest)) if word not in _SMALL),
                by=terms & bodies,
            )


def _beside(before: str, after: str) -> str:
    """The words that say what an amount is of: "for ..." behind it, else those before it."""
    if behind := _FOR.match(after):
        return _ENDS.split(after[behind.end() :])[0]
    return next((part for part in reversed(_ENDS.split(before)) if part and _WORD.search(part)), "")


def _number(written: str) -> float:
    return float(written.replace(",", ""))

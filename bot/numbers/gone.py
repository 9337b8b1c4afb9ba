"""What is counted of cases and people that were deleted: their number by month, language and how they ended, and nothing else.

The month is the one in which they began, by UTC: at its ends an hour of a summer night may be counted with its neighbour.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import dataclass, field

from sqlalchemy.orm import Session

from bot.cases import counting
from bot.numbers.period import Scope
from bot.numbers.suppression import FEWEST

COUNTED = ("handoff", "referral", "person", "outcome")


@dataclass(frozen=True)
class Gone:
    """`left_out`: how many were deleted that could belong to this scope, but cannot be told apart from others."""

    by_kind: Counter[str] = field(default_factory=Counter)
    by_language: Counter[tuple[str, str]] = field(default_factory=Counter)
    by_month: Counter[tuple[str, str]] = field(default_factory=Counter)
    left_out: int = 0

    def ended(self, what: str) -> Counter[str]:
        """How those of a kind (handoff, referral, said) ended."""
        return Counter({kind.partition(".")[2]: times for kind, times in self.by_kind.items() if kind.startswith(f"{what}.")})

    def languages(self, what: str) -> Counter[str]:
        return Counter({language: times for (kind, language), times in self.by_language.items() if kind == what})

    def number(self, what: str) -> int:
        return sum(times for kind, times in self.by_kind.items() if kind.partition(".")[0] == what)


def of(session: Session, scope: Scope, today: dt.date) -> Gone:
    """Of the months that the period covers wholly. Narrowed to a need or a team nothing is known of them."""
    whole, partly = scope.period.months(today)
    found, left_out = Gone(), 0
    for row in counting.deleted(session, [*whole, *partly]):
        what = row.kind.partition(".")[0]
        if what in ("message", "said") and (row.month not in whole or scope.is_of_cases_only):
            continue
        if scope.language and row.language != scope.language:
            continue
        if row.month in partly or scope.is_of_cases_only:
            left_out += row.times if what in COUNTED else 0
            continue
        found.by_kind[row.kind] += row.times
        found.by_language[what, row.language] += row.times
        found.by_month[what, row.month] += row.times
    for what in COUNTED:
        if 0 < found.number(what) < FEWEST:  # so few would be seen as the difference of two numbers that are shown
            left_out += found.number(what)
            _drop(found, what)
    return Gone(found.by_kind, found.by_language, found.by_month, left_out)


def _drop(found: Gone, what: str) -> None:
    for kind in [kind for kind in found.by_kind if kind.partition(".")[0] == what]:
        del found.by_kind[kind]
    for counter in (found.by_language, found.by_month):
        for key in [key for key in counter if key[0] == what]:
            del counter[key]

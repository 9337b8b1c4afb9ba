"""What is counted of cases and people that were deleted: their number by month, language and how they ended, and nothing else.

The month is the one in which they began, by UTC: at its ends an hour of a summer night may be counted with its neighbour.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from sqlalchemy.orm import Session

from bot.cases import counting
from bot.numbers.period import Scope


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


def of(session: Session, scope: Scope) -> Gone:
    """Of the months that the period covers wholly. Narrowed to a need or a team nothing is known of them."""
    whole, partly = scope.period.months()
    found, left_out = Gone(), 0
    for row in counting.deleted(session, [*whole, *partly]):
        what = row.kind.partition(".")[0]
        if what in ("message", "said") and (row.month not in whole or scope.is_of_cases_only):
            continue
        if scope.language and row.language != scope.language:
            continue
        if row.month in partly or scope.is_of_cases_only:
            left_out += row.times if what in ("handoff", "referral", "person") else 0
            continue
        found.by_kind[row.kind] += row.times
        found.by_language[what, row.language] += row.times
        found.by_month[what, row.month] += row.times
    return Gone(found.by_kind, found.by_language, found.by_month, left_out)

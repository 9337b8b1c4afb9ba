"""What is counted: right first guesses, right among three, dangers heard, false alarms, and whether confidence is honest."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from bot.evaluation.examples import Example
from engine.nlu.text import fold

DANGER, IMMIGRATION = "urgent_danger", "immigration_question"
BINS = 10  # of confidence


@dataclass(frozen=True)
class Answered:
    """An example with what `bot.conversation.parsing.parse` said of it, and how long that took."""

    example: Example
    parse: dict[str, Any]
    seconds: float

    @property
    def intent(self) -> str:
        return str(self.parse["intent"])

    @property
    def is_right(self) -> bool:
        return self.intent == self.example.intent

    @property
    def is_near(self) -> bool:
        return self.example.intent in [r["intent"] for r in self.parse["ranking"]]


@dataclass(frozen=True)
class Row:
    """Shares from 0 to 1; None where there is nothing to count."""

    name: str
    count: int
    first: float | None
    among_three: float | None
    danger_heard: float | None
    false_alarms: float | None
    immigration_heard: float | None
    language: float | None


def row(name: str, answers: list[Answered]) -> Row:
    """One line of the table for some of the answers."""

    def of(intent: str, wanted: bool = True) -> list[Answered]:
        return [a for a in answers if (a.example.intent == intent) == wanted]

    return Row(
        name=name,
        count=len(answers),
        first=_share(answers, lambda a: a.is_right),
        among_three=_share(answers, lambda a: a.is_near),
        danger_heard=_share(of(DANGER), lambda a: a.intent == DANGER),
        false_alarms=_share(of(DANGER, wanted=False), lambda a: a.intent == DANGER),
        immigration_heard=_share(of(IMMIGRATION), lambda a: a.intent == IMMIGRATION),
        language=_share(answers, lambda a: a.parse["lang"] == a.example.language),
    )


def table(answers: list[Answered], by: Callable[[Example], str]) -> list[Row]:
    """A line for each group in the order they first appear."""
    groups: dict[str, list[Answered]] = {}
    for answer in answers:
        groups.setdefault(by(answer.example), []).append(answer)
    return [row(name, group) for name, group in groups.items()]


def mean_of_languages(rows: Iterable[Row]) -> float:
    """The first guess's share, each language counting the same."""
    shares = [r.first for r in rows if r.first is not None]
    return sum(shares) / len(shares)


def confusions(answers: list[Answered]) -> Counter[tuple[str, str]]:
    """(meant, taken for) -> how often, wrong ones only."""
    return Counter((a.example.intent, a.intent) for a in answers if not a.is_right)


def calibration_error(answers: list[Answered]) -> float:
    """The mean distance between confidence and being right, over ten bins weighted by their size (ECE)."""
    bins: dict[int, list[Answered]] = {}
    for answer in answers:
        bins.setdefault(min(int(answer.parse["confidence"] * BINS), BINS - 1), []).append(answer)
    gaps = (abs(sum(a.parse["confidence"] - a.is_right for a in group)) for group in bins.values())
    return float(sum(gaps) / len(answers))


def slot_found(answers: list[Answered], slot: str, of: str | None = None) -> float | None:
    """The share of examples with `slot` (and intent `of`) in which it was found with the same words."""
    asked = [a for a in answers if slot in a.example.slots and of in (None, a.example.intent)]
    return _share(asked, lambda a: fold(str(a.parse["slots"].get(slot, ""))) == fold(a.example.slots[slot]))


def _share(answers: list[Answered], counts: Callable[[Answered], bool]) -> float | None:
    return sum(map(counts, answers)) / len(answers) if answers else None

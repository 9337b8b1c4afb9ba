"""What kind of letter this seems to be, by the words that stand in it; said as "seems", and not at all when nothing stands out."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

from bot.knowledge.seed import LetterKind

STRONG, CUE = 3.0, 1.0
LEAST = 4.0  # below it, the words are too few to say anything
CLEAR = 1.5  # times as much as the next kind: said without "may be"


class Guess(NamedTuple):
    kind: LetterKind
    sure: bool


def guess(text: str, kinds: Iterable[LetterKind]) -> Guess | None:
    """The likeliest kind. What stands at the top of a letter (the sender, "Re:") counts twice."""
    words = f" {_plain(text)} "
    top = words[: len(words) // 4]
    scores = sorted(((_score(kind, words) + _score(kind, top), kind.key, kind) for kind in kinds), reverse=True)
    if not scores or scores[0][0] < LEAST:
        return None
    runner_up = scores[1][0] if len(scores) > 1 else 0.0
    return Guess(scores[0][2], scores[0][0] >= runner_up * CLEAR)


def _score(kind: LetterKind, words: str) -> float:
    """Each phrase counts once, however often it stands there."""
    strong = sum(f" {_plain(phrase)} " in words for phrase in kind.strong)
    return STRONG * strong + CUE * sum(f" {_plain(phrase)} " in words for phrase in kind.cues)


def _plain(text: str) -> str:
    return " ".join(re.findall(r"[a-z0-9']+", text.lower().replace("’", "'")))

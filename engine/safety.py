"""The layer that looks for danger and for immigration advice before anything else, in every language at once.

Patterns stand in `data/safety/<language>.yml`, in folded form. They are searched sentence by sentence and in the whole text,
so that "thanks, and by the way my husband hits me" is heard. `unless` takes back a kind's hit in that sentence only.
Recall comes before precision: when in doubt the numbers are shown.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import yaml

from engine.literals import Finder, needed
from engine.nlu.text import fold

FOLDER = Path(__file__).resolve().parents[1] / "data/safety"
KINDS = ("medical", "self_harm", "violence", "child", "exploitation", "no_shelter", "detention")  # most urgent first
_SENTENCE = re.compile(r"[.!?؟。\n;]+")
MOST = 3_000  # characters looked at: half a page of a person's own words


@dataclass(frozen=True)
class Alarm:
    """`dangers`: the kinds found, most urgent first. `immigration`: asks for advice on a case of their own."""

    dangers: tuple[str, ...]
    immigration: bool


@dataclass(frozen=True)
class _Pattern:
    """One pattern with the words it cannot do without. Compiled when it is first tried."""

    source: str
    words: frozenset[str] | None

    def found_in(self, sentence: str, words: frozenset[str]) -> bool:
        """`words`: those of the patterns' words that the sentence holds."""
        return not (self.words and self.words.isdisjoint(words)) and bool(_compiled(self.source).search(sentence))


@dataclass(frozen=True)
class _Rule:
    kind: str
    say: tuple[_Pattern, ...]
    unless: tuple[_Pattern, ...]

    def hits(self, sentence: str, words: frozenset[str]) -> bool:
        said = any(pattern.found_in(sentence, words) for pattern in self.say)
        return said and not any(pattern.found_in(sentence, words) for pattern in self.unless)


def listen(text: str) -> Alarm:
    """What in `text` must be answered before everything else. Never raises."""
    sentences = [folded for part in _SENTENCE.split(text[:MOST]) if (folded := fold(part))]
    found: set[str] = set()
    for sentence in sentences:
        words = _finder().words_in(sentence)
        found |= {rule.kind for rule in _rules() if rule.hits(sentence, words)}
    if len(sentences) > 1:  # a danger said over a line break; `unless` of one sentence must not silence another
        whole = " ".join(sentences)
        words = _finder().words_in(whole)
        found |= {rule.kind for rule in _rules() if not rule.unless and rule.kind not in found and rule.hits(whole, words)}
    return Alarm(tuple(kind for kind in KINDS if kind in found), "immigration" in found)


@lru_cache(maxsize=1)
def _rules() -> tuple[_Rule, ...]:
    rules = []
    for path in sorted(FOLDER.glob("*.yml")):
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
        for kind, lists in {**content.get("danger", {}), "immigration": content.get("immigration", {})}.items():
            if lists.get("say"):
                rules.append(_Rule(kind, _patterns(lists["say"]), _patterns(lists.get("unless") or [])))
    return tuple(rules)


def _patterns(sources: list[Any]) -> tuple[_Pattern, ...]:
    return tuple(_Pattern(str(source), needed(str(source))) for source in sources)


@lru_cache(maxsize=1)
def _finder() -> Finder:
    return Finder(word for rule in _rules() for pattern in (*rule.say, *rule.unless) for word in pattern.words or ())


@cache
def _compiled(source: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{source})(?!\w)")

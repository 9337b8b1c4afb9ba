"""Patterns of danger and of questions about a case: what is unmistakable, in every language at once.

They stand in `data/safety/<language>.yml`, in folded form. They are searched sentence by sentence and in the whole text,
so that "thanks, and by the way my husband hits me" is heard. `unless` takes back a kind's hit in that sentence only. A file's
`asking` lists what asks for the meaning of a word: who asks what "self-harm" means is not in danger.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import yaml

from engine.literals import Finder, needed

FOLDER = Path(__file__).resolve().parents[2] / "data/safety"


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


def heard(sentences: Sequence[str]) -> set[str]:
    """The kinds of which a pattern is found in one of the folded sentences, or in all of them together."""
    found: set[str] = set()
    for sentence in sentences:
        words = _finder().words_in(sentence)
        found |= {rule.kind for rule in _rules() if rule.hits(sentence, words)}
    if len(sentences) > 1:  # a danger said over a line break; `unless` of one sentence must not silence another
        whole = " ".join(sentences)
        words = _finder().words_in(whole)
        found |= {rule.kind for rule in _rules() if not rule.unless and rule.kind not in found and rule.hits(whole, words)}
    return found


@lru_cache(maxsize=1)
def _rules() -> tuple[_Rule, ...]:
    contents = [yaml.safe_load(path.read_text(encoding="utf-8")) for path in sorted(FOLDER.glob("*.yml"))]
    asking = "|".join(words for content in contents for words in content.get("asking", []))
    rules = []
    for content in contents:
        for kind, lists in {**content.get("danger", {}), "immigration": content.get("immigration", {})}.items():
            if lists.get("say"):
                rules.append(_Rule(kind, _patterns(lists["say"], asking), _patterns(lists.get("unless") or [], asking)))
    return tuple(rules)


def _patterns(sources: list[Any], asking: str) -> tuple[_Pattern, ...]:
    """`{asking}` in a pattern stands for what asks for the meaning of a word, in any language."""
    whole = (str(source).replace("{asking}", asking) for source in sources)
    return tuple(_Pattern(source, needed(source)) for source in whole)


@lru_cache(maxsize=1)
def _finder() -> Finder:
    return Finder(word for rule in _rules() for pattern in (*rule.say, *rule.unless) for word in pattern.words or ())


@cache
def _compiled(source: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{source})(?!\w)")

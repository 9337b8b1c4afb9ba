"""The layer that looks for danger and for immigration advice before anything else, in every language at once.

Patterns stand in `data/safety/<language>.yml`, in folded form. They are searched sentence by sentence and in the whole text,
so that "thanks, and by the way my husband hits me" is heard. `unless` takes back a kind's hit in that sentence only.
Recall comes before precision: when in doubt the numbers are shown.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from engine.nlu.text import fold

FOLDER = Path(__file__).resolve().parents[1] / "data/safety"
KINDS = ("medical", "self_harm", "violence", "child", "exploitation", "no_shelter", "detention")  # most urgent first
_SENTENCE = re.compile(r"[.!?؟。\n;]+")
MOST = 8_000  # characters looked at; a longer text is a letter, and danger stands at its beginning or nowhere


@dataclass(frozen=True)
class Alarm:
    """`dangers`: the kinds found, most urgent first. `immigration`: asks for advice on a case of their own."""

    dangers: tuple[str, ...]
    immigration: bool


@dataclass(frozen=True)
class _Rule:
    kind: str
    say: re.Pattern[str]
    unless: re.Pattern[str] | None

    def hits(self, sentence: str) -> bool:
        return bool(self.say.search(sentence)) and not (self.unless and self.unless.search(sentence))


def listen(text: str) -> Alarm:
    """What in `text` must be answered before everything else. Never raises."""
    sentences = [folded for part in _SENTENCE.split(text[:MOST]) if (folded := fold(part))]
    found = {rule.kind for sentence in sentences for rule in _rules() if rule.hits(sentence)}
    if len(sentences) > 1:  # a danger said over a line break; `unless` of one sentence must not silence another
        whole = " ".join(sentences)
        found |= {rule.kind for rule in _rules() if rule.unless is None and rule.hits(whole)}
    return Alarm(tuple(kind for kind in KINDS if kind in found), "immigration" in found)


@lru_cache(maxsize=1)
def _rules() -> tuple[_Rule, ...]:
    rules = []
    for path in sorted(FOLDER.glob("*.yml")):
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
        for kind, lists in {**content.get("danger", {}), "immigration": content.get("immigration", {})}.items():
            if lists.get("say"):
                rules.append(_Rule(kind, _joined(lists["say"]), _joined(lists["unless"]) if lists.get("unless") else None))
    return tuple(rules)


def _joined(patterns: list[Any]) -> re.Pattern[str]:
    return re.compile(r"(?<!\w)(?:" + "|".join(f"(?:{pattern})" for pattern in patterns) + r")(?!\w)")

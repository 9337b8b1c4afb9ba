"""The phrases by which it is known what may not pass between a pair (`data/mentoring/words.yml`), folded, in all languages at once."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from engine.nlu.text import fold

PATH = Path(__file__).resolve().parents[2] / "data/mentoring/words.yml"
LISTS = ("apps", "names", "private", "money", "threats")
# what Arabic and Persian letters join to the next word: "and", "in", "for", "the"
_JOINED = "(?:و|ب|ل|ال|وال|بال)?"


def lists_in(text: str) -> set[str]:
    """The names of the lists of which a phrase stands in `text`, as whole words."""
    folded = fold(text)
    return {name for name in LISTS if _pattern(name).search(folded)}


@lru_cache(maxsize=1)
def digit_words() -> dict[str, int]:
    """Folded word -> how many digits it stands for at least (a ten: two)."""
    found: dict[str, int] = {}
    for lists in _content().values():
        for words in lists.get("digits", {}).values():
            found |= {fold(word): 1 for word in words}
        found |= {fold(word): 2 for word in lists.get("tens", [])}
    return found


@lru_cache(maxsize=1)
def before_a_name() -> frozenset[str]:
    """Folded words that make one name together with the next: "umm", "abdul"."""
    return frozenset(fold(word) for lists in _content().values() for word in lists.get("before_a_name", []))


@lru_cache(maxsize=1)
def glued_digit_words() -> re.Pattern[str]:
    """Several of them written as one word, in Latin letters: "zeroseventhree"."""
    words = sorted((word for word in digit_words() if word.isascii() and len(word) >= 3), key=len, reverse=True)
    return re.compile("|".join(map(re.escape, words)))


@lru_cache(maxsize=len(LISTS))
def _pattern(name: str) -> re.Pattern[str]:
    phrases = {fold(phrase) for lists in _content().values() for phrase in lists.get(name, [])} - {""}
    longest_first = sorted(phrases, key=len, reverse=True)
    return re.compile(rf"(?<!\w){_JOINED}(?:{'|'.join(map(re.escape, longest_first))})(?!\w)")


@lru_cache(maxsize=1)
def _content() -> dict[str, dict[str, Any]]:
    content: dict[str, dict[str, Any]] = yaml.safe_load(PATH.read_text(encoding="utf-8"))
    return content

"""How hard an English text is to read, as the age at which a child in school can read it.

Flesch-Kincaid grade (Kincaid and others, 1975) plus five years, syllables counted by Pyphen's British dictionary. The
names of terms are left out of the count: they must stand there, however long they are.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache

import pyphen

AGE_OF_GRADE_0 = 5.0
_SENTENCE = re.compile(r"[.!?:;]+(?:\s|$)|\s[-–—]\s|\n+")
_WORD = re.compile(r"[A-Za-z][A-Za-z'’]*")
_LINK = re.compile(r"https?://\S+|\b[A-Z][A-Za-z]*[A-Z]\w*\b")  # links, and abbreviations, which are read letter by letter


@cache
def _hyphenation() -> pyphen.Pyphen:
    return pyphen.Pyphen(lang="en_GB", left=1, right=1)


@cache
def syllables(word: str) -> int:
    return len(_hyphenation().positions(word.lower())) + 1


def reading_age(text: str, names: Iterable[str] = ()) -> float:
    """Years. `names`: words that must stand there and do not count. 0 for a text without words."""
    for name in sorted(names, key=len, reverse=True):
        text = re.sub(rf"\b{re.escape(name)}s?\b", " ", text, flags=re.IGNORECASE)
    text = _LINK.sub(" ", text)
    sentences = [words for part in _SENTENCE.split(text) if (words := _WORD.findall(part))]
    words = [word for sentence in sentences for word in sentence]
    if not words:
        return 0.0
    grade = 0.39 * len(words) / len(sentences) + 11.8 * sum(map(syllables, words)) / len(words) - 15.59
    return max(AGE_OF_GRADE_0 + grade, AGE_OF_GRADE_0)

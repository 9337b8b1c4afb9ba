"""Which English words a question is about, also when the knowledge has no entry for them.

In a sentence of other letters it is the English part; in Latin letters what stands in quotation marks or in capitals.
"""

from __future__ import annotations

import re

from bot.knowledge.called import Found
from engine.nlu.text import fold

LONGEST = 5  # words of a term
_QUOTED = re.compile(r"[\"“”„«»‘]\s*([A-Za-z][^\"“”„«»’]{1,60}?)\s*[\"“”„«»’]")
_LATIN_RUN = re.compile(r"[A-Za-z][A-Za-z0-9&'’/.-]*(?: +[A-Za-z0-9&][A-Za-z0-9&'’/.-]*)*")
_OTHER_LETTERS = re.compile(r"[\u0400-\u06ff\u0750-\u077f]")
_CAPITALS = re.compile(r"\b[A-Z][A-Z0-9&]{1,6}\b")
# English that stands around a term in every language's messages and is not what is asked about
_AROUND = frozenset((
    "ok", "please", "plz", "pls", "hi", "hello", "thanks", "letter", "form", "email", "sms", "what", "is", "the", "a", "an", "mean",
    "means", "meaning", "of", "in", "to", "my", "for", "and",
))  # fmt: skip


def asked_about(text: str, found: Found | None) -> str | None:
    """The English words as they stand in `text`; None when none stick out. `found`: a term known to be in it."""
    for written in _candidates(text):
        words = [word for word in written.split() if fold(word)]
        while words and fold(words[0]) in _AROUND:
            words.pop(0)
        while words and fold(words[-1]) in _AROUND:
            words.pop()
        if not 0 < len(words) <= LONGEST:
            continue
        if found is None or fold(found.as_written) in fold(" ".join(words)):
            return " ".join(words).strip(" .'’-/")
    return None


def may_be_a_name(words: str) -> bool:
    """Whether English words could be somebody's name, written as names are: such words are never noted."""
    return any(word[:1].isupper() and not word.isupper() for word in words.split())


def _candidates(text: str) -> list[str]:
    quoted = _QUOTED.findall(text)
    if _OTHER_LETTERS.search(text):
        return [*quoted, *sorted(_LATIN_RUN.findall(text), key=len, reverse=True)]
    if text.isupper():
        return quoted
    return [*quoted, *_CAPITALS.findall(text)]

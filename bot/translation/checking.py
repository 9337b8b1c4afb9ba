"""Whether what a machine answered can be the translation that was asked for. What cannot is refused and never shown.

It cannot be known here whether a translation is right: that is why the original stands beside it and it is labelled. What is
caught: a page instead of words, another language, the question itself, next to nothing, far too much, one word again and again.
"""

from __future__ import annotations

import re

import pycld2

from bot.errors import TranslationError
from bot.settings import KNOWN_LANGUAGES
from engine.nlu.language import ARABIC, CYRILLIC, LATIN, detect
from engine.nlu.spoken import FOREIGN
from engine.nlu.text import fold

SCRIPT = {**dict.fromkeys(("ar", "fa", "ps", "ur"), ARABIC), "uk": CYRILLIC, **dict.fromkeys(("en", "so", "fr"), LATIN)}
# of all letters; in what is written with other letters English names and terms stand too, but English is not written with others
LEAST_SHARE = {ARABIC: 0.4, CYRILLIC: 0.4, LATIN: 0.8}
FEW = 4  # letters say nothing about a script, words nothing about a language
SURE_WORDS, SURE_PERCENT = 6, 80
LONG = 20  # characters; of shorter texts the length says little
SHORTEST, LONGEST = 0.25, 4.0  # times as long as the original
ROOM = 80  # characters that any answer may have
REPEATING = 24  # words; a long answer of few different ones is a machine that got stuck
_MARKUP = re.compile(
    r"<\s*/?\s*(?:!doctype|html|head|body|title|meta|script|style|div|span|p|br|a|b|i|h\d)\b[^>]*>", re.IGNORECASE
)


def check(original: str, answer: str, source: str, target: str) -> None:
    """Both without what was protected (bot/translation/protection.py). Raises TranslationError (wrong)."""
    if reason := _fault(original.strip(), answer.strip(), source, target):
        raise TranslationError(f"the translator's answer is not one: {reason}", "wrong")


def _fault(original: str, answer: str, source: str, target: str) -> str:
    """A word for what is wrong; "" when nothing is."""
    if not fold(answer):
        return "empty" if fold(original) else ""
    if _MARKUP.search(answer) and not _MARKUP.search(original):
        return "markup"
    if len(answer) > max(ROOM, LONGEST * len(original)) or (len(original) >= LONG and len(answer) < SHORTEST * len(original)):
        return "length"
    words = fold(answer).split()
    if len(words) >= REPEATING and len(set(words)) * 5 < len(words) and len(set(fold(original).split())) > len(set(words)):
        return "repeating"
    if not _is_written_as(answer, target):
        return "script"
    if len(words) >= FEW and words == fold(original).split() and _language(answer, source) != target:
        return "untranslated"
    return "language" if _is_surely_other(answer, target) else ""


def _is_written_as(answer: str, target: str) -> bool:
    letters = [c for c in answer if c.isalpha()]
    script = SCRIPT[target]
    fitting = sum(1 for c in letters if script.match(c))
    return len(letters) < FEW or fitting >= LEAST_SHARE[script] * len(letters)


def _is_surely_other(answer: str, target: str) -> bool:
    """Surely none of ours, or another of ours by two ways of telling: texts full of English names deceive one of them."""
    if len(fold(answer).split()) < SURE_WORDS:
        return False
    try:
        reliable, _, found = pycld2.detect(answer, isPlainText=True, bestEffort=False)
    except (pycld2.error, UnicodeError):
        return False
    named = str(found[0][1])
    if not reliable or found[0][2] < SURE_PERCENT or named == target:
        return False
    return named in FOREIGN or _language(answer, "") != target


def _language(text: str, otherwise: str) -> str:
    return detect(text, otherwise, KNOWN_LANGUAGES)

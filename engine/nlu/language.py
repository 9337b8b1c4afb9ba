"""Which language a message is in: script first, then word lists and pycld2, the chat's language as prior.

English terms in the middle of a Somali or Arabic sentence do not flip it. Short or unclear messages keep the chat's language.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from pathlib import Path

import pycld2
import yaml

from engine.nlu.text import clean, fold

LISTS = Path(__file__).resolve().parents[2] / "data/lookup/language_words.yml"
ARABIC, CYRILLIC = re.compile(r"[\u0600-\u06ff\u0750-\u077f]"), re.compile(r"[\u0400-\u04ff]")
LATIN = re.compile(r"[A-Za-z\u00c0-\u024f]")
URDU = re.compile("[ٹڈڑںےۓھہ]")
PASHTO = re.compile("[ټډړښږڅځۍېڼ]")
PERSIAN = re.compile("[پچژگکی]")
ARABIC_ONLY = re.compile("[ةىأإؤئ]|(?<!\\w)ال")
UKRAINIAN = re.compile("[іїєґІЇЄҐ]")


def detect(text: str, prior: str, languages: tuple[str, ...]) -> str:
    """One of `languages`. `prior` (the chat's language) wins when the message does not clearly say otherwise."""
    text = clean(text)
    guess = _by_script(text) or _by_words(text, prior, languages)
    return guess if guess in languages else prior


def _by_script(text: str) -> str | None:
    arabic, cyrillic, latin = (len(script.findall(text)) for script in (ARABIC, CYRILLIC, LATIN))
    if cyrillic > 2:
        return "uk"
    if arabic > 2 and arabic * 3 >= latin:
        if PASHTO.search(text):
            return "ps"
        if URDU.search(text):
            return "ur"
        return _arabic_or_persian(text)
    return None


def _arabic_or_persian(text: str) -> str:
    persian_letters, arabic_letters = bool(PERSIAN.search(text)), bool(ARABIC_ONLY.search(text))
    words, both = set(fold(text).split()), _words("ar") & _words("fa")
    arabic, persian = len(words & (_words("ar") - both)), len(words & (_words("fa") - both))
    # Iraqi Arabic borrows گ and چ, and Persians on Arabic keyboards write ي: words count more than letters
    return "fa" if 2 * persian + persian_letters > 2 * arabic + arabic_letters else "ar"


def _by_words(text: str, prior: str, languages: tuple[str, ...]) -> str | None:
    """Latin letters: small words decide, because they are what a speaker never borrows."""
    words = fold(text).split()
    if not words:
        return None
    # a longer small word ("waxaan") is a surer sign than one of two letters that two languages may share
    counts = {
        code: sum(1 + (len(word) > 3 and code != "en") for word in words if word in _words(code))
        for code in ("en", "so", "fr", "ar-latin", "ur-latin")
    }
    best = max(counts, key=lambda code: counts[code])
    others = max(count for code, count in counts.items() if code != best)
    if counts[best] > others and (counts[best] >= 2 or (len(words) <= 4 and counts[best] == 1)):
        return best.partition("-")[0]
    if len(words) < 4:
        return None
    try:
        reliable, _, found = pycld2.detect(text, isPlainText=True, bestEffort=True)
    except (pycld2.error, UnicodeError):
        return None
    code = str(found[0][1])
    return code if reliable and code in languages and found[0][2] > 70 else None


@cache
def _words(code: str) -> frozenset[str]:
    return frozenset(fold(str(word)) for word in yaml.safe_load(LISTS.read_text(encoding="utf-8")).get(code, []))


_LISTED = ("en", "so", "fr", "ar-latin", "ur-latin", "ar", "fa", "ur", "ps", "uk")


@lru_cache(maxsize=1)
def small_words() -> frozenset[str]:
    """The small words of all languages together: what is never itself asked about."""
    return frozenset().union(*(_words(code) for code in _LISTED))

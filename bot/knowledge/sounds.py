"""English terms written as they are heard: "kownsil tax", "كاونسل تاكس", "каунсил такс" have the consonants of "council tax".

Vowels, and consonants that one of our languages does not keep apart (p and b in Arabic, v and f, z and s), are one. What is
left is compared whole, so a term of few consonants is not found this way.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache

LEAST = 4  # consonants; fewer are shared by too many words
_OTHER_LETTERS = str.maketrans(
    {
        **dict.fromkeys("بپ", "p"), **dict.fromkeys("تطټثة", "t"), **dict.fromkeys("دضډڈ", "d"), **dict.fromkeys("سصزذظژ", "s"),
        **dict.fromkeys("شښ", "S"), **dict.fromkeys("چ", "C"), **dict.fromkeys("جځ", "j"), **dict.fromkeys("كکقگغخګ", "k"),
        **dict.fromkeys("فڤ", "f"), **dict.fromkeys("رړڑ", "r"), "ل": "l", "م": "m", **dict.fromkeys("نڼں", "n"), "ټ": "t", "ٹ": "t",
        **dict.fromkeys("бп", "p"), **dict.fromkeys("вф", "f"), **dict.fromkeys("гґкх", "k"), "д": "d", "т": "t",
        **dict.fromkeys("зсц", "s"), **dict.fromkeys("жш", "S"), "щ": "S", "ч": "C", "л": "l", "м": "m", "н": "n", "р": "r",
        **dict.fromkeys("اويىهحعءئؤےېۍەаеєиіїйоуюяьыэё", " "),
    }
)  # fmt: skip
# English, and how speakers of French and Somali write what they hear; the order matters
_SPELLINGS = (
    (re.compile(r"[tsc]i(?=on|an|al|ou)|sh|ch(?=ef)"), "S"),
    (re.compile(r"tch|ch"), "C"),
    (re.compile(r"\bkn"), "n"),
    (re.compile(r"\bwr"), "r"),
    (re.compile(r"ph|v"), "f"),
    (re.compile(r"igh|ough|augh"), "i"),
    (re.compile(r"dg|dj|g(?=[eiy])|j"), "j"),
    (re.compile(r"x"), "ks"),
    (re.compile(r"c(?=[eiy])|z"), "s"),
    (re.compile(r"ck|qu?|[cg]"), "k"),
    (re.compile(r"th"), "t"),
    (re.compile(r"b"), "p"),
    (re.compile(r"[^a-zSC]|[aeiouwyh]"), ""),
)
_DOUBLED = re.compile(r"(.)\1+")


def sound(words: Iterable[str]) -> str:
    """The consonants of folded words, as they are heard."""
    return _DOUBLED.sub(r"\1", "".join(map(_sound_of, words)))


@lru_cache(maxsize=1 << 16)
def _sound_of_form(words: str) -> str:
    """Of a form that the knowledge holds: an index made anew has it by heart."""
    return sound(words.split())


@lru_cache(maxsize=4_096)
def _sound_of(word: str) -> str:
    heard = word.translate(_OTHER_LETTERS)
    for spelling, written in _SPELLINGS:
        heard = spelling.sub(written, heard)
    return heard


class Sounds:
    """Made once of all English forms; a sound that two terms share finds neither."""

    def __init__(self, forms: Iterable[tuple[str, str]]) -> None:
        """`forms`: (folded words, term)."""
        found: dict[str, set[str]] = {}
        for words, key in forms:
            if len(heard := _sound_of_form(words)) >= LEAST:
                found.setdefault(heard, set()).add(key)
        self._terms: Mapping[str, str] = {heard: keys.pop() for heard, keys in found.items() if len(keys) == 1}

    def find(self, words: Iterable[str]) -> str | None:
        """The term that these folded words sound like."""
        return self._terms.get(sound(words))

"""Which language a message is in, learned from the lines of `data/nlu`: also where it is written in Latin letters.

The script leaves few candidates, a linear model chooses, the chat's language weighs in: heavily for a word or two, which are
often an English term and nothing else. A language that is none of ours (pycld2 says so) keeps the chat's. Rules and word lists
alone (engine/nlu/language.py) were right in 89 % of the measuring messages, this in 98 % (docs/understanding.md).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pycld2
from numpy.typing import NDArray

from engine.nlu.features import views
from engine.nlu.linear import LinearModel
from engine.nlu.text import clean, fold

ARABIC, CYRILLIC = re.compile(r"[\u0600-\u06ff\u0750-\u077f]"), re.compile(r"[\u0400-\u04ff]")
LATIN = re.compile(r"[A-Za-z\u00c0-\u024f]")
IN_ARABIC_LETTERS = frozenset(("ar", "fa", "ps", "ur"))
PRIOR, PRIOR_SHORT, SHORT = 0.4, 1.0, 3  # margin given to the chat's language; to messages of fewer words than SHORT
C = 0.5
UNCLAIMED = -0.35  # a margin below which a message is no language's: "asdf qwer"
FOREIGN_WORDS = 4  # fewer say too little to call a message foreign


class LanguageModel:
    def __init__(self, model: LinearModel) -> None:
        self._model = model

    def detect(self, text: str, prior: str | None, languages: Sequence[str]) -> str:
        """One of `languages`; `prior` is the chat's, None when nothing is known of it."""
        text = clean(text)
        default = prior or languages[0]
        words = fold(text).split()
        candidates = [code for code in _candidates(text) if code in languages and code in self._model.classes] if words else []
        if not candidates or (_is_foreign(text, len(words))):
            return default
        margins = self._model.margins(views(text, ()))
        bonus = PRIOR_SHORT if len(words) < SHORT else PRIOR
        value = {code: float(margins[self._model.classes.index(code)]) for code in candidates}
        best = max(candidates, key=lambda code: value[code] + bonus * (code == prior))
        return best if prior is None or value[best] > UNCLAIMED else default

    def save(self, path: Path) -> None:
        self._model.save(path)

    @classmethod
    def load(cls, path: Path) -> LanguageModel:
        return cls(LinearModel.load(path))

    @classmethod
    def train(cls, rows: Any, languages: NDArray[Any], idf: NDArray[Any]) -> LanguageModel:
        """`rows`: the lines' features."""
        return cls(LinearModel.fit(rows, languages, idf, C))


def _candidates(text: str) -> Sequence[str]:
    arabic, cyrillic, latin = (len(script.findall(text)) for script in (ARABIC, CYRILLIC, LATIN))
    if cyrillic and cyrillic * 3 >= latin:
        return ("uk",)
    if arabic and arabic * 3 >= latin:
        return tuple(IN_ARABIC_LETTERS)
    return ("en", "so", "fr", "uk", *IN_ARABIC_LETTERS) if latin else ()


def _is_foreign(text: str, words: int) -> bool:
    if words < FOREIGN_WORDS:
        return False
    try:
        reliable, _, found = pycld2.detect(text, isPlainText=True, bestEffort=False)
    except (pycld2.error, UnicodeError):
        return False
    return bool(reliable) and str(found[0][1]) in FOREIGN and found[0][2] > 90


# Languages of Birmingham that pycld2 tells from ours without doubt, and that have no folder here yet.
FOREIGN = frozenset(("pl", "ro", "bg", "hu", "lt", "lv", "cs", "sk", "sq", "el", "pt", "es", "it", "de", "nl", "tr", "vi", "zh", "zh-Hant",
                     "bn", "pa", "gu", "ta", "hi", "am", "ti", "ku", "hy", "ka", "sw", "rw", "yo", "ha", "ig", "th", "ko", "ja"))  # fmt: skip

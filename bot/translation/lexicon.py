"""Single words of our languages in English: from data/gloss, and the days and months of CLDR. For a gloss, not for sentences."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import yaml
from babel import Locale

from engine.nlu.text import fold

FOLDER = Path(__file__).resolve().parents[2] / "data/gloss"
# months have other names in Damascus than in Cairo, in Kabul than in Tehran
REGIONS = {"ar": ("ar", "ar_SY", "ar_DZ"), "fa": ("fa", "fa_AF")}
LONGEST = 4  # words in a form
SHORTEST_BEGINNING = 3  # letters before a *
# what Arabic writes together with the next word
JOINED = ("وال", "بال", "لل", "فال", "ال", "و", "ب", "ل", "ف")


class Lexicon:
    """One language's. Forms are folded (engine/nlu/text.py)."""

    def __init__(self, language: str) -> None:
        self._whole: dict[str, str] = {}
        self._beginnings: dict[str, str] = {}
        self._joined = JOINED if language == "ar" else ()
        path = FOLDER / f"{language}.yml"
        listed: dict[str, list[str]] = yaml.safe_load(path.read_text(encoding="utf-8")) if path.exists() else {}
        for english, forms in listed.items():
            for form in forms:
                kept = self._beginnings if form.endswith("*") else self._whole
                kept.setdefault(fold(form), english)
        self._calendar = {fold(name): english for name, english in _calendar(language)}

    def find(self, words: str) -> str | None:
        """The English for folded words that stand beside each other."""
        if (exact := self._whole.get(words) or self._calendar.get(words)) is not None:
            return exact
        for prefix in self._joined:
            if words.startswith(prefix) and len(words) > len(prefix) + 2 and (bare := self._whole.get(words[len(prefix) :])):
                return bare
        for length in range(len(words), SHORTEST_BEGINNING - 1, -1):
            if " " not in words[length:] and (found := self._beginnings.get(words[:length])) is not None:
                return found
        return None

    def calendar(self, word: str) -> str | None:
        """The English name of a day or month."""
        return self._calendar.get(word)


@cache
def lexicon(language: str) -> Lexicon:
    return Lexicon(language)


def _calendar(language: str) -> list[tuple[str, str]]:
    found = []
    english = Locale("en")
    for region in REGIONS.get(language, (language,)):
        local = Locale.parse(region)
        for names, ours in ((local.months, english.months), (local.days, english.days)):
            for form in ("format", "stand-alone"):
                found += [(name, ours["format"]["wide"][number]) for number, name in names[form]["wide"].items()]
    return found

"""Phrases that name a profession, a country, a need or an area, in the languages of `data/lookup`.

`data/lookup/<language>/{professions,needs,countries,areas}.yml`: value -> phrases. Countries' plain names come from CLDR, but
for those in `not_countries.yml`. The lists are read when the model is loaded, so a corrected list counts after a restart without training.
"""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path
from typing import Dict, FrozenSet, List, NamedTuple, Set, Tuple

import yaml
from babel import Locale, UnknownLocaleError

from engine.nlu.language import detect
from engine.nlu.text import fold

LONGEST = 5  # words in the longest phrase looked up
SHORT = 3  # words; of a shorter message the language is not sure enough to leave a list out
POSTCODE = re.compile(r"\b(b\d{1,2}|wv\d{1,2}|ws\d{1,2}|dy\d{1,2}|cv\d{1,2})(?:\s?\d[a-z]{2})?\b")
FILES = {"profession": "professions.yml", "need": "needs.yml", "country": "countries.yml", "area": "areas.yml"}
# Words Arabic and Persian write together with the next one: "and", "in", "for", "the", and their pairs.
JOINED = ("وبال", "وال", "بال", "لل", "فال", "كال", "ال", "و", "ب", "ل", "ف")


class Found(NamedTuple):
    """`start`, `end`: offsets into the folded text."""

    entity: str
    value: str
    start: int
    end: int


class Lookup:
    """Every phrase of one folder of lists. A phrase counts in the languages it is listed for; Latin letters and English in all."""

    def __init__(self, folder: Path, languages: Tuple[str, ...]) -> None:
        self._languages = languages
        self._phrases: Dict[str, Dict[Tuple[str, str], Set[str]]] = {}
        for language in languages:
            for entity, name in FILES.items():
                path = folder / language / name
                for value, phrases in (yaml.safe_load(path.read_text(encoding="utf-8")) if path.exists() else {}).items():
                    for phrase in phrases:
                        self._add(str(phrase), entity, str(value), language)
            everyday = _everyday(folder / language)
            for code, name in _territories(language).items():
                if fold(name) not in everyday:
                    self._add(name, "country", code, language)
        self.find = lru_cache(maxsize=256)(self._find)

    def _add(self, phrase: str, entity: str, value: str, language: str) -> None:
        if key := fold(phrase):
            self._phrases.setdefault(key, {}).setdefault((entity, value), set()).add("en" if key.isascii() else language)

    def _find(self, text: str) -> Tuple[Found, ...]:
        """Every entity in `text`, longest phrase first at each place."""
        folded = fold(text)
        words = folded.split()
        spoken = self._spoken(text, len(words))
        starts, at = [], 0
        for word in words:
            starts.append(at)
            at += len(word) + 1
        found: List[Found] = []
        position = 0
        while position < len(words):
            step = 1
            for length in range(min(LONGEST, len(words) - position), 0, -1):
                if here := self._match(words[position : position + length], spoken):
                    last = position + length - 1
                    found += [Found(entity, value, starts[position], starts[last] + len(words[last])) for entity, value in here]
                    step = length
                    break
            position += step
        return (*found, *(Found("area", c[1].upper(), c.start(), c.end()) for c in POSTCODE.finditer(folded)))

    def _spoken(self, text: str, words: int) -> FrozenSet[str]:
        if words < SHORT:
            return frozenset(self._languages)
        return frozenset(("en", detect(text, "en", self._languages)))

    def _match(self, words: List[str], spoken: FrozenSet[str]) -> List[Tuple[str, str]]:
        phrase = " ".join(words)
        if here := self._of(phrase, spoken):
            return here
        for prefix in JOINED:
            if phrase.startswith(prefix) and len(phrase) > len(prefix) + 2 and (here := self._of(phrase[len(prefix) :], spoken)):
                return here
        return self._of(phrase[:-1], spoken) if phrase.isascii() and phrase.endswith("s") else []

    def _of(self, phrase: str, spoken: FrozenSet[str]) -> List[Tuple[str, str]]:
        return [meant for meant, languages in self._phrases.get(phrase, {}).items() if languages & spoken]


def _everyday(folder: Path) -> FrozenSet[str]:
    """Names of countries that are everyday words in the language ("Того": of that; "شام": evening)."""
    path = folder / "not_countries.yml"
    return frozenset(fold(str(name)) for name in (yaml.safe_load(path.read_text(encoding="utf-8")) if path.exists() else []))


def _territories(language: str) -> Dict[str, str]:
    try:
        names = Locale.parse(language).territories
    except UnknownLocaleError:
        return {}
    return {code: name for code, name in names.items() if len(code) == 2 and code.isalpha()}


@lru_cache(maxsize=4)
def lookup(folder: str, languages: Tuple[str, ...]) -> Lookup:
    """The lists of a folder (relative to the repository), read once for all who ask."""
    path = Path(folder)
    return Lookup(path if path.is_absolute() else Path(__file__).resolve().parents[2] / path, languages)


_LATIN = re.compile("[a-z]")


def clues(text: str, lists: Lookup) -> Set[str]:
    """What a message holds, said in no language: so that each language learns from the others' lines."""
    words = fold(text).split()
    latin = sum(bool(_LATIN.search(word)) for word in words)
    found = {f"has {f.entity}" for f in lists.find(text)} | {
        f"{f.entity} {f.value}" for f in lists.find(text) if f.entity != "country"
    }
    found.add(f"about {min(len(words), 12) // 3 * 3} words")
    if 0 < latin < len(words):
        found.add(f"{min(latin, 4)} Latin words among others")
    if "?" in text or "؟" in text:
        found.add("a question mark")
    return found

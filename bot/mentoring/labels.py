"""What a profession or a language is called in a language, and the languages that somebody names."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from pathlib import Path

import yaml

from bot import i18n
from bot.knowledge.snapshot import Snapshot
from engine.nlu.text import fold

LOOKUP = Path(__file__).resolve().parents[2] / "data/lookup"
LONGEST_NAME = 3  # words
OTHER = "other"


def profession(knowledge: Snapshot, key: str, language: str) -> str:
    """As a route of ours calls it, else as people call it: the first word of the list."""
    for path in knowledge.pathways.values():
        is_own = key == path.key or path.professions[:1] == [key]
        if is_own and (words := knowledge.words("pathways", path.key, "name", language)):
            return words.text
    if key == OTHER:
        return i18n.t(language, "mentor.other_profession")
    known = _professions(language).get(key) or _professions("en").get(key)
    return known or key


def is_profession(key: str) -> bool:
    return key == OTHER or key in _professions("en")


def language(code: str, spoken: str) -> str:
    """The name of a language in another one."""
    return str(i18n.locale(spoken).languages.get(code) or i18n.locale("en").languages.get(code, code))


def is_language(code: str) -> bool:
    return code in _codes()


def languages_in(text: str, spoken: Iterable[str]) -> list[str]:
    """The codes of the languages named in `text`, by their names in the languages `spoken` and in themselves."""
    words = fold(text).split()
    found: list[str] = []
    names: dict[str, str] = {}
    for code in spoken:
        names |= _names(code)
    place = 0
    while place < len(words):
        for length in range(min(LONGEST_NAME, len(words) - place), 0, -1):
            phrase = " ".join(words[place : place + length])
            code_found = names.get(phrase) or names.get(phrase.removeprefix("و")) or names.get(phrase.removeprefix("ال"))
            if code_found:
                found.append(code_found)
                place += length - 1
                break
        place += 1
    return list(dict.fromkeys(found))


@cache
def _codes() -> frozenset[str]:
    """Two or three letters: no regions or scripts."""
    return frozenset(code for code in map(str, i18n.locale("en").languages) if code.isalpha() and 2 <= len(code) <= 3)


@cache
def _names(spoken: str) -> dict[str, str]:
    locale = i18n.locale(spoken)
    names = {fold(str(name)): str(code) for code, name in locale.languages.items() if code in _codes()}
    own = {fold(i18n.own_name(code)): code for code in ("en", spoken) if i18n.has(code, "language.own_name")}
    return names | own


@cache
def _professions(language: str) -> dict[str, str]:
    path = LOOKUP / language / "professions.yml"
    lists = yaml.safe_load(path.read_text(encoding="utf-8")) if path.exists() else {}
    return {str(key): str(phrases[0]) for key, phrases in lists.items() if phrases}

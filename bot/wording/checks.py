"""What is wrong with a translation, or worth a second look: places in braces, links, numbers, English words that must stay."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from bot import i18n
from bot.knowledge.consistency import DIGITS
from bot.knowledge.snapshot import Snapshot

LONGEST = 2_000  # characters, as of any text (bot/knowledge/checks.py)
WORDS = 6  # of the longest name that is looked for
_LINK = re.compile(r"(?:https?://|www\.)[^\s،؛<>\"]+[^\s،؛<>\".,:;!?)\]]")
_NUMBER = re.compile(r"\d+")
_WORD = re.compile(r"[A-Za-z0-9][A-Za-z0-9&'’/.-]*")
_SMALL = frozenset(("of", "and", "for", "to", "the", "in", "a", "on"))  # small in a name, too
_BRACES = re.compile(r"\{[^{}]*\}")


@dataclass(frozen=True)
class Concern:
    """`what`: places, links, numbers, terms, long, empty, unchanged. `these`: what is missing or too much. `form`: which one, from 0.

    `stops`: it cannot be kept so. Everything else can, by somebody who says that it is right.
    """

    what: str
    these: tuple[str, ...] = ()
    form: int = 0
    stops: bool = False


def concerns(
    english: Sequence[str],
    forms: Sequence[str],
    language: str,
    names: frozenset[str],
    *,
    counted: bool = False,
    places: bool = True,
) -> list[Concern]:
    """Of each form against the English beside it. `counted`: a form of a counted text, which may leave the number out.

    `places`: names in braces are filled in, so both must have the same. `names`: the English names that stay (`protected`).
    """
    found: list[Concern] = []
    for place, (source, form) in enumerate(zip(english, forms, strict=True)):
        found += (
            Concern(one.what, one.these, place, one.stops)
            for one in _of_one(source, form, language, names, counted=counted, places=places)
        )
    return found


def _of_one(source: str, text: str, language: str, names: frozenset[str], *, counted: bool, places: bool) -> Iterator[Concern]:
    if not text.strip():
        yield Concern("empty", stops=True)
        return
    if len(text) > LONGEST:
        yield Concern("long", stops=True)
    if places:
        wanted, found = i18n.places(source) or set(), i18n.places(text)
        free = {"count"} if counted else set[str]()
        if found is None or (wrong := (wanted ^ found) - free):
            yield Concern("places", tuple(sorted(_BRACES.findall(text))) if found is None else tuple(sorted(wrong)), stops=True)
    source, text = _BRACES.sub(" ", source), _BRACES.sub(" ", text)
    if wrong_links := set(_LINK.findall(source)) ^ set(_LINK.findall(text)):
        yield Concern("links", tuple(sorted(wrong_links)))
    ours, theirs = Counter(_numbers(source)), Counter(_numbers(text))
    if not counted and ours != theirs:
        yield Concern("numbers", tuple(sorted(((ours - theirs) + (theirs - ours)).elements())))
    if language != "en":
        if lost := protected(source, names) - protected(text, names):
            yield Concern("terms", tuple(sorted(lost)))
        if text.strip() == source.strip() and len(_WORD.findall(source)) > WORDS:
            yield Concern("unchanged")


def _numbers(text: str) -> list[str]:
    return _NUMBER.findall(text.translate(DIGITS).replace("٬", ",").replace("٫", "."))


@lru_cache(maxsize=1)  # one revision of the knowledge at a time; a file of translations asks thousands of times
def official_names(knowledge: Snapshot) -> frozenset[str]:
    """The English names by which offices call things, as they are written: a person must find them again on the letter."""
    found: set[str] = set()
    for term in knowledge.terms.values():
        if term.keeps_its_name:
            found.update(name for name in (term.name, term.expansion, *term.aliases, *term.shared) if _is_a_name(name))
    return frozenset(found)


def protected(text: str, names: frozenset[str]) -> set[str]:
    """The official names that stand in a text, the longest where one holds another."""
    words = list(_WORD.finditer(text))
    found: set[str] = set()
    at = 0
    while at < len(words):
        step = 1
        for length in range(min(WORDS, len(words) - at), 0, -1):
            piece = text[words[at].start() : words[at + length - 1].end()].rstrip(".,;:!?'’")
            if piece in names:
                found.add(piece)
                step = length
                break
        at += step
    return found


def _is_a_name(name: str) -> bool:
    """Written as nothing else is: "PIP", "Council Tax", not "Tenancy", and not "Council Tax bill", whose last word is translated."""
    words = [word for word in name.split() if word not in _SMALL]
    capital = all(word[:1].isupper() or word[:1].isdigit() for word in words)
    return capital and (len(words) > 1 or any(c.isupper() for c in name[1:]))

"""Finds in a story what may point at somebody: other people's names, places of work, ways to reach somebody, numbers of papers.

A guess for a person to look at, never a proof: it would rather show a word too many. Words that stand for everybody (a city, a
language, a body everybody deals with) are left alone: `data/telling/words.yml` and the terms of the knowledge base.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from bot.mentoring import gate
from engine.nlu.text import clean, fold

PATH = Path(__file__).resolve().parents[2] / "data/telling/words.yml"
REACH = ("number", "email", "link", "account", "address", "identifier")  # kinds that the gate between mentors finds, too
MOST = 12  # shown to somebody
SHORT_TITLE = 5  # letters; such a one may have a full stop: "Dr. Khan"
_WORD = re.compile(r"[^\W\d_][\w'’-]*")
_SENTENCE_END = re.compile(r"[.!?؟۔。:;\n«»\"“”•-]\s*$")
_TITLED = 0.8  # of a text written with capitals throughout they say nothing


@dataclass(frozen=True)
class Found:
    """`kind`: name, place, or one of REACH, of which the words are not given."""

    kind: str
    words: str = ""


def find(text: str, known: frozenset[str] = frozenset()) -> list[Found]:
    """In the order in which they stand, each once, at most MOST. `known`: folded words that point at nobody. Never raises."""
    plain = clean(text)
    found = [*_named(plain), *_placed(plain), *_capitals(plain, known)]
    found += [Found(kind) for kind in REACH if kind in gate.look(plain).kinds]
    kept: dict[str, Found] = {}
    for one in found:
        mine = fold(one.words)
        said = mine and any(mine in fold(other.words) or (other.words and fold(other.words) in mine) for other in kept.values())
        if not said:
            kept.setdefault(one.words or one.kind, one)
    return list(kept.values())[:MOST]


def _named(text: str) -> Iterator[Found]:
    """After a title ("Dr", "الأستاذ") or after words that say how somebody else is called."""
    for match in _after("titles").finditer(text):
        if fold(match["next"]) not in _set("no_names"):
            yield Found("name", match[0].strip())
    for match in _after("called").finditer(text):
        yield Found("name", match["next"])


def _placed(text: str) -> Iterator[Found]:
    """A kind of workplace before its name, in scripts without capitals."""
    for match in _after("places").finditer(text):
        if fold(match["next"]) not in _set("no_names"):
            yield Found("place", match[0].strip())


def _capitals(text: str, known: frozenset[str]) -> Iterator[Found]:
    """Words with a capital inside a sentence, those side by side together."""
    words = list(_WORD.finditer(text))
    large = [word for word in words if word[0][0].isupper()]
    if len(words) >= 4 and len(large) > len(words) * _TITLED:
        return
    run: list[re.Match[str]] = []
    for word in [*words, None]:
        goes_on = word is not None and _is_large(word[0])
        if run and (not goes_on or (word is not None and text[run[-1].end() : word.start()].strip())):
            yield from _run(run, known)
            run = []
        if word is not None and goes_on and not _begins_sentence(text, word, run, known):
            run.append(word)


def _run(run: list[re.Match[str]], known: frozenset[str]) -> Iterator[Found]:
    words = [match[0].strip(".'’-") for match in run]
    is_place = len(words) > 1 and any(fold(word) in _set("workplaces") for word in words)
    points = any(not _is_known(word, known) for word in words) and " ".join(map(fold, words)) not in known
    if is_place or points:  # a hospital may be a term, and is still where somebody can be found
        yield Found("place" if is_place else "name", " ".join(words))


def _begins_sentence(text: str, word: re.Match[str], run: list[re.Match[str]], known: frozenset[str]) -> bool:
    """Its capital says nothing there, unless another one, which is nobody else's, follows at once."""
    before = text[: word.start()]
    begins = not before.strip() or bool(_SENTENCE_END.search(before))
    following = _WORD.match(text[word.end() :].lstrip())
    named = following is not None and _is_large(following[0]) and not _is_known(following[0], known)
    return not run and begins and (not named or _is_known(word[0], known))


def _is_large(word: str) -> bool:
    return word[0].isupper() and not (len(word) <= 5 and word.isupper())  # GMC, NHS, IELTS


def _is_known(word: str, known: frozenset[str]) -> bool:
    folded = fold(word)
    return folded in known or folded in _set("everybodys")


@lru_cache(maxsize=3)
def _after(name: str) -> re.Pattern[str]:
    """`next`: what follows one of the words. In scripts with capitals it must have one."""
    words = sorted({word for lists in _content().values() for word in lists.get(name, [])}, key=len, reverse=True)
    some = "|".join(re.escape(word) + (r"\.?" if len(word) < SHORT_TITLE else "") for word in words)
    follows = r"(?P<next>(?:[A-ZÀ-ÞЀ-Я][\w'’-]+(?:\s+[A-ZÀ-ÞЀ-Я][\w'’-]+)?|[\u0620-\u06ff]{2,}))"
    return re.compile(rf"(?<!\w)(?:[وبل]?)(?i:{some})\s+{follows}")


@lru_cache(maxsize=4)
def _set(name: str) -> frozenset[str]:
    return frozenset(fold(str(word)) for lists in _content().values() for word in lists.get(name, []))


@lru_cache(maxsize=1)
def _content() -> dict[str, dict[str, Any]]:
    content: dict[str, dict[str, Any]] = yaml.safe_load(PATH.read_text(encoding="utf-8"))
    return content

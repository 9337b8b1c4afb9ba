"""Which plain words a pattern cannot do without, so that most patterns need not be tried on most sentences.

Hundreds of patterns with gaps and alternatives cost 18 ms a message when all are tried; looking first which of the words
they need are there at all (one pass for all of them) costs a twentieth of a millisecond and changes no result
(tests/engine/test_safety.py compares).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

import ahocorasick

_parse = re._parser.parse  # type: ignore[attr-defined]  # the standard library's own reading of a pattern
_REPEATS = {"MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"}


def needed(pattern: str) -> frozenset[str] | None:
    """Words of which every match of `pattern` holds at least one; None when there are none to name."""
    return _of_sequence(_parse(pattern))


def _of_sequence(items: Iterable[tuple[Any, Any]]) -> frozenset[str] | None:
    found: list[frozenset[str]] = []
    run = ""
    for kind, value in items:
        if str(kind) == "LITERAL":
            run += chr(value)
            continue
        found += [frozenset({run})] if run else []
        run = ""
        if inner := _of_one(str(kind), value):
            found.append(inner)
    found += [frozenset({run})] if run else []
    return max(found, key=lambda words: min(map(len, words)), default=None)


def _of_one(kind: str, value: Any) -> frozenset[str] | None:
    if kind == "SUBPATTERN":
        return _of_sequence(value[-1])
    if kind == "BRANCH":
        ways = [_of_sequence(way) for way in value[1]]
        return None if None in ways else frozenset().union(*(way for way in ways if way))
    if kind in _REPEATS and value[0] >= 1:
        return _of_sequence(value[2])
    return None


class Finder:
    """Which of many words stand in a text, also inside longer ones: one pass, however many there are."""

    def __init__(self, words: Iterable[str]) -> None:
        self._automaton = ahocorasick.Automaton()
        for word in set(words):
            self._automaton.add_word(word, word)
        self._automaton.make_automaton()

    def words_in(self, text: str) -> frozenset[str]:
        return frozenset(word for _, word in self._automaton.iter(text)) if len(self._automaton) else frozenset()

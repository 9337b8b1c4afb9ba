"""Forms of words by which a thing is found: whole ("first aid"), or by how words begin ("cook*": cooked, cooking; "fix* phone*")."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cached_property

from bot.knowledge.spelling import Spellings
from engine.nlu.text import fold

LONGEST = 7  # words of a form
MOST_ENDING = 7  # letters that may follow a beginning
SHORTEST_BEGINNING = 3
SHORTEST_NEAR = 6  # letters of a word that may be misspelled
_ARTICLES = ("وال", "بال", "لل", "ال", "و", "ب", "ل", "ف")  # written together with the word that follows
_PERSONS = ("ا", "ت", "ي", "ن", "م", "ب")  # in front of an Arabic verb: I, she, he, we
Pattern = tuple[str, ...]  # words, a "*" at the end of those that are beginnings


def compact(phrase: str) -> str:
    """A phrase as it is compared: folded, without spaces and apostrophes."""
    return fold(phrase).replace(" ", "").replace("'", "")


class Forms:
    """The forms of one language: each leads to a key. The first owner of a form keeps it."""

    def __init__(self, given: Iterable[tuple[str, str]]) -> None:
        self.whole: dict[str, str] = {}
        self._patterns: dict[tuple[int, str], list[tuple[Pattern, str]]] = {}  # by how many words, and how the first begins
        self._single: list[str] = []
        for form, key in given:
            if "*" in form:
                self._add_pattern(form, key)
            elif found := compact(form):
                self.whole.setdefault(found, key)
                if " " not in form.strip() and len(found) >= SHORTEST_NEAR:
                    self._single.append(found)

    def find(self, window: list[str]) -> str | None:
        """The key of these folded words together."""
        joined = "".join(window).replace("'", "")
        found = next((key for form in _written(joined) if (key := self.whole.get(form) or self._plural(form))), None)
        return found or self._by_beginnings([word.replace("'", "") for word in window])

    def near(self, word: str) -> str | None:
        """The key of the form that is most like a misspelled word."""
        found = self._spellings.nearest(word) if len(word) >= SHORTEST_NEAR else None
        return self.whole[found[0]] if found else None

    def _add_pattern(self, form: str, key: str) -> None:
        words = tuple(compact(word.removesuffix("*")) + "*" * word.endswith("*") for word in form.split())
        if all(word.rstrip("*") for word in words):
            self._patterns.setdefault((len(words), words[0][:SHORTEST_BEGINNING].rstrip("*")), []).append((words, key))

    def _plural(self, form: str) -> str | None:
        return self.whole.get(form[:-1]) if len(form) > 4 and form.endswith("s") else None

    def _by_beginnings(self, window: list[str]) -> str | None:
        """Of all that fit the one that says most."""
        starts = dict.fromkeys(form[:n] for form in _spoken(window[0]) for n in range(SHORTEST_BEGINNING, 0, -1))
        fitting = [
            (sum(map(len, words)), key)
            for start in starts
            for words, key in self._patterns.get((len(window), start), ())
            if all(map(_fits, words, window))
        ]
        return max(fitting)[1] if fitting else None

    @cached_property
    def _spellings(self) -> Spellings:
        return Spellings(self._single)


def _fits(wanted: str, word: str) -> bool:
    begins = wanted.removesuffix("*")
    if begins == wanted:
        return wanted in _written(word)
    return any(form.startswith(begins) and len(form) - len(begins) <= MOST_ENDING for form in _spoken(word))


def _written(joined: str) -> Iterator[str]:
    yield joined
    yield from (joined[len(a) :] for a in _ARTICLES if joined.startswith(a) and len(joined) > len(a) + 2)


def _spoken(word: str) -> Iterator[str]:
    yield from _written(word)
    yield from (form[1:] for form in _written(word) if len(form) > 3 and form.startswith(_PERSONS))

"""The terms in running text: what an office wrote, not what somebody asks."""

from __future__ import annotations

import re
from collections.abc import Collection

from bot.knowledge.called import LONGEST, Found, Names
from bot.knowledge.forms import compact
from bot.knowledge.snapshot import Snapshot
from engine.nlu.language import small_words
from engine.nlu.text import fold

ENGLISH_WORDS = frozenset(
    ("send", "sort", "safe", "step", "rest", "past", "care", "able", "head", "team", "test", "form", "late", "need")
)
_VOWELS = frozenset("aeiouy")
LITTLE = 2  # letters
_WORD = re.compile(r"[^\s,;:()\"“”]+")


class RunningText:
    def __init__(self, knowledge: Snapshot, names: Names) -> None:
        self._terms, self._names = knowledge.terms, names

    def terms(self, text: str) -> list[Found]:
        """Each once, as they stand. Two- and three-letter forms count only in capitals ("IT", not "it")."""
        words = [(match.start(), match[0]) for match in _WORD.finditer(text)]
        around = frozenset(fold(text).split())
        wholes = [compact(word) for _, word in words]
        found: list[Found] = []
        taken: set[int] = set()
        for length in range(min(LONGEST, len(words)), 0, -1):  # "notice to quit" is not "served notice"
            for at in range(len(words) - length + 1):
                if not taken.isdisjoint(range(at, at + length)):
                    continue
                meant = self._names.meant("".join(wholes[at : at + length]), around=around)
                if meant and (one := self._written(text, words[at : at + length], meant, around)):
                    taken.update(range(at, at + length))
                    found.append(one)
        seen: dict[str, Found] = {}
        for one in sorted(found, key=lambda f: f.start):
            seen.setdefault(one.key, one)
        return list(seen.values())

    def _written(self, text: str, window: list[tuple[int, str]], meant: list[str], around: frozenset[str]) -> Found | None:
        """The term that these words are, which are called so. `window`: where each begins, and it."""
        start, (last_start, last) = window[0][0], window[-1]
        written = text[start : last_start + len(last)].strip(".!?'’")
        if "\n\n" in written or self._is_drawn_together(written) or not self._fits(meant[0], around):
            return None
        if self._needs_capitals(written, meant[0]) and not self._is_abbreviation(written):
            return None
        return Found(meant[0], written, start, 100.0, tuple(meant[1:]))

    def _is_drawn_together(self, written: str) -> bool:
        """Whether a little word only happens to spell a name with its neighbours: "a fixed" is not "affixed", "UK as" is no UCAS."""
        words = fold(written).split()
        is_little = len(words) > 1 and (min(map(len, words)) <= LITTLE or not small_words().isdisjoint(words))
        return is_little and len(words) != self._names.length(compact(written))

    def _fits(self, key: str, around: Collection[str]) -> bool:
        """A word with a context is the term only near it: "our reference" is no letter from an employer."""
        term = self._terms[key]
        return bool(term.shared) or not term.context or not {fold(word) for word in term.context}.isdisjoint(around)

    def _is_abbreviation(self, written: str) -> bool:
        """In capitals, or in just the letters of its own that it has in English ("kWh")."""
        bare = written.replace(".", "")
        return bare.isupper() or (bare != bare.lower() and self._names.spelled(compact(bare)) == bare)

    def _needs_capitals(self, written: str, key: str) -> bool:
        """Short forms, and abbreviations that are words too: "SEND" is not "send"."""
        whole = compact(written)
        is_word = len(whole) < 3 or not _VOWELS.isdisjoint(whole)  # "pcm" is none, in whatever letters
        return (len(whole) <= 3 and is_word) or (len(whole) <= 5 and self._terms[key].name.isupper() and whole in ENGLISH_WORDS)

"""Finding the term a person means, however they type it: case, dots, spaces, plural, misspelling, their own language."""

from __future__ import annotations

import re
from dataclasses import dataclass

from rapidfuzz import fuzz, process

from bot.knowledge.snapshot import Snapshot
from engine.nlu.language import small_words
from engine.nlu.text import fold

LONGEST = 6  # words
CUTOFF = 86.0  # of 100, for a misspelling; below it, other words of English begin to match
MOST = 4  # terms answered at once
_PREFIXES = ("وال", "بال", "لل", "ال", "و", "ب", "ل", "ف")


@dataclass(frozen=True)
class Found:
    """A term and the words in the text that named it. `score` is 100 for an exact find."""

    key: str
    as_written: str
    start: int
    score: float


class TermIndex:
    """Made once for a snapshot of the knowledge."""

    def __init__(self, knowledge: Snapshot) -> None:
        self._exact: dict[str, str] = {}
        self._everyday = {key for key, term in knowledge.terms.items() if term.everyday}
        for rank in ("name", "alias", "expansion", "names", "misspelling"):  # the first owner of a form keeps it
            for key, term in knowledge.terms.items():
                forms = {
                    "name": [term.name],
                    "alias": term.aliases,
                    "expansion": [term.expansion] if term.expansion else [],
                    "names": knowledge.all_names.get(key, []),
                    "misspelling": term.misspellings,
                }[rank]
                for form in forms:
                    if compact := _compact(form):
                        self._exact.setdefault(compact, key)
        self._fuzzy = [form for form in self._exact if len(form) > 4]

    def lookup(self, phrase: str) -> str | None:
        """The term that is called exactly so, apart from case, dots, spaces and plural."""
        compact = _compact(phrase)
        for form in _forms(compact):
            if form in self._exact:
                return self._exact[form]
        return None

    def in_question(self, text: str) -> list[Found]:
        """The terms somebody asks about, in the order they stand; misspelled ones only when none is exact."""
        words = fold(text).split()
        found = self._windows(words)
        if not found:
            found = self._beginning(words) or self._misspelled(words)
        if len(found) > 1:  # "what is a sanction at the Jobcentre": the question is about the sanction
            found = [f for f in found if f.key not in self._everyday] or found
        return found[:MOST]

    def in_letter(self, text: str) -> list[Found]:
        """The terms in running text, each once. Two- and three-letter forms count only in capitals ("IT", not "it")."""
        seen: dict[str, Found] = {}
        words = [(match.start(), match[0]) for match in re.finditer(r"[^\s,;:()\"“”]+", text)]
        at = 0
        while at < len(words):
            for length in range(min(LONGEST, len(words) - at), 0, -1):
                start = words[at][0]
                last_start, last = words[at + length - 1]
                written = text[start : last_start + len(last)].strip(".!?'’")
                if "\n\n" in written or not (key := self.lookup(written)):
                    continue
                if len(_compact(written)) <= 3 and not written.replace(".", "").isupper():
                    continue
                seen.setdefault(key, Found(key, written, start, 100.0))
                at += length - 1
                break
            at += 1
        return list(seen.values())

    def _windows(self, words: list[str]) -> list[Found]:
        found: list[Found] = []
        at = 0
        while at < len(words):
            for length in range(min(LONGEST, len(words) - at), 0, -1):
                written = " ".join(words[at : at + length])
                if length == 1 and written in small_words():
                    continue
                key = self.lookup(written)
                if key:
                    if key not in {f.key for f in found}:
                        found.append(Found(key, written, at, 100.0))
                    at += length - 1
                    break
            at += 1
        return found

    def _beginning(self, words: list[str]) -> list[Found]:
        """A longer name of which only the first words were typed, when it is the only one that begins so."""
        for length in range(min(LONGEST, len(words)), 1, -1):
            for at in range(len(words) - length + 1):
                window = words[at : at + length]
                compact = "".join(window)
                if len(compact) < 8 or window[0] in small_words() or window[-1] in small_words():
                    continue
                owners = {key for form, key in self._exact.items() if form.startswith(compact)}
                if len(owners) == 1:
                    return [Found(owners.pop(), " ".join(window), at, 95.0)]
        return []

    def _misspelled(self, words: list[str]) -> list[Found]:
        best: Found | None = None
        for length in (3, 2, 1):
            for at in range(len(words) - length + 1):
                window = words[at : at + length]
                compact = "".join(window)
                if len(compact) < 5 or any(word in small_words() for word in (window[0], window[-1])):
                    continue
                match = process.extractOne(compact, self._fuzzy, scorer=fuzz.ratio, score_cutoff=CUTOFF)
                if match and (best is None or match[1] > best.score):
                    best = Found(self._exact[match[0]], " ".join(window), at, match[1])
        return [best] if best else []


def _compact(phrase: str) -> str:
    return fold(phrase).replace(" ", "").replace("'", "")


def _forms(compact: str) -> list[str]:
    forms = [compact]
    if len(compact) > 3 and compact.endswith("s"):
        forms += [compact[:-1], compact[:-2]] if compact.endswith("es") else [compact[:-1]]
    elif len(compact) > 3:
        forms.append(compact + "s")
    for prefix in _PREFIXES:
        if compact.startswith(prefix) and len(compact) > len(prefix) + 2:
            forms.append(compact[len(prefix) :])
    return forms

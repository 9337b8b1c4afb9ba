"""Finding the term a person means, however they type it: case, dots, spaces, plural, misspelling, their own language."""

from __future__ import annotations

import re
from collections import ChainMap
from collections.abc import Collection
from dataclasses import dataclass

from bot.knowledge.ambiguous import Shared
from bot.knowledge.by_meaning import Meanings
from bot.knowledge.forms import alike, bare, compact, known, put
from bot.knowledge.seed import OFFICIAL
from bot.knowledge.snapshot import Snapshot
from bot.knowledge.sounds import Sounds
from bot.knowledge.spelling import Spellings, spellings
from engine.nlu.language import small_words
from engine.nlu.text import fold

LONGEST = 6  # words
MOST = 4  # terms answered at once
ABBREVIATION = 4  # letters
SURE = 92.0  # of 100: so like a name that what stands in it exactly is only its part
ENGLISH_WORDS = frozenset(
    ("send", "sort", "safe", "step", "rest", "past", "care", "able", "head", "team", "test", "form", "late", "need")
)


@dataclass(frozen=True)
class Found:
    """A term and the words in the text that named it. `score` is 100 for an exact find. `others`: what it may mean too."""

    key: str
    as_written: str
    start: int
    score: float
    others: tuple[str, ...] = ()


class TermIndex:
    """Made once for a snapshot of the knowledge. `language` is the asker's: only its own words for a term count beside English."""

    def __init__(self, knowledge: Snapshot) -> None:
        self._everyday = {key for key, term in knowledge.terms.items() if term.everyday}
        self._official = {key for key, term in knowledge.terms.items() if term.domain == OFFICIAL}
        self._topics = {key for key, term in knowledge.terms.items() if term.topic}
        self._english: dict[str, str] = {}
        self._spelled: dict[str, str] = {}  # a form -> as the English writes it
        ranks = (
            {key: [term.name] for key, term in knowledge.terms.items()},
            {key: term.aliases for key, term in knowledge.terms.items()},
            {key: [term.expansion] for key, term in knowledge.terms.items() if term.expansion},
            {key: term.misspellings for key, term in knowledge.terms.items()},
        )
        for rank, forms in enumerate(ranks):  # the first owner of a form keeps it
            put(self._english, forms)
            if rank < 3:
                self._spelled |= {known(f)[1]: f for group in forms.values() for f in group if known(f)[1] not in self._spelled}
        self._shared = Shared(knowledge.terms.values())
        self._spelled |= {compact(written): written for term in knowledge.terms.values() for written in term.shared}
        self._sounds = Sounds((known(form)[0], key) for group in ranks[:3] for key, forms in group.items() for form in forms)
        self._by_meaning: dict[str, Meanings] = {}
        self._knowledge = knowledge
        self._own: dict[str, dict[str, str]] = {}
        for language, forms in knowledge.all_names.items():
            put(self._own.setdefault(language, {}), forms)
        self._spellings = {code: spellings(tuple(forms)) for code, forms in ({"en": self._english} | self._own).items()}

    def _forms_of(self, language: str) -> ChainMap[str, str]:
        return ChainMap(self._english, self._own.get(language, {}))

    def _spellings_of(self, language: str) -> list[Spellings]:
        return [self._spellings[code] for code in dict.fromkeys(("en", language)) if code in self._spellings]

    def lookup(self, phrase: str, language: str = "en") -> str | None:
        """The term that is called exactly so, apart from case, dots, spaces and plural."""
        return next(iter(self._meanings(phrase, language)), None)

    def _meanings(self, phrase: str, language: str = "en", around: Collection[str] = ()) -> list[str]:
        """The term that is called so; of a shared abbreviation every one, the likeliest among these words first."""
        return self._called(compact(phrase), language, around)

    def _called(self, whole: str, language: str = "en", around: Collection[str] = ()) -> list[str]:
        """The same of a compact form."""
        if shared := next((m for form in bare(whole) if (m := self._shared.likeliest(form, around))), None):
            return shared
        own = self._own.get(language, {})
        english = next((self._english[form] for form in alike(whole) if form in self._english), None)
        found = english or next((own[form] for form in bare(whole) if form in own), None)
        return [found] if found else []

    def as_english(self, found: Found, name: str) -> str:
        """How the English writes what was found: the alias that was meant ("NI number"), or the term's name ("triaged": triage)."""
        forms = alike(compact(found.as_written))
        alias = next((self._spelled[form] for form in forms if form in self._spelled), name)
        return name if fold(alias).startswith(fold(name)) and " " not in alias else alias

    def in_question(self, text: str, language: str = "en", *, exact: bool = False) -> list[Found]:
        """The terms somebody asks about, in the order they stand; misspelled ones only when none is exact, and not if `exact`."""
        words = fold(text).split()
        capitals = frozenset() if text.isupper() else frozenset(fold(word) for word in text.split() if word.isupper())
        found = self._windows(words, language, capitals)
        if not exact:
            found = self._with_mistakes(words, language, found)
        if len(found) > 1:  # "what is a sanction at the Jobcentre": the question is about the sanction
            found = sorted([f for f in found if f.key not in self._everyday] or found, key=self._aside)
        return found[:MOST]

    def by_meaning(self, text: str, language: str) -> list[str]:
        """Terms whose meaning sounds like what was described, to be offered when no word was known."""
        if language not in self._by_meaning:
            terms = self._knowledge.terms
            meant = ((key, self._knowledge.words("terms", key, "meaning", language).text) for key in terms)
            self._by_meaning[language] = Meanings(meant)
        return self._by_meaning[language].like(text)

    def _is_aside(self, found: Found) -> bool:
        return found.key in self._topics or found.key in self._everyday

    def _aside(self, found: Found) -> int:
        """How far from what is asked: a term, an office's ordinary word, the field that the question stands in."""
        return 2 if found.key in self._topics else int(found.key in self._official)

    def in_letter(self, text: str) -> list[Found]:
        """The terms in running text, each once. Two- and three-letter forms count only in capitals ("IT", not "it")."""
        words = [(match.start(), match[0]) for match in re.finditer(r"[^\s,;:()\"“”]+", text)]
        around = frozenset(fold(text).split())
        wholes = [compact(word) for _, word in words]
        found: list[Found] = []
        taken: set[int] = set()
        for length in range(min(LONGEST, len(words)), 0, -1):  # "notice to quit" is not "served notice"
            for at in range(len(words) - length + 1):
                if not taken.isdisjoint(range(at, at + length)):
                    continue
                meant = self._called("".join(wholes[at : at + length]), around=around)
                if meant and (one := self._written(text, words[at : at + length], meant, around)):
                    taken.update(range(at, at + length))
                    found.append(one)
        seen: dict[str, Found] = {}
        for one in sorted(found, key=lambda f: f.start):
            seen.setdefault(one.key, one)
        return list(seen.values())

    def _written(self, text: str, window: list[tuple[int, str]], meant: list[str], around: frozenset[str]) -> Found | None:
        """The term that these words of a letter are, which are called so. `window`: where each begins, and it."""
        start, (last_start, last) = window[0][0], window[-1]
        written = text[start : last_start + len(last)].strip(".!?'’")
        if "\n\n" in written or not self._fits(meant[0], around):
            return None
        if self._needs_capitals(written, meant[0]) and not self._is_abbreviation(written):
            return None
        return Found(meant[0], written, start, 100.0, tuple(meant[1:]))

    def _fits(self, key: str, around: Collection[str]) -> bool:
        """In running text a word with a context is the term only near it: "our reference" is no letter from an employer."""
        term = self._knowledge.terms[key]
        return bool(term.shared) or not term.context or not {fold(word) for word in term.context}.isdisjoint(around)

    def _is_abbreviation(self, written: str) -> bool:
        """In capitals, or in just the letters of its own that it has in English ("kWh")."""
        bare = written.replace(".", "")
        return bare.isupper() or (bare != bare.lower() and self._spelled.get(compact(bare)) == bare)

    def _needs_capitals(self, written: str, key: str) -> bool:
        """Short forms, and abbreviations that are words too: "SEND" is not "send"."""
        whole = compact(written)
        return len(whole) <= 3 or (len(whole) <= 5 and self._knowledge.terms[key].name.isupper() and whole in ENGLISH_WORDS)

    def _windows(self, words: list[str], language: str, capitals: frozenset[str]) -> list[Found]:
        """What is called exactly so, the longest first: "nil by mouth" is not "nil".

        `capitals`: words typed in capitals; only so is a small word a term ("SHO", not Arabic "sho").
        """
        found: dict[str, Found] = {}
        taken: set[int] = set()
        for length in range(min(LONGEST, len(words)), 0, -1):
            for at in range(len(words) - length + 1):
                window = words[at : at + length]
                if not taken.isdisjoint(range(at, at + length)) or self._is_small_talk(window, capitals):
                    continue
                written = " ".join(window)
                if meant := self._called(written.replace(" ", "").replace("'", ""), language, words):
                    taken.update(range(at, at + length))
                    found.setdefault(meant[0], Found(meant[0], written, at, 100.0, tuple(meant[1:])))
        return sorted(found.values(), key=lambda f: f.start)

    def _is_small_talk(self, window: list[str], capitals: frozenset[str]) -> bool:
        """What every sentence has, and an abbreviation that other words only happen to spell ("is a" is no ISA, "d b s" is the DBS)."""
        if len(window) == 1:
            return window[0] in small_words() and window[0] not in capitals
        together = "".join(window)
        return len(together) <= ABBREVIATION and max(map(len, window)) > 1 and " " not in self._spelled.get(together, " ")

    def _with_mistakes(self, words: list[str], language: str, found: list[Found]) -> list[Found]:
        """The same with a name that was misspelled, heard or broken off: where nothing is exact, in place of the parts of a longer
        name, or before a mere topic.
        """
        if not found:
            return self._beginning(words, language) or self._misspelled(words, language) or self._as_heard(words)
        near = next(iter(self._misspelled(words, language, 2) or self._as_heard(words, 2)), None)
        if near is None:
            return found
        parts = [f for f in found if f.as_written in near.as_written]
        others = [f for f in found if f not in parts and f.key != near.key]
        if near.score < SURE and not all(self._is_aside(f) for f in parts or found):
            return found
        return sorted((near, *others), key=lambda f: f.start)

    def _beginning(self, words: list[str], language: str) -> list[Found]:
        """A longer name of which only the first words were typed, when it is the only one that begins so."""
        owned, spellings = self._forms_of(language), self._spellings_of(language)
        for length in range(min(LONGEST, len(words)), 1, -1):
            for at in range(len(words) - length + 1):
                window = words[at : at + length]
                together = "".join(window)
                if len(together) < 8 or window[0] in small_words() or window[-1] in small_words():
                    continue
                owners = {owned[form] for each in spellings for form in each.beginning(together)}
                if len(owners) == 1:
                    return [Found(owners.pop(), " ".join(window), at, 95.0)]
        return []

    def _as_heard(self, words: list[str], shortest: int = 1) -> list[Found]:
        """The longest run of words that sounds like a term."""
        for length in range(min(LONGEST, len(words)), shortest - 1, -1):
            for at in range(len(words) - length + 1):
                window = words[at : at + length]
                if not small_words().isdisjoint(window):
                    continue
                for first in bare(window[0]):
                    if key := self._sounds.find((first, *window[1:])):
                        return [Found(key, " ".join(window), at, 90.0)]
        return []

    def _misspelled(self, words: list[str], language: str, shortest: int = 1) -> list[Found]:
        best: Found | None = None
        owned, spellings = self._forms_of(language), self._spellings_of(language)
        for length in range(3, shortest - 1, -1):
            for at in range(len(words) - length + 1):
                window = words[at : at + length]
                if any(word in small_words() for word in (window[0], window[-1])):
                    continue
                for each in spellings:
                    near = each.nearest("".join(window))
                    is_new = near is not None and (shortest == 1 or near[1] < 100)  # what is exact has been found before
                    if near and is_new and (best is None or near[1] > best.score):
                        best = Found(owned[near[0]], " ".join(window), at, near[1])
        return [best] if best else []

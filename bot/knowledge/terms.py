"""Finding the term a person means, however they type it: case, dots, spaces, plural, misspelling, their own language."""

from __future__ import annotations

from bot.knowledge.by_meaning import Meanings
from bot.knowledge.called import LONGEST, Found, Names
from bot.knowledge.forms import bare, compact
from bot.knowledge.running_text import RunningText
from bot.knowledge.seed import OFFICIAL
from bot.knowledge.snapshot import Snapshot
from bot.knowledge.sounds import Sounds
from bot.knowledge.spelling import Spellings, spellings
from engine.nlu.language import small_words
from engine.nlu.text import fold

MOST = 4  # terms answered at once
ABBREVIATION = 4  # letters
ASKING = frozenset(("mean", "meaning"))  # what ends a question, and no name
SURE = 92.0  # of 100: so like a name that what stands in it exactly is only its part


class TermIndex:
    """Made once for a snapshot of the knowledge. `language` is the asker's: only its own words for a term count beside English."""

    def __init__(self, knowledge: Snapshot) -> None:
        self._everyday = {key for key, term in knowledge.terms.items() if term.everyday}
        self._official = {key for key, term in knowledge.terms.items() if term.domain == OFFICIAL}
        self._topics = {key for key, term in knowledge.terms.items() if term.topic}
        self._knowledge = knowledge
        self._names = Names(knowledge)
        self._running = RunningText(knowledge, self._names)
        self._sounds = Sounds(self._names.said)
        self._by_meaning: dict[str, Meanings] = {}
        self._spellings = {
            code: spellings(tuple(forms)) for code, forms in ({"en": self._names.english} | self._names.own).items()
        }

    def _spellings_of(self, language: str) -> list[Spellings]:
        return [self._spellings[code] for code in dict.fromkeys(("en", language)) if code in self._spellings]

    def lookup(self, phrase: str, language: str = "en") -> str | None:
        """The term that is called exactly so, apart from case, dots, spaces and plural."""
        return next(iter(self._names.meant(compact(phrase), language)), None)

    def as_english(self, found: Found, name: str) -> str:
        """How the English writes what was found: the alias that was meant ("NI number"), or the term's name ("triaged": triage)."""
        return self._names.as_english(found, name)

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
        """The terms in running text, each once, in the order they stand."""
        return self._running.terms(text)

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
                if meant := self._names.meant(written.replace(" ", "").replace("'", ""), language, words):
                    taken.update(range(at, at + length))
                    found.setdefault(meant[0], Found(meant[0], written, at, 100.0, tuple(meant[1:])))
        return sorted(found.values(), key=lambda f: f.start)

    def _is_small_talk(self, window: list[str], capitals: frozenset[str]) -> bool:
        """What every sentence has, and an abbreviation that other words only happen to spell ("is a" is no ISA, "d b s" is the DBS)."""
        if len(window) == 1:
            return window[0] in small_words() and window[0] not in capitals
        together = "".join(window)
        return len(together) <= ABBREVIATION and max(map(len, window)) > 1 and " " not in (self._names.spelled(together) or " ")

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
        owned, spellings = self._names.of(language), self._spellings_of(language)
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
        owned, spellings = self._names.of(language), self._spellings_of(language)
        for length in range(3, shortest - 1, -1):
            for at in range(len(words) - length + 1):
                window = words[at : at + length]
                together = "".join(window)
                if any(word in small_words() for word in (window[0], window[-1])) or window[-1] in ASKING:
                    continue
                if shortest > 1 and together in owned:  # what is exact has been found before
                    continue
                for each in spellings:
                    near = each.nearest(together)
                    is_new = near is not None and (shortest == 1 or near[1] < 100)
                    if near and is_new and (best is None or near[1] > best.score):
                        best = Found(owned[near[0]], " ".join(window), at, near[1])
        return [best] if best else []

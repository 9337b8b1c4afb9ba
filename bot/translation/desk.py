"""One text through the machine: guarded, counted, asked, checked, put together again. Whatever is not a translation is an error."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TypeVar

from bot.errors import TranslationError
from bot.knowledge.snapshot import Snapshot
from bot.translation.checking import check
from bot.translation.port import Translated, Translator
from bot.translation.protection import Guarded, protect, restore
from engine.nlu.text import clean

LONGEST = 6_000  # characters of one text
NOT_TAKEN = ("away", "unsupported", "setup")  # kinds of failure that nobody charges for
OWN = "own"
ENGLISH = "en"
T = TypeVar("T")
Count = Callable[[int], Awaitable[bool]]  # characters that are about to be sent, or below 0: were not; False: too many today


@dataclass(frozen=True)
class BothWays:
    """A translation out of English, and what it says in English again."""

    text: str
    back: str
    by: str


class Desk:
    """For one event loop. Every method raises TranslationError."""

    def __init__(self, translator: Translator, count: Count) -> None:
        self._translator, self._count = translator, count

    async def translated(self, text: str, source: str, target: str, knowledge: Snapshot) -> Translated:
        """What is only terms, numbers and names needs no machine: it is put down by us."""

        async def once(guarded: Guarded) -> Translated:
            answer = await self._asked(guarded.text, guarded, source, target)
            return Translated(restore(guarded, answer.text), answer.by)

        return await self._with_terms_or_without(text, source, target, knowledge, once)

    async def both_ways(self, text: str, target: str, knowledge: Snapshot) -> BothWays:
        """From English. The way back sees the tokens as well: nothing that was taken out ever leaves."""

        async def once(guarded: Guarded) -> BothWays:
            answer = await self._asked(guarded.text, guarded, ENGLISH, target)
            there = restore(guarded, answer.text)
            back = await self._asked(guarded.tidy(answer.text), guarded, target, ENGLISH)
            return BothWays(there, restore(guarded, back.text), answer.by)

        return await self._with_terms_or_without(text, ENGLISH, target, knowledge, once)

    async def way_back(self, text: str, language: str, knowledge: Snapshot) -> BothWays:
        """A translation that somebody has changed by hand, and what it says in English now."""
        back = await self.translated(text, language, ENGLISH, knowledge)
        return BothWays(text, back.text, back.by)

    async def close(self) -> None:
        await self._translator.close()

    async def _with_terms_or_without(
        self, text: str, source: str, target: str, knowledge: Snapshot, once: Callable[[Guarded], Awaitable[T]]
    ) -> T:
        """With the terms as tokens; when a machine loses one, once more with the terms as words."""
        text = clean(text)
        if len(text) > LONGEST:
            raise TranslationError("the text is too long for the translator", "long")
        guarded = protect(text, source, target, knowledge)
        try:
            return await once(guarded)
        except TranslationError as error:
            if error.kind != "lost" or not any(keep.is_term for keep in guarded.kept):
                raise
        return await once(protect(text, source, target, knowledge, terms=False))

    async def _asked(self, text: str, guarded: Guarded, source: str, target: str) -> Translated:
        words = guarded.without_tokens(text)
        if not any(c.isalpha() for c in words):
            return Translated(text, OWN)
        if not await self._count(len(text)):
            raise TranslationError("the translator has had enough for today", "cap")
        try:
            (answer,) = await self._translator.translate([text], source, target)
        except TranslationError as error:
            if error.kind in NOT_TAKEN:
                await self._count(-len(text))
            raise
        said = clean(answer.text)
        check(words, guarded.without_tokens(said), source, target)
        return Translated(said, answer.by)

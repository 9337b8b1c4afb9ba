"""One text as a file has it, in no format's terms."""

from __future__ import annotations

from dataclasses import dataclass

from bot.wording.sentences import Forms

LARGEST = 8 * 1024 * 1024  # bytes; every text of a language with all its English is about a quarter of it
FORMATS = ("po", "xliff")


@dataclass(frozen=True)
class Item:
    """`english`: what it was translated from. `finished`: the translator calls it done (not fuzzy; approved).

    `seen`: the token of the text when it was exported, "" where the translator's program has lost it.
    """

    place: str
    english: Forms
    forms: Forms
    finished: bool
    seen: str = ""

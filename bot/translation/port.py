"""A machine that translates, in no maker's terms."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True)
class Translated:
    """`by`: the machine, as it is kept with the text (message_translations.made_by)."""

    text: str
    by: str


class Translator(Protocol):
    """Languages are those of bot/settings.py. What comes back is not checked yet (bot/translation/checking.py)."""

    name: str

    async def translate(self, texts: Sequence[str], source: str, target: str) -> list[Translated]:
        """One for each text, in order, or none at all. Raises TranslationError (away, wrong, unsupported, setup)."""
        ...

    async def close(self) -> None:
        """Ends its connections. It can be used again afterwards."""
        ...

"""LibreTranslate, which an organisation can run itself: POST /translate, and GET /languages for what it can."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bot.errors import TranslationError
from bot.translation.calling import Answer, Caller
from bot.translation.port import Translated


class LibreTranslate:
    """Knows what it can translate by asking once; until that was answered, each text is simply tried."""

    name = "libretranslate"

    def __init__(self, caller: Caller, key: str | None = None) -> None:
        self._caller, self._key = caller, key
        self._pairs: dict[str, frozenset[str]] | None = None

    async def translate(self, texts: Sequence[str], source: str, target: str) -> list[Translated]:
        if self._pairs is None:
            self._pairs = _pairs((await self._caller.ask("GET", "/languages")).data)
        if target not in self._pairs.get(source, frozenset()):
            raise TranslationError(f"the translator has no way from {source} to {target}", "unsupported")
        body = {"q": list(texts), "source": source, "target": target, "format": "text"}
        answer = await self._caller.ask("POST", "/translate", body | ({"api_key": self._key} if self._key else {}))
        return [Translated(text, self.name) for text in _texts(answer, len(texts))]

    async def close(self) -> None:
        await self._caller.close()


def _pairs(data: Any) -> dict[str, frozenset[str]]:
    try:
        return {str(one["code"]): frozenset(map(str, one["targets"])) for one in data}
    except (TypeError, KeyError) as error:
        raise TranslationError("the translator's list of languages has another shape", "wrong") from error


def _texts(answer: Answer, wanted: int) -> list[str]:
    found = answer.data.get("translatedText") if isinstance(answer.data, dict) else None
    if answer.status != 200 and isinstance(answer.data, dict) and "api key" in str(answer.data.get("error")).lower():
        raise TranslationError("the translator wants another key", "setup")
    if answer.status != 200:
        raise TranslationError(f"the translator does not take this text ({answer.status})", "wrong")
    if not isinstance(found, list) or len(found) != wanted or not all(isinstance(text, str) for text in found):
        raise TranslationError("the translator's answer has another shape", "wrong")
    return found

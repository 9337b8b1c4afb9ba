"""Any endpoint that answers /v1/chat/completions. A fixed instruction, the text as data, temperature 0, one text a question.

One text a question, because what one person wrote must not be able to change how another message is translated.
"""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from babel import Locale

from bot.errors import TranslationError
from bot.translation.calling import Answer, Caller
from bot.translation.port import Translated

INSTRUCTION = (Path(__file__).parent / "instruction.txt").read_text(encoding="utf-8")
AT_ONCE = 4
_FENCED = re.compile(r"\A```(?:json)?\s*(.*?)\s*```\Z", re.DOTALL)


class OpenAiCompatible:
    """`base`, of the caller: the address before /chat/completions, e.g. https://host/v1."""

    name = "openai"

    def __init__(self, caller: Caller, model: str) -> None:
        self._caller, self._model = caller, model
        self._json_mode = True  # until the endpoint says that it does not know it
        self._places = asyncio.Semaphore(AT_ONCE)

    async def translate(self, texts: Sequence[str], source: str, target: str) -> list[Translated]:
        return list(await asyncio.gather(*(self._one(text, source, target) for text in texts)))

    async def close(self) -> None:
        await self._caller.close()

    async def _one(self, text: str, source: str, target: str) -> Translated:
        async with self._places:
            question = {"from": _called(source), "to": _called(target), "text": text}
            answer = await self._asked(question)
        return Translated(_text(answer), self.name)

    async def _asked(self, question: dict[str, str]) -> Answer:
        body: dict[str, Any] = {
            "model": self._model,
            "temperature": 0,
            "messages": [
                {"role": "system", "content": INSTRUCTION},
                {"role": "user", "content": json.dumps(question, ensure_ascii=False)},
            ],
        }
        if self._json_mode:
            answer = await self._caller.ask("POST", "/chat/completions", body | {"response_format": {"type": "json_object"}})
            if answer.status == 200:
                return answer
        answer = await self._caller.ask("POST", "/chat/completions", body)
        self._json_mode = self._json_mode and answer.status != 200
        return answer


def _called(language: str) -> str:
    return str(Locale("en").languages.get(language, language))


def _text(answer: Answer) -> str:
    if answer.status != 200:
        raise TranslationError(f"the translator does not take this text ({answer.status})", "wrong")
    try:
        choice = answer.data["choices"][0]
        content, reason = choice["message"]["content"], choice.get("finish_reason")
        fenced = _FENCED.match(content.strip())
        found = json.loads(fenced[1] if fenced else content)["text"]
    except (TypeError, KeyError, IndexError, AttributeError, ValueError) as error:
        raise TranslationError("the translator's answer has another shape", "wrong") from error
    if reason not in (None, "stop") or not isinstance(found, str):
        raise TranslationError("the translator did not end its answer", "wrong")
    return found

"""Asking a translator over HTTP: within a time, up to a size, again where that can help, and believing nothing but JSON.

What was asked and answered never stands in an error or a log: it is what a person wrote.
"""

from __future__ import annotations

import asyncio
import json
import random
from collections.abc import Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import Any

import httpx

from bot.db.base import now
from bot.errors import TranslationError
from bot.translation.breaker import Breaker, Passage

LARGEST = 512 * 1024  # bytes of an answer; the longest message makes a tenth of it
BAD_QUESTION = (400, 413, 422)  # the fault is in what was asked: the adapter knows what that means
AGAIN = (429, 500, 502, 503, 504)


@dataclass(frozen=True)
class Patience:
    """Seconds: until it is connected, between two pieces of an answer, for everything together. Waits double from `first_wait`."""

    connect: float = 3.0
    answer: float = 25.0
    whole: float = 60.0
    attempts: int = 3
    first_wait: float = 0.5
    longest_wait: float = 5.0  # who asks us to wait longer is asked again by the breaker's time


@dataclass(frozen=True)
class Answer:
    """`data`: what the JSON holds; None for a bad question that was answered without JSON."""

    status: int
    data: Any


class Caller:
    """One machine. For one event loop, which keeps its connections."""

    def __init__(
        self,
        base: str,
        headers: Mapping[str, str] | None = None,
        patience: Patience | None = None,
        breaker: Breaker | None = None,
    ) -> None:
        self._base, self._headers = base.rstrip("/"), dict(headers or {})
        self._patience, self.breaker = patience or Patience(), breaker or Breaker()
        self._client: httpx.AsyncClient | None = None

    async def ask(self, method: str, path: str, body: object = None) -> Answer:
        """2xx or a bad question, with its JSON. Raises TranslationError (away, wrong, setup)."""
        with self.breaker.passage() as passage:
            try:
                async with asyncio.timeout(self._patience.whole):
                    return await self._asked(passage, method, path, body)
            except TimeoutError as error:
                passage.failed = True
                raise TranslationError("the translator takes too long", "away") from error

    async def close(self) -> None:
        client, self._client = self._client, None
        if client is not None:
            await client.aclose()

    async def _asked(self, passage: Passage, method: str, path: str, body: object) -> Answer:
        for attempt in range(1, self._patience.attempts + 1):
            last = attempt == self._patience.attempts
            try:
                status, headers, content = await self._once(method, path, body)
            except (httpx.HTTPError, httpx.InvalidURL) as error:
                if last or not isinstance(error, httpx.ConnectError | httpx.ConnectTimeout):
                    passage.failed = True
                    raise TranslationError(f"the translator was not reached ({type(error).__name__})", "away") from None
                await self._wait(attempt)
                continue
            if status not in AGAIN or content is None:
                return _read(passage, status, content)
            asked_for = _retry_after(headers)
            if last or (asked_for or 0.0) > self._patience.longest_wait:
                passage.failed, passage.retry_after = True, asked_for
                raise TranslationError(f"the translator does not answer now ({status})", "away", asked_for)
            await self._wait(attempt, asked_for)
        raise AssertionError("the last attempt returns or raises")

    async def _once(self, method: str, path: str, body: object) -> tuple[int, httpx.Headers, bytes | None]:
        """The content is None when it is too long."""
        if self._client is None:
            patience = httpx.Timeout(self._patience.answer, connect=self._patience.connect)
            self._client = httpx.AsyncClient(timeout=patience, headers=self._headers, follow_redirects=False)
        content = bytearray()
        async with self._client.stream(method, f"{self._base}{path}", json=body) as answer:
            async for part in answer.aiter_bytes():
                content += part
                if len(content) > LARGEST:
                    return answer.status_code, answer.headers, None
            return answer.status_code, answer.headers, bytes(content)

    async def _wait(self, attempt: int, asked_for: float | None = None) -> None:
        """Doubled each time, between half and all of it, so that not all who failed together come back together."""
        seconds = min(self._patience.longest_wait, self._patience.first_wait * 2.0 ** (attempt - 1))
        await asyncio.sleep(max(asked_for or 0.0, seconds * random.uniform(0.5, 1.0)))


def _read(passage: Passage, status: int, content: bytes | None) -> Answer:
    data, is_json = None, content is not None
    try:
        data = json.loads(content or b"null")
    except (ValueError, RecursionError):
        is_json = False
    if status in BAD_QUESTION:
        return Answer(status, data)
    if status != 200:
        passage.failed = True
        raise TranslationError(f"the translator does not take our question ({status}): look at the settings", "setup")
    if not is_json:
        passage.failed = True
        raise TranslationError("the translator's answer is no JSON, or too long", "wrong")
    passage.worked = True
    return Answer(status, data)


def _retry_after(headers: httpx.Headers) -> float | None:
    """Seconds, or a date, as RFC 9110 10.2.3 has it."""
    value = headers.get("retry-after", "").strip()
    if value.isdecimal() and len(value) < 8:
        return float(value)
    try:
        return max(0.0, (parsedate_to_datetime(value) - now()).total_seconds())
    except (ValueError, TypeError):
        return None

"""Telegram's speed limits, kept before Telegram has to remind us: one message a second to a chat, thirty to all."""

from __future__ import annotations

import asyncio
import time

CHAT_RATE, CHAT_BURST = 1.0, 3
OVERALL_RATE, OVERALL_BURST = 30.0, 1
MANY = 5_000  # chats remembered before the idle ones are let go


class Bucket:
    """`burst` at once, then `rate` a second, first come first served."""

    def __init__(self, rate: float, burst: int) -> None:
        self._every = 1.0 / rate
        self._slack = self._every * (burst - 1)
        self._due = 0.0  # when the bucket would be full again

    def reserve(self, at: float) -> float:
        """Takes a place at the time `at` (seconds of any clock) and returns how many seconds to wait for it."""
        self._due = max(self._due, at)
        wait = max(0.0, self._due - self._slack - at)
        self._due += self._every
        return wait

    def idle(self, at: float) -> bool:
        return self._due <= at


class Pace:
    """The limits of one bot."""

    def __init__(self) -> None:
        self._overall = Bucket(OVERALL_RATE, OVERALL_BURST)
        self._chats: dict[str, Bucket] = {}

    async def wait(self, address: str) -> None:
        """Returns when one more message may go to `address`. One sleep for each limit, no polling."""
        now = time.monotonic()
        if len(self._chats) > MANY:
            self._chats = {known: bucket for known, bucket in self._chats.items() if not bucket.idle(now)}
        chat = self._chats.setdefault(address, Bucket(CHAT_RATE, CHAT_BURST))
        # a chat that has to wait does not hold a place in the common queue meanwhile
        await _sleep(chat.reserve(now))
        await _sleep(self._overall.reserve(time.monotonic()))


async def _sleep(seconds: float) -> None:
    if seconds > 0:
        await asyncio.sleep(seconds)

"""A circuit breaker: a machine that fails again and again is left alone for a while, then asked once, then used again."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from bot.errors import TranslationError

FAILURES = 4  # in a row, and it opens
FIRST_SECONDS, LONGEST_SECONDS = 30.0, 600.0  # how long it stays open: doubled each time the one question fails too


class Passage:
    """One call. Neither worked nor failed: it says nothing about the machine (it was given up, or the question was bad)."""

    worked = False
    failed = False
    retry_after: float | None = None


class Breaker:
    """For the calls of one event loop."""

    def __init__(
        self,
        failures: int = FAILURES,
        first_seconds: float = FIRST_SECONDS,
        longest_seconds: float = LONGEST_SECONDS,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._most, self._first, self._longest, self._clock = failures, first_seconds, longest_seconds, clock
        self._in_a_row, self._opened, self._until, self._asking = 0, 0, 0.0, False

    @property
    def state(self) -> str:
        """closed (it is used), open (it is left alone), half_open (the next call is the one question)."""
        if not self._until:
            return "closed"
        return "open" if self._clock() < self._until or self._asking else "half_open"

    @contextmanager
    def passage(self) -> Iterator[Passage]:
        """Around a call, which says what became of it. Raises TranslationError (away, with the seconds left) while it is open."""
        if self.state == "open":
            raise TranslationError("the translator is left alone for now", "away", max(1.0, self._until - self._clock()))
        one = Passage()
        alone = self._asking = self.state == "half_open"
        try:
            yield one
        finally:
            if alone:
                self._asking = False
            if one.worked:
                self._in_a_row, self._opened, self._until = 0, 0, 0.0
            elif one.failed:
                self._fail(one.retry_after, alone)

    def _fail(self, retry_after: float | None, alone: bool) -> None:
        self._in_a_row += 1
        if not (alone or retry_after or self._in_a_row >= self._most):
            return
        seconds = min(self._longest, self._first * 2.0**self._opened)
        self._opened = min(self._opened + 1, 16)
        self._until = self._clock() + max(seconds, min(retry_after or 0.0, self._longest))

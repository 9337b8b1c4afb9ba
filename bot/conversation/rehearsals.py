"""Messages to be answered with a draft: asked by a page, answered by the thread that has the engine, one after another with the rest."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Awaitable, Callable, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Any

from bot.errors import TransientError
from bot.replies import Reply

WAIT_SECONDS = 15.0


@dataclass(frozen=True)
class Wanted:
    """An entry as a draft has it (bot/knowledge/document.py), to be said in a language. `part`: of a pathway, the step shown."""

    kind: str
    key: str
    language: str
    document: Mapping[str, Any]
    checked: tuple[str, ...] = ()
    part: str = ""


@dataclass(frozen=True)
class Done:
    """What somebody did in a preview: typed `words`, or tapped the button that says them and does `payload`."""

    words: str
    payload: str = ""


Say = Callable[[Wanted, Sequence[Done]], Awaitable[list[list[Reply]]]]


@dataclass
class Rehearsals:
    """`serving`: a thread of this process answers."""

    serving: bool = False
    _waiting: deque[tuple[Wanted, Sequence[Done], Future[list[list[Reply]]]]] = field(default_factory=deque)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def ask(self, wanted: Wanted, done: Sequence[Done], ring: Callable[[], None]) -> list[list[Reply]]:
        """The whole conversation when the bot knows the draft: what it says of it, then its answer to each. `ring` wakes the thread.

        Raises TransientError when it does not answer in time, RefusedError for a draft that cannot be said yet.
        """
        answer: Future[list[list[Reply]]] = Future()
        with self._lock:
            self._waiting.append((wanted, done, answer))
        ring()
        try:
            return answer.result(WAIT_SECONDS)
        except TimeoutError as error:
            answer.cancel()
            raise TransientError("the conversation is busy") from error

    async def one(self, say: Say) -> bool:
        """Answers one that waits; False when none does. What goes wrong is told to who asked."""
        with self._lock:
            if not self._waiting:
                return False
            wanted, done, answer = self._waiting.popleft()
        if answer.set_running_or_notify_cancel():
            try:
                answer.set_result(await say(wanted, done))
            except Exception as error:
                answer.set_exception(error)
        return True

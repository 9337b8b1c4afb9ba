"""Wakes whoever waits for new rows: at once inside this process, within POLL seconds from another one."""

from __future__ import annotations

import asyncio
import contextlib
import threading

POLL = 0.2  # seconds; another process cannot ring, so waiting never lasts longer than this


class Bell:
    """`ring` from any thread; `wait` in a thread; `heard` in an event loop."""

    def __init__(self) -> None:
        self._event = threading.Event()
        self._waiting: set[tuple[asyncio.AbstractEventLoop, asyncio.Event]] = set()
        self._lock = threading.Lock()

    def ring(self) -> None:
        self._event.set()
        with self._lock:
            waiting = list(self._waiting)
        for loop, event in waiting:
            with contextlib.suppress(RuntimeError):  # that loop has ended
                loop.call_soon_threadsafe(event.set)

    def wait(self, seconds: float = POLL) -> None:
        self._event.wait(seconds)
        self._event.clear()

    async def heard(self, seconds: float = POLL) -> None:
        """Returns when the bell rings, and after `seconds` at the latest."""
        mine = (asyncio.get_running_loop(), asyncio.Event())
        with self._lock:
            self._waiting.add(mine)
        try:
            async with asyncio.timeout(seconds):
                await mine[1].wait()
        except TimeoutError:
            pass
        finally:
            with self._lock:
                self._waiting.discard(mine)

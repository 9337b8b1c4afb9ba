"""Running our asynchronous code in a test: a loop of its own, its connections closed at the end."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import TypeVar

from bot.channels.telegram import client, polling
from bot.channels.telegram.channel import TelegramChannel
from bot.house import House
from bot.settings import Settings
from tests.telegram.peer import PATIENCE

T = TypeVar("T")


def run(settings: Settings, work: Callable[[], Awaitable[T]]) -> T:
    """The result of `work()`, after everything it left to be done in passing is done."""

    async def whole() -> T:
        try:
            return await work()
        finally:
            await client.close(settings)

    return asyncio.run(whole())


async def happens(found: Callable[[], object], what: str = "") -> None:
    """Returns when the condition holds."""
    for _ in range(int(PATIENCE / 0.005)):
        if found():
            return
        await asyncio.sleep(0.005)
    raise AssertionError(f"did not happen in {PATIENCE} s: {what}")


@asynccontextmanager
async def polled(house: House) -> AsyncIterator[asyncio.Task[None]]:
    """Polling while the block runs; stopped the way the program stops it."""
    stop = asyncio.Event()
    task = asyncio.create_task(polling.run(house, TelegramChannel(house.settings), stop))
    try:
        yield task
    finally:
        stop.set()
        await asyncio.wait_for(task, PATIENCE)

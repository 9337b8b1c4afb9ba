"""Papers drawn beside everything else that goes on: in a thread of their own, one at a time, for all channels together."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor

from bot.errors import TransientError
from bot.replies import Paper

MOST_WAITING = 16  # papers; who comes then is asked to come again
AGAIN_SECONDS = 5.0
_thread = ThreadPoolExecutor(1, "papers")
_waiting = 0


async def draw(paper: Paper) -> bytes:
    """`bot.papers.rendering.render` without holding up the event loop.

    Raises PermanentError for a paper that cannot be drawn, TransientError when too many wait.
    """
    global _waiting
    if _waiting >= MOST_WAITING:
        raise TransientError("too many papers wait to be drawn", retry_after=AGAIN_SECONDS)
    _waiting += 1
    try:
        return await asyncio.get_running_loop().run_in_executor(_thread, _render, paper)
    finally:
        _waiting -= 1


def _render(paper: Paper) -> bytes:
    from bot.papers.rendering import render  # 30 MB that a program without papers does not need

    return render(paper)

"""The line to Telegram's Bot API: one bot for each event loop, and what it remembers while it runs."""

from __future__ import annotations

import asyncio
import weakref
from collections.abc import Coroutine
from typing import Any

from telegram import Bot
from telegram.request import HTTPXRequest

from bot.channels.telegram import redaction
from bot.channels.telegram.once import Once
from bot.errors import SettingsError
from bot.settings import Settings

CONNECTIONS = 32  # more than the messages one sender has in flight
ANSWER_SECONDS = 15.0  # a request that takes longer counts as a network failure
TROUBLE_SECONDS = 60.0  # between two lines about our trouble in one chat
FOREVER = float("inf")


class Line:
    """A bot and its memory. Nothing in it is missed after a restart: at worst a group reads its polite line twice."""

    def __init__(self, bot: Bot) -> None:
        self.bot = bot
        self.groups = Once(FOREVER)
        self.troubles = Once(TROUBLE_SECONDS)
        self._tasks: set[asyncio.Task[None]] = set()

    def soon(self, courtesy: Coroutine[Any, Any, None]) -> None:
        """Does something that nobody waits for. It must not raise."""
        task = asyncio.get_running_loop().create_task(courtesy)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def settled(self) -> None:
        """Returns when everything given to `soon` is done."""
        while self._tasks:  # asyncio.gather can wait for ever for a task that has just ended (Python 3.12.1)
            done, _ = await asyncio.wait(self._tasks)
            self._tasks -= done


_Lines = dict[tuple[str, str | None], Line]
# a connection belongs to the loop that opened it; the worker and the tests have loops of their own
_lines: weakref.WeakKeyDictionary[asyncio.AbstractEventLoop, _Lines] = weakref.WeakKeyDictionary()


def line(settings: Settings) -> Line:
    """The line of this event loop; made at the first call. Raises SettingsError without a token."""
    found = _of_this_loop()
    key = (settings.telegram_api, settings.telegram_token)
    if key not in found:
        found[key] = Line(_bot(settings))
    return found[key]


def attach(settings: Settings, bot: Bot) -> Line:
    """Puts another bot in place for this event loop (one that a test drives in process)."""
    redaction.guard(settings.telegram_token, settings.telegram_webhook_secret)
    found = _of_this_loop()[settings.telegram_api, settings.telegram_token] = Line(bot)
    return found


async def close(settings: Settings) -> None:
    """Finishes what is under way and closes the connections of this event loop. Safe to repeat."""
    held = _of_this_loop().pop((settings.telegram_api, settings.telegram_token), None)
    if held is not None:
        await held.settled()
        await held.bot.request.shutdown()
        await held.bot._request[0].shutdown()  # the one for getUpdates has no public name


def _of_this_loop() -> _Lines:
    return _lines.setdefault(asyncio.get_running_loop(), {})


def _bot(settings: Settings) -> Bot:
    if not settings.telegram_token:
        raise SettingsError("USEIT_TELEGRAM_TOKEN: is needed to talk to Telegram")
    redaction.guard(settings.telegram_token, settings.telegram_webhook_secret)
    return Bot(
        settings.telegram_token,
        base_url=f"{settings.telegram_api}/bot",
        base_file_url=f"{settings.telegram_api}/file/bot",
        request=_connections(CONNECTIONS),
        get_updates_request=_connections(2),
    )


def _connections(most: int) -> HTTPXRequest:
    return HTTPXRequest(
        connection_pool_size=most,
        read_timeout=ANSWER_SECONDS,
        write_timeout=ANSWER_SECONDS,
        connect_timeout=ANSWER_SECONDS,
        pool_timeout=ANSWER_SECONDS,
    )

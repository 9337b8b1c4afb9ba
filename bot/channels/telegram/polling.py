"""Fetching updates. Telegram keeps an update until we ask for what comes after it: we ask so only when it is on our disk."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Coroutine
from typing import Any

from sqlalchemy.exc import DBAPIError
from telegram.error import BadRequest, InvalidToken, RetryAfter, TelegramError

from bot.channels.telegram import client, updates
from bot.channels.telegram.failures import seconds
from bot.channels.telegram.reading import KINDS
from bot.conversation.incoming import Channel
from bot.house import House

log = logging.getLogger(__name__)
HOLD_SECONDS = 25  # Telegram answers at once when something is there, and after this when not
BACKOFF_SECONDS = (0.5, 1, 2, 5, 10, 30)


async def run(house: House, _: Channel, stop: asyncio.Event) -> None:
    """Until `stop`. Never drops what waits. What was kept but not yet confirmed comes again and is known by its id."""
    line = client.line(house.settings)
    offset: int | None = None
    failures = 0
    while not stop.is_set():
        try:
            batch = await _unless(stop, _fetch(line, offset))
            if batch is None:
                break
            if not batch:
                offset = None  # all is confirmed, and after a quiet week the ids may begin anew, lower
            for update in batch:
                if stop.is_set():
                    break
                await updates.accept(house, update)
                offset = int(update["update_id"]) + 1
            failures = 0
        except Exception as error:  # whatever it is, the updates are still at Telegram
            wait = _after(error, failures)
            failures += 1
            log.log(_level(error), "updates are not taken now: %s; again in %.1f s", _name(error), wait)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), wait)
    await line.settled()


async def _fetch(line: client.Line, offset: int | None) -> list[dict[str, Any]]:
    try:
        found = await line.bot.get_updates(offset=offset, timeout=HOLD_SECONDS, allowed_updates=KINDS)
        return [update.to_dict() for update in found]
    except (TypeError, ValueError, KeyError, AttributeError):
        # one update that python-telegram-bot cannot read must not hold up the others: take them all as they are
        asked = {"offset": offset, "timeout": HOLD_SECONDS, "allowed_updates": list(KINDS)}
        asked = {name: value for name, value in asked.items() if value is not None}
        raw: list[dict[str, Any]] = await line.bot.do_api_request(
            "getUpdates", api_kwargs=asked, read_timeout=HOLD_SECONDS + client.ANSWER_SECONDS
        )
        return raw


async def _unless(stop: asyncio.Event, work: Coroutine[Any, Any, list[dict[str, Any]]]) -> list[dict[str, Any]] | None:
    """The result of `work`; None when `stop` is set first. What a cancelled request brought was not confirmed."""
    working, stopping = asyncio.ensure_future(work), asyncio.ensure_future(stop.wait())
    try:
        await asyncio.wait({working, stopping}, return_when=asyncio.FIRST_COMPLETED)
        return working.result() if working.done() else None
    finally:
        for task in (working, stopping):
            task.cancel()
        await asyncio.gather(working, stopping, return_exceptions=True)


def _after(error: Exception, failures: int) -> float:
    """Seconds to wait after a failure that follows `failures` others."""
    if isinstance(error, RetryAfter):
        return seconds(error)
    if isinstance(error, InvalidToken):
        return BACKOFF_SECONDS[-1]
    return BACKOFF_SECONDS[min(failures, len(BACKOFF_SECONDS) - 1)]


def _level(error: Exception) -> int:
    known = isinstance(error, (TelegramError, DBAPIError)) and not isinstance(error, (InvalidToken, BadRequest))
    return logging.WARNING if known else logging.ERROR


def _name(error: Exception) -> str:
    if isinstance(error, InvalidToken):
        return "USEIT_TELEGRAM_TOKEN"
    return type(error.orig).__name__ if isinstance(error, DBAPIError) else type(error).__name__

"""A file that a person sent, from Telegram's disk: where it is, then what it is, with a limit on size and time."""

from __future__ import annotations

import asyncio
from http import HTTPStatus

import httpx
from telegram.error import TelegramError

from bot.channels.telegram.client import ANSWER_SECONDS, Line
from bot.channels.telegram.failures import raise_ours
from bot.errors import PermanentError, RefusedError, TransientError

WHOLE_SECONDS = 45.0  # for all of a file, however slowly it drips


async def fetch(line: Line, api: str, media_id: str, largest: int) -> bytes:
    """The bytes of a file, not more than `largest`.

    Raises TransientError (network, flood, Telegram is in trouble), PermanentError (no such file any more), RefusedError with
    the reason `too_large`.
    """
    try:
        found = await line.bot.get_file(media_id)
    except TelegramError as error:
        if "too big" in str(error).lower():
            raise RefusedError("Telegram does not give out files of this size", "too_large") from None
        try:
            raise_ours(error)
        except (TransientError, PermanentError) as ours:
            raise ours from None  # the original quotes addresses
    if (found.file_size or 0) > largest:
        raise RefusedError("a file larger than is wanted", "too_large")
    address = found.file_path or ""
    if not address.startswith(f"{api}/file/bot"):  # a server of one's own may name a place on its disk
        raise PermanentError("Telegram does not say where the file is")
    try:
        async with asyncio.timeout(WHOLE_SECONDS), httpx.AsyncClient(timeout=ANSWER_SECONDS) as http:
            return await _body(http, address, largest)
    except (TimeoutError, httpx.HTTPError, httpx.InvalidURL) as error:  # the original's address holds the token
        raise TransientError(f"a file could not be fetched ({type(error).__name__})") from None


async def _body(http: httpx.AsyncClient, address: str, largest: int) -> bytes:
    body = bytearray()
    async with http.stream("GET", address) as answer:
        if answer.status_code in (HTTPStatus.NOT_FOUND, HTTPStatus.GONE):
            raise PermanentError("Telegram does not have the file any more")
        if answer.status_code != HTTPStatus.OK:
            raise TransientError(f"Telegram does not give out the file now ({answer.status_code})")
        async for part in answer.aiter_bytes():
            body += part
            if len(body) > largest:
                raise RefusedError("a file larger than it was said to be", "too_large")
    return bytes(body)

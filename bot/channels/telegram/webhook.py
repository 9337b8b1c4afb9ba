"""Updates that Telegram brings. 200 means: on our disk. Anything else makes Telegram bring them again."""

from __future__ import annotations

import hmac
import json
import logging
import re
from typing import Any

from sqlalchemy.exc import DBAPIError
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from bot.channels.telegram import redaction, updates
from bot.errors import SettingsError
from bot.house import House

log = logging.getLogger(__name__)
PATH = "/telegram/webhook"
SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105  # the name of a header
LARGEST = 1_000_000  # bytes; an update is a few thousand
SHORTEST_SECRET = 32


def routes(house: House) -> list[BaseRoute]:
    """The one route. Raises SettingsError when the secret is missing or is one that Telegram would not take."""
    secret = house.settings.telegram_webhook_secret or ""
    if len(secret) < SHORTEST_SECRET:
        raise SettingsError(
            f"USEIT_TELEGRAM_WEBHOOK_SECRET: webhook mode needs a secret of at least {SHORTEST_SECRET} characters"
        )
    if not re.fullmatch(r"[A-Za-z0-9_-]{1,256}", secret):
        raise SettingsError("USEIT_TELEGRAM_WEBHOOK_SECRET: may hold only A-Z, a-z, 0-9, _ and -, 256 at most")
    redaction.guard(house.settings.telegram_token, secret)

    async def take(request: Request) -> Response:
        return await _take(house, secret.encode(), request)

    return [Route(PATH, take, methods=["POST"])]


async def _take(house: House, secret: bytes, request: Request) -> Response:
    # bytes, because compare_digest raises on a str that is not ASCII
    if not hmac.compare_digest(request.headers.get(SECRET_HEADER, "").encode("latin-1"), secret):
        return Response(status_code=403)
    try:
        body = await _body(request)
    except ClientDisconnect:
        return Response(status_code=400)
    if body is None:
        return Response(status_code=413)
    update = _update(body)
    if update is None:
        updates.set_aside()
        return Response(status_code=200)
    try:
        await updates.accept(house, update)
    except DBAPIError as error:
        log.warning("the database does not take an update: %s", type(error.orig).__name__)
        return Response(status_code=503)
    except Exception as error:  # a mistake of ours must not lose it: Telegram brings it again
        log.error("an update was not taken: %s", type(error).__name__)  # the trace could quote it
        return Response(status_code=503)
    return Response(status_code=200)


async def _body(request: Request) -> bytes | None:
    """The body; None when it is too large, told before all of it is read."""
    found = bytearray()
    async for chunk in request.stream():
        found += chunk
        if len(found) > LARGEST:
            return None
    return bytes(found)


def _update(body: bytes) -> dict[str, Any] | None:
    try:
        update = json.loads(body)
    except (ValueError, RecursionError):
        return None
    return update if isinstance(update, dict) and updates.is_id(update.get("update_id")) else None

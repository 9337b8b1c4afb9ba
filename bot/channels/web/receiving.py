"""What the page posts: into the inbox, once, and only then "stored"."""

from __future__ import annotations

import json
import logging
import re
from typing import Any

import msgspec
from anyio import to_thread
from sqlalchemy.exc import SQLAlchemyError
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response

from bot import crypto, i18n
from bot.channels.web import identity
from bot.channels.web.channel import NAME, WebMessage
from bot.channels.web.page import language_of
from bot.conversation import inbox
from bot.house import House

log = logging.getLogger(__name__)

LARGEST = 64 * 1024  # bytes of a whole request; a long letter has 10,000 characters
RETRY_SECONDS = 5
_ID = re.compile(r"[A-Za-z0-9-]{1,64}")


class Receiver:
    """The two things a page can post."""

    def __init__(self, house: House) -> None:
        self._house = house

    async def open(self, request: Request) -> Response:
        """Gives the page a conversation: the one of its cookie, or a new one (also for `{"new": true}`)."""
        body = await self._checked(request)
        if isinstance(body, Response):
            return body
        known = identity.token_of(request, self._house.settings)
        if self._takes_nobody_new(known) or (body.get("new") is True and not self._house.installation.is_on("web_chat")):
            return await self._refuse(request, 403, "web.off")
        token = None if body.get("new") is True else known
        response = JSONResponse({"open": True})
        identity.give(response, token or identity.new_token(), self._house.settings)
        return response

    async def message(self, request: Request) -> Response:
        """202 when the message is stored, now or before. 503: not stored, try again. Other answers: it never will be."""
        body = await self._checked(request)
        if isinstance(body, Response):
            return body
        update_id = body.pop("id", None)
        if not isinstance(update_id, str) or not _ID.fullmatch(update_id):
            return await self._refuse(request, 400, "web.error.unreadable")
        try:
            message = msgspec.convert(_clean(body), WebMessage)
        except (msgspec.ValidationError, RecursionError):
            return await self._refuse(request, 400, "web.error.unreadable")
        known = identity.token_of(request, self._house.settings)
        if self._takes_nobody_new(known):
            return await self._refuse(request, 403, "web.off")
        token = known or identity.new_token()
        try:
            is_new = await to_thread.run_sync(self._store, token, update_id, message)
        except SQLAlchemyError as error:
            log.warning("a web message could not be stored: %s", type(error).__name__)
            return await self._refuse(request, 503, "web.error.not_stored", {"Retry-After": str(RETRY_SECONDS)})
        self._house.inbox_bell.ring()
        response = JSONResponse({"stored": True, "repeat": not is_new}, 202)
        identity.give(response, token, self._house.settings)
        return response

    def _takes_nobody_new(self, token: str | None) -> bool:
        """The web chat is switched off: who has a conversation here goes on with it, nobody begins one."""
        return token is None and not self._house.installation.is_on("web_chat")

    def _store(self, token: str, update_id: str, message: WebMessage) -> bool:
        # ids are the pages' own: one page's ids must not hide another's message
        scoped = f"{crypto.pseudonym('web update', token)[:16]}:{update_id}"
        with self._house.sessions.begin() as session:
            return inbox.receive(session, NAME, token, scoped, msgspec.to_builtins(message)) is not None

    async def _checked(self, request: Request) -> dict[str, Any] | Response:
        """The JSON object that our own page posted, or the refusal."""
        kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        if not identity.is_ours(request, self._house.settings):
            return await self._refuse(request, 403, "web.error.refused")
        if kind != "application/json":
            return await self._refuse(request, 415, "web.error.refused")
        raw = bytearray()
        try:
            async for chunk in request.stream():
                raw += chunk
                if len(raw) > LARGEST:
                    return await self._refuse(request, 413, "web.error.too_long")
            body = json.loads(raw.decode())
        except (ValueError, RecursionError, ClientDisconnect):
            body = None
        return body if isinstance(body, dict) else await self._refuse(request, 400, "web.error.unreadable")

    async def _refuse(self, request: Request, status: int, key: str, headers: dict[str, str] | None = None) -> Response:
        language = await language_of(request, self._house)
        return JSONResponse({"error": i18n.t(language, key), "language": language}, status, headers)


def _clean(body: dict[str, Any]) -> dict[str, Any]:
    """Half characters, which a broken keyboard can send and no encoding can store, become U+FFFD."""
    return {
        name: value.encode("utf-16", "surrogatepass").decode("utf-16", "replace") if isinstance(value, str) else value
        for name, value in body.items()
    }

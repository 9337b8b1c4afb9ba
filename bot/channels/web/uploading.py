"""A file that the page posts: into the inbox, once, with its bytes encrypted beside it, and only then "stored"."""

from __future__ import annotations

import asyncio
import logging
import re
from typing import Any, Protocol

from anyio import to_thread
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response

from bot import crypto, i18n
from bot.channels.web import forms, identity
from bot.channels.web.channel import NAME
from bot.channels.web.page import language_of
from bot.conversation import inbox
from bot.errors import RefusedError
from bot.house import House

log = logging.getLogger(__name__)
RETRY_SECONDS = 60
MOST_AT_ONCE = 8  # files of a kind on their way to us, each in memory
LONGEST_SECONDS = 180.0  # for the largest file over a slow line
_ID = re.compile(r"[A-Za-z0-9-]{1,64}")


class Upload(Protocol):
    """A kind of file. `name`: of the form's field, and in the keys of what is said: web.error.<name>_too_large, _not_now, _off,
    _unreadable. `largest`: bytes; 0: the page can send none here."""

    name: str
    largest: int

    def row_of(self, form: forms.Form) -> dict[str, Any] | None:
        """How it stands in the inbox, by its bytes and not by what the page calls it; None: it is nothing that we take."""
        ...

    def keep(self, session: Session, row_id: int, chat_id: int, row: dict[str, Any], body: bytes) -> None:
        """Keeps the bytes beside the inbox row that `row_of` gave. Raises RefusedError with the key of what is said: no more may come
        now, and nothing of it is kept."""
        ...


class Uploader:
    """What the page can post of one kind, beside messages."""

    def __init__(self, house: House, upload: Upload) -> None:
        self._house, self._upload = house, upload
        self._under_way = 0

    async def receive(self, request: Request) -> Response:
        """202 when the file is stored, now or before. 503 and 429: not now. Other answers: it never will be."""
        name, largest = self._upload.name, self._upload.largest
        if not identity.is_ours(request, self._house.settings):
            return await self._refuse(request, 403, "web.error.refused")
        if not largest:
            return await self._refuse(request, 404, f"web.error.{name}_off")
        if identity.token_of(request, self._house.settings) is None and not self._house.installation.is_on("web_chat"):
            return await self._refuse(request, 403, "web.off")
        length = request.headers.get("content-length", "")
        if length.isdecimal() and int(length) > largest + forms.OVERHEAD:
            return await self._refuse(request, 413, f"web.error.{name}_too_large")
        if self._under_way >= MOST_AT_ONCE:
            return await self._refuse(request, 503, f"web.error.{name}_not_now")
        self._under_way += 1
        try:
            async with asyncio.timeout(LONGEST_SECONDS):
                form = await forms.read(request.stream(), request.headers.get("content-type", ""), name, largest)
        except RefusedError as refused:
            if refused.reason == "too_large":
                return await self._refuse(request, 413, f"web.error.{name}_too_large")
            return await self._refuse(request, 400, "web.error.unreadable")
        except ClientDisconnect:
            return await self._refuse(request, 400, "web.error.unreadable")
        except TimeoutError:
            return await self._refuse(request, 408, f"web.error.{name}_not_now")
        finally:
            self._under_way -= 1
        return await self._take(request, form)

    async def _take(self, request: Request, form: forms.Form) -> Response:
        row = self._upload.row_of(form)
        if row is None:
            return await self._refuse(request, 415, f"web.error.{self._upload.name}_unreadable")
        update_id, language = form.fields.get("id", ""), form.fields.get("language", "")
        if not _ID.fullmatch(update_id):
            return await self._refuse(request, 400, "web.error.unreadable")
        token = identity.token_of(request, self._house.settings) or identity.new_token()
        try:
            is_new = await to_thread.run_sync(self._store, token, update_id, {**row, "language": language[:16]}, form.file)
        except SQLAlchemyError as error:
            log.warning("a %s could not be stored: %s", self._upload.name, type(error).__name__)
            return await self._refuse(request, 503, f"web.error.{self._upload.name}_not_now")
        except RefusedError as refused:
            return await self._refuse(request, 429, refused.reason)
        self._house.inbox_bell.ring()
        response = JSONResponse({"stored": True, "repeat": not is_new}, 202)
        identity.give(response, token, self._house.settings)
        return response

    def _store(self, token: str, update_id: str, row: dict[str, Any], body: bytes) -> bool:
        """Whether it is new. Raises RefusedError when no more may come; nothing is then kept."""
        scoped = f"{crypto.pseudonym('web update', token)[:16]}:{update_id}"  # as messages have it
        with self._house.sessions.begin() as session:
            chat = inbox.chat_for(session, NAME, token)
            session.flush()
            row_id = inbox.receive(session, NAME, token, scoped, row)
            if row_id is None:
                return False
            self._upload.keep(session, row_id, chat.id, row, body)
            return True

    async def _refuse(self, request: Request, status: int, key: str) -> Response:
        language = await language_of(request, self._house)
        later = {"Retry-After": str(RETRY_SECONDS)} if status in (429, 503) else None
        told = i18n.t(language, key, mb=self._upload.largest // 2**20)
        return JSONResponse({"error": told, "language": language}, status, later)

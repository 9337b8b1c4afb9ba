"""A photo that the page posts: into the inbox, once, with its bytes encrypted beside it, and only then "stored"."""

from __future__ import annotations

import asyncio
import logging
import re

from anyio import to_thread
from sqlalchemy.exc import SQLAlchemyError
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response

from bot import crypto, i18n
from bot.channels.web import forms, identity
from bot.channels.web.channel import NAME, UPLOADED
from bot.channels.web.page import language_of
from bot.conversation import inbox, photos
from bot.errors import RefusedError
from bot.house import House
from bot.photos.pictures import kind_of

log = logging.getLogger(__name__)
RETRY_SECONDS = 60
MOST_AT_ONCE = 8  # photos on their way to us, each in memory
LONGEST_SECONDS = 180.0  # for the largest photo over a slow line
_ID = re.compile(r"[A-Za-z0-9-]{1,64}")


class Uploader:
    """What the page can post beside messages."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._under_way = 0

    async def photo(self, request: Request) -> Response:
        """202 when the photo is stored, now or before. 503 and 429: not now. Other answers: it never will be."""
        if not identity.is_ours(request, self._house.settings):
            return await self._refuse(request, 403, "web.error.refused")
        if not photos.possible(self._house.settings):
            return await self._refuse(request, 404, "web.error.photo_off")
        length = request.headers.get("content-length", "")
        if length.isdecimal() and int(length) > photos.LARGEST_UPLOAD + forms.OVERHEAD:
            return await self._refuse(request, 413, "web.error.photo_too_large")
        if self._under_way >= MOST_AT_ONCE:
            return await self._refuse(request, 503, "web.error.photo_not_now")
        self._under_way += 1
        try:
            async with asyncio.timeout(LONGEST_SECONDS):
                form = await forms.read(request.stream(), request.headers.get("content-type", ""), "photo", photos.LARGEST_UPLOAD)
        except RefusedError as refused:
            if refused.reason == "too_large":
                return await self._refuse(request, 413, "web.error.photo_too_large")
            return await self._refuse(request, 400, "web.error.unreadable")
        except ClientDisconnect:
            return await self._refuse(request, 400, "web.error.unreadable")
        except TimeoutError:
            return await self._refuse(request, 408, "web.error.photo_not_now")
        finally:
            self._under_way -= 1
        return await self._take(request, form)

    async def _take(self, request: Request, form: forms.Form) -> Response:
        if kind_of(form.file) is None:
            return await self._refuse(request, 415, "web.error.photo_unreadable")
        update_id, language = form.fields.get("id", ""), form.fields.get("language", "")
        if not _ID.fullmatch(update_id):
            return await self._refuse(request, 400, "web.error.unreadable")
        token = identity.token_of(request, self._house.settings) or identity.new_token()
        try:
            is_new = await to_thread.run_sync(self._store, token, update_id, language[:16], form.file)
        except SQLAlchemyError as error:
            log.warning("a photo could not be stored: %s", type(error).__name__)
            return await self._refuse(request, 503, "web.error.photo_not_now")
        except RefusedError:
            return await self._refuse(request, 429, "photo.too_many")
        self._house.inbox_bell.ring()
        response = JSONResponse({"stored": True, "repeat": not is_new}, 202)
        identity.give(response, token, self._house.settings)
        return response

    def _store(self, token: str, update_id: str, language: str, body: bytes) -> bool:
        """Whether it is new. Raises RefusedError when too many wait already; nothing is then kept."""
        scoped = f"{crypto.pseudonym('web update', token)[:16]}:{update_id}"  # as messages have it
        with self._house.sessions.begin() as session:
            chat = inbox.chat_for(session, NAME, token)
            session.flush()
            row_id = inbox.receive(session, NAME, token, scoped, {UPLOADED: True, "language": language})
            if row_id is None:
                return False
            if not photos.has_room(session, chat.id):
                raise RefusedError("too many photos wait", "too_many")
            photos.upload(session, row_id, chat.id, body)
            return True

    async def _refuse(self, request: Request, status: int, key: str) -> Response:
        language = await language_of(request, self._house)
        later = {"Retry-After": str(RETRY_SECONDS)} if status in (429, 503) else None
        return JSONResponse({"error": i18n.t(language, key), "language": language}, status, later)

"""The addresses of the web chat."""

from __future__ import annotations

import logging

from anyio import to_thread
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from bot.channels.web import identity
from bot.channels.web.lines import PAPERS
from bot.channels.web.page import Page
from bot.channels.web.papers import Papers
from bot.channels.web.receiving import Receiver
from bot.channels.web.security import CHAT_CSP, DATA_CSP, guard
from bot.channels.web.stream import Streams
from bot.channels.web.uploading import Uploader
from bot.channels.web.uploads import Photo, Recording
from bot.db.session import read_only
from bot.house import House

log = logging.getLogger(__name__)


def routes(house: House) -> list[BaseRoute]:
    """Everything of the web chat, with its headers."""
    page, receiver, streams, papers = Page(house), Receiver(house), Streams(house), Papers(house)
    photo, recording = Uploader(house, Photo(house.settings)), Uploader(house, Recording(house.settings))
    https = identity.is_https(house.settings)
    microphone = ("microphone",) if house.settings.recording_mb else ()
    on_page, on_data = [guard(CHAT_CSP, https=https, may=microphone)], [guard(DATA_CSP, https=https)]

    async def events(request: Request) -> Response:
        token = identity.token_of(request, house.settings)
        if token is None:
            return Response(status_code=204)  # tells an EventSource not to come again
        after = request.headers.get("last-event-id") or request.query_params.get("after", "")
        return streams.open(token, after)

    async def healthz(request: Request) -> Response:
        def ask() -> None:
            with read_only(house.sessions) as session:
                session.execute(text("SELECT 1"))

        try:
            await to_thread.run_sync(ask)
        except SQLAlchemyError as error:
            log.warning("the database does not answer: %s", type(error).__name__)
            return JSONResponse({"ok": False}, 503)
        return JSONResponse({"ok": True})

    return [
        Route("/", page.show, middleware=on_page),
        Route("/chat/words", page.words, middleware=on_data),
        Route("/chat/files/{fingerprint}/{name}", page.file, middleware=on_data),
        Route("/chat/open", receiver.open, methods=["POST"], middleware=on_data),
        Route("/chat/messages", receiver.message, methods=["POST"], middleware=on_data),
        Route("/chat/photos", photo.receive, methods=["POST"], middleware=on_data),
        Route("/chat/recordings", recording.receive, methods=["POST"], middleware=on_data),
        Route("/chat/events", events, methods=["GET"], middleware=on_data),
        Route(f"{PAPERS}{{id}}", papers.file, methods=["GET"], middleware=on_data),
        Route("/healthz", healthz, middleware=on_data),
    ]


def close() -> None:
    """Call it when the server is to stop: open event streams would hold it up."""
    Streams.close_all()

"""A recording on its way from its channel to a colleague's browser: looked at, cut to the part that was asked for, never put down."""

from __future__ import annotations

from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from bot.console.visits import Asked, Visit
from bot.conversation.incoming import Channel
from bot.errors import PermanentError, RefusedError, TransientError
from bot.recordings import sounds
from bot.recordings.keeping import LARGEST

# what a stranger sent is played and never run: opened alone it has no scripts, forms or windows. It keeps our origin, because without
# it the browser fetches it without the session
_CSP = "default-src 'none'; media-src 'self'; base-uri 'none'; frame-ancestors 'none'; sandbox allow-same-origin"
_ENDINGS = {
    "audio/ogg": "ogg",
    "audio/mpeg": "mp3",
    "audio/wav": "wav",
    "audio/mp4": "m4a",
    "video/mp4": "mp4",
    "video/webm": "webm",
}


class Played(Response):
    """Fetches when it is sent, which is after the transaction of the page: a slow channel holds up no database. What goes wrong is a
    page that says so."""

    def __init__(self, asked: Asked, channel: Channel, media_id: str) -> None:
        super().__init__()
        self._asked, self._channel, self._media_id = asked, channel, media_id

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await (await self._answer())(scope, receive, send)

    async def _answer(self) -> Response:
        try:
            body = await self._channel.fetch(self._media_id, LARGEST)
        except TransientError:
            return self._problem(503, "recording_away")
        except RefusedError:
            return self._problem(413, "recording_large")
        except PermanentError:
            return self._problem(404, "recording_gone")
        kind = sounds.kind_of(body)
        return self._problem(415, "recording_type") if kind is None else self._part(body, kind)

    def _part(self, body: bytes, kind: str) -> Response:
        headers = {
            "Accept-Ranges": "bytes",
            "Content-Disposition": f'inline; filename="recording.{_ENDINGS[kind]}"',
            "Content-Security-Policy": _CSP,
            "X-Content-Type-Options": "nosniff",
        }
        span = sounds.span(self._asked.request.headers.get("range", ""), len(body))
        if span is None:
            return Response(body, media_type=kind, headers=headers)
        first, end = span
        headers["Content-Range"] = f"bytes {first}-{end - 1}/{len(body)}"
        return Response(body[first:end], 206, headers, kind)

    def _problem(self, status: int, reason: str) -> Response:
        return Visit(self._asked).problem(status, reason)

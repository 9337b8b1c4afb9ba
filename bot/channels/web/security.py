"""The headers that keep a page ours: what it may load, who may frame it, what may be kept of it. The console uses them too."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from starlette.datastructures import MutableHeaders
from starlette.middleware import Middleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send

# everything from ourselves, nothing inline, nobody's frame
PAGE_CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; font-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
# the chat page plays what somebody has just recorded, before it leaves their device
CHAT_CSP = f"{PAGE_CSP}; media-src blob:"
# for answers that are no page: nothing may be loaded from them
DATA_CSP = "default-src 'none'; base-uri 'none'; frame-ancestors 'none'"

_PERMISSIONS = ("camera", "display-capture", "geolocation", "microphone", "payment", "usb")


def headers(csp: str, *, https: bool, may: Collection[str] = ()) -> dict[str, str]:
    """The headers of one answer. `https`: the public address is https, so browsers may insist on it from now on. `may`: what of
    the device the page may ask its reader for."""
    found = {
        "Content-Security-Policy": csp,
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
        "Referrer-Policy": "no-referrer",
        "Permissions-Policy": ", ".join(f"{name}={'(self)' if name in may else '()'}" for name in _PERMISSIONS),
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Cache-Control": "no-store",
    }
    return found | ({"Strict-Transport-Security": "max-age=31536000"} if https else {})


class SecurityHeaders:
    """Adds the headers that an answer does not set itself. So a static file may name its own Cache-Control, and an inner
    one of these goes before an outer one."""

    def __init__(self, app: ASGIApp, values: Mapping[str, str]) -> None:
        self._app = app
        self._values = values

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                sent = MutableHeaders(scope=message)
                for name, value in self._values.items():
                    sent.setdefault(name, value)
            await send(message)

        await self._app(scope, receive, send if scope["type"] != "http" else guarded)


def guard(csp: str, *, https: bool, may: Collection[str] = ()) -> Middleware:
    """As middleware of a route or of a whole application."""
    return Middleware(SecurityHeaders, values=headers(csp, https=https, may=may))

"""Who is asking: a random cookie, and whether our own page asked.

The cookie is the whole identity: no name, no address of the network. It is given only in answer to a request that our page
made itself. A link from another site arrives without it (SameSite=Strict), and must not replace the conversation by a new one.
"""

from __future__ import annotations

import re
import secrets
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import Response

from bot.conversation.keeping import SILENT_DAYS
from bot.settings import Settings

_TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")


def is_https(settings: Settings) -> bool:
    return settings.public_url.startswith("https://")


def cookie_name(settings: Settings) -> str:
    """With the prefix `__Host-` a browser takes the cookie only over https and from this very host."""
    return "__Host-chat" if is_https(settings) else "chat"


def token_of(request: Request, settings: Settings) -> str | None:
    """The conversation's token, None when there is none or it is not of our making."""
    token = request.cookies.get(cookie_name(settings), "")
    return token if _TOKEN.fullmatch(token) else None


def new_token() -> str:
    """256 random bits."""
    return secrets.token_urlsafe(32)


def give(response: Response, token: str, settings: Settings) -> None:
    """Sets the cookie. It lasts as long as we remember a silent person."""
    response.set_cookie(
        cookie_name(settings),
        token,
        max_age=SILENT_DAYS * 24 * 3600,
        path="/",
        secure=is_https(settings),
        httponly=True,
        samesite="strict",
    )


def is_ours(request: Request, settings: Settings) -> bool:
    """Whether our own page sent this POST. Every browser names itself in one of the two headers; who does not is refused."""
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        return site == "same-origin"
    origin = request.headers.get("origin", "")
    public = urlsplit(settings.public_url)
    return origin in (f"{public.scheme}://{public.netloc}", f"{request.url.scheme}://{request.headers.get('host', '')}")

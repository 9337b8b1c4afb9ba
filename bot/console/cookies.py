"""The cookies: of a session, of a browser that has none yet, of one on its way to a sign-on provider; and whether a form is ours."""

from __future__ import annotations

import hmac
import secrets

from starlette.requests import Request
from starlette.responses import Response

from bot import crypto
from bot.settings import Settings

SESSION, VISIT, AWAY = "useit_console", "useit_visit", "useit_away"
AWAY_SECONDS = 600


def is_https(settings: Settings) -> bool:
    return settings.public_url.startswith("https://")


def session_token(request: Request, settings: Settings) -> str:
    return _read(request, settings, SESSION)


def give_session(response: Response, settings: Settings, token: str) -> None:
    _give(response, settings, SESSION, token)
    take(response, settings, VISIT)


def take_session(response: Response, settings: Settings) -> None:
    take(response, settings, SESSION)


def away(request: Request, settings: Settings) -> str:
    """What a browser was given before it went to a sign-on provider; "" when it is another one."""
    return _read(request, settings, AWAY)


def send_away(response: Response, settings: Settings, value: str) -> None:
    """Lax, not strict: the browser comes back from another site, and must show it then. It opens nothing by itself."""
    https = is_https(settings)
    name, age = _named(AWAY, https=https), AWAY_SECONDS
    response.set_cookie(name, value, max_age=age, path="/", secure=https, httponly=True, samesite="lax")


def visit_csrf(request: Request, settings: Settings) -> str:
    """The form token of a browser without a session; "" before it has our cookie."""
    cookie = _read(request, settings, VISIT)
    return crypto.pseudonym("csrf", cookie) if cookie else ""


def new_visit(response: Response, settings: Settings, value: str) -> None:
    _give(response, settings, VISIT, value)


def new_value() -> str:
    return secrets.token_urlsafe(32)


def is_ours(request: Request, sent: str, expected: str) -> bool:
    """Whether the form carries the token that its page was given, and the browser does not say it comes from elsewhere."""
    if request.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        return False
    return bool(expected) and hmac.compare_digest(sent.encode(), expected.encode())


def _read(request: Request, settings: Settings, name: str) -> str:
    return request.cookies.get(_named(name, https=is_https(settings)), "")


def _give(response: Response, settings: Settings, name: str, value: str) -> None:
    """Until the browser is closed; never readable by a script, never sent along from another site."""
    https = is_https(settings)
    response.set_cookie(_named(name, https=https), value, path="/", secure=https, httponly=True, samesite="strict")


def take(response: Response, settings: Settings, name: str) -> None:
    https = is_https(settings)
    response.delete_cookie(_named(name, https=https), path="/", secure=https, httponly=True, samesite="strict")


def _named(name: str, *, https: bool) -> str:
    return f"__Host-{name}" if https else name

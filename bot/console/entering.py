"""What every way in ends with: a new session in this browser, with a new token; one that it had before ends."""

from __future__ import annotations

from starlette.responses import Response

from bot.console import cookies
from bot.console.visits import Visit, Who
from bot.staff import audit, sessions


def begin_session(visit: Visit, staff_id: int, verb: str, *, why: str = "", instead_of: str = "") -> str:
    """The token for `cookies.give_session`; the page that is made next is already theirs. `instead_of`: a hash, as `sso.Done` has."""
    settings = visit.house.settings
    device = sessions.device_of(visit.request.headers.get("user-agent", ""))
    with visit.house.sessions.begin() as session:
        sessions.end_hashed(session, instead_of)
        old, limits = cookies.session_token(visit.request, settings), sessions.Limits.of(settings)
        token = sessions.start(session, staff_id, old, device=device, limits=limits)
        audit.record(session, f"staff:{staff_id}", verb, f"staff:{staff_id}", why)
        found = sessions.find(session, token)
        assert found is not None  # it was made two lines above
        visit.asked.who, visit.asked.csrf = Who(staff_id, found.staff.name, found.staff.role), found.csrf
    return token


def enter(visit: Visit, staff_id: int, verb: str, path: str = "/", **query: str) -> Response:
    """Into the console."""
    token = begin_session(visit, staff_id, verb)
    response = visit.go(path, **query)
    cookies.give_session(response, visit.house.settings, token)
    return response


def show_codes(visit: Visit, codes: list[str], *, token: str = "", first: bool) -> Response:
    """The page with recovery codes, which shows them this once. `token`: of a session that begins with it."""
    response = visit.page("codes.html", codes=codes, first=first)
    if token:
        cookies.give_session(response, visit.house.settings, token)
    return response

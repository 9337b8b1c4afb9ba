"""To the sign-on provider and back.

Where the browser leaves us and where it comes back, it is given a page that sends it on instead of a redirect: a redirect after
a form would be stopped by our own policy (form-action), and after a foreign site our strict cookies would not be sent along.
"""

from __future__ import annotations

from starlette.responses import Response

from bot.console import cookies
from bot.console.account import confirm
from bot.console.entering import begin_session
from bot.console.fields import number_in_path
from bot.console.visits import MOUNT, StaffVisit, Visit
from bot.errors import RefusedError, TransientError
from bot.staff import invitations, sso
from bot.staff.models import Staff


def begin_login(visit: Visit) -> Response:
    """Raises RefusedError: sso_off, sso_away, throttled."""
    return _away(visit, "login", session=cookies.session_token(visit.request, visit.house.settings))


def begin_link(visit: StaffVisit) -> Response:
    """To link one's own account. Raises RefusedError as `begin_login` and `confirm`."""
    confirm(visit)
    token = cookies.session_token(visit.request, visit.house.settings)
    return _away(visit, "link", staff_id=visit.staff.id, session=token)


def begin_registration(visit: Visit) -> Response:
    """To accept an invitation. Raises RefusedError as `begin_login`, and invitation, login_form, name, login_taken."""
    token = visit.value("invitation").strip()
    login, name = invitations.checked_names(visit.value("login"), visit.value("name"))
    with visit.house.sessions() as session:
        invitations.find(session, token, "account")
        if not invitations.is_free(session, login):
            raise RefusedError("this login is taken", "login_taken")
    return _away(visit, "invitation", token=token, login=login, name=name)


def come_back(visit: Visit) -> Response:
    """Where the provider sends the browser. Raises RefusedError as `sso.finish`, and sso_away."""
    settings = visit.house.settings
    try:
        done = sso.finish(
            visit.house,
            state=visit.query("state"),
            code="" if visit.query("error") else visit.query("code"),
            issuer=visit.query("iss"),
            browser=cookies.away(visit.request, settings),
            address=visit.address,
        )
    except TransientError as error:
        raise RefusedError("the sign-on provider is away", "sso_away") from error
    if done.purpose == "link":
        response = _on(visit, f"{MOUNT}/account?done=sso_linked")
    else:
        verb = "staff.login" if done.purpose == "login" else "staff.first_login"
        token = begin_session(visit, done.staff_id, verb, why="sso", instead_of=done.instead_of)
        response = _on(visit, f"{MOUNT}/")
        cookies.give_session(response, settings, token)
    cookies.take(response, settings, cookies.AWAY)
    return response


def unlink(visit: StaffVisit) -> Response:
    sso.unlink(visit.session, visit.session.get_one(Staff, visit.staff.id), number_in_path(visit))
    visit.record("staff.sso_unlinked", f"staff:{visit.staff.id}")
    return visit.go("/account", done="sso_unlinked")


def _away(visit: Visit, purpose: str, **details: str | int) -> Response:
    try:
        begun = sso.begin(visit.house, purpose, visit.address, **details)
    except TransientError as error:
        raise RefusedError("the sign-on provider is away", "sso_away") from error
    response = _on(visit, begun.address)
    cookies.send_away(response, visit.house.settings, begun.browser)
    return response


def _on(visit: Visit, address: str) -> Response:
    return visit.page("onward.html", address=address)

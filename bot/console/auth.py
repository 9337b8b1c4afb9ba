"""Getting in and out: login, logout, an account from an invitation, a new password."""

from __future__ import annotations

from starlette.responses import Response

from bot.console import cookies
from bot.console.visits import StaffVisit, Visit
from bot.staff import accounts, audit, codes, sessions
from bot.staff.permissions import may


def home(visit: StaffVisit) -> Response:
    return visit.go("/cases" if may(visit.staff.role, "cases.read") else "/knowledge/terms")


def login_form(visit: Visit) -> Response:
    if visit.asked.who is not None and not visit.asked.refused:
        return visit.go("/")
    return visit.page("login.html")


def login(visit: Visit) -> Response:
    staff_id = accounts.authenticate(
        visit.house.sessions, visit.value("login"), visit.value("password"), visit.value("code"), visit.address
    )
    return _enter(visit, staff_id, "staff.login")


def logout(visit: StaffVisit) -> Response:
    sessions.end(visit.session, cookies.session_token(visit.request, visit.house.settings))
    visit.record("staff.logout", f"staff:{visit.staff.id}")
    response = visit.go("/login", done="logged_out")
    cookies.take_session(response, visit.house.settings)
    return response


def invitation_form(visit: Visit) -> Response:
    """Asks for the invitation; the script takes it out of the address's fragment, which no server sees."""
    return visit.page("invitation.html")


def registration_form(visit: Visit) -> Response:
    """The form that an invitation opens; shown again when something in it was refused. Raises RefusedError (invitation)."""
    token = visit.value("invitation").strip()
    with visit.house.sessions() as session:
        found = accounts.invitation(session, token)
    title = visit.text("console.register.picture")
    return visit.page(
        "register.html",
        invitation=token,
        role=found.role,
        picture=codes.picture(found.totp_secret, title),
        secret=" ".join(found.totp_secret[n : n + 4] for n in range(0, len(found.totp_secret), 4)),
    )


def registration_again(visit: Visit) -> Response:
    return invitation_form(visit) if visit.asked.refused == "invitation" else registration_form(visit)


def register(visit: Visit) -> Response:
    staff_id = accounts.register(
        visit.house.sessions,
        visit.value("invitation").strip(),
        login=visit.value("login"),
        name=visit.value("name"),
        password=visit.value("password"),
        code=visit.value("code"),
    )
    return _enter(visit, staff_id, "staff.first_login")


def account(visit: StaffVisit) -> Response:
    return visit.page("account.html")


def change_password(visit: StaffVisit) -> Response:
    """Ends every session of the account and begins a new one here."""
    visit.session.commit()  # hashing is slow and keeps no transaction open
    accounts.change_password(
        visit.house.sessions,
        visit.staff.id,
        current=visit.value("current"),
        new=visit.value("password"),
        code=visit.value("code"),
        address=visit.address,
    )
    return _enter(visit, visit.staff.id, "staff.login", done="password")


def _enter(visit: Visit, staff_id: int, verb: str, **query: str) -> Response:
    """A new session with a new token; one that the browser had before ends."""
    with visit.house.sessions.begin() as session:
        old = cookies.session_token(visit.request, visit.house.settings)
        token = sessions.start(session, staff_id, instead_of=old)
        audit.record(session, f"staff:{staff_id}", verb, f"staff:{staff_id}")
    response = visit.go("/account" if query else "/", **query)
    cookies.give_session(response, visit.house.settings, token)
    return response

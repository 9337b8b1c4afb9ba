"""Getting in and out: login and logout, an account from an invitation, a lost phone or password."""

from __future__ import annotations

from sqlalchemy.orm import Session
from starlette.responses import Response

from bot.console import cookies
from bot.console.entering import begin_session, enter, show_codes
from bot.console.visits import StaffVisit, Visit
from bot.errors import RefusedError
from bot.staff import accounts, codes, invitations, lost, recovery, sessions
from bot.staff.models import Invitation, Staff
from bot.staff.permissions import may

# the first page of a role is the first of these that it may see
FIRST = (("cases.read", "/cases"), ("knowledge.read", "/knowledge/terms"), ("audit.read", "/audit"), ("review.read", "/review"))
TEMPLATES = {"account": "register.html", "second_factor": "lost_phone.html", "password": "lost_password.html"}


def home(visit: StaffVisit) -> Response:
    return visit.go(next((path for permission, path in FIRST if may(visit.staff.role, permission)), "/account"))


def login_form(visit: Visit) -> Response:
    if visit.asked.who is not None and not visit.asked.refused:
        return visit.go("/")
    return visit.page("login.html", provider=provider_name(visit))


def login(visit: Visit) -> Response:
    code = visit.value("code")
    staff_id = accounts.authenticate(visit.house.sessions, visit.value("login"), visit.value("password"), code, visit.address)
    if recovery.looks_like_one(code):  # their owner should see how many are left
        return enter(visit, staff_id, "staff.login", "/account", done="recovery")
    return enter(visit, staff_id, "staff.login")


def logout(visit: StaffVisit) -> Response:
    sessions.end(visit.session, cookies.session_token(visit.request, visit.house.settings))
    visit.record("staff.logout", f"staff:{visit.staff.id}")
    response = visit.go("/login", done="logged_out")
    cookies.take_session(response, visit.house.settings)
    return response


def invitation_form(visit: Visit) -> Response:
    """Asks for the invitation; the script takes it out of the address's fragment, which no server sees."""
    return visit.page("invitation.html")


def open_invitation(visit: Visit) -> Response:
    """The form that a link opens. Raises RefusedError (invitation)."""
    with visit.house.sessions.begin() as session:
        return _form(visit, session, invitations.opened(session, _token(visit)))


def form_again(visit: Visit) -> Response:
    """The same form when something in it was refused; the first page when there is no such link (any more)."""
    try:
        with visit.house.sessions() as session:
            return _form(visit, session, invitations.find(session, _token(visit)))
    except RefusedError as error:
        visit.asked.refused = error.reason
        return invitation_form(visit)


def register(visit: Visit) -> Response:
    staff_id = invitations.register(
        visit.house.sessions,
        _token(visit),
        login=visit.value("login"),
        name=visit.value("name"),
        password=visit.value("password"),
        code=visit.value("code"),
    )
    return _enter_with_codes(visit, staff_id, "staff.first_login")


def restore_second_factor(visit: Visit) -> Response:
    staff_id = lost.set_second_factor(
        visit.house.sessions, _token(visit), password=visit.value("password"), code=visit.value("code"), address=visit.address
    )
    return _enter_with_codes(visit, staff_id, "staff.login")


def restore_password(visit: Visit) -> Response:
    staff_id = lost.set_password(
        visit.house.sessions, _token(visit), new=visit.value("password"), code=visit.value("code"), address=visit.address
    )
    return enter(visit, staff_id, "staff.login", "/account", done="password")


def provider_name(visit: Visit) -> str:
    """What the sign-on provider is called; "" when there is none."""
    oidc = visit.house.settings.oidc
    return oidc.name if oidc else ""


def _enter_with_codes(visit: Visit, staff_id: int, verb: str) -> Response:
    made = accounts.new_recovery_codes(visit.house.sessions, staff_id)
    return show_codes(visit, made, token=begin_session(visit, staff_id, verb), first=True)


def _form(visit: Visit, session: Session, found: Invitation) -> Response:
    secret, owner = found.totp_secret, session.get(Staff, found.staff_id) if found.staff_id else None
    return visit.page(
        TEMPLATES[found.kind],
        invitation=_token(visit),
        role=found.role,
        login=owner.login if owner else "",
        picture=codes.picture(secret, visit.text("console.register.picture")),
        secret=" ".join(secret[n : n + 4] for n in range(0, len(secret), 4)),
        provider=provider_name(visit),
    )


def _token(visit: Visit) -> str:
    return visit.value("invitation").strip()

"""Somebody's own account: how they are told of things, when they are away, and everything that opens it."""

from __future__ import annotations

from starlette.responses import Response

from bot.console import cookies
from bot.console.auth import provider_name
from bot.console.entering import enter, show_codes
from bot.console.fields import days, number_in_path, today
from bot.console.visits import NotHereError, StaffVisit
from bot.staff import absences, accounts, recovery, sessions, sso, wishes
from bot.staff.models import Staff


def account(visit: StaffVisit) -> Response:
    own = visit.session.get_one(Staff, visit.staff.id)
    token = cookies.session_token(visit.request, visit.house.settings)
    limits = sessions.Limits.of(visit.house.settings)
    return visit.page(
        "account.html",
        own=own,
        wishes=wishes.of(own),
        away=absences.coming(visit.session, own.id, today()),
        today=today(),
        codes_left=recovery.left(visit.session, own.id),
        few=recovery.FEW,
        sessions=[
            (sessions.handle(row), row, row.token_hash == sessions.hashed(token))
            for row in sessions.listed(visit.session, own.id, limits)
        ],
        limits=limits,
        provider=provider_name(visit),
        links=sso.links(visit.session, own.id),
    )


def change_password(visit: StaffVisit) -> Response:
    """Ends every session of the account and begins a new one here."""
    accounts.change_password(
        visit.house.sessions,
        visit.staff.id,
        current=visit.value("current"),
        new=visit.value("password"),
        code=visit.value("code"),
        address=visit.address,
    )
    return enter(visit, visit.staff.id, "staff.login", "/account", done="password")


def new_codes(visit: StaffVisit) -> Response:
    confirm(visit)
    return show_codes(visit, accounts.new_recovery_codes(visit.house.sessions, visit.staff.id), first=False)


def change_wishes(visit: StaffVisit) -> Response:
    own = visit.session.get_one(Staff, visit.staff.id)
    wishes.change(own, email=visit.value("email"), chosen=visit.values("notify"))
    visit.record("staff.wishes", f"staff:{own.id}")
    return visit.go("/account", done="wishes")


def add_absence(visit: StaffVisit) -> Response:
    first, last = days(visit)
    absences.add(visit.session, visit.staff.id, first, last, today())
    visit.record("staff.absence", f"staff:{visit.staff.id}")
    return visit.go("/account", done="absence")


def remove_absence(visit: StaffVisit) -> Response:
    if not absences.remove(visit.session, visit.staff.id, number_in_path(visit)):
        raise NotHereError
    visit.record("staff.absence_removed", f"staff:{visit.staff.id}")
    return visit.go("/account", done="absence_removed")


def end_session(visit: StaffVisit) -> Response:
    """One of the own ones; of another account it does not exist."""
    if not sessions.end_one(visit.session, visit.staff.id, visit.value("session")):
        raise NotHereError
    visit.record("staff.session_ended", f"staff:{visit.staff.id}")
    return visit.go("/account", done="session_ended")


def end_others(visit: StaffVisit) -> Response:
    sessions.end_all(visit.session, visit.staff.id, but=cookies.session_token(visit.request, visit.house.settings))
    visit.record("staff.sessions_ended", f"staff:{visit.staff.id}")
    return visit.go("/account", done="sessions_ended")


def confirm(visit: StaffVisit) -> None:
    """That the owner sits at the open session: password and code again. Raises RefusedError: login, throttled."""
    accounts.confirm(
        visit.house.sessions,
        visit.staff.id,
        password=visit.value("current"),
        code=visit.value("code"),
        address=visit.address,
    )

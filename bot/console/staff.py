"""Accounts as an admin sees them: who there is, a new invitation, an end."""

from __future__ import annotations

from sqlalchemy import select
from starlette.responses import Response

from bot.console.visits import MOUNT, NotHereError, StaffVisit
from bot.errors import RefusedError
from bot.staff import accounts
from bot.staff.models import Staff
from bot.staff.permissions import ROLES


def listing(visit: StaffVisit) -> Response:
    rows = list(visit.session.scalars(select(Staff).order_by(Staff.disabled_at.is_not(None), Staff.name)))
    return visit.page("staff.html", rows=rows, roles=tuple(ROLES), link="")


def invite(visit: StaffVisit) -> Response:
    """Shows the link, this once: it stands in no address and in no log."""
    role = visit.value("role")
    token = accounts.invite(visit.session, role, once=visit.once)
    visit.record("staff.invite", f"role:{role}")
    link = f"{visit.house.settings.public_url}{MOUNT}/register#{token}"
    rows = list(visit.session.scalars(select(Staff).order_by(Staff.disabled_at.is_not(None), Staff.name)))
    return visit.page("staff.html", rows=rows, roles=tuple(ROLES), link=link)


def disable(visit: StaffVisit) -> Response:
    number = visit.part("id")
    row = visit.session.get(Staff, int(number)) if number.isdecimal() and len(number) < 10 else None
    if row is None:
        raise NotHereError
    if row.id == visit.staff.id:
        raise RefusedError("an admin cannot end their own account", "own_account")
    accounts.disable(visit.session, row)
    visit.record("staff.disable", f"staff:{row.id}")
    return visit.go("/staff", done="disabled")

"""Accounts as an admin sees them: who there is, links, roles, an end and a new beginning."""

from __future__ import annotations

from sqlalchemy import select
from starlette.responses import Response

from bot.console.fields import number_in_form, number_in_path
from bot.console.visits import MOUNT, NotHereError, StaffVisit
from bot.errors import RefusedError
from bot.staff import invitations, lost, managing, teams
from bot.staff.models import Staff, Team, TeamMember
from bot.staff.permissions import ROLES


def listing(visit: StaffVisit) -> Response:
    return _page(visit)


def invite(visit: StaffVisit) -> Response:
    """Shows the link, this once: it stands in no address and in no log."""
    role, team_id = visit.value("role"), number_in_form(visit, "team") if visit.value("team") else None
    if team_id is not None and visit.session.get(Team, team_id) is None:
        raise NotHereError
    reads = visit.values("languages")
    token = invitations.invite(visit.session, role, once=visit.once, team_id=team_id, email=visit.value("email"), languages=reads)
    visit.record("staff.invite", f"role:{role}", " ".join(sorted(reads)) if role == "reviewer" else "")
    return _page(visit, token=token)


def replace_lost(visit: StaffVisit) -> Response:
    """A link for somebody who lost the phone or the password, shown this once."""
    row = _row(visit)
    token = lost.replace_lost(visit.session, row, visit.value("kind"), once=visit.once)
    visit.record("staff.lost_link", f"staff:{row.id}", visit.value("kind"))
    return _page(visit, token=token, for_whom=row.name)


def disable(visit: StaffVisit) -> Response:
    row = _row_of_another(visit)
    managing.disable(visit.session, row)
    visit.record("staff.disable", f"staff:{row.id}")
    return visit.go("/staff", done="disabled")


def enable(visit: StaffVisit) -> Response:
    row = _row(visit)
    managing.enable(row)
    visit.record("staff.enable", f"staff:{row.id}")
    return visit.go("/staff", done="enabled")


def change_role(visit: StaffVisit) -> Response:
    row = _row_of_another(visit)
    was = row.role
    managing.change_role(visit.session, row, visit.value("role"))
    visit.record("staff.role", f"staff:{row.id}", f"{was} > {row.role}")
    return visit.go("/staff", done="role")


def change_languages(visit: StaffVisit) -> Response:
    row = _row(visit)
    managing.change_languages(row, visit.values("languages"))
    visit.record("staff.languages", f"staff:{row.id}", " ".join(row.languages))
    return visit.go("/staff", done="reads")


def _page(visit: StaffVisit, *, token: str = "", for_whom: str = "") -> Response:
    names = {team.id: team.name for team in teams.listed(visit.session)}
    of: dict[int, list[str]] = {}
    for member in visit.session.scalars(select(TeamMember)):
        of.setdefault(member.staff_id, []).append(names[member.team_id])
    return visit.page(
        "staff.html",
        rows=list(visit.session.scalars(select(Staff).order_by(Staff.disabled_at.is_not(None), Staff.name))),
        roles=tuple(ROLES),
        spoken=[code for code in visit.house.settings.languages if code != "en"],
        ticked=visit.values,
        teams=names,
        teams_of={staff_id: sorted(found) for staff_id, found in of.items()},
        link=f"{visit.house.settings.public_url}{MOUNT}/register#{token}" if token else "",
        for_whom=for_whom,
    )


def _row(visit: StaffVisit) -> Staff:
    row = visit.session.get(Staff, number_in_path(visit))
    if row is None:
        raise NotHereError
    return row


def _row_of_another(visit: StaffVisit) -> Staff:
    row = _row(visit)
    if row.id == visit.staff.id:
        raise RefusedError("an admin cannot change their own account", "own_account")
    return row

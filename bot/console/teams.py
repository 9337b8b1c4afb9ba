"""Teams as leads and admins keep them: hours, closed days, members and when they are away.

A lead keeps the teams they are in; another's does not exist for them. Otherwise a lead could join a team and read its cases.
"""

from __future__ import annotations

from starlette.responses import Response

from bot.cases.hours import Hours
from bot.console.fields import days, number_in_form, number_in_path, today
from bot.console.visits import NotHereError, StaffVisit
from bot.errors import RefusedError, SettingsError
from bot.staff import absences, teams
from bot.staff.models import Staff, Team
from bot.staff.permissions import may


def listing(visit: StaffVisit) -> Response:
    rows = [team for team in teams.listed(visit.session) if _is_theirs(visit, team)]
    counts = {team.id: len(teams.members(visit.session, team.id)) for team in rows}
    return visit.page("teams.html", rows=rows, counts=counts, house_hours=visit.house.settings.hours)


def make(visit: StaffVisit) -> Response:
    """A lead who makes a team is in it."""
    team = teams.make(visit.session, visit.value("name"))
    if not _keeps_all(visit):
        teams.join(visit.session, team.id, visit.staff.id)
    visit.record("teams.make", f"team:{team.id}")
    return visit.go(f"/teams/{team.id}", done="team_made")


def team(visit: StaffVisit) -> Response:
    row, now = _team(visit), today()
    people = teams.members(visit.session, row.id)
    inside = {staff.id for staff in people}
    return visit.page(
        "team.html",
        team=row,
        house_hours=visit.house.settings.hours,
        closed=[day for day in row.closed if day >= now.isoformat()],
        people=[(staff, absences.coming(visit.session, staff.id, now)) for staff in people],
        others=[staff for staff in teams.possible_members(visit.session) if staff.id not in inside],
        today=now,
    )


def change(visit: StaffVisit) -> Response:
    row, hours = _team(visit), " ".join(visit.value("hours").split())
    if hours:
        try:
            Hours.parse(hours)
        except SettingsError as error:
            raise RefusedError("the hours are not readable", "team_hours") from error
    teams.change(visit.session, row, name=visit.value("name"), hours=hours)
    return _done(visit, row, "change", "team")


def close(visit: StaffVisit) -> Response:
    row = _team(visit)
    teams.close_on(row, *days(visit))
    return _done(visit, row, "close", "team_closed")


def open_again(visit: StaffVisit) -> Response:
    row = _team(visit)
    teams.open_on(row, visit.value("day"))
    return _done(visit, row, "open", "team_open")


def add_member(visit: StaffVisit) -> Response:
    row, staff_id = _team(visit), number_in_form(visit, "staff")
    teams.join(visit.session, row.id, staff_id)
    return _done(visit, row, "join", "joined", f"staff:{staff_id}")


def remove_member(visit: StaffVisit) -> Response:
    row, staff_id = _team(visit), number_in_form(visit, "staff")
    teams.leave(visit.session, row.id, staff_id)
    return _done(visit, row, "leave", "left", f"staff:{staff_id}")


def add_absence(visit: StaffVisit) -> Response:
    row, member = _team(visit), _member(visit)
    absences.add(visit.session, member.id, *days(visit), today())
    return _done(visit, row, "absence", "absence", f"staff:{member.id}")


def remove_absence(visit: StaffVisit) -> Response:
    row, member = _team(visit), _member(visit)
    if not absences.remove(visit.session, member.id, number_in_form(visit, "absence")):
        raise NotHereError
    return _done(visit, row, "absence_removed", "absence_removed", f"staff:{member.id}")


def _keeps_all(visit: StaffVisit) -> bool:
    return may(visit.staff.role, "staff.manage")


def _is_theirs(visit: StaffVisit, team: Team) -> bool:
    return _keeps_all(visit) or team.id in teams.team_ids_of(visit.session, visit.staff.id)


def _team(visit: StaffVisit) -> Team:
    row = visit.session.get(Team, number_in_path(visit), with_for_update=visit.request.method == "POST")
    if row is None or not _is_theirs(visit, row):
        raise NotHereError
    return row


def _member(visit: StaffVisit) -> Staff:
    wanted = number_in_form(visit, "staff")
    found = next((s for s in teams.members(visit.session, number_in_path(visit)) if s.id == wanted), None)
    if found is None:
        raise NotHereError
    return found


def _done(visit: StaffVisit, row: Team, verb: str, done: str, why: str = "") -> Response:
    visit.record(f"teams.{verb}", f"team:{row.id}", why)
    still = _is_theirs(visit, row)  # a lead may have left it
    return visit.go(f"/teams/{row.id}" if still else "/teams", done=done)

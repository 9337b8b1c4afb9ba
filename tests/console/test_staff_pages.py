"""Accounts and teams as admins and leads keep them, over HTTP."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from sqlalchemy import select

from bot.house import House
from bot.staff import teams
from bot.staff.models import Absence, AuditEntry, Invitation, Staff, Team
from tests.console.desk import Desk
from tests.staff.people import Colleague


@pytest.fixture
def smethwick(house: House, lead: Colleague, caseworker: Colleague) -> int:
    with house.sessions.begin() as session:
        team = teams.make(session, "Smethwick")
        for colleague in (lead, caseworker):
            teams.join(session, team.id, colleague.id)
        return team.id


@pytest.fixture
def ladywood(house: House) -> int:
    with house.sessions.begin() as session:
        return teams.make(session, "Ladywood").id


def written(house: House, *verbs: str) -> list[tuple[str, str]]:
    with house.sessions() as session:
        found = select(AuditEntry).where(AuditEntry.verb.in_(verbs)).order_by(AuditEntry.id)
        return [(row.object, row.why) for row in session.scalars(found)]


def test_an_admin_invites_into_a_role_and_a_team_with_an_address(
    desk: Desk, house: House, admin: Colleague, smethwick: int
) -> None:
    desk.log_in(admin).get("/staff")
    form = desk.form("/staff/invite") | {"role": "lead", "team": str(smethwick), "email": "new@example.org"}
    assert desk.post("/staff/invite", form | {"email": "no"}).status_code == 409 and "not an e-mail" in desk.text
    assert desk.post("/staff/invite", form | {"team": "999"}).status_code == 404
    assert desk.post("/staff/invite", form).status_code == 200
    with house.sessions() as session:
        row = session.scalars(select(Invitation).where(Invitation.used_at.is_(None))).one()
        assert (row.role, row.team_id, row.email, row.kind) == ("lead", smethwick, "new@example.org", "account")


def test_another_role_logs_out_and_is_written_down(
    desk: Desk, open_desk: Callable[..., Desk], house: House, admin: Colleague, caseworker: Colleague
) -> None:
    theirs = open_desk().log_in(caseworker)
    desk.log_in(admin).get("/staff")
    desk.send(f"/staff/{caseworker.id}/role", role="auditor")
    assert "The role has changed" in desk.text and theirs.get("/cases").status_code == 303
    assert written(house, "staff.role") == [(f"staff:{caseworker.id}", "caseworker > auditor")]
    assert theirs.log_in(caseworker).page.url.path == "/console/audit"
    assert desk.post(f"/staff/{caseworker.id}/role", desk.form("/staff/invite") | {"role": "owner"}).status_code == 409


def test_an_account_is_ended_and_opened_again(
    desk: Desk, open_desk: Callable[..., Desk], admin: Colleague, caseworker: Colleague
) -> None:
    desk.log_in(admin).get("/staff")
    desk.send(f"/staff/{caseworker.id}/disable")
    desk.send(f"/staff/{caseworker.id}/enable")
    assert "The account is open again" in desk.text
    open_desk().log_in(caseworker)


@pytest.mark.parametrize("verb", ["disable", "role"])
def test_an_admin_cannot_change_their_own_account_here(verb: str, desk: Desk, admin: Colleague) -> None:
    desk.log_in(admin).get("/staff")
    assert f"/console/staff/{admin.id}/{verb}" not in desk.page.text
    assert desk.post(f"/staff/{admin.id}/{verb}", desk.form("/staff/invite") | {"role": "lead"}).status_code == 409
    assert "Another admin can" in desk.text


def test_a_lost_link_for_an_ended_account_is_refused(desk: Desk, house: House, admin: Colleague, caseworker: Colleague) -> None:
    desk.log_in(admin).get("/staff")
    form = desk.form(f"/staff/{caseworker.id}/lost") | {"kind": "second_factor"}
    desk.send(f"/staff/{caseworker.id}/disable")
    assert desk.post(f"/staff/{caseworker.id}/lost", form).status_code == 409 and "has ended" in desk.text
    assert desk.post("/staff/999/lost", form).status_code == 404


def test_a_lead_keeps_hours_closed_days_and_members_of_their_team(
    desk: Desk, house: House, lead: Colleague, caseworker: Colleague, smethwick: int
) -> None:
    other = Colleague.join(house, "elif", "caseworker")
    desk.log_in(lead).get(f"/teams/{smethwick}")
    desk.send(f"/teams/{smethwick}", name="Smethwick and Oldbury", hours="mon-thu  10:00-16:00")
    assert "Smethwick and Oldbury" in desk.text
    assert desk.send(f"/teams/{smethwick}", hours="when we like").status_code == 409 and "Hours look like" in desk.text
    assert desk.form(f"/teams/{smethwick}")["hours"] == "when we like"  # what was typed is still there
    desk.get(f"/teams/{smethwick}")
    year = dt.date.today().year + 1
    desk.send(f"/teams/{smethwick}/close", first=f"{year}-12-29", last=f"{year}-12-31")
    desk.send(f"/teams/{smethwick}/open", day=f"{year}-12-30")
    desk.send(f"/teams/{smethwick}/join", staff=str(other.id))
    desk.send(f"/teams/{smethwick}/leave", staff=str(caseworker.id))
    with house.sessions() as session:
        team = session.get_one(Team, smethwick)
        assert (team.hours, team.closed) == ("mon-thu 10:00-16:00", [f"{year}-12-29", f"{year}-12-31"])
        assert [staff.login for staff in teams.members(session, smethwick)] == ["carol", "elif"]
    assert written(house, "teams.join", "teams.leave") == [
        (f"team:{smethwick}", f"staff:{other.id}"),
        (f"team:{smethwick}", f"staff:{caseworker.id}"),
    ]


def test_a_lead_says_when_a_member_is_away(
    desk: Desk, house: House, lead: Colleague, caseworker: Colleague, admin: Colleague, smethwick: int
) -> None:
    desk.log_in(lead).get(f"/teams/{smethwick}")
    day = (dt.date.today() + dt.timedelta(days=4)).isoformat()
    form = desk.form(f"/teams/{smethwick}/leave") | {"first": day, "last": day}
    desk.post(f"/teams/{smethwick}/absences", form | {"staff": str(caseworker.id)})
    with house.sessions() as session:
        row = session.scalars(select(Absence)).one()
        assert row.staff_id == caseworker.id
    assert desk.post(f"/teams/{smethwick}/absences", form | {"staff": str(admin.id)}).status_code == 404  # no member
    gone = form | {"staff": str(lead.id), "absence": str(row.id)}
    assert desk.post(f"/teams/{smethwick}/absences/remove", gone).status_code == 404  # not the lead's own
    desk.post(f"/teams/{smethwick}/absences/remove", gone | {"staff": str(caseworker.id)})
    with house.sessions() as session:
        assert session.scalars(select(Absence)).all() == []


def test_another_leads_team_is_not_there(desk: Desk, house: House, lead: Colleague, smethwick: int, ladywood: int) -> None:
    desk.log_in(lead).get("/teams")
    assert "Smethwick" in desk.text and "Ladywood" not in desk.text
    assert desk.get(f"/teams/{ladywood}").status_code == 404
    desk.get("/teams")
    form = desk.form("/teams") | {"staff": str(lead.id), "name": "x", "first": "2030-01-01"}
    for path in ("", "/join", "/leave", "/close", "/open", "/absences", "/absences/remove"):
        assert desk.post(f"/teams/{ladywood}{path}", form).status_code == 404, path
    with house.sessions() as session:
        assert teams.team_ids_of(session, lead.id) == {smethwick} and session.get_one(Team, ladywood).name == "Ladywood"


def test_a_lead_who_makes_a_team_is_in_it_and_an_admin_keeps_all(
    desk: Desk, open_desk: Callable[..., Desk], house: House, lead: Colleague, admin: Colleague, smethwick: int
) -> None:
    desk.log_in(lead).get("/teams")
    desk.send("/teams", name="Handsworth")
    assert "The team is made" in desk.text
    with house.sessions() as session:
        made = session.scalars(select(Team).where(Team.name == "Handsworth")).one()
        assert made.id in teams.team_ids_of(session, lead.id)
    boss = open_desk().log_in(admin)
    boss.get("/teams")
    assert "Handsworth" in boss.text and "Smethwick" in boss.text
    assert boss.send("/teams", name="handsworth").status_code == 409 and "Another team has this name" in boss.text
    boss.get(f"/teams/{made.id}")
    boss.send(f"/teams/{made.id}/leave", staff=str(lead.id))
    assert desk.get(f"/teams/{made.id}").status_code == 404


def test_names_are_shown_and_never_run(desk: Desk, house: House, admin: Colleague) -> None:
    with house.sessions.begin() as session:
        session.add(Staff(login="x1", name="<img src=x>", role="lead", password_hash="", totp_secret="x", notify={}))
        session.add(Team(name="<script>alert(1)</script>", closed=[]))
    desk.log_in(admin)
    for path in ("/staff", "/teams", "/teams/1"):
        assert "<img src" not in desk.get(path).text and "<script>alert" not in desk.page.text

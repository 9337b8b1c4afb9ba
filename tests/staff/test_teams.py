"""Teams and absences."""

from __future__ import annotations

import datetime as dt

from bot.house import House
from bot.staff import absences, invitations, managing, sessions, teams
from bot.staff.models import Invitation, Staff, Team
from tests.staff.people import PASSWORD, Colleague
from tests.staff.test_accounts import reason

MONDAY = dt.date(2026, 12, 21)
DAY = dt.timedelta(days=1)


def test_who_is_in_a_team_and_which_teams_somebody_is_in(house: House, caseworker: Colleague, lead: Colleague) -> None:
    with house.sessions.begin() as session:
        assert teams.default_team(session) is None
        first, second = teams.make(session, "Smethwick "), teams.make(session, "Ladywood")
        for team in (first, first, second):
            teams.join(session, team.id, caseworker.id)
        teams.join(session, first.id, lead.id)
        assert teams.team_ids_of(session, caseworker.id) == {first.id, second.id}
        assert [staff.login for staff in teams.members(session, first.id)] == ["amina", "carol"]
        teams.leave(session, first.id, caseworker.id)
        assert teams.team_ids_of(session, caseworker.id) == {second.id}
        assert (found := teams.default_team(session)) is not None and found.id == first.id and first.name == "Smethwick"


def test_whoever_works_with_no_cases_or_has_no_account_is_in_no_team(
    house: House, caseworker: Colleague, admin: Colleague
) -> None:
    with house.sessions.begin() as session:
        team = teams.make(session, "Smethwick")
        assert reason(teams.join, session, team.id, admin.id) == "member"
        assert reason(teams.join, session, team.id, 999) == "member"
        teams.join(session, team.id, caseworker.id)
        managing.disable(session, session.get_one(Staff, caseworker.id))
        assert teams.members(session, team.id) == []


def test_a_name_is_one_teams(house: House) -> None:
    with house.sessions.begin() as session:
        team = teams.make(session, "Smethwick")
        assert reason(teams.make, session, " smethwick") == "team_taken"
        assert reason(teams.make, session, " ") == reason(teams.make, session, "x" * 61) == "team_name"
        teams.change(session, team, name="SMETHWICK", hours="mon-fri 10:00-16:00")
        assert (team.name, team.hours) == ("SMETHWICK", "mon-fri 10:00-16:00")


def test_closed_days_are_kept_once_and_in_order(house: House) -> None:
    with house.sessions.begin() as session:
        team = teams.make(session, "Smethwick")
        teams.close_on(team, MONDAY, MONDAY + DAY)
        teams.close_on(team, MONDAY - DAY, MONDAY)
        assert team.closed == ["2026-12-20", "2026-12-21", "2026-12-22"]
        teams.open_on(team, "2026-12-21")
        teams.open_on(team, "2020-01-01")
        assert reason(teams.close_on, team, MONDAY, MONDAY - DAY) == "days"
        assert reason(teams.close_on, team, MONDAY, MONDAY + 40 * DAY) == "days"
        number = team.id
    with house.sessions() as session:
        assert session.get_one(Team, number).closed == ["2026-12-20", "2026-12-22"]


def test_somebody_is_away_from_the_first_day_to_the_last(house: House, caseworker: Colleague, lead: Colleague) -> None:
    with house.sessions.begin() as session:
        made = absences.add(session, caseworker.id, MONDAY, MONDAY + DAY, MONDAY)
        assert absences.add(session, caseworker.id, MONDAY, MONDAY + DAY, MONDAY).id == made.id
        away = [absences.is_away(session, caseworker.id, MONDAY + n * DAY) for n in (-1, 0, 1, 2)]
        assert away == [False, True, True, False] and not absences.is_away(session, lead.id, MONDAY)
        assert not absences.remove(session, lead.id, made.id)
        assert absences.remove(session, caseworker.id, made.id)
        assert absences.coming(session, caseworker.id, MONDAY) == []


def test_an_absence_that_makes_no_sense_is_refused(house: House, caseworker: Colleague) -> None:
    with house.sessions.begin() as session:
        for first, last in ((MONDAY, MONDAY - DAY), (MONDAY - 3 * DAY, MONDAY - DAY), (MONDAY, MONDAY + 400 * DAY)):
            assert reason(absences.add, session, caseworker.id, first, last, MONDAY) == "days"


def test_an_invitation_brings_into_a_team_and_keeps_the_address(house: House) -> None:
    with house.sessions.begin() as session:
        team = teams.make(session, "Smethwick")
        token = invitations.invite(session, "caseworker", team_id=team.id, email="new@example.org")
        other = invitations.invite(session, "admin", team_id=team.id)
        assert session.get_one(Invitation, sessions.hashed(other)).team_id is None
        secret = invitations.find(session, token).totp_secret
    import pyotp

    names = {"login": "nadia", "name": "Nadia", "password": PASSWORD, "code": pyotp.TOTP(secret).now()}
    number = invitations.register(house.sessions, token, **names)
    with house.sessions() as session:
        assert teams.team_ids_of(session, number) == {team.id}
        assert session.get_one(Staff, number).email == "new@example.org"

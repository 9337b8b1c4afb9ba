"""What the bot promises about when somebody is there is true, across nights, weekends, bank holidays and clock changes."""

from __future__ import annotations

import datetime as dt

import pytest

from bot.answers import services
from bot.cases.hours import LONDON, Hours, moment, of_team
from bot.conversation.turn import Turn
from bot.errors import SettingsError
from bot.house import House
from bot.knowledge import snapshot
from bot.staff import absences, teams
from bot.staff.models import Staff, Team
from tests.cases.office import AMINA, BEA, HUB, LENA, OTHERS, OTTO, chat_of, refused

OFFICE = Hours.parse("mon-fri 09:00-16:30")
MONDAY = dt.date(2026, 11, 23)


def london(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=LONDON)


@pytest.mark.parametrize(
    ("asked", "opens"),
    [
        ("2026-11-23T10:00", "2026-11-23T10:00"),
        ("2026-11-23T07:00", "2026-11-23T09:00"),
        ("2026-11-23T16:30", "2026-11-24T09:00"),
        ("2026-11-27T20:00", "2026-11-30T09:00"),
        ("2026-12-24T17:00", "2026-12-29T09:00"),  # Christmas Day, the weekend, Boxing Day's substitute
        ("2027-03-25T17:00", "2027-03-30T09:00"),  # Easter
        ("2027-03-27T12:00", "2027-03-30T09:00"),  # the clocks change on 28 March
    ],
)
def test_next_opening(asked: str, opens: str) -> None:
    assert OFFICE.next_open(london(asked)) == london(opens)


@pytest.mark.parametrize(
    ("hours", "since", "minutes", "until"),
    [
        ("mon-fri 09:00-17:00", "2026-11-23T10:00", 15, "2026-11-23T10:15"),
        ("mon-fri 09:00-17:00", "2026-11-23T16:50", 15, "2026-11-24T09:05"),
        ("mon-fri 09:00-17:00", "2026-11-27T16:45", 15, "2026-11-27T17:00"),
        ("mon-fri 09:00-17:00", "2026-11-28T12:00", 15, "2026-11-30T09:15"),
        ("mon-sun 00:00-23:59", "2027-03-28T00:50", 15, "2027-03-28T02:05"),  # 01:00 to 02:00 is not that night
        ("mon-sun 00:00-23:59", "2026-10-25T00:50", 75, "2026-10-25T01:05"),  # and comes twice in autumn: this is the second
    ],
)
def test_open_time_is_counted_as_it_passes(hours: str, since: str, minutes: int, until: str) -> None:
    found = Hours.parse(hours).after(london(since), dt.timedelta(minutes=minutes))
    assert found.astimezone(LONDON).replace(tzinfo=None) == london(until).replace(tzinfo=None)
    if since.startswith("2026-10-25"):
        assert found - london(since).astimezone(dt.UTC) == dt.timedelta(minutes=minutes)


@pytest.mark.parametrize(
    "text", ["", "always", "mon-fri 9-5", "fri-mon 09:00-17:00", "mon-fri 17:00-09:00", "mon-fri 25:00-26:00"]
)
def test_nonsense_hours_are_refused(text: str) -> None:
    with pytest.raises(SettingsError, match="USEIT_HOURS"):
        Hours.parse(text)


@pytest.mark.parametrize(
    ("typed", "utc"),
    [
        ("2026-12-01T14:30", "2026-12-01T14:30"),
        ("2027-07-01T14:30", "2027-07-01T13:30"),
        ("2026-10-25T01:30", "2026-10-25T00:30"),  # the first of the two
    ],
)
def test_a_time_that_is_typed_is_londons(typed: str, utc: str) -> None:
    assert moment(typed) == dt.datetime.fromisoformat(utc).replace(tzinfo=dt.UTC)


@pytest.mark.parametrize("typed", ["2027-03-28T01:30", "", "tomorrow", "2026-13-01T10:00", "2026-12-01T14:30+05:00"])
def test_a_time_that_is_none_is_refused(typed: str) -> None:
    assert refused(moment, typed) == "time"


def test_a_team_has_its_own_hours_and_closed_days(at_work: House) -> None:
    with at_work.sessions.begin() as session:
        team = session.get_one(Team, HUB)
        teams.change(session, team, name="Hub", hours="tue-wed 10:00-12:00")
        teams.close_on(team, dt.date(2026, 11, 24), dt.date(2026, 11, 24))
        house = OFFICE
        monday = london("2026-11-23T10:00")
        assert of_team(session, HUB, house, monday).next_open(monday) == london("2026-11-25T10:00")
        assert of_team(session, OTHERS, house, monday).is_open(monday)
        assert of_team(session, None, house, monday).is_open(monday)


def test_when_all_of_a_team_are_away_nobody_is_there(at_work: House) -> None:
    at = london("2026-11-23T10:00")
    with at_work.sessions.begin() as session:
        for number, last in ((AMINA, 27), (BEA, 25), (LENA, 26)):
            assert of_team(session, HUB, OFFICE, at).is_open(at)  # somebody still is
            absences.add(session, number, MONDAY, dt.date(2026, 11, last), MONDAY)
        assert of_team(session, HUB, OFFICE, at).next_open(at) == london("2026-11-26T09:00")
        assert of_team(session, None, OFFICE, at).is_open(at)  # Otto is there
        absences.add(session, OTTO, MONDAY, MONDAY, MONDAY)
        assert of_team(session, None, OFFICE, at).next_open(at) == london("2026-11-24T09:00")


def test_a_closed_account_is_nobody_and_a_house_without_a_team_is_open(at_work: House) -> None:
    at = london("2026-11-23T10:00")
    with at_work.sessions.begin() as session:
        for number in (AMINA, LENA):
            session.get_one(Staff, number).disabled_at = at
        absences.add(session, BEA, MONDAY, MONDAY, MONDAY)
        session.flush()
        assert not of_team(session, HUB, OFFICE, at).is_open(at)
        for number in (BEA, OTTO):
            session.get_one(Staff, number).disabled_at = at
        session.flush()
        assert of_team(session, None, OFFICE, at).is_open(at)


def test_what_the_bot_promises_is_the_teams_hours(at_work: House) -> None:
    at = london("2026-11-23T10:00")
    with at_work.sessions.begin() as session:
        turn = Turn(
            session=session,
            chat=chat_of(session, language="en"),
            knowledge=snapshot.current(session),
            language="en",
            text="",
            origin="",
            hours=OFFICE,
            at=at,
        )
        assert "16:30" in services.team_next(turn)
        teams.change(session, session.get_one(Team, HUB), name="Hub", hours="mon-fri 09:00-12:15")
        assert "12:15" in services.team_next(turn)
        for number in (AMINA, BEA, LENA):
            absences.add(session, number, MONDAY, MONDAY, MONDAY)
        assert "Tuesday" in services.team_next(turn)

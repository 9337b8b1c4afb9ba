"""By when somebody should have answered, and that a lead is told once when nobody has."""

from __future__ import annotations

import datetime as dt

import pytest

from bot.cases import answering, assigning, crew, targets
from bot.cases.hours import LONDON, Hours
from bot.cases.models import Handoff
from bot.conversation.clock import Clock
from bot.db.base import now
from bot.house import House
from bot.people.models import Chat
from bot.staff import teams
from bot.staff.models import Staff, Team
from tests.cases.office import AMINA, HUB, LENA, OTHERS, OTTO, ask, history, says, told

OFFICE = Hours.parse("mon-fri 09:00-17:00")


@pytest.mark.parametrize(
    ("urgency", "since", "until"),
    [
        ("danger", "2026-11-23T10:00", "2026-11-23T10:15"),
        ("danger", "2026-11-23T16:55", "2026-11-24T09:10"),
        ("danger", "2026-11-27T18:00", "2026-11-30T09:15"),
        ("danger", "2026-12-24T23:00", "2026-12-29T09:15"),
        ("danger", "2027-03-26T12:00", "2027-03-30T09:15"),  # Good Friday; the clocks change on the Sunday
        ("today", "2026-11-23T10:00", "2026-11-24T17:00"),
        ("week", "2026-11-23T03:00", "2026-11-24T17:00"),
        ("any", "2026-11-27T10:00", "2026-11-30T17:00"),
        ("any", "2026-11-28T10:00", "2026-11-30T17:00"),
        ("any", "2026-12-24T10:00", "2026-12-29T17:00"),
        ("any", "2026-10-23T16:00", "2026-10-26T17:00"),  # over the autumn clock change
    ],
)
def test_targets(urgency: str, since: str, until: str) -> None:
    found = targets.target(urgency, dt.datetime.fromisoformat(since).replace(tzinfo=LONDON), OFFICE)
    assert found.astimezone(LONDON).isoformat()[:16] == until


def test_the_clock_reckons_what_is_missing_with_the_teams_own_hours(at_work: House) -> None:
    with at_work.sessions.begin() as session:
        teams.change(session, session.get_one(Team, OTHERS), name="Others", hours="mon-sun 00:00-12:00")
        one, two = ask(session), ask(session, "two")
        two.team_id = OTHERS
        one.waiting_since = two.waiting_since = dt.datetime(2026, 11, 23, 10, tzinfo=dt.UTC)
    Clock(at_work).tick()
    with at_work.sessions() as session:
        one, two = session.get_one(Handoff, one.id), session.get_one(Handoff, two.id)
        assert one.target_at == dt.datetime(2026, 11, 24, 23, 59, tzinfo=dt.UTC)
        assert two.target_at == dt.datetime(2026, 11, 24, 12, 0, tzinfo=dt.UTC)


def test_a_missed_target_is_told_to_the_teams_lead_once(at_work: House) -> None:
    with at_work.sessions.begin() as session:
        row = ask(session)
        row.target_at = now() - dt.timedelta(minutes=1)
    for _ in range(3):
        Clock(at_work).tick()
    with at_work.sessions.begin() as session:
        row = session.get_one(Handoff, row.id)
        assert row.escalated_at is not None and targets.is_overdue(row, now())
        assert [told(session, number).count(("escalated", "handoff")) for number in (LENA, AMINA, OTTO)] == [1, 0, 0]
        assert [event[2] for event in history(session, row)].count("escalated") == 1


def test_what_was_answered_is_not_overdue_until_the_person_writes_again(at_work: House) -> None:
    with at_work.sessions.begin() as session:
        row = ask(session)
        answering.claim(session, row, AMINA)
        answering.reply(session, row, AMINA, "hello", once="form-token-01")
        row.target_at = now() - dt.timedelta(minutes=1)
    Clock(at_work).tick()
    with at_work.sessions.begin() as session:
        row = session.get_one(Handoff, row.id)
        assert row.escalated_at is None and not targets.is_overdue(row, now())
        says(session, session.get_one(Chat, row.chat_id), "still there?")
    Clock(at_work).tick()
    with at_work.sessions.begin() as session:
        row = session.get_one(Handoff, row.id)
        assert row.target_at is not None and row.target_at > now()
        row.target_at = now() - dt.timedelta(minutes=1)
    Clock(at_work).tick()
    with at_work.sessions() as session:
        assert session.get_one(Handoff, row.id).escalated_at is not None


def test_another_team_reckons_anew(at_work: House) -> None:
    with at_work.sessions.begin() as session:
        row = ask(session, hours=at_work.hours)
        assert row.target_at is not None
        assigning.to_team(session, row, LENA, OTHERS, once="form-token-01", to_others=True)
        assert row.target_at is None


def test_somebody_is_always_told(at_work: House) -> None:
    with at_work.sessions.begin() as session:
        assert (
            crew.leads(session, HUB) == [LENA] and crew.leads(session, OTHERS) == [LENA] and crew.leads(session, None) == [LENA]
        )
        session.get_one(Staff, LENA).disabled_at = now()
        session.flush()
        assert crew.leads(session, HUB) == [1, 2] and crew.leads(session, OTHERS) == [OTTO]

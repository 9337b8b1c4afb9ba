"""A silent service is reminded after three working days, twice, and then a caseworker hears of it."""

from __future__ import annotations

import datetime as dt

import pytest

from bot.cases import service_reminders
from bot.cases.models import Referral
from bot.house import House
from tests.sendout import people
from tests.sendout.people import NOON


def remind(house: House, at: dt.datetime) -> int:
    with house.sessions.begin() as session:
        return service_reminders.due(session, house.settings, house.hours.holidays, at)


@pytest.mark.parametrize(
    ("at", "earlier"),
    [
        ("2026-11-26T12:00Z", "2026-11-23T12:00Z"),  # Thursday: Monday
        ("2026-11-30T12:00Z", "2026-11-25T12:00Z"),  # Monday: Wednesday
        ("2026-12-31T12:00Z", "2026-12-24T12:00Z"),  # over Christmas, Boxing Day (substitute on the 28th) and a weekend
        ("2027-03-30T09:00Z", "2027-03-23T10:00Z"),  # over Easter and the change of the clocks: 10:00 there and here
    ],
)
def test_three_working_days_leave_out_weekends_and_bank_holidays(house: House, at: str, earlier: str) -> None:
    found = service_reminders.days_before(dt.datetime.fromisoformat(at), house.hours.holidays)
    assert found == dt.datetime.fromisoformat(earlier)


def sent(house: House, amina: int, by: str = "email", state: str = "sent") -> int:
    """Sent on a Wednesday at noon, and the mail is out."""
    with house.sessions.begin() as session:
        referral = people.agreed(session)
        people.send(session, house, referral, amina, by=by)
        referral.sent_at, referral.consent_until = NOON, NOON + dt.timedelta(days=90)
        for mail in people.mails(session):
            mail.state = state
        return referral.id


def test_twice_by_email_with_a_new_link_and_then_the_caseworker_is_told(house: House, amina: int) -> None:
    number = sent(house, amina)
    days = [NOON + dt.timedelta(days=n) for n in range(1, 20)]
    written = []
    for day in days:
        if remind(house, day):
            written.append(day.day)
            with house.sessions.begin() as session:
                people.mails(session)[-1].state = "sent"
    assert written == [7, 10]  # Monday and Thursday after the Wednesday
    with house.sessions() as session:
        _, first, second = people.mails(session)
        assert first.content["to"] == "desk@shelter.example" and "/service/" in first.content["text"]
        assert first.content["text"] != second.content["text"]
        reference = session.get_one(Referral, number).reference
        assert people.noticed(session) == [(amina, "service_silent", f"referral:{reference}")]


@pytest.mark.parametrize("by", ["link", "phone"])
def test_where_there_was_no_email_the_caseworker_is_told_at_once(house: House, amina: int, by: str) -> None:
    sent(house, amina, by)
    assert [remind(house, NOON + dt.timedelta(days=days)) for days in (4, 5, 6, 30)] == [0, 0, 0, 0]
    with house.sessions() as session:
        assert [notice[1] for notice in people.noticed(session)] == ["service_silent"]
        assert people.mails(session) == []


@pytest.mark.parametrize("end", ["answered", "over"])
def test_nobody_is_reminded_of_what_was_answered_or_is_not_agreed_to_any_more(house: House, amina: int, end: str) -> None:
    number = sent(house, amina)
    with house.sessions.begin() as session:
        referral = session.get_one(Referral, number)
        if end == "answered":
            referral.state = "accepted"
        else:
            referral.consent_until = NOON + dt.timedelta(days=1)
    assert remind(house, NOON + dt.timedelta(days=9)) == 0
    with house.sessions() as session:
        assert people.noticed(session) == [] and len(people.mails(session)) == 1


def test_a_mail_that_is_still_on_its_way_is_not_followed_by_a_reminder(house: House, amina: int) -> None:
    sent(house, amina, state="queued")
    assert remind(house, NOON + dt.timedelta(days=9)) == 0

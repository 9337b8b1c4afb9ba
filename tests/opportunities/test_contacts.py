"""Trusted places are named near people, counted without them, and read their number by a secret link."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy import select

from bot.house import House
from bot.knowledge import snapshot
from bot.knowledge.snapshot import Snapshot
from bot.opportunities import arrivals, links
from bot.opportunities.contacts import near
from bot.opportunities.models import ContactArrivals
from bot.people.models import Person
from bot.staff.models import Staff
from tests.opportunities import sample

KEY = sample.BARBER.key
WEDNESDAY = dt.datetime(2026, 3, 4, 12, tzinfo=dt.UTC)


@pytest.fixture
def knowledge(house: House) -> Snapshot:
    with house.sessions.begin() as session:
        sample.stock(session)
        return snapshot.current(session)


def come(house: House, knowledge: Snapshot, times: int, at: dt.datetime = WEDNESDAY, source: str = f"c-{KEY}") -> None:
    with house.sessions.begin() as session:
        for _ in range(times):
            person = Person(language="ar")
            session.add(person)
            arrivals.came(session, knowledge, person, source, at)


def shown(house: House, today: dt.date) -> int | None:
    with house.sessions() as session:
        return arrivals.shown(session, KEY, today)


def test_a_place_is_named_near_it_for_what_it_helps_with_and_nowhere_else(knowledge: Snapshot) -> None:
    today = sample.TODAY
    assert [n.contact.key for n in near(knowledge, "B16", "health", "ar", today)] == [KEY]
    assert near(knowledge, "B16", "legal", "ar", today) == []
    assert near(knowledge, "CV1", "health", "ar", today) == []
    assert near(knowledge, None, "health", "ar", today) == []


def test_a_place_that_nobody_has_confirmed_for_too_long_is_not_named(knowledge: Snapshot) -> None:
    assert near(knowledge, "B16", "health", "ar", sample.FACT.review_by + dt.timedelta(days=1)) == []


def test_fewer_than_five_are_not_shown_and_the_rest_in_steps(house: House, knowledge: Snapshot) -> None:
    later = WEDNESDAY.date() + dt.timedelta(days=7)
    come(house, knowledge, 4)
    assert shown(house, later) is None
    come(house, knowledge, 4)
    assert shown(house, later) == 5


def test_this_week_is_not_shown_yet(house: House, knowledge: Snapshot) -> None:
    come(house, knowledge, 9)
    assert shown(house, WEDNESDAY.date()) is None
    assert shown(house, WEDNESDAY.date() + dt.timedelta(days=5)) == 5  # Monday: last week is over


def test_who_comes_again_is_counted_once_and_keeps_the_first_link(house: House, knowledge: Snapshot) -> None:
    with house.sessions.begin() as session:
        person = Person(language="so")
        session.add(person)
        for source in (f"c-{KEY}", f"c-{KEY}", "gp-surgery"):
            arrivals.came(session, knowledge, person, source, WEDNESDAY)
        assert person.source == f"c-{KEY}"
    with house.sessions() as session:
        assert [row.times for row in session.scalars(select(ContactArrivals))] == [1]


def test_a_link_of_no_place_is_noted_and_not_counted(house: House, knowledge: Snapshot) -> None:
    come(house, knowledge, 1, source="c-nobody")
    come(house, knowledge, 1, source="gp-surgery")
    with house.sessions() as session:
        assert session.scalars(select(ContactArrivals)).all() == []
        assert {row.source for row in session.scalars(select(Person))} == {"c-nobody", "gp-surgery"}


def test_the_count_outlives_the_people_and_names_none(house: House, knowledge: Snapshot) -> None:
    come(house, knowledge, 6)
    with house.sessions.begin() as session:
        for person in session.scalars(select(Person)):
            session.delete(person)
    assert shown(house, WEDNESDAY.date() + dt.timedelta(days=7)) == 5
    assert set(ContactArrivals.__table__.columns.keys()) == {"contact", "week", "times"}


def test_a_secret_link_opens_until_it_ends_or_another_is_made(house: House, knowledge: Snapshot) -> None:
    with house.sessions.begin() as session:
        session.add(Staff(id=1, login="a", name="A", role="lead", password_hash="", totp_secret=""))
        session.flush()
        first = links.make(session, KEY, 1, once="a" * 24)
        assert links.make(session, KEY, 1, once="a" * 24) == first  # the same form sent twice
        assert links.find(session, first) == KEY
        second = links.make(session, KEY, 1, once="b" * 24)
        assert links.find(session, first) is None and links.find(session, second) == KEY
        links.end(session, KEY)
        assert links.find(session, second) is None
        assert links.find(session, "guess") is None and links.find(session, "x" * 60) is None

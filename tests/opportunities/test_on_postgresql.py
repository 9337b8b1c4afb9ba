"""What is counted and found by the database itself, on PostgreSQL."""

from __future__ import annotations

import datetime as dt

from bot.house import House
from bot.knowledge import snapshot
from bot.opportunities import arrivals
from bot.people.models import Person
from bot.settings import Settings
from tests.opportunities import sample


def test_arrivals_of_one_week_are_one_row_that_grows(environ: dict[str, str], postgresql: str) -> None:
    house = House.open(Settings.read({**environ, "USEIT_DATABASE_URL": postgresql}))
    at = dt.datetime(2026, 3, 4, 12, tzinfo=dt.UTC)
    with house.sessions.begin() as session:
        sample.stock(session)
        knowledge = snapshot.current(session)
        for _ in range(6):
            person = Person(language="ar")
            session.add(person)
            arrivals.came(session, knowledge, person, f"c-{sample.BARBER.key}", at)
    with house.sessions() as session:
        assert arrivals.shown(session, sample.BARBER.key, at.date() + dt.timedelta(days=7)) == 5
    house.database.dispose()

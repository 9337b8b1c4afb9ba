"""The office, empty of cases: on SQLite, and where locking matters on both databases."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from bot.house import House
from bot.knowledge import loading
from bot.settings import Settings
from tests.cases import office


@pytest.fixture
def at_work(house: House) -> House:
    """The office on SQLite, with something to know."""
    with house.sessions.begin() as session:
        office.furnish(session)
        loading.load(session, office.SEED)
    return house


@pytest.fixture(params=["sqlite", "postgresql"])
def at_work_on_each(request: pytest.FixtureRequest, environ: dict[str, str]) -> Iterator[House]:
    """The same on each database; on PostgreSQL several write at the same time."""
    if request.param == "sqlite":
        yield request.getfixturevalue("at_work")
        return
    environ["USEIT_DATABASE_URL"] = request.getfixturevalue("postgresql")
    opened = House.open(Settings.read(environ))
    with opened.sessions.begin() as session:
        office.furnish(session)
        loading.load(session, office.SEED)
    yield opened
    opened.database.dispose()

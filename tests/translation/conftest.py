from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.house import House
from bot.knowledge import loading, snapshot
from bot.knowledge.snapshot import Snapshot
from bot.settings import Settings
from tests.cases import office
from tests.translation import machine
from tests.translation.desk_at_work import with_machine
from tests.translation.machine import Machine


@pytest.fixture
def runner() -> Iterator[asyncio.Runner]:
    with asyncio.Runner() as running:
        yield running


@pytest.fixture(params=["libretranslate", "openai"])
def either(request: pytest.FixtureRequest) -> Iterator[Machine]:
    """Each of the two translators, one test after the other."""
    with machine.running(request.param) as running:
        yield running


@pytest.fixture
def libre() -> Iterator[Machine]:
    with machine.running("libretranslate") as running:
        yield running


@pytest.fixture
def model() -> Iterator[Machine]:
    """An endpoint with a language model behind it."""
    with machine.running("openai") as running:
        yield running


@pytest.fixture(scope="session")
def knowledge(stocked_database: Path) -> Snapshot:
    """What a new installation knows; read once, nothing changes it."""
    opened = House.open(Settings.read({"USEIT_VAR": str(stocked_database.parent)}))
    snapshot.forget()
    with opened.sessions() as session:
        found = snapshot.current(session)
    opened.database.dispose()
    snapshot.forget()
    return found


@pytest.fixture
def plain(house: House) -> House:
    """The office without a translator."""
    return _furnished(house)


@pytest.fixture
def in_house(plain: House, model: Machine) -> House:
    """The office with a machine of its own."""
    return with_machine(plain, model, in_house=True)


@pytest.fixture
def outside(plain: House, model: Machine) -> House:
    """The office with a machine that belongs to somebody else."""
    return with_machine(plain, model, in_house=False)


@pytest.fixture(params=["sqlite", "postgresql"])
def in_house_on_each(request: pytest.FixtureRequest, environ: dict[str, str], model: Machine) -> Iterator[House]:
    """The office with a machine of its own, on each database."""
    if request.param == "sqlite":
        yield request.getfixturevalue("in_house")
        return
    environ["USEIT_DATABASE_URL"] = request.getfixturevalue("postgresql")
    opened = House.open(Settings.read(environ))
    yield with_machine(_furnished(opened), model, in_house=True)
    opened.database.dispose()


def _furnished(house: House) -> House:
    with house.sessions.begin() as session:
        office.furnish(session)
        loading.load(session, office.SEED)
    return house

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import pytest

from bot.house import House
from bot.knowledge import snapshot
from bot.knowledge.snapshot import Snapshot
from tests.translation import machine
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


@pytest.fixture
def knowledge(stocked: House) -> Snapshot:
    """What a new installation knows."""
    with stocked.sessions() as session:
        return snapshot.current(session)

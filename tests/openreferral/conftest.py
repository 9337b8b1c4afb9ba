"""A house that knows the samples."""

from __future__ import annotations

import pytest

from bot.house import House
from bot.knowledge import loading
from tests.openreferral.samples import SEED


@pytest.fixture
def known(house: House) -> House:
    with house.sessions.begin() as session:
        loading.load(session, SEED)
    return house

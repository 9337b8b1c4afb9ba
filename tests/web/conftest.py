"""The site on a port, with and without an echo behind it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from bot.house import House
from tests.web import site


@pytest.fixture
def base(house: House) -> Iterator[str]:
    with site.served(house) as address:
        yield address


@pytest.fixture
def visitor(base: str) -> site.Visitor:
    return site.Visitor(base)


@pytest.fixture
def answered(house: House) -> Iterator[site.Echo]:
    with site.Echo(house, site.echo) as running:
        yield running

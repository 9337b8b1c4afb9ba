from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.house import House
from tests.sendout import people
from tests.sendout.certificates import Certificates
from tests.sendout.mailbox import Mailbox


@pytest.fixture
def house(house: House) -> House:
    """With four services: one takes links, one has asked for whole referrals, one takes no links, one has no address."""
    return people.stock(house)


@pytest.fixture
def amina(house: House) -> int:
    with house.sessions.begin() as session:
        return people.staff(session)


@pytest.fixture
def bea(house: House) -> int:
    """An admin."""
    with house.sessions.begin() as session:
        return people.staff(session, "bea", "admin")


@pytest.fixture
def runner() -> Iterator[asyncio.Runner]:
    with asyncio.Runner() as running:
        yield running


@pytest.fixture(scope="session")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    return Certificates.made(tmp_path_factory.mktemp("certificates"))


@pytest.fixture
def mailbox(certificates: Certificates, tmp_path: Path) -> Iterator[Mailbox]:
    """A mail server with STARTTLS."""
    with Mailbox(certificates).running() as running:
        yield running

"""Accounts for the tests: made the real way, from an invitation."""

from __future__ import annotations

import pytest

from bot.house import House
from tests.staff.people import Colleague


@pytest.fixture
def caseworker(house: House) -> Colleague:
    return Colleague.join(house, "amina", "caseworker")


@pytest.fixture
def admin(house: House) -> Colleague:
    return Colleague.join(house, "bea", "admin")


@pytest.fixture
def lead(house: House) -> Colleague:
    return Colleague.join(house, "carol", "lead")


@pytest.fixture
def auditor(house: House) -> Colleague:
    return Colleague.join(house, "dora", "auditor")

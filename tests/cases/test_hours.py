"""What the bot promises about when somebody is there is true, across nights, weekends, bank holidays and clock changes."""

from __future__ import annotations

import datetime as dt

import pytest

from bot.cases.hours import LONDON, Hours
from bot.errors import SettingsError

OFFICE = Hours.parse("mon-fri 09:00-16:30")


def london(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=LONDON)


@pytest.mark.parametrize(
    ("asked", "opens"),
    [
        ("2026-11-23T10:00", "2026-11-23T10:00"),
        ("2026-11-23T16:30", "2026-11-24T09:00"),
        ("2026-11-27T20:00", "2026-11-30T09:00"),
        ("2026-12-24T17:00", "2026-12-29T09:00"),  # Christmas Day, the weekend, Boxing Day's substitute
        ("2027-03-25T17:00", "2027-03-30T09:00"),  # Easter
        ("2027-03-27T12:00", "2027-03-30T09:00"),  # the clocks change on 28 March
    ],
)
def test_next_opening(asked: str, opens: str) -> None:
    assert OFFICE.next_open(london(asked)) == london(opens)


@pytest.mark.parametrize(
    "text", ["", "always", "mon-fri 9-5", "fri-mon 09:00-17:00", "mon-fri 17:00-09:00", "mon-fri 25:00-26:00"]
)
def test_nonsense_hours_are_refused(text: str) -> None:
    with pytest.raises(SettingsError, match="USEIT_HOURS"):
        Hours.parse(text)

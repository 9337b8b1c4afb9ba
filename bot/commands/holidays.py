"""`useit holidays update`: newer bank holidays from GOV.UK. Never needed: the next years' are shipped."""

from __future__ import annotations

import argparse

from bot.cases import holidays
from bot.settings import Settings


def update(options: argparse.Namespace) -> int:
    """Prints how many days are known until when. Raises TransientError, PermanentError (one line and exit 2)."""
    days = holidays.update(Settings.read().var)
    print(f"{len(days)} bank holidays of England, until {max(days).isoformat()}")
    return 0

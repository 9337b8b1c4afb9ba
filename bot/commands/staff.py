"""`useit invite ROLE`: a one-time link to make an account."""

from __future__ import annotations

import argparse

from bot.house import House
from bot.settings import Settings


def invite(options: argparse.Namespace) -> int:
    from bot.staff.first import invitation_link

    print(invitation_link(House.open(Settings.read()), options.role, options.lang))
    return 0


def not_here(options: argparse.Namespace) -> int:
    raise SystemExit("run it as ./useit test")

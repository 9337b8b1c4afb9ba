"""Trusted places near somebody, for what they need."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from bot.knowledge import places
from bot.knowledge.seed import Contact
from bot.knowledge.services import NEAR_MILES
from bot.knowledge.snapshot import Snapshot, is_fresh

MOST = 2


@dataclass(frozen=True)
class Near:
    contact: Contact
    miles: float


def near(knowledge: Snapshot, area: str | None, need: str, language: str, today: dt.date) -> list[Near]:
    """The nearest within NEAR_MILES that help with it; who speaks the language comes first. One that nobody has confirmed for too
    long is not named: it is a place where people live and work."""
    here = places.point_of(area)
    if here is None:
        return []
    found = []
    for one in knowledge.contacts.values():
        there = _point(one)
        if there is None or not is_fresh(one.fact, today) or (one.needs and need not in one.needs):
            continue
        if (far := places.miles(here, there)) <= NEAR_MILES:
            found.append(Near(one, far))
    return sorted(found, key=lambda n: (language not in n.contact.languages, n.miles, n.contact.key))[:MOST]


def _point(one: Contact) -> places.Point | None:
    named = [one.postcode, *one.postcode_districts]
    return next((point for name in named if name and (point := places.point_of(name))), None)

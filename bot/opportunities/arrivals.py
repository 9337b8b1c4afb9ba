"""How many came by the link of a trusted place. Counted once for each person, without them: what is deleted later stays counted.

The number that a place sees is of whole weeks that are over, not shown below FEWEST, and in steps of STEP: who watches the person
that scans the poster, and then the number, learns nothing.
"""

from __future__ import annotations

import datetime as dt

from sqlalchemy import func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from bot.db.session import has_one_writer
from bot.knowledge.snapshot import Snapshot
from bot.numbers.suppression import FEWEST
from bot.opportunities.models import ContactArrivals
from bot.people.models import Person

START = "c-"  # a start link of a place: c-<key>
STEP = 5
LONGEST = 64  # letters that a start link can carry


def source_of(key: str) -> str:
    """What its link says where somebody comes from."""
    return START + key


def came(session: Session, knowledge: Snapshot, person: Person, source: str, at: dt.datetime) -> None:
    """Notes by which link somebody came, the first time; a trusted place's is counted."""
    if person.source:
        return
    person.source = source[:LONGEST]
    key = source.removeprefix(START)
    if source.startswith(START) and key in knowledge.contacts:
        _count(session, key, at.date())


def _count(session: Session, key: str, day: dt.date) -> None:
    insert = sqlite.insert if has_one_writer(session) else postgresql.insert
    values = {"contact": key, "week": _monday(day), "times": 1}
    row = insert(ContactArrivals).values(values)
    place = [ContactArrivals.contact, ContactArrivals.week]
    session.execute(row.on_conflict_do_update(index_elements=place, set_={"times": ContactArrivals.times + 1}))


def shown(session: Session, key: str, today: dt.date) -> int | None:
    """What may be said: the number up to the end of last week, in steps of STEP; None when it is too small to be said."""
    before = (ContactArrivals.contact == key) & (ContactArrivals.week < _monday(today))
    total = session.scalar(select(func.sum(ContactArrivals.times)).where(before)) or 0
    return None if total < FEWEST else total - total % STEP


def _monday(day: dt.date) -> dt.date:
    return day - dt.timedelta(days=day.weekday())

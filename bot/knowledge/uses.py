"""How often each entry is part of an answer: counted by day, for whoever keeps the knowledge; never who asked."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

from sqlalchemy import delete, func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from bot.db.session import has_one_writer
from bot.knowledge.models import Use

KEPT = dt.timedelta(days=400)
Place = tuple[str, str]  # kind and key of an entry


def count(session: Session, used: Collection[Place], day: dt.date) -> None:
    """One more use of each entry on that day, at the end of a turn. In one order for all, so that no two wait for each other."""
    if not used:
        return
    insert = sqlite.insert if has_one_writer(session) else postgresql.insert
    made = insert(Use).values([{"kind": kind, "key": key, "day": day, "times": 1} for kind, key in sorted(used)])
    more = made.on_conflict_do_update(index_elements=[Use.kind, Use.key, Use.day], set_={"times": Use.times + 1})
    session.execute(more)


def since(session: Session, day: dt.date) -> dict[Place, int]:
    """The uses of each entry that was used, from that day on."""
    rows = select(Use.kind, Use.key, func.sum(Use.times)).where(Use.day >= day).group_by(Use.kind, Use.key)
    return {(kind, key): int(times) for kind, key, times in session.execute(rows)}


def counted_from(session: Session) -> dt.date | None:
    """The first day of which anything is known."""
    return session.scalar(select(func.min(Use.day)))


def forget_old(session: Session, today: dt.date) -> None:
    """What is older than KEPT."""
    session.execute(delete(Use).where(Use.day < today - KEPT))

"""What is left of everything that is deleted: how many of a kind there were, by the month in which they began and by language.

Written in the transaction that deletes, so that killed in between neither is done.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from bot.cases.models import DeletedCount
from bot.db.session import has_one_writer


class Gone:
    """Counts what one transaction deletes."""

    def __init__(self) -> None:
        self._times: Counter[tuple[str, str, str]] = Counter()

    def add(self, began: dt.datetime, language: str, kind: str, times: int = 1) -> None:
        self._times[began.astimezone(dt.UTC).strftime("%Y-%m"), language, kind] += times

    def write(self, session: Session) -> None:
        """Adds them to what was counted before."""
        insert = sqlite.insert if has_one_writer(session) else postgresql.insert
        for (month, language, kind), times in sorted(self._times.items()):  # in one order, so that no two wait for each other
            new = insert(DeletedCount).values(month=month, language=language, kind=kind, times=times)
            more = {"times": DeletedCount.times + new.excluded.times}
            session.execute(new.on_conflict_do_update(index_elements=["month", "language", "kind"], set_=more))
        self._times.clear()


def deleted(session: Session, months: Iterable[str] | None = None) -> list[DeletedCount]:
    """Of these months ("2026-11"), or of all. Kinds: see DeletedCount."""
    query = select(DeletedCount).order_by(DeletedCount.month, DeletedCount.kind, DeletedCount.language)
    return list(session.scalars(query if months is None else query.where(DeletedCount.month.in_(list(months)))))

"""Makes the list of what needs care anew: what was found is stored, with what somebody already did about it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.db.base import now
from bot.knowledge import snapshot, uses
from bot.upkeep.found import Found, Look, Source
from bot.upkeep.models import Finding
from bot.upkeep.sources import SOURCES

# what was called done and is still there comes back after so long; sooner when it has changed
DONE_HOLDS = dt.timedelta(days=14)


def look(
    session: Session, languages: Collection[str], at: dt.datetime | None = None, sources: Iterable[Source] = SOURCES
) -> list[Found]:
    """Everything that is found now, each place once. Changes nothing; takes some seconds with thousands of entries."""
    seen = Look(session, snapshot.current(session), tuple(languages), at or now())
    found: dict[tuple[str, str, str, str], Found] = {}
    for source in sources:
        for one in source(seen):
            found.setdefault(one.place, one)
    return list(found.values())


def store(session: Session, found: Iterable[Found], at: dt.datetime | None = None) -> None:
    """What is new is open. What is no longer found goes away. What is done or snoozed stays so while it holds."""
    at = at or now()
    present = {(row.kind, row.entry_kind, row.key, row.part): row for row in session.scalars(select(Finding).with_for_update())}
    for one in found:
        row = present.pop(one.place, None)
        if row is None:
            kind, entry_kind, key, part = one.place
            made = Finding(kind=kind, entry_kind=entry_kind, key=key, part=part, name=one.name, says=one.says, mark=one.mark)
            made.since = at
            session.add(made)
            continue
        row.name, row.says, row.mark = one.name, one.says, one.mark
        wakes = row.state == "snoozed" and (row.wakes_at is None or row.wakes_at <= at)
        if wakes or (row.state == "done" and _comes_back(row, at)):
            row.state, row.wakes_at, row.done_at, row.done_mark = "open", None, None, None
    for row in present.values():
        session.delete(row)
    uses.forget_old(session, at.date())


def _comes_back(row: Finding, at: dt.datetime) -> bool:
    return row.mark != row.done_mark or row.done_at is None or row.done_at + DONE_HOLDS <= at

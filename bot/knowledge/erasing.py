"""An entry that goes altogether, with every text, version, draft and review of it: what a person takes back is not kept anywhere."""

from __future__ import annotations

from sqlalchemy import delete
from sqlalchemy.orm import Session

from bot.db.base import Base
from bot.knowledge import editing, loading
from bot.knowledge.draft_models import Draft


def erase(session: Session, kind: str, key: str) -> bool:
    """From the next message on no process speaks it, in no language. False when there was neither an entry nor a draft of it.

    Only for what an installation has made itself: what a file holds would be loaded again.
    """
    entry = editing.find(session, kind, key, to_change=True)
    drafts = session.execute(delete(Draft).where(Draft.kind == kind, Draft.key == key)).rowcount  # type: ignore[attr-defined]  # a CursorResult
    if entry is not None:
        session.delete(entry)
    session.flush()
    for table in Base.metadata.sorted_tables:
        if {"language", "place"} <= set(
            table.columns.keys()
        ):  # what is said of a text names it by its place (bot/wording/units.py)
            session.execute(delete(table).where(table.c.place.startswith(f"{kind}/{key}/", autoescape=True)))
    if entry is None and not drafts:
        return False
    loading.touch(session)
    return True

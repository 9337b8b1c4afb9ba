"""What people asked and we did not know: masked words and a count, never the person."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.db.base import now
from bot.knowledge.models import Unknown
from engine.nlu.text import fold

LONGEST = 120  # characters kept


def record(session: Session, kind: str, language: str, words: str) -> None:
    """Counts the words once more. They are masked already; case and punctuation do not make a difference."""
    key = fold(words)[:LONGEST]
    if not key:
        return
    row = session.scalar(select(Unknown).where(Unknown.kind == kind, Unknown.language == language, Unknown.words == key))
    if row is None:
        session.add(Unknown(kind=kind, language=language, words=key))
        session.flush()
    else:
        row.times += 1
        row.last_at = now()

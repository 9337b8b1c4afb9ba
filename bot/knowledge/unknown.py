"""What people asked and we did not know: masked words and a count, never the person."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.db.base import now
from bot.knowledge.models import Unknown
from engine.nlu.language import small_words
from engine.nlu.text import fold

LONG = "*"  # stands for every message that is too long to keep

MOST = 4  # words kept; of a longer message none, because it may tell who somebody is


def record(session: Session, kind: str, language: str, words: str) -> None:
    """Counts the words once more, without small words and numbers. A long message is only counted, without its words."""
    kept = [word for word in fold(words).split() if word not in small_words() and not any(c.isdigit() for c in word)]
    key = " ".join(kept) if len(kept) <= MOST else LONG
    if not key:
        return
    row = session.scalar(select(Unknown).where(Unknown.kind == kind, Unknown.language == language, Unknown.words == key))
    if row is None:
        session.add(Unknown(kind=kind, language=language, words=key))
        session.flush()
    else:
        row.times += 1
        row.last_at = now()

"""What the clock does for suggestions: one message when one is decided, and what was done with everybody's, to those who asked."""

from __future__ import annotations

import datetime as dt

from sqlalchemy.orm import Session

from bot.answers import suggestions
from bot.conversation import outbox
from bot.db.base import now
from bot.house import House
from bot.knowledge import snapshot
from bot.suggestions import telling


def due(session: Session, house: House, at: dt.datetime | None = None) -> int:
    """Everything that is due (by `at`), in the caller's transaction. Returns how many messages were written."""
    at = at or now()
    if not house.installation.is_on("suggestions"):
        return 0
    decided, news, written = telling.take_decided(session, at), telling.take_news(session, at), 0
    if not decided and not news:
        return 0
    knowledge = snapshot.current(session)
    for mine, end, chat in decided:
        reply = suggestions.decided(knowledge, mine, end, chat.person.language)
        outbox.enqueue(session, chat.id, [reply], origin=f"suggestion:{mine.id}:{mine.version}")
        written += 1
    for chat, items in news:
        told = suggestions.news_due(knowledge, items, chat.person.language)
        if told is not None:
            outbox.enqueue(session, chat.id, [told], origin=f"we-did:{chat.person_id}:{at.isoformat()}")
            written += 1
    return written

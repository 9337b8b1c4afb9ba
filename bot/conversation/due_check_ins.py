"""What the clock does for check-ins: whoever chose to be asked is asked, once, in their language."""

from __future__ import annotations

import datetime as dt

from sqlalchemy.orm import Session

from bot.answers import journeys
from bot.conversation import outbox
from bot.conversation.offered import spoken
from bot.db.base import now
from bot.house import House
from bot.journeys import rhythms


def due(session: Session, house: House, at: dt.datetime | None = None) -> int:
    """Everything that is due (by `at`), in the caller's transaction. Returns how many messages were written."""
    if not house.installation.is_on("check_ins"):
        return 0
    taken = rhythms.take_due(session, at or now())
    for check_in, chat in taken:
        language = spoken(chat.person, house.settings.languages)
        outbox.enqueue(session, chat.id, [journeys.due(check_in, language)], origin=f"check-in:{check_in.id}")
    return len(taken)

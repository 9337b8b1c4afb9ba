"""What goes out about stories unasked: the question whether it may be told, and that it is told now."""

from __future__ import annotations

import datetime as dt

from sqlalchemy.orm import Session

from bot.answers import stories as answers
from bot.conversation import outbox
from bot.db.base import now
from bot.house import House
from bot.mentoring.post import is_decent
from bot.people.models import Chat
from bot.stories import entries, telling
from bot.stories.models import ToldStory


def ask(session: Session, story: ToldStory) -> None:
    """Puts the question on its way, once for each mark; see `telling.ask`, which comes before."""
    language = session.get_one(Chat, story.chat_id).person.language
    reply = answers.asked(language, story, telling.shown(story))
    outbox.enqueue(session, story.chat_id, [reply], origin=f"story:{story.reference}:{story.mark}")


def due(session: Session, house: House, at: dt.datetime | None = None) -> int:
    """Tells those whose story has been published, at a decent hour (by `at`). Returns how many messages were written."""
    if not is_decent(at or now()):
        return 0
    written = 0
    for story in entries.settle(session):
        chat = session.get_one(Chat, story.chat_id)
        if chat.stopped or chat.unreachable_at is not None:
            continue
        told = answers.published(chat.person.language, story)
        outbox.enqueue(session, chat.id, [told], origin=f"story-told:{story.reference}:{story.mark}")
        written += 1
    return written

"""What we hold about a person, and making it gone."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from bot.cases.models import Handoff, Message, Referral
from bot.conversation.models import Inbox, Outbox, Photo
from bot.db.base import now
from bot.knowledge.models import Unknown
from bot.people.models import Chat, Person, Plan, Reminder

PHOTO_DAYS = 1  # a photo waits for minutes; none is here on the next day
SILENT_DAYS = 365  # a person who has not written for so long is forgotten whole


@dataclass(frozen=True)
class Held:
    """Everything we keep about one person, counted."""

    language: str
    source: str | None
    messages: int
    plans: list[str]
    referrals: list[str]
    handoffs: list[str]
    reminders: int


def held(session: Session, person: Person) -> Held:
    messages = select(func.count(Message.id)).join(Chat, Chat.id == Message.chat_id).where(Chat.person_id == person.id)
    return Held(
        language=person.language,
        source=person.source,
        messages=session.scalar(messages) or 0,
        plans=list(session.scalars(select(Plan.pathway).where(Plan.person_id == person.id))),
        referrals=list(session.scalars(select(Referral.reference).where(Referral.person_id == person.id))),
        handoffs=list(session.scalars(select(Handoff.reference).where(Handoff.person_id == person.id))),
        reminders=session.scalar(select(func.count(Reminder.id)).where(Reminder.person_id == person.id)) or 0,
    )


def forget(session: Session, person: Person) -> None:
    """Deletes everything about the person. What is left: the chat's address, so that the answer can still be sent.

    The chat goes on with a new, empty person; messages, plan, referrals, hand-offs and undelivered words are gone.
    """
    chats = list(session.scalars(select(Chat).where(Chat.person_id == person.id)))
    ids = [chat.id for chat in chats]
    session.execute(delete(Message).where(Message.chat_id.in_(ids)))
    session.execute(delete(Outbox).where(Outbox.chat_id.in_(ids)))
    session.execute(delete(Photo).where(Photo.chat_id.in_(ids)))
    session.execute(delete(Inbox).where(Inbox.chat_id.in_(ids), Inbox.state != "open"))
    fresh = Person(language=person.language, language_confirmed=person.language_confirmed, welcomed=True)
    session.add(fresh)
    session.flush()
    for chat in chats:
        chat.person_id, chat.dialogue, chat.draft = fresh.id, None, None
        chat.held_by_handoff, chat.misunderstood = None, 0
    session.flush()
    session.execute(delete(Person).where(Person.id == person.id))
    session.expire_all()


def purge(session: Session, keep_days: int) -> int:
    """Enforces what the privacy text promises: words older than `keep_days` go, people silent for a year go."""
    old = now() - dt.timedelta(days=keep_days)
    gone = session.execute(delete(Message).where(Message.at < old)).rowcount  # type: ignore[attr-defined]  # a CursorResult or a private name
    session.execute(delete(Outbox).where(Outbox.created_at < old, Outbox.state.in_(("sent", "failed"))))
    session.execute(delete(Inbox).where(Inbox.received_at < old, Inbox.state != "open"))
    stale = now() - dt.timedelta(days=PHOTO_DAYS)  # read long ago, or never: its message was set aside
    session.execute(delete(Photo).where(Photo.received_at < stale))
    session.execute(delete(Unknown).where(Unknown.last_at < old, Unknown.times == 1))
    silent = now() - dt.timedelta(days=SILENT_DAYS)
    session.execute(delete(Person).where(Person.last_seen_at < silent))
    return int(gone)

"""What the page is shown of a chat: the lines after a place, and what is happening now.

A place is "<epoch>.<message id>". The epoch changes when the person has everything deleted; a place of another epoch means
that what the page shows is gone, and it gets the conversation from its beginning.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from bot import crypto
from bot.cases.models import Message
from bot.channels.web import history
from bot.channels.web.channel import NAME
from bot.channels.web.lines import Line, line_of
from bot.conversation.models import Inbox, Outbox, Photo
from bot.conversation.photos import UNREAD
from bot.db.base import now
from bot.db.session import Sessions, read_only
from bot.people.models import Chat, Person

LATE_SECONDS = 20.0  # an answer that takes longer is not shown as "typing" any more
EMPTY = "new"  # the epoch of a page that has seen that there is no conversation yet


@dataclass(frozen=True)
class Place:
    """How far a page has read. `epoch` is "" for a page that shows nothing yet."""

    epoch: str = ""
    message: int = 0

    @classmethod
    def parse(cls, text: str) -> Place:
        """What cannot be read is the beginning."""
        epoch, _, number = text.partition(".")
        return cls(epoch, int(number)) if epoch.isalnum() and number.isdecimal() and len(number) < 18 else cls()

    def __str__(self) -> str:
        return f"{self.epoch}.{self.message}"


@dataclass(frozen=True)
class State:
    """`answering`: "" (nothing is open), "working", "late", "reading" (a photo). `held`: a caseworker answers here. `language`: chosen, or ""."""

    answering: str = ""
    held: bool = False
    language: str = ""


@dataclass(frozen=True)
class Look:
    """`fresh`: the lines are the whole conversation and replace what the page shows."""

    place: Place
    fresh: bool
    lines: list[Line] = field(default_factory=list)
    state: State = State()


def find(session: Session, token: str) -> Chat | None:
    """The chat of this cookie, looked for and never made."""
    return session.scalar(select(Chat).where(Chat.channel == NAME, Chat.address_hash == crypto.pseudonym(NAME, token)))


def confirmed_language(sessions: Sessions, token: str) -> str:
    """The language this person chose; "" when none."""
    with read_only(sessions) as session:
        chat = find(session, token)
        person = session.get(Person, chat.person_id) if chat else None
        return person.language if person and person.language_confirmed else ""


def look(sessions: Sessions, token: str, place: Place) -> Look:
    """What is new after `place`. Messages that are given out here count as sent from now on."""
    with read_only(sessions) as session:
        chat = find(session, token)
        person = session.get(Person, chat.person_id) if chat else None
        if chat is None or person is None:
            return Look(Place(EMPTY), place.epoch != EMPTY)
        epoch = crypto.pseudonym("web epoch", token, str(chat.person_id))[:12]
        fresh = place.epoch not in (epoch, EMPTY)
        queued = list(session.scalars(select(Outbox.id).where(Outbox.chat_id == chat.id, Outbox.state == "queued")))
        if fresh:
            lines, last = history.whole(session, chat.id)
        else:
            lines, last = _after(session, chat.id, place.message, queued)
        found = Look(Place(epoch, max(last, 0 if fresh else place.message)), fresh, lines, _state(session, chat, person))
    if queued:
        with sessions.begin() as session:
            given = update(Outbox).where(Outbox.id.in_(queued), Outbox.state == "queued")
            session.execute(given.values(state="sent", sent_at=now()))
    return found


def _after(session: Session, chat_id: int, message: int, queued: list[int]) -> tuple[list[Line], int]:
    """Replies after `message`, and queued ones before it: on PostgreSQL a lower id may be committed after a higher one."""
    new = Message.id > message
    rows = session.execute(
        select(Message, Outbox)
        .join(Outbox, Outbox.id == Message.outbox_id)
        .where(Message.chat_id == chat_id, (new | Outbox.id.in_(queued)) if queued else new)
        .order_by(Message.id)
    ).all()
    return [line_of(found, out) for found, out in rows], max((found.id for found, _ in rows), default=0)


def _state(session: Session, chat: Chat, person: Person) -> State:
    oldest = session.execute(
        select(Inbox.attempts, Inbox.received_at)
        .where(Inbox.chat_id == chat.id, Inbox.state == "open")
        .order_by(Inbox.id)
        .limit(1)
    ).first()
    answering = ""
    if oldest is not None:
        waited = now() - oldest.received_at
        answering = "late" if oldest.attempts or waited > dt.timedelta(seconds=LATE_SECONDS) else "working"
    elif session.scalar(select(Photo.id).where(Photo.chat_id == chat.id, Photo.state.in_(UNREAD)).limit(1)):
        answering = "reading"
    return State(answering, chat.held_by_handoff is not None, person.language if person.language_confirmed else "")

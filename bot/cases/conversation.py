"""The words exchanged with a person, in all their chats, with what became of each that was to go out."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.cases import handoffs
from bot.cases.models import Handoff, Message, Translation
from bot.conversation.models import Outbox
from bot.errors import RefusedError
from bot.people.models import Chat
from bot.staff.models import Staff

PAGE = 100
ENGLISH = "en"


@dataclass(frozen=True)
class Line:
    """One message. `delivery`: queued, sent, failed, or "" for what came in; `failure`: the kind of error, when failed or
    tried again; `perhaps_twice`: it was sent, but may have arrived two times.

    `english`: what it says in English, "" when nobody has put it so yet; `english_by`: who or what did (message_translations).
    `kind`: voice, video, photo, ..., "" for words. `outbox_id`: what `retry` takes, None for what came in.
    """

    id: int
    at: dt.datetime
    sender: str
    by: str  # the caseworker's name
    language: str
    text: str
    delivery: str
    failure: str
    perhaps_twice: bool
    english: str = ""
    english_by: str = ""
    channel: str = ""
    outbox_id: int | None = None
    kind: str = ""


def messages(session: Session, person_id: int, *, before: int | None = None, limit: int = PAGE) -> list[Line]:
    """The newest `limit` messages older than the message `before`, oldest first."""
    chats = list(session.scalars(select(Chat.id).where(Chat.person_id == person_id)))
    query = (
        select(Message, Chat.channel, Outbox, Staff.name, Translation)
        .join(Chat, Chat.id == Message.chat_id)
        .outerjoin(Outbox, Outbox.id == Message.outbox_id)
        .outerjoin(Staff, Staff.id == Message.staff_id)
        .outerjoin(Translation, (Translation.message_id == Message.id) & (Translation.language == ENGLISH))
        .where(Message.chat_id.in_(chats))
        .order_by(Message.id.desc())
        .limit(limit)
    )
    if before is not None:
        query = query.where(Message.id < before)
    return [_line(*row) for row in session.execute(query)][::-1]


def _line(message: Message, channel: str, out: Outbox | None, by: str | None, english: Translation | None) -> Line:
    return Line(
        id=message.id,
        at=message.at,
        sender=message.sender,
        by=by or "",
        language=message.language,
        text=message.text,
        delivery={"sending": "queued"}.get(out.state, out.state) if out else "",
        failure=(out.failure or "") if out else "",
        perhaps_twice=bool(out and out.possible_repeat),
        english=english.text if english else "",
        english_by=english.made_by if english else "",
        channel=channel,
        outbox_id=out.id if out else None,
        kind=message.kind,
    )


def retry(session: Session, handoff: Handoff, staff_id: int, outbox_id: int) -> bool:
    """Puts a message that failed on its way again, by who holds the case. False when it is on its way or was sent.

    Raises RefusedError: not_yours, no_message (not one of this person's).
    """
    handoffs.lock(session, handoff)
    if handoff.claimed_by != staff_id:
        raise RefusedError("claim this hand-off before you send", "not_yours")
    theirs = select(Outbox).join(Chat, Chat.id == Outbox.chat_id).where(Chat.person_id == handoff.person_id)
    row = session.scalar(theirs.where(Outbox.id == outbox_id).with_for_update(of=Outbox))
    if row is None:
        raise RefusedError("there is no such message in this case", "no_message")
    if row.state != "failed":
        return False
    row.state, row.attempts, row.failure, row.not_before, row.lease_until = "queued", 0, None, None, None
    handoffs.note(session, handoff, f"staff:{staff_id}", "retried")
    return True

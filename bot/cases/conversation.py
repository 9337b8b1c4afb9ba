"""The words exchanged in a chat, with what became of each that was to go out."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.cases.models import Message
from bot.conversation.models import Outbox
from bot.staff.models import Staff

PAGE = 100


@dataclass(frozen=True)
class Line:
    """One message. `delivery`: queued, sent, failed, or "" for what came in; `failure`: the kind of error, when failed or
    tried again; `perhaps_twice`: it was sent, but may have arrived two times."""

    id: int
    at: dt.datetime
    sender: str
    by: str  # the caseworker's name
    language: str
    text: str
    delivery: str
    failure: str
    perhaps_twice: bool


def messages(session: Session, chat_id: int, *, before: int | None = None, limit: int = PAGE) -> list[Line]:
    """The newest `limit` messages older than the message `before`, oldest first."""
    query = (
        select(Message, Outbox.state, Outbox.failure, Outbox.possible_repeat, Staff.name)
        .outerjoin(Outbox, Outbox.id == Message.outbox_id)
        .outerjoin(Staff, Staff.id == Message.staff_id)
        .where(Message.chat_id == chat_id)
        .order_by(Message.id.desc())
        .limit(limit)
    )
    if before is not None:
        query = query.where(Message.id < before)
    found = [_line(*row) for row in session.execute(query)]
    return found[::-1]


def _line(message: Message, state: str | None, failure: str | None, repeat: bool | None, by: str | None) -> Line:
    return Line(
        id=message.id,
        at=message.at,
        sender=message.sender,
        by=by or "",
        language=message.language,
        text=message.text,
        delivery={"sending": "queued"}.get(state or "", state or ""),
        failure=failure or "",
        perhaps_twice=bool(repeat),
    )

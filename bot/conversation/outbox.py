"""What goes out: written in the transaction that decided it, sent afterwards, in order per chat.

At least once: between a channel's "sent" and our note of it we may die, and no channel takes an idempotency key. Such a row
is sent again and marked `possible_repeat`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

import msgspec
from sqlalchemy import BindParameter, bindparam, exists, insert, select, update
from sqlalchemy.orm import Session, aliased

from bot.cases.models import Message
from bot.conversation.incoming import Outgoing
from bot.conversation.models import Outbox
from bot.db.base import UtcDateTime, now
from bot.people.models import Chat
from bot.replies import Button, Reply

LEASE_SECONDS = 60
MAX_ATTEMPTS = 12
COPIES_LIVE = dt.timedelta(days=1)  # of what holds other words a second time
COPIES_AGAIN = dt.timedelta(minutes=10)  # they are large, and drawing them takes a second each

# built once, see bot/conversation/inbox.py
_INSERT = insert(Outbox.__table__).returning(Outbox.__table__.c.id)  # type: ignore[arg-type]  # a Table, not any FromClause
_INSERT_MESSAGE = insert(Message.__table__)  # type: ignore[arg-type]  # a Table, not any FromClause
_AT: BindParameter[dt.datetime] = bindparam("at", type_=UtcDateTime)
_EARLIER = aliased(Outbox)
_IS_FIRST = ~exists().where(
    _EARLIER.chat_id == Outbox.chat_id, _EARLIER.state.in_(("queued", "sending")), _EARLIER.id < Outbox.id
)
_DUE = (
    select(Outbox, Chat)
    .join(Chat, Chat.id == Outbox.chat_id)
    .where(Chat.channel.in_(bindparam("channels", expanding=True)), _IS_FIRST)
    .where((Outbox.state == "queued") | ((Outbox.state == "sending") & (Outbox.lease_until < _AT)))
    .where((Outbox.not_before.is_(None)) | (Outbox.not_before <= _AT))
    .where((Chat.not_before.is_(None)) | (Chat.not_before <= _AT))
    .order_by(Outbox.id)
    .limit(bindparam("most"))
    .with_for_update(of=Outbox, skip_locked=True)
)
_SENT = (
    update(Outbox.__table__)  # type: ignore[arg-type]  # a Table, not any FromClause
    .where(Outbox.__table__.c.id == bindparam("outbox_id"))
    .values(state="sent", sent_at=_AT, channel_message_id=bindparam("message_id"), failure=None, lease_until=None)
)


def enqueue(
    session: Session,
    chat_id: int,
    replies: list[Reply],
    *,
    origin: str,
    inbox_id: int | None = None,
    staff_id: int | None = None,
    shown: str | None = None,
) -> None:
    """Writes replies to go out, in order. `origin` names what they answer; the same origin twice is an error.

    `shown`: what stands in the conversation instead of the words, which are nobody else's to read (bot/conversation/relaying.py).
    """
    session.flush()  # what was said before has the lower id
    connection = session.connection()
    for place, reply in enumerate(replies):
        body = msgspec.to_builtins(reply)
        row = {"chat_id": chat_id, "origin": f"{origin}/{place}", "inbox_id": inbox_id, "body": body, "erase_at": None}
        if reply.short_lived:
            row["erase_at"] = now() + COPIES_LIVE
        said = {
            "sender": reply.sender,
            "staff_id": staff_id,
            "language": reply.language,
            "text": reply.text if shown is None else shown,
        }
        outbox_id = connection.execute(_INSERT, row).scalar_one()
        connection.execute(_INSERT_MESSAGE, {"chat_id": chat_id, "outbox_id": outbox_id, **said})


def outgoing(row: Outbox) -> Outgoing:
    return Outgoing(id=row.id, reply=msgspec.convert(row.body, Reply))


def claim(session: Session, channels: list[str], limit: int = 20) -> list[tuple[Outbox, Chat]]:
    """Due rows, the first of each chat, marked `sending` for LEASE_SECONDS. The caller commits, then sends."""
    at = now()
    rows = [(row, chat) for row, chat in session.execute(_DUE, {"channels": channels, "at": at, "most": limit})]
    for row, _ in rows:
        if row.state == "sending":  # somebody died while sending it
            row.possible_repeat = True
        row.state, row.lease_until, row.attempts = "sending", at + dt.timedelta(seconds=LEASE_SECONDS), row.attempts + 1
    return rows


def mark_sent(session: Session, sent: Mapping[int, str]) -> None:
    """Notes what the channel has taken: outbox id -> the channel's id of the message."""
    at = now()
    noted = [{"outbox_id": outbox_id, "message_id": message_id, "at": at} for outbox_id, message_id in sent.items()]
    session.connection().execute(_SENT, noted)


def mark_retry(session: Session, outbox_id: int, failure: str, retry_after: float | None) -> None:
    """Puts the row back. A channel's own `retry_after` holds back the whole chat."""
    row = session.get(Outbox, outbox_id)
    if row is None:  # the person deleted everything while it was on its way
        return
    wait = retry_after if retry_after is not None else min(300.0, 2.0 ** min(row.attempts, 8))
    until = now() + dt.timedelta(seconds=wait)
    row.lease_until, row.failure = None, failure
    if row.attempts >= MAX_ATTEMPTS and retry_after is None:
        row.state = "failed"
        return
    row.state, row.not_before = "queued", until
    if retry_after is not None:
        session.execute(update(Chat).where(Chat.id == row.chat_id).values(not_before=until))


def mark_failed(session: Session, outbox_id: int, failure: str, *, unreachable: bool = False) -> None:
    """It will never arrive; a caseworker sees why. `unreachable`: nothing else to this chat will arrive either."""
    row = session.get(Outbox, outbox_id)
    if row is None:
        return
    row.state, row.failure, row.lease_until = "failed", failure, None
    if unreachable:
        rest = update(Outbox).where(Outbox.chat_id == row.chat_id, Outbox.state == "queued")
        session.execute(rest.values(state="failed", failure=failure))
        session.execute(update(Chat).where(Chat.id == row.chat_id).values(unreachable_at=now()))


def release_abandoned(session: Session) -> int:
    """At the start of the only sender: rows left `sending` by a process that died are due again at once."""
    found = update(Outbox).where(Outbox.state == "sending").values(state="queued", possible_repeat=True, lease_until=None)
    return session.execute(found).rowcount  # type: ignore[attr-defined,no-any-return]  # a CursorResult


def since(session: Session, chat_id: int, after_id: int) -> list[Outbox]:
    """For channels that fetch: the rows of a chat after one that was seen, oldest first, now counted as sent."""
    rows = list(session.scalars(select(Outbox).where(Outbox.chat_id == chat_id, Outbox.id > after_id).order_by(Outbox.id)))
    for row in rows:
        if row.state == "queued":
            row.state, row.sent_at = "sent", now()
    return rows


def has_fresh_copy(session: Session, chat_id: int) -> bool:
    """Whether the person was sent a copy of what we hold a moment ago. Words of a mentor are erased as well, and are no such copy."""
    copies = (Outbox.chat_id == chat_id) & Outbox.erase_at.is_not(None) & ~Outbox.origin.startswith("mentor:")
    return session.scalar(select(Outbox.id).where(copies, Outbox.created_at > now() - COPIES_AGAIN).limit(1)) is not None


def button_of(session: Session, chat_id: int, button: str) -> Button | None:
    """The button "<outbox id>:<n>" of this chat; None when there is no such button here."""
    outbox_id, _, number = button.partition(":")
    if not (outbox_id.isdecimal() and number.isdecimal() and len(outbox_id) < 18):
        return None
    row = session.scalar(select(Outbox).where(Outbox.id == int(outbox_id), Outbox.chat_id == chat_id))
    buttons = [b for r in outgoing(row).reply.rows for b in r] if row else []
    return buttons[int(number)] if len(number) < 4 and int(number) < len(buttons) else None

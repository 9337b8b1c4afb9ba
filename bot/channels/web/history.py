"""The conversation so far, put together again for a page that was loaded anew."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot import i18n
from bot.cases.models import Message
from bot.channels.web.channel import WebChannel
from bot.channels.web.lines import Line, buttons, line_of
from bot.conversation.incoming import Incoming
from bot.conversation.models import Inbox, Outbox
from bot.errors import PermanentError

LIMIT = 300  # lines; what is older is kept and not shown


def whole(session: Session, chat_id: int) -> tuple[list[Line], int]:
    """The last LIMIT lines in order, what the person tapped among them, and the id of the last message."""
    newest = (
        select(Message, Outbox)
        .outerjoin(Outbox, Outbox.id == Message.outbox_id)
        .where(Message.chat_id == chat_id)
        .order_by(Message.id.desc())
        .limit(LIMIT)
    )
    found = session.execute(newest).all()[::-1]
    replies = {row.id: row for _, row in found if row is not None}
    said = [line_of(message, row) for message, row in found]
    done = _done(session, chat_id, replies, said[0].at if len(said) == LIMIT else "")
    # sorting keeps the order of what has the same time, and words come before what was tapped after them
    return sorted(said + done, key=lambda line: line.at), found[-1][0].id if found else 0


def _done(session: Session, chat_id: int, replies: dict[int, Outbox], since: str) -> list[Line]:
    """What the table of words does not hold: taps, and words that nobody has answered yet. `since`: where the lines begin."""
    mine = select(Inbox).where(Inbox.chat_id == chat_id, Inbox.button.is_not(None) | (Inbox.state == "open"))
    lines = []
    for row in session.scalars(mine.order_by(Inbox.id.desc()).limit(LIMIT)):
        if row.received_at.isoformat() < since:
            continue
        is_open = row.state == "open" and row.raw is not None
        incoming = _read(row) if is_open else Incoming(kind="button", button=row.button or "")
        text, chose = incoming.text, ""
        if incoming.kind == "button":
            text, chose = _label(incoming.button, row, replies), incoming.button
        if text:
            at, pending = row.received_at.isoformat(), row.state == "open"
            language = incoming.language_hint
            lines.append(Line(0, at, "person", text, language, i18n.direction(language), [], chose, pending))
    return lines[::-1]


def _read(row: Inbox) -> Incoming:
    try:
        return WebChannel().read(row.raw)
    except PermanentError:  # the conversation sets it aside; here it is nothing to show
        return Incoming(kind="nothing")


def _label(button: str, row: Inbox, replies: dict[int, Outbox]) -> str:
    """What stood on the button; "" for a button of messages that were deleted, whose ids may be in use again."""
    outbox_id, _, number = button.partition(":")
    reply = replies.get(int(outbox_id)) if outbox_id.isdecimal() and number.isdecimal() else None
    if reply is None or reply.created_at > row.received_at:
        return ""
    all_of_it = buttons(reply)
    return all_of_it[int(number)].label if int(number) < len(all_of_it) else ""

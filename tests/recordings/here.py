"""A recording from the web chat, whose bytes are kept with us."""

from __future__ import annotations

from sqlalchemy.orm import Session

from bot.cases.models import Handoff, Message
from bot.conversation import inbox
from bot.conversation import recordings as conversation
from bot.conversation.models import Inbox
from bot.people.models import Chat
from bot.recordings import bodies, keeping
from bot.recordings.models import Recording
from tests.recordings.giving import OGG


def brought(session: Session, case: Handoff, update_id: str = "r-1", body: bytes = OGG) -> tuple[Inbox, str]:
    """One whose message is not answered yet, and its media_id."""
    chat, media_id = session.get_one(Chat, case.chat_id), bodies.new_media_id()
    number = inbox.receive(session, chat.channel, chat.address, update_id, {"recorded": {}})
    assert number is not None
    bodies.bring(session, number, chat.id, media_id, body)
    session.flush()
    return session.get_one(Inbox, number), media_id


def taken_up(session: Session, case: Handoff, update_id: str = "r-1", *, body: bytes = OGG, kept: bool = True) -> Recording:
    """The person was asked about it, and said yes where it is `kept`."""
    row, media_id = brought(session, case, update_id, body)
    line = Message(chat_id=case.chat_id, sender="person", language="ar", text="[voice]", kind="voice")
    session.add(line)
    session.flush()
    recording = keeping.ask(session, case.chat_id, line.id, "voice", 34, media_id, for_story=False)
    conversation.leave(session, row)
    inbox.finish(row)
    if kept:
        keeping.give([recording], case)
    session.flush()
    return recording

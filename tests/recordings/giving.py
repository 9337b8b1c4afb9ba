"""A case of somebody on Telegram with a voice message that a person may hear."""

from __future__ import annotations

from sqlalchemy import select

from bot.cases.models import Message
from bot.conversation import inbox
from bot.recordings import agreeing, keeping
from tests.console.bureau import Bureau

SAID = "مرحبا"
OGG = b"OggS\0\x02" + bytes(22) + b"OpusHead" + bytes(4_000)  # what a voice message begins with


def given(bureau: Bureau, kind: str = "voice", media_id: str = "voice-1", seconds: int = 34) -> tuple[str, int]:
    """The case's reference and the recording's id."""
    reference = bureau.ask(who="5550001", channel="telegram", said=(SAID, f"[{kind}]"), reason="unheard")
    with bureau.house.sessions.begin() as session:
        chat = inbox.chat_for(session, "telegram", "5550001")
        case, line = bureau.case(session, reference), [row for row in session.scalars(select(Message)) if row.text == f"[{kind}]"]
        row = keeping.ask(session, chat.id, line[0].id, kind, seconds, media_id, for_story=False)
        agreeing.agree(session, case, "may they?")
        keeping.give([row], case)
        return reference, row.id

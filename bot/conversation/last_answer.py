"""What the bot's last answer was about, as its buttons say: "this was wrong" is mostly said of that."""

from __future__ import annotations

import msgspec
from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from bot.conversation.choices import RECENT_BODIES
from bot.conversation.models import Outbox

ABOUT = ("wrong_entry", "rate_answer")  # buttons that name the entry they stand under


LOOKED_AT = 30  # messages in which a longer answer is looked for
_BODIES = select(Outbox.body).where(Outbox.chat_id == bindparam("chat_id")).order_by(Outbox.id.desc()).limit(LOOKED_AT)


def longer(session: Session, chat_id: int) -> tuple[str, str] | None:
    """(kind, key) of the newest entry of which a part waits for "more"; None when there is none."""
    for (body,) in session.connection().execute(_BODIES, {"chat_id": chat_id}):
        for button in (button for row in body["rows"] for button in row):
            intent, _, rest = button["payload"].removeprefix("/").partition("{")
            if intent == "tell_more" and rest:
                named = msgspec.json.decode("{" + rest, type=dict[str, str])
                return named["kind"], named["key"]
    return None


def about(session: Session, chat_id: int) -> tuple[str, str] | None:
    """(kind, key) of the newest entry; None when nothing of late was about one."""
    for _, body in session.connection().execute(RECENT_BODIES, {"chat_id": chat_id}):
        for button in (button for row in body["rows"] for button in row):
            intent, _, rest = button["payload"].removeprefix("/").partition("{")
            if intent in ABOUT and rest:
                named = msgspec.json.decode("{" + rest, type=dict[str, str])
                return named.get("kind", "terms"), named["key"]
    return None

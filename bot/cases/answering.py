"""What a caseworker does with a hand-off that the person notices: answering, giving back, closing."""

from __future__ import annotations

import re

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot import i18n
from bot.cases import handoffs
from bot.cases.models import Handoff
from bot.conversation import outbox
from bot.conversation.models import Outbox
from bot.errors import RefusedError
from bot.people.models import Chat
from bot.replies import Button, Reply, payload

LONGEST = 3_500  # characters; one message on every channel
OUTCOMES = ("helped", "referred", "could_not_reach", "other")
_INVISIBLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\u202a-\u202e\u2066-\u2069]")


def find(session: Session, reference: str, *, to_change: bool = False) -> Handoff | None:
    """`to_change`: nobody else moves it until this transaction ends."""
    found = session.scalar(select(Handoff).where(Handoff.reference == reference))
    if found is not None and to_change:  # the chat is what is locked, here as in the conversation, so that none waits for both
        session.execute(select(Chat.id).where(Chat.id == found.chat_id).with_for_update())
        session.refresh(found)
    return found


def claim(session: Session, handoff: Handoff, staff_id: int) -> bool:
    """False when it is theirs already. Raises RefusedError (taken, closed)."""
    if handoff.state == "closed":
        raise RefusedError("this hand-off is closed", "closed")
    if handoff.claimed_by == staff_id and handoff.state != "waiting":
        return False
    try:
        handoffs.claim(session, handoff, staff_id)
    except RefusedError as error:
        raise RefusedError(str(error), "taken") from error
    return True


def reply(session: Session, handoff: Handoff, staff_id: int, text: str, *, once: str) -> bool:
    """Puts the caseworker's words on their way. `once` is the form's token: the same form sent twice sends once (False).

    Raises RefusedError: text_empty, text_long, not_yours, closed.
    """
    if session.scalar(select(Outbox.id).where(Outbox.origin == f"staff:{once}/0")) is not None:
        return False
    text = _INVISIBLE.sub("", text.replace("\r\n", "\n").replace("\r", "\n")).strip()
    if not text:
        raise RefusedError("there is nothing to send", "text_empty")
    if len(text) > LONGEST:
        raise RefusedError(f"a message has at most {LONGEST} characters", "text_long")
    _check_mine(handoff, staff_id)
    handoffs.answered(session, handoff, staff_id)
    words = Reply(text=text, language=_language(session, handoff), sender="staff")
    outbox.enqueue(session, handoff.chat_id, [words], origin=f"staff:{once}", staff_id=staff_id)
    return True


def give_back(session: Session, handoff: Handoff, staff_id: int, why: str) -> bool:
    """Back to the queue; the person is told that the bot answers again. False when it is waiting already.

    Raises RefusedError: not_yours, closed.
    """
    if handoff.state == "waiting":
        return False
    _check_mine(handoff, staff_id)
    held_since = handoff.claimed_at.timestamp() if handoff.claimed_at else 0.0
    handoffs.release(session, handoff, staff_id, why)
    _tell(session, handoff, "handoff.released", origin=f"released:{handoff.id}:{held_since:.3f}")
    return True


def close(session: Session, handoff: Handoff, staff_id: int, outcome: str) -> bool:
    """Ends it and tells the person. One that nobody has claimed may be closed too. False when it is closed already.

    Raises RefusedError: outcome, not_yours.
    """
    if outcome not in OUTCOMES:
        raise RefusedError("choose how it ended", "outcome")
    if handoff.state == "closed":
        return False
    if handoff.state != "waiting":
        _check_mine(handoff, staff_id)
    handoffs.close(session, handoff, staff_id, outcome)
    _tell(session, handoff, "handoff.closed", origin=f"closed:{handoff.id}")
    return True


def _check_mine(handoff: Handoff, staff_id: int) -> None:
    if handoff.state == "closed":
        raise RefusedError("this hand-off is closed", "closed")
    if handoff.claimed_by != staff_id:
        raise RefusedError("this hand-off is not yours: claim it first", "not_yours")


def _language(session: Session, handoff: Handoff) -> str:
    return session.get_one(Chat, handoff.chat_id).person.language


def _tell(session: Session, handoff: Handoff, key: str, *, origin: str) -> None:
    language = _language(session, handoff)
    buttons = [
        Button(label=i18n.t(language, "button.menu"), payload=payload("menu")),
        Button(label=i18n.t(language, "button.person"), payload=payload("talk_to_person")),
    ]
    words = i18n.t(language, key, reference=handoff.reference)
    outbox.enqueue(session, handoff.chat_id, [Reply(text=words, language=language, rows=[buttons])], origin=origin)

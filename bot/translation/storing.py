"""What stands beside the messages of a case in English, and who put it so. The messages themselves are never changed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.cases.conversation import Line
from bot.cases.models import Handoff, Message, Translation
from bot.people.models import Chat
from bot.translation.desk import ENGLISH

REASON_LAST = 60  # messages in which the words of a reason are looked for


@dataclass(frozen=True)
class Shown:
    """The English of one message. `by`: see message_translations.made_by, edges word it (console.translation.by.<by>).

    `put_by`: of a caseworker's reply, what put it into the person's language; "" when they wrote it so themselves. `why`: why
    there is only a gloss (console.translation.why.<why>), "" when there is more. `expected`: a machine is at it or will be.
    """

    text: str
    by: str
    put_by: str = ""
    why: str = ""
    expected: bool = False

    @property
    def is_rough(self) -> bool:
        return self.by == "gloss"


def for_case(session: Session, lines: Iterable[Line]) -> tuple[dict[int, Shown], list[int]]:
    """By the message's id; and the ids of those that are not English and have nothing yet: in a moment they will
    (bot/translation/worker.py)."""
    wanted = {line.id: line.language for line in lines}
    rows = session.scalars(select(Translation).where(Translation.message_id.in_(wanted), Translation.language == ENGLISH))
    found = {row.message_id: _shown(row) for row in rows}
    return found, [number for number, language in wanted.items() if language != ENGLISH and number not in found]


def reason(session: Session, handoff: Handoff) -> Shown | None:
    """The English of why the person asked for somebody; None when a part of it is not known in English yet."""
    if handoff.language == ENGLISH or not handoff.reason:
        return None
    said = (
        select(Message.text, Translation)
        .join(Chat, Chat.id == Message.chat_id)
        .join(Translation, (Translation.message_id == Message.id) & (Translation.language == ENGLISH))
        .where(Chat.person_id == handoff.person_id, Message.sender == "person")
        .order_by(Message.id.desc())
        .limit(REASON_LAST)
    )
    left, found = handoff.reason, list[tuple[int, Shown]]()
    for text, row in sorted(session.execute(said).all(), key=lambda one: -len(one[0])):
        if text and text in left:
            found.append((handoff.reason.index(text), _shown(row)))
            left = left.replace(text, "")
    if left.strip() or not found:
        return None
    parts = [shown for _, shown in sorted(found, key=lambda one: one[0])]
    worst = next((part for part in parts if part.is_rough), parts[0])
    return Shown("\n".join(part.text for part in parts), worst.by, why=worst.why, expected=worst.expected)


def _shown(row: Translation) -> Shown:
    return Shown(row.text, row.made_by, row.put_by or "", row.failure or "", row.retry_at is not None)

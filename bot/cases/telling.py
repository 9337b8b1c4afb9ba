"""What the program itself says to the person about their case: that somebody else answers, that the bot is back."""

from __future__ import annotations

from sqlalchemy.orm import Session

from bot import i18n
from bot.cases.models import Handoff
from bot.conversation import outbox
from bot.people import plans
from bot.people.models import Chat
from bot.replies import Button, Reply, payload


def language(session: Session, handoff: Handoff) -> str:
    """The person's."""
    return session.get_one(Chat, handoff.chat_id).person.language


def tell(session: Session, handoff: Handoff, key: str, *, origin: str, goes_on: bool = False, **values: object) -> None:
    """`goes_on`: the bot speaks again, so the person is offered the way back to where they were. `values`: of the text."""
    chat = session.get_one(Chat, handoff.chat_id)
    spoken = chat.person.language
    rows = _ways_on(session, chat, spoken) if goes_on else []
    words = i18n.t(spoken, key, count=None, reference=handoff.reference, **values)
    outbox.enqueue(session, chat.id, [Reply(text=words, language=spoken, rows=rows)], origin=origin)


def _ways_on(session: Session, chat: Chat, spoken: str) -> list[list[Button]]:
    """The question that was open when somebody took over, or the plan; then what always helps."""

    def button(key: str, intent: str) -> Button:
        return Button(label=i18n.t(spoken, key), payload=payload(intent))

    rows = [[button("button.menu", "menu"), button("button.person", "talk_to_person")]]
    if (chat.dialogue or {}).get("loop"):
        return [[button("button.go_on", "go_on")], *rows]
    if plans.latest(session, chat.person_id) is not None:
        return [[button("button.my_plan", "my_plan")], *rows]
    return rows

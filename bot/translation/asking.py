"""Asking a person whether a machine outside may read along: one question, two buttons, in the bot's words."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot import i18n
from bot.cases import handoffs, telling
from bot.cases.models import Handoff
from bot.conversation import outbox
from bot.conversation.models import Outbox
from bot.errors import RefusedError
from bot.people import machine_translation
from bot.replies import Button, Reply, payload
from bot.settings import Translating


def ask(session: Session, handoff: Handoff, staff_id: int, *, machine: Translating | None, once: str) -> bool:
    """False for the same form sent twice. The answer is taken by bot/cases/case_answers.py.

    Raises RefusedError: not_yours, translate_off, translate_in_house (nobody needs to be asked), translate_refused (they said no:
    they are not pressed).
    """
    origin = f"translation:{once}"
    if session.scalar(select(Outbox.id).where(Outbox.origin == f"{origin}/0")) is not None:
        return False
    handoffs.lock(session, handoff)
    if handoff.claimed_by != staff_id or handoff.state == "closed":
        raise RefusedError("claim this hand-off before you ask", "not_yours")
    if machine is None or machine.in_house:
        raise RefusedError("there is nothing to ask", "translate_off" if machine is None else "translate_in_house")
    if machine_translation.agreed(session, [handoff.person_id]).get(handoff.person_id) is False:
        raise RefusedError("they have said no", "translate_refused")
    language = telling.language(session, handoff)

    def button(answer: str) -> Button:
        return Button(
            label=i18n.t(language, f"translation.{answer}"), payload=payload("case_answer", case=handoff.reference, answer=answer)
        )

    rows = [[button(machine_translation.YES)], [button(machine_translation.NO)]]
    question = Reply(text=i18n.t(language, "translation.ask"), language=language, rows=rows)
    outbox.enqueue(session, handoff.chat_id, [question], origin=origin, staff_id=staff_id)
    handoffs.note(session, handoff, f"staff:{staff_id}", "asked_translation")
    return True

"""The answers that a person gives to a caseworker's question with one tap (bot/cases/answering.py: ask_document, ask_time)."""

from __future__ import annotations

import re

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.cases import handoffs
from bot.cases.models import CaseEvent, Handoff
from bot.people import machine_translation
from bot.people.models import Chat

ABOUT_TRANSLATION = (machine_translation.YES, machine_translation.NO)  # bot/translation/asking.py
ANSWERS = ("have", "have_not", "no_time", *ABOUT_TRANSLATION)
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\dZ")


def take(session: Session, chat: Chat, reference: str, answer: str) -> Handoff | None:
    """Notes the answer in the case's history; the same one twice in a row is one. What was on the button is in the conversation.

    None when the button is no longer one: the case has ended, or is not this person's.
    """
    mine = (Handoff.reference == reference) & (Handoff.person_id == chat.person_id) & (Handoff.state != "closed")
    handoff = session.scalar(select(Handoff).where(mine))
    if handoff is None or not (answer in ANSWERS or _TIME.fullmatch(answer)):
        return None
    before = select(CaseEvent.why).where(CaseEvent.handoff_id == handoff.id, CaseEvent.becomes == "replied")
    if session.scalar(before.order_by(CaseEvent.id.desc()).limit(1)) != answer:
        handoffs.note(session, handoff, "person", "replied", answer)
        if answer in ABOUT_TRANSLATION:
            machine_translation.answer(session, chat.person_id, answer == machine_translation.YES)
    return handoff

"""An office with a translator: a house whose settings name a machine, a worker with the patience of a test, and people who write."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.cases import answering, conversation
from bot.cases.conversation import Line
from bot.cases.models import Handoff, Message, Translation
from bot.conversation.models import Outbox
from bot.conversation.outbox import outgoing
from bot.house import House
from bot.people.models import Chat
from bot.replies import Reply
from bot.translation import storing
from bot.translation.breaker import Breaker
from bot.translation.choosing import translator_of
from bot.translation.storing import Shown
from bot.translation.worker import TranslationWorker
from tests.cases import office
from tests.translation.asking import PATIENCE, settings
from tests.translation.machine import Machine

SAYS = "وصلتني رسالة من البلدية ولا أفهم ماذا يريدون"
MEANS = "I have received a letter from the council"


def with_machine(house: House, machine: Machine, *, in_house: bool, most: int = 100_000) -> House:
    """The same house, with a translator in its settings."""
    return replace(house, settings=replace(house.settings, translating=settings(machine, in_house=in_house, most=most)))


def worker(house: House, breaker: Breaker | None = None) -> TranslationWorker:
    return TranslationWorker(house, translator_of(house.settings.translating, PATIENCE, breaker))


def work(runner: asyncio.Runner, made: TranslationWorker) -> None:
    """Until there is nothing to do."""
    while runner.run(made.some()):
        pass


def ask(house: House, text: str = SAYS, *, who: str = "someone", language: str = "ar", claimed: bool = True, **more: Any) -> str:
    """Somebody writes and asks for a person; Amina takes the case. Its reference."""
    with house.sessions.begin() as session:
        chat = office.chat_of(session, who, language)
        office.says(session, chat, text)
        handoff = office.ask(session, who, text, language=language, **more)
        if claimed:
            answering.claim(session, handoff, office.AMINA)
        return handoff.reference


def writes(house: House, text: str, who: str = "someone", language: str | None = None) -> None:
    with house.sessions.begin() as session:
        chat = office.chat_of(session, who, language or _language(session, who))
        office.says(session, chat, text)


def _language(session: Session, who: str) -> str:
    return office.chat_of(session, who).person.language


def lines(house: House, reference: str) -> list[Line]:
    with house.sessions() as session:
        return conversation.messages(session, office.case(session, reference).person_id)


def shown(house: House, reference: str) -> list[Shown | None]:
    """What stands beside each message of the case, None where there is nothing."""
    with house.sessions() as session:
        said = conversation.messages(session, office.case(session, reference).person_id)
        found, _ = storing.for_case(session, said)
        return [found.get(line.id) for line in said]


def rows(house: House) -> list[Translation]:
    with house.sessions() as session:
        return list(session.scalars(select(Translation).order_by(Translation.message_id)))


def last_sent(house: House) -> Reply:
    with house.sessions() as session:
        row = session.scalar(select(Outbox).order_by(Outbox.id.desc()).limit(1))
        assert row is not None
        return outgoing(row).reply


def person(session: Session, reference: str) -> tuple[Handoff, Chat]:
    handoff = office.case(session, reference)
    return handoff, session.get_one(Chat, handoff.chat_id)


def texts(house: House) -> list[str]:
    with house.sessions() as session:
        return list(session.scalars(select(Message.text).order_by(Message.id)))

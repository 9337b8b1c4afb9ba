"""A console with a caseworker, an admin, somebody who asks, and something to know."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator

import pytest
from sqlalchemy.orm import Session

from bot.cases import handoffs, referrals
from bot.cases.models import Message
from bot.conversation import inbox
from bot.house import House
from bot.knowledge import loading
from tests.console.bureau import Bureau
from tests.console.desk import Desk
from tests.knowledge.test_editing import SEED
from tests.staff.conftest import admin, auditor, caseworker, lead

__all__ = ["admin", "auditor", "caseworker", "lead"]


@pytest.fixture
def runner() -> Iterator[asyncio.Runner]:
    with asyncio.Runner() as running:
        yield running


@pytest.fixture
def open_desk(house: House, runner: asyncio.Runner) -> Callable[..., Desk]:
    return lambda address="192.0.2.1": Desk(house, runner, address)


@pytest.fixture
def desk(open_desk: Callable[..., Desk]) -> Desk:
    return open_desk()


def ask(session: Session, who: str = "someone", reason: str = "السكن <script>alert(1)</script>") -> str:
    """The reference of a hand-off of somebody who writes Arabic."""
    chat = inbox.chat_for(session, "web", who)
    chat.person.language = "ar"
    session.flush()
    session.add(Message(chat_id=chat.id, sender="person", language="ar", text="أريد أن أتكلم <b>مع</b> شخص"))
    return handoffs.open_handoff(session, chat, kind="asked", urgency="today", reason=reason, reach="chat").reference


@pytest.fixture
def asked(house: House) -> str:
    with house.sessions.begin() as session:
        return ask(session)


@pytest.fixture
def referred(house: House) -> str:
    with house.sessions.begin() as session:
        loading.load(session, SEED)
        chat = inbox.chat_for(session, "web", "someone")
        shared = {"need": "legal", "language": "ar", "contact": "chat web"}
        return referrals.make(session, chat, service="hub", need="legal", shared=shared, made_from="1:0", told=None).reference


@pytest.fixture
def known(house: House, referred: str) -> House:
    return house


@pytest.fixture
def bureau(house: House) -> Bureau:
    return Bureau.open(house)

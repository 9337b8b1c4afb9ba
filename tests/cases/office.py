"""An office: two caseworkers and a lead of one team, somebody of another team, and people who ask."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.cases import answering, handoffs
from bot.cases.models import CaseEvent, Handoff, Message, Notice
from bot.conversation import inbox, outbox
from bot.conversation.models import Outbox
from bot.errors import RefusedError
from bot.house import House
from bot.knowledge.seed import Canned, Fact, Pathway, Seed, Service, Step, Term
from bot.people.models import Chat
from bot.replies import Reply
from bot.staff.models import Staff, Team, TeamMember

AMINA, BEA, LENA, OTTO = 1, 2, 3, 4  # caseworkers and the lead of the Hub; Otto is of another team
HUB, OTHERS = 1, 2
FACT = Fact(source="general", checked_on=dt.date(2026, 11, 1), review_by=dt.date(2099, 5, 1), volatility="D", sure="gen")
SEED = Seed(
    terms=[
        Term(key="council-tax", name="Council Tax", domain="council", meaning="A yearly tax.", confusion="Not rent.", fact=FACT),
        Term(key="pip", name="PIP", expansion="Personal Independence Payment", domain="money", meaning="Help.", fact=FACT),
    ],
    services=[
        Service(
            key="hub",
            organization="Learning Works",
            name="Advice hub",
            needs=["housing", "legal"],
            description="Free advice.",
            who="People in B16.",
            bring="Your letters.",
            how="Ring first.",
            url="https://example.org",
            languages=["ar"],
            fact=FACT,
        )
    ],
    safety=[],
    pathways=[
        Pathway(
            key="nurse",
            title="Working as a nurse",
            summary="The way to the register.",
            regulator="NMC",
            professions=["nurse"],
            questions={},
            steps=[
                Step(key="english", title="Show your English", do="Take a test.", who="You", fact=FACT),
                Step(key="apply", title="Apply to the NMC", do="Fill in the form.", who="NMC", goal=True, fact=FACT),
            ],
            fact=FACT,
        )
    ],
    letters=[],
    replies=[
        Canned(key="sent", name="It was sent", text="I sent {reference} to {name_of_service}.", fact=FACT),
        Canned(key="meet", name="Meeting", text="We meet on {date} at {time}: {link}", fact=FACT),
        Canned(key="hello", name="Hello", text="Hello.", fact=FACT),
    ],
    texts={
        "ar": {
            "replies": {
                "sent": {"text": "أرسلت {reference} إلى {name_of_service}."},
                "meet": {"text": "نلتقي يوم {date} الساعة {time}: {link}"},
            },
            "terms": {"council-tax": {"meaning": "ضريبة سنوية.", "confusion": "ليست الإيجار."}},
        }
    },
    names={"ar": {"council-tax": ["ضريبة المجلس"]}},
)


def furnish(session: Session) -> None:
    for number, name in ((HUB, "Hub"), (OTHERS, "Others")):
        session.add(Team(id=number, name=name, closed=[]))
    for number, name, role in (
        (AMINA, "Amina", "caseworker"),
        (BEA, "Bea", "caseworker"),
        (LENA, "Lena", "lead"),
        (OTTO, "Otto", "caseworker"),
    ):
        session.add(Staff(id=number, login=name.lower(), name=name, role=role, password_hash="", totp_secret=""))
    session.flush()
    session.add_all(TeamMember(team_id=HUB, staff_id=number) for number in (AMINA, BEA, LENA))
    session.add(TeamMember(team_id=OTHERS, staff_id=OTTO))
    session.flush()


def chat_of(session: Session, who: str = "someone", language: str = "ar", channel: str = "web") -> Chat:
    chat = inbox.chat_for(session, channel, who)
    chat.person.language = language
    session.flush()
    return chat


def says(session: Session, chat: Chat, text: str) -> None:
    """As the conversation takes in what a person writes (bot/conversation/answering.py)."""
    session.add(Message(chat_id=chat.id, sender="person", language=chat.person.language, text=text))
    session.flush()
    handoffs.person_wrote(session, chat, text)


def ask(session: Session, who: str = "someone", reason: str = "السكن", *, language: str = "ar", **details: Any) -> Handoff:
    chat = chat_of(session, who, language)
    return handoffs.open_handoff(
        session, chat, **{"kind": "asked", "urgency": "week", "reason": reason, "reach": "chat", **details}
    )


def case(session: Session, reference: str) -> Handoff:
    found = answering.find(session, reference, to_change=True)
    assert found is not None
    return found


def refused(act: Any, *args: Any, **kwargs: Any) -> str:
    with pytest.raises(RefusedError) as error:
        act(*args, **kwargs)
    return error.value.reason


def going_out(house: House) -> list[Reply]:
    with house.sessions() as session:
        return [outbox.outgoing(row).reply for row in session.scalars(select(Outbox).order_by(Outbox.id))]


def history(session: Session, handoff: Handoff) -> list[tuple[str, str | None, str, str]]:
    rows = session.scalars(select(CaseEvent).where(CaseEvent.handoff_id == handoff.id).order_by(CaseEvent.id))
    return [(row.actor, row.was, row.becomes, row.why) for row in rows]


def told(session: Session, staff_id: int) -> list[tuple[str, str]]:
    rows = session.scalars(select(Notice).where(Notice.staff_id == staff_id).order_by(Notice.id))
    return [(row.kind, row.object.partition(":")[0]) for row in rows]

"""Somebody who agreed to a referral, services that take them, and the staff between."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from sqlalchemy.orm import Session

from bot.cases import referrals, sending_out
from bot.cases.models import CaseEvent, Mail, Notice, Referral
from bot.cases.sending_out import Sent
from bot.conversation import inbox
from bot.conversation.models import Outbox
from bot.db.base import now
from bot.house import House
from bot.knowledge import loading
from bot.knowledge.seed import Fact, Phone, Seed, Service
from bot.people.models import Chat
from bot.staff.models import Staff

FACT = Fact(
    source="https://example.org", checked_on=dt.date(2026, 11, 1), review_by=dt.date(2027, 5, 1), volatility="C", sure="V"
)
SHARED = {"need": "housing", "language": "so", "contact": "chat telegram"}


def service(key: str, **more: Any) -> Service:
    given: dict[str, Any] = {"organization": "Learning Works", "name": key.title(), "needs": ["housing"], "description": "Help."}
    return Service(key=key, fact=FACT, phones=[Phone(number="0121 496 0000")], **{**given, **more})


SERVICES = [
    service(
        "shelter",
        email="desk@shelter.example",
        bring="Your letter from the landlord.",
        who="Adults in Birmingham.",
        towns=["Birmingham"],
    ),
    service("wholly", email="info@wholly.example", referral_email="Intake@wholly.example", languages=["so"], follow_up_days=3),
    service("phoneonly", takes_links=False, email="info@phoneonly.example", interpreters=True),
    service("nomail", takes_links=True),
]
SEED = Seed(terms=[], services=SERVICES, safety=[], pathways=[], letters=[], texts={}, names={})


def stock(house: House) -> House:
    with house.sessions.begin() as session:
        loading.load(session, SEED)
    return house


def staff(session: Session, login: str = "amina", role: str = "caseworker") -> int:
    made = Staff(login=login, name=login.title(), role=role, password_hash="", totp_secret="")
    session.add(made)
    session.flush()
    return made.id


def chat(session: Session, who: str = "someone", language: str = "so") -> Chat:
    found = inbox.chat_for(session, "cli", who)
    found.person.language = language
    session.flush()
    return found


def agreed(session: Session, key: str = "shelter", who: str = "someone", **more: Any) -> Referral:
    """A referral with a yes of a moment ago."""
    shared = more.pop("shared", SHARED)
    return referrals.make(
        session, chat(session, who), service=key, need="housing", shared=shared, made_from=uuid.uuid4().hex, told=None
    )


def send(session: Session, house: House, referral: Referral, staff_id: int, by: str = "email", **more: Any) -> Sent:
    return sending_out.send(
        session, house.settings, referral, by=by, staff_id=staff_id, once=more.pop("once", uuid.uuid4().hex), **more
    )


def told(session: Session) -> list[str]:
    """What people were written, oldest first."""
    return [row.body["text"] for row in session.query(Outbox).order_by(Outbox.id)]


def moves(session: Session, referral: Referral) -> list[tuple[str, str, str]]:
    rows = session.query(CaseEvent).filter(CaseEvent.referral_id == referral.id).order_by(CaseEvent.id)
    return [(row.actor, row.becomes, row.why) for row in rows]


def noticed(session: Session) -> list[tuple[int, str, str]]:
    return [(row.staff_id, row.kind, row.object) for row in session.query(Notice).order_by(Notice.id)]


def mails(session: Session) -> list[Mail]:
    return list(session.query(Mail).order_by(Mail.id))


def days_ago(days: float) -> dt.datetime:
    return now() - dt.timedelta(days=days)


NOON = dt.datetime(2026, 12, 2, 12, tzinfo=dt.UTC)  # a Wednesday

"""Referrals: a service is asked to help somebody who agreed to exactly what is sent, and until when."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.cases.models import CaseEvent, Referral
from bot.cases.references import new_reference
from bot.cases.states import REFERRAL, check_move
from bot.db.base import now
from bot.people.models import Chat, Consent

CONSENT_DAYS = 90
OPEN = ("consent_given", "sent", "accepted", "waiting_list", "could_not_reach")


def consent_until(at: dt.datetime) -> dt.date:
    return (at + dt.timedelta(days=CONSENT_DAYS)).date()


def make(
    session: Session, chat: Chat, *, service: str, need: str, shared: dict[str, str], made_from: str, told: str | None
) -> Referral:
    """The referral for one "yes" to one question; asked twice, or while one to this service is open, it is the same one.

    `made_from` names the question (an outbox button); `shared` is what the person was told is sent; `told` the day (ISO) until
    which they were told it counts.
    """
    same = (Referral.person_id == chat.person_id) & (Referral.service == service) & Referral.state.in_(OPEN)
    known = session.scalar(select(Referral).where((Referral.made_from == made_from) | same).limit(1))
    if known is not None:
        return known
    last = dt.date.fromisoformat(told) if told else consent_until(now())
    until = dt.datetime.combine(last, dt.time(), dt.UTC)
    referral = Referral(
        reference=new_reference("R"),
        made_from=made_from,
        person_id=chat.person_id,
        chat_id=chat.id,
        service=service,
        need=need,
        state="consent_given",
        shared=shared,
        consent_until=until,
    )
    session.add(referral)
    session.flush()
    purpose = f"referral:{referral.reference}"
    session.add(Consent(person_id=chat.person_id, purpose=purpose, shared=shared, until=until))
    session.add(CaseEvent(referral_id=referral.id, actor="person", was=None, becomes="consent_given", why="consent given"))
    return referral


def move(session: Session, referral: Referral, becomes: str, actor: str, why: str = "") -> None:
    """Raises RefusedError when the referral cannot go there from where it is."""
    check_move(REFERRAL, referral.state, becomes)
    session.add(CaseEvent(referral_id=referral.id, actor=actor, was=referral.state, becomes=becomes, why=why))
    referral.state, referral.updated_at = becomes, now()


def of_person(session: Session, person_id: int) -> list[Referral]:
    return list(session.scalars(select(Referral).where(Referral.person_id == person_id).order_by(Referral.id)))

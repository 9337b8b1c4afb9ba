"""Somebody is interested: with their consent to exactly what is sent it becomes a referral, and goes the way of all referrals."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.cases import referrals
from bot.cases.models import Referral
from bot.knowledge.as_service import PREFIX, need_of
from bot.knowledge.seed import Opportunity
from bot.people.models import Chat
from bot.talents.catalogue import catalogue

ENGLISH = "en"


def shared(opportunity: Opportunity, chat: Chat, skills: Iterable[str]) -> dict[str, str]:
    """Exactly what the consent text names. `skills`: the keys that were named in it; what is not in our list is left out."""
    found = {"interest": opportunity.name, "language": chat.person.language, "contact": f"chat {chat.channel}"}
    known = catalogue()
    names = [known.name("skill", key, ENGLISH) for key in skills if known.has("skill", key)]
    return {**found, "skills": ", ".join(names)} if names else found


def make(session: Session, chat: Chat, one: Opportunity, skills: Iterable[str], *, made_from: str, told: str | None) -> Referral:
    """The referral for one yes; said twice, or while one is open, it is the same one (bot/cases/referrals.py)."""
    return referrals.make(
        session,
        chat,
        service=PREFIX + one.key,
        need=need_of(one),
        shared=shared(one, chat, skills),
        made_from=made_from,
        told=told,
    )


def open_one(session: Session, person_id: int, key: str) -> Referral | None:
    """The person's own that has not ended."""
    mine = (Referral.person_id == person_id) & (Referral.service == PREFIX + key) & Referral.state.in_(referrals.OPEN)
    return session.scalar(select(Referral).where(mine, Referral.state != "draft").limit(1))

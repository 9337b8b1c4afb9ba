"""A hand-off on one screen: what somebody must know before they write to this person. Codes and values; edges word them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot import i18n
from bot.cases import referrals
from bot.cases.models import Handoff, Message, Referral
from bot.db.base import now
from bot.knowledge import snapshot
from bot.people import plans
from bot.people.models import Chat, Consent
from bot.staff.models import Staff

SAID_LAST = 2  # answers of the bot


@dataclass(frozen=True)
class PlanPlace:
    """Where the person is: step `step` of `steps`, called `title`; `step` is None when all are done."""

    pathway: str
    steps: int
    step: int | None
    title: str


@dataclass(frozen=True)
class Agreed:
    """What may be passed on, to whom, until when."""

    purpose: str
    shared: dict[str, str]
    until: dt.datetime
    ended: bool


@dataclass(frozen=True)
class Summary:
    """`asked` is in the person's own words and language; everything else is English or a code."""

    reference: str
    language: str
    language_name: str
    channel: str
    known_since: dt.datetime
    waiting_since: dt.datetime
    kind: str
    urgency: str
    asked: str
    reach: str  # "chat", or what the person wrote
    plan: PlanPlace | None
    referrals: list[Referral]
    said_last: list[Message]
    agreed: list[Agreed]
    held_by: Staff | None
    unreachable: bool
    stopped: bool


def summary(session: Session, handoff: Handoff) -> Summary:
    chat = session.get_one(Chat, handoff.chat_id)
    person = chat.person
    return Summary(
        reference=handoff.reference,
        language=person.language,
        language_name=language_name(person.language),
        channel=chat.channel,
        known_since=chat.created_at,
        waiting_since=handoff.created_at,
        kind=handoff.kind,
        urgency=handoff.urgency,
        asked=handoff.reason,
        reach="chat" if handoff.reach in ("", "chat", chat.channel) else handoff.reach,
        plan=_plan(session, person.id),
        referrals=referrals.of_person(session, person.id),
        said_last=_said_last(session, chat.id),
        agreed=_agreed(session, person.id),
        held_by=session.get(Staff, handoff.claimed_by) if handoff.claimed_by else None,
        unreachable=chat.unreachable_at is not None,
        stopped=chat.stopped,
    )


def language_name(code: str) -> str:
    """The language's name in English."""
    return str(i18n.locale("en").languages.get(code, code))


def _plan(session: Session, person_id: int) -> PlanPlace | None:
    plan = plans.latest(session, person_id)
    if plan is None:
        return None
    knowledge = snapshot.current(session)

    def words(field: str) -> str:
        return knowledge.words("pathways", plan.pathway, field, "en").text

    following = plans.next_step(plan.steps)
    title = (words(f"{following.step}/title") or following.step) if following else ""
    place = plan.steps.index(following) + 1 if following else None
    return PlanPlace(words("title") or plan.pathway, len(plan.steps), place, title)


def _said_last(session: Session, chat_id: int) -> list[Message]:
    mine = select(Message).where(Message.chat_id == chat_id, Message.sender == "bot")
    return list(reversed(list(session.scalars(mine.order_by(Message.id.desc()).limit(SAID_LAST)))))


def _agreed(session: Session, person_id: int) -> list[Agreed]:
    rows = session.scalars(select(Consent).where(Consent.person_id == person_id).order_by(Consent.id))
    return [
        Agreed(row.purpose, dict(row.shared or {}), row.until, row.withdrawn_at is not None or row.until <= now()) for row in rows
    ]

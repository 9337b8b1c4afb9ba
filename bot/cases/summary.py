"""A hand-off on one screen: what somebody must know before they write to this person. Codes and values; edges word them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot import i18n
from bot.cases import both_sides, referrals, targets
from bot.cases.both_sides import Recognised, ServiceNeeds
from bot.cases.models import CaseEvent, Handoff, Message, Referral
from bot.db.base import now
from bot.knowledge import snapshot
from bot.knowledge.seed import SafetyNumber
from bot.people import plans
from bot.people.models import Chat, Consent
from bot.recordings.models import PURPOSE
from bot.staff.models import Staff, Team

SAID_LAST = 2  # answers of the bot


@dataclass(frozen=True)
class PlanPlace:
    """Where the person is: step `step` of `steps`, called `title`; `step` is None when all are done. `profession`: as they
    gave it, a key of the look-up lists or ""."""

    pathway: str
    steps: int
    step: int | None
    title: str
    profession: str = ""


@dataclass(frozen=True)
class Agreed:
    """What may be passed on, to whom, until when. `withdrawn`: the person took it back."""

    purpose: str
    shared: dict[str, str]
    until: dt.datetime
    ended: bool
    withdrawn: bool = False


@dataclass(frozen=True)
class Risk:
    """`now`: this hand-off is about danger. `before`: danger was heard earlier in it. `adviser`: a question about the person's
    own immigration case, which only a regulated adviser may answer. `numbers`: to have at hand, when there is danger."""

    now: bool
    before: bool
    adviser: bool
    numbers: list[SafetyNumber]


@dataclass(frozen=True)
class Summary:
    """`asked` is in the person's own words and language; everything else is English or a code.

    `words`: what the person wrote, beside what services call it. `needs`: what the services of open referrals want to have.
    """

    reference: str
    language: str
    language_name: str
    channel: str
    known_since: dt.datetime
    waiting_since: dt.datetime
    target_at: dt.datetime | None
    overdue: bool
    kind: str
    urgency: str
    need: str
    area: str
    team: str
    asked: str
    reach: str  # "chat", or what the person wrote
    risk: Risk
    plan: PlanPlace | None
    referrals: list[Referral]
    needs: list[ServiceNeeds]
    said_last: list[Message]
    words: list[Recognised]
    agreed: list[Agreed]
    held_by: Staff | None
    unreachable: bool
    stopped: bool


def summary(session: Session, handoff: Handoff) -> Summary:
    chat = session.get_one(Chat, handoff.chat_id)
    person = chat.person
    team = session.get(Team, handoff.team_id) if handoff.team_id else None
    theirs = referrals.of_person(session, person.id)
    return Summary(
        reference=handoff.reference,
        language=person.language,
        language_name=language_name(person.language),
        channel=chat.channel,
        known_since=chat.created_at,
        waiting_since=handoff.waiting_since,
        target_at=handoff.target_at,
        overdue=targets.is_overdue(handoff, now()),
        kind=handoff.kind,
        urgency=handoff.urgency,
        need=handoff.need or "",
        area=handoff.area or "",
        team=team.name if team else "",
        asked=handoff.reason,
        reach="chat" if handoff.reach in ("", "chat", chat.channel) else handoff.reach,
        risk=_risk(session, handoff),
        plan=_plan(session, person.id),
        referrals=theirs,
        needs=both_sides.needs(session, [row for row in theirs if row.state in referrals.OPEN]),
        said_last=_said_last(session, person.id),
        words=both_sides.recognised(session, handoff),
        agreed=_agreed(session, person.id),
        held_by=session.get(Staff, handoff.claimed_by) if handoff.claimed_by else None,
        unreachable=chat.unreachable_at is not None,
        stopped=chat.stopped,
    )


def language_name(code: str) -> str:
    """The language's name in English."""
    return str(i18n.locale("en").languages.get(code, code))


def _risk(session: Session, handoff: Handoff) -> Risk:
    events = select(CaseEvent.id).where(CaseEvent.handoff_id == handoff.id)
    before = session.scalar(events.where(CaseEvent.why == "danger").limit(1)) is not None
    danger = handoff.urgency == "danger"
    known = sorted(snapshot.current(session).safety.values(), key=lambda entry: (entry.order, entry.key))
    return Risk(danger, before, handoff.kind == "immigration", known if danger or before else [])


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
    profession = str((plan.answers or {}).get("profession") or "")
    return PlanPlace(words("title") or plan.pathway, len(plan.steps), place, title, profession)


def _said_last(session: Session, person_id: int) -> list[Message]:
    chats = list(session.scalars(select(Chat.id).where(Chat.person_id == person_id)))
    said = select(Message).where(Message.chat_id.in_(chats), Message.sender == "bot")
    return list(reversed(list(session.scalars(said.order_by(Message.id.desc()).limit(SAID_LAST)))))


def _agreed(session: Session, person_id: int) -> list[Agreed]:
    theirs = (Consent.person_id == person_id) & ~Consent.purpose.startswith(PURPOSE)  # that is heard here and shared with nobody
    rows = session.scalars(select(Consent).where(theirs).order_by(Consent.id))
    return [
        Agreed(
            row.purpose,
            dict(row.shared or {}),
            row.until,
            row.withdrawn_at is not None or row.until <= now(),
            row.withdrawn_at is not None,
        )
        for row in rows
    ]

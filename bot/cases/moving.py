"""The referrals as staff see them, and the moves they make."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from bot import i18n
from bot.cases import referrals
from bot.cases.models import CaseEvent, Referral
from bot.cases.states import REFERRAL, REFERRAL_ENDED
from bot.conversation import outbox
from bot.db.base import Typed, now
from bot.errors import RefusedError
from bot.knowledge import snapshot
from bot.knowledge.as_service import opportunity_of
from bot.people.models import Chat
from bot.replies import Button, Reply, payload

ENDED = REFERRAL_ENDED
LONGEST_WHY = 200
NO_HELP = ("declined_by_service", "not_eligible")
# what the person does themselves, or what only their own yes brings about
_THEIRS = frozenset({"draft", "consent_given"})


@dataclass(frozen=True)
class Filters:
    """Of the list of referrals; "" is no filter. `reference`: or its beginning."""

    ended: bool = False
    state: str = ""
    need: str = ""
    service: str = ""
    reference: str = ""


def listed(
    session: Session,
    filters: Filters | None = None,
    *,
    visible: ColumnElement[bool] | None = None,
    ended: bool = False,
    limit: int = 200,
    offset: int = 0,
) -> list[Referral]:
    """Those that wait for something, longest unchanged first; or the ended ones, newest first.

    `visible`: queues.visible_to(..., of=Referral). `ended`: short for Filters(ended=True).
    """
    wanted = filters or Filters(ended=ended)
    query = select(Referral).limit(limit).offset(offset)
    if wanted.ended:
        query = query.where(Referral.state.in_(ENDED)).order_by(Referral.updated_at.desc(), Referral.id.desc())
    else:
        query = query.where(Referral.state.not_in(ENDED)).order_by(Referral.updated_at, Referral.id)
    for column, value in ((Referral.state, wanted.state), (Referral.need, wanted.need), (Referral.service, wanted.service)):
        query = query.where(column == value) if value else query
    if wanted.reference:
        query = query.where(Referral.reference.startswith(wanted.reference.strip().upper(), autoescape=True))
    return list(session.scalars(query if visible is None else query.where(visible)))


def find(session: Session, reference: str, *, to_change: bool = False) -> Referral | None:
    """`to_change`: nobody else moves it until this transaction ends."""
    query = select(Referral).where(Referral.reference == reference)
    return session.scalar(query.with_for_update() if to_change else query)


def onward(referral: Referral) -> list[str]:
    """Where it may go from here; not out of the house when the consent has ended."""
    possible = (state for state in REFERRAL if state in REFERRAL[referral.state] and state not in _THEIRS)
    return [state for state in possible if not (state == "sent" and is_over(referral))]


def is_over(referral: Referral) -> bool:
    """Whether the time the person agreed to is over."""
    return referral.consent_until <= now()


def move(session: Session, referral: Referral, becomes: str, staff_id: int, why: str) -> bool:
    """Moves it and writes the person the news they were promised. False when it is there already.

    Raises RefusedError: consent_over, move, why_long.
    """
    if referral.state == becomes:
        return False
    if becomes in _THEIRS:
        raise RefusedError("only the person's own yes does that", "move")
    if becomes == "sent" and is_over(referral):
        raise RefusedError("the time the person agreed to is over: ask them again", "consent_over")
    if len(why) > LONGEST_WHY:
        raise RefusedError(f"a reason has at most {LONGEST_WHY} characters", "why_long")
    was = referral.state
    referrals.move(session, referral, becomes, f"staff:{staff_id}", Typed(" ".join(why.split())))
    if was != "draft":  # of a draft they have not heard
        tell(session, referral)
    return True


def events(session: Session, *, handoff_id: int | None = None, referral_id: int | None = None) -> list[CaseEvent]:
    """Every move of one hand-off or one referral, oldest first."""
    query = select(CaseEvent).order_by(CaseEvent.id)
    if handoff_id is not None:
        query = query.where(CaseEvent.handoff_id == handoff_id)
    if referral_id is not None:
        query = query.where(CaseEvent.referral_id == referral_id)
    return list(session.scalars(query))


def tell(session: Session, referral: Referral) -> None:
    """Writes the person where their referral is now; where the service cannot help, with the way to another."""
    chat = session.get_one(Chat, referral.chat_id)
    if chat.stopped:  # they asked for nothing unasked; "my referrals" still tells them
        return
    language = chat.person.language
    service = snapshot.current(session).receivers.get(referral.service)
    text = i18n.t(
        language,
        "referral.news",
        reference=referral.reference,
        service=service.name if service else referral.service,
        state=i18n.t(language, f"referral.state.{referral.state}"),
    )
    buttons = [
        Button(label=i18n.t(language, "button.my_referrals"), payload=payload("my_referrals")),
        Button(label=i18n.t(language, "button.menu"), payload=payload("menu")),
    ]
    rows = [buttons]
    if referral.state in NO_HELP:
        key, asks = ("button.find_another", payload("find_help", need=referral.need))
        if opportunity_of(referral.service):
            key, asks = ("button.opportunity_other", payload("find_opportunity"))
        other = Button(label=i18n.t(language, key), payload=asks)
        rows = [[other], buttons]
    move_number = len(events(session, referral_id=referral.id))  # a referral can come to the same state twice
    origin = f"referral:{referral.id}:{move_number}"
    outbox.enqueue(session, chat.id, [Reply(text=text, language=language, rows=rows)], origin=origin)

"""The referrals as staff see them, and the moves they make."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot import i18n
from bot.cases import referrals
from bot.cases.models import CaseEvent, Referral
from bot.cases.states import REFERRAL
from bot.conversation import outbox
from bot.db.base import now
from bot.errors import RefusedError
from bot.knowledge import snapshot
from bot.people.models import Chat
from bot.replies import Button, Reply, payload

ENDED = tuple(state for state, onward in REFERRAL.items() if not onward)
LONGEST_WHY = 200


def listed(session: Session, *, ended: bool = False, limit: int = 200) -> list[Referral]:
    """Those that wait for something, longest unchanged first; or the ended ones, newest first."""
    query = select(Referral).limit(limit)
    if ended:
        query = query.where(Referral.state.in_(ENDED)).order_by(Referral.updated_at.desc())
    else:
        query = query.where(Referral.state.not_in(ENDED)).order_by(Referral.updated_at)
    return list(session.scalars(query))


def find(session: Session, reference: str, *, to_change: bool = False) -> Referral | None:
    """`to_change`: nobody else moves it until this transaction ends."""
    query = select(Referral).where(Referral.reference == reference)
    return session.scalar(query.with_for_update() if to_change else query)


def onward(referral: Referral) -> list[str]:
    """Where it may go from here; not out of the house when the consent has ended."""
    return [state for state in REFERRAL if state in REFERRAL[referral.state] and not (state == "sent" and is_over(referral))]


def is_over(referral: Referral) -> bool:
    """Whether the time the person agreed to is over."""
    return referral.consent_until <= now()


def move(session: Session, referral: Referral, becomes: str, staff_id: int, why: str) -> bool:
    """Moves it and writes the person the news they were promised. False when it is there already.

    Raises RefusedError: consent_over, move, why_long.
    """
    if referral.state == becomes:
        return False
    if becomes == "sent" and is_over(referral):
        raise RefusedError("the time the person agreed to is over: ask them again", "consent_over")
    if len(why) > LONGEST_WHY:
        raise RefusedError(f"a reason has at most {LONGEST_WHY} characters", "why_long")
    try:
        referrals.move(session, referral, becomes, f"staff:{staff_id}", " ".join(why.split()))
    except RefusedError as error:
        raise RefusedError(str(error), "move") from error
    _tell(session, referral)
    return True


def events(session: Session, *, handoff_id: int | None = None, referral_id: int | None = None) -> list[CaseEvent]:
    """Every move of one hand-off or one referral, oldest first."""
    query = select(CaseEvent).order_by(CaseEvent.id)
    if handoff_id is not None:
        query = query.where(CaseEvent.handoff_id == handoff_id)
    if referral_id is not None:
        query = query.where(CaseEvent.referral_id == referral_id)
    return list(session.scalars(query))


def _tell(session: Session, referral: Referral) -> None:
    chat = session.get_one(Chat, referral.chat_id)
    if chat.stopped:  # they asked for nothing unasked; "my referrals" still tells them
        return
    language = chat.person.language
    service = snapshot.current(session).services.get(referral.service)
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
    move_number = len(events(session, referral_id=referral.id))  # a referral can come to the same state twice
    origin = f"referral:{referral.id}:{move_number}"
    outbox.enqueue(session, chat.id, [Reply(text=text, language=language, rows=[buttons])], origin=origin)

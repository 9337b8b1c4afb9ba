"""Which staff are told what happens to a referral."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.cases import crew, notices
from bot.cases.models import CaseEvent, Handoff, Referral
from bot.cases.states import HELD


def of(session: Session, referral: Referral) -> list[int]:
    """Who sent it last and who holds the person's case now; when neither still works on it, the team, else everybody."""
    sender = select(CaseEvent.actor).where(CaseEvent.referral_id == referral.id, CaseEvent.becomes == "sent")
    actor = session.scalar(sender.order_by(CaseEvent.id.desc()).limit(1)) or ""
    held = select(Handoff.claimed_by).where(Handoff.person_id == referral.person_id, Handoff.state.in_(HELD))
    wanted = set(session.scalars(held))
    if actor.startswith("staff:"):
        wanted.add(int(actor.removeprefix("staff:")))
    team = crew.ids(session, referral.team_id) or crew.ids(session, None)
    return [number for number in team if number in wanted] or team


def tell(session: Session, referral: Referral, kind: str) -> None:
    """A notice for each of them."""
    notices.tell(session, of(session, referral), kind, f"referral:{referral.reference}")

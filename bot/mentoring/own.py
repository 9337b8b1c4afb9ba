"""What is held of one person for mentoring, for that person: what they offered, what they asked for, and what they wrote themselves.

What the other one wrote is the other's. References are what others said of them: a person shows these (docs/privacy.md).
"""

from __future__ import annotations

from dataclasses import dataclass, field

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from bot.mentoring.models import Mentor, MentorMessage, MentorPair, MentorWish


@dataclass(frozen=True)
class Mine:
    """`wrote`: oldest first."""

    offer: Mentor | None = None
    wish: MentorWish | None = None
    wrote: list[MentorMessage] = field(default_factory=list)

    def __bool__(self) -> bool:
        return self.offer is not None or self.wish is not None


def of(session: Session, person_id: int) -> Mine:
    offer = session.scalar(select(Mentor).where(Mentor.person_id == person_id))
    wish = session.scalar(select(MentorWish).where(MentorWish.person_id == person_id))
    by_me = or_(
        (MentorMessage.side == "mentee") & (MentorPair.mentor_id == (offer.id if offer else None)),
        (MentorMessage.side == "mentor") & (MentorPair.wish_id == (wish.id if wish else None)),
    )
    said = (
        select(MentorMessage).join(MentorPair, MentorPair.id == MentorMessage.pair_id).where(MentorMessage.kind == "words", by_me)
    )
    return Mine(offer, wish, list(session.scalars(said.order_by(MentorMessage.id))))

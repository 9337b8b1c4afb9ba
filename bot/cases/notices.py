"""What a member of staff should see in the console. Ids and codes, never a person's words."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.cases import alerts, crew
from bot.cases.models import Handoff, Notice


def tell(session: Session, staff_ids: Iterable[int], kind: str, object: str) -> None:
    """One notice for each; who has not seen the same yet is not told twice."""
    wanted = set(staff_ids)
    unseen = select(Notice.staff_id).where(Notice.staff_id.in_(wanted), Notice.seen_at.is_(None))
    known = set(session.scalars(unseen.where(Notice.kind == kind, Notice.object == object)))
    session.add_all(Notice(staff_id=number, kind=kind, object=object) for number in sorted(wanted - known))
    alerts.write(session, wanted - known, kind, object)


def opened(session: Session, handoff: Handoff) -> None:
    """A case is new in the queue, or has become more urgent: who holds it is told, else the team."""
    told = [handoff.claimed_by] if handoff.claimed_by is not None else crew.ids(session, handoff.team_id)
    tell(session, told, "danger" if handoff.urgency == "danger" else "waiting", f"handoff:{handoff.reference}")

"""Who works on cases: the active members of a team, or everybody where there is no team."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.staff.models import Staff, TeamMember

ROLES = ("caseworker", "lead")


def ids(session: Session, team_id: int | None, roles: Sequence[str] = ROLES) -> list[int]:
    """Their ids, oldest account first. `team_id` None: all who have one of `roles`."""
    query = select(Staff.id).where(Staff.disabled_at.is_(None), Staff.role.in_(roles)).order_by(Staff.id)
    if team_id is not None:
        query = query.join(TeamMember, TeamMember.staff_id == Staff.id).where(TeamMember.team_id == team_id)
    return list(session.scalars(query))


def works_on(session: Session, staff_id: int, team_id: int | None) -> bool:
    """Whether somebody can be given a case of this team."""
    return staff_id in ids(session, team_id)


def leads(session: Session, team_id: int | None) -> list[int]:
    """Who is told when a target is missed: the team's leads, else every lead, else the team itself: somebody always is."""
    return ids(session, team_id, ("lead",)) or ids(session, None, ("lead",)) or ids(session, team_id) or ids(session, None)

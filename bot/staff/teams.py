"""Teams: whose cases are whose, and when a team is there."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from bot.errors import RefusedError
from bot.staff.models import Staff, Team, TeamMember
from bot.staff.permissions import may

LONGEST_NAME = 60
MOST_DAYS = 31  # closed in one go


def team_ids_of(session: Session, staff_id: int) -> frozenset[int]:
    """The teams this account works in."""
    return frozenset(session.scalars(select(TeamMember.team_id).where(TeamMember.staff_id == staff_id)))


def members(session: Session, team_id: int) -> list[Staff]:
    """Who works in the team and still has an account, by name."""
    mine = select(TeamMember.staff_id).where(TeamMember.team_id == team_id)
    return list(session.scalars(select(Staff).where(Staff.id.in_(mine), Staff.disabled_at.is_(None)).order_by(Staff.name)))


def default_team(session: Session) -> Team | None:
    """The team that new cases go to when nothing says otherwise: the oldest. None while there are no teams."""
    return session.scalar(select(Team).order_by(Team.id).limit(1))


def listed(session: Session) -> list[Team]:
    return list(session.scalars(select(Team).order_by(Team.name)))


def possible_members(session: Session) -> list[Staff]:
    """Accounts whose role works with cases, by name."""
    found = session.scalars(select(Staff).where(Staff.disabled_at.is_(None)).order_by(Staff.name))
    return [staff for staff in found if may(staff.role, "cases.read")]


def make(session: Session, name: str) -> Team:
    """A new team with the house's hours. Raises RefusedError: team_name, team_taken."""
    team = Team(name=_free_name(session, name, None), closed=[])
    session.add(team)
    _flush(session)
    return team


def change(session: Session, team: Team, *, name: str, hours: str) -> None:
    """`hours` as in USEIT_HOURS, checked by the caller; "": the house's. Raises RefusedError: team_name, team_taken."""
    team.name, team.hours = _free_name(session, name, team.id), hours
    _flush(session)


def join(session: Session, team_id: int, staff_id: int) -> None:
    """Nothing happens when they are in it already. Raises RefusedError (member): the role does not work with cases."""
    if staff_id not in {staff.id for staff in possible_members(session)}:
        raise RefusedError("this account cannot be in a team", "member")
    if session.get(TeamMember, (team_id, staff_id)) is None:
        session.add(TeamMember(team_id=team_id, staff_id=staff_id))
        session.flush()


def leave(session: Session, team_id: int, staff_id: int) -> None:
    """Nothing happens when they are not in it."""
    session.execute(delete(TeamMember).where(TeamMember.team_id == team_id, TeamMember.staff_id == staff_id))


def close_on(team: Team, first: dt.date, last: dt.date) -> None:
    """Nobody of the team is there on these days. Raises RefusedError (days): none, or more than MOST_DAYS of them."""
    if not 0 <= (last - first).days < MOST_DAYS:
        raise RefusedError("the last day is not before the first, and at most 31 days in one go", "days")
    new = {(first + dt.timedelta(days=n)).isoformat() for n in range((last - first).days + 1)}
    team.closed = sorted({*team.closed, *new})


def open_on(team: Team, day: str) -> None:
    """Takes a closed day back; nothing happens when it is none."""
    team.closed = [closed for closed in team.closed if closed != day]


def _free_name(session: Session, name: str, own: int | None) -> str:
    name = " ".join(name.split())
    if not 1 <= len(name) <= LONGEST_NAME:
        raise RefusedError("a team's name has 1 to 60 characters", "team_name")
    for team in listed(session):  # a house has a handful
        if team.id != own and team.name.casefold() == name.casefold():
            raise RefusedError("another team has this name", "team_taken")
    return name


def _flush(session: Session) -> None:
    try:
        session.flush()
    except IntegrityError as error:  # somebody else took the name a moment ago
        raise RefusedError("another team has this name", "team_taken") from error

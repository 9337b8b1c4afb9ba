"""Giving a case to somebody: to a colleague, or to a team. The person is told only when another voice will answer them."""

from __future__ import annotations

from sqlalchemy.orm import Session

from bot.cases import crew, handoffs, notes, notices, telling
from bot.cases.hours import LONDON
from bot.cases.models import Handoff
from bot.cases.states import HELD, WAITING
from bot.db.base import now
from bot.errors import RefusedError
from bot.staff.absences import is_away
from bot.staff.models import Team


def to_colleague(
    session: Session, handoff: Handoff, by: int, to: int, note: str = "", *, once: str, may_take: bool = False
) -> bool:
    """Hands it over, with a note for them if there is one. False when it is theirs already.

    `may_take`: `by` may give away what somebody else holds (permission cases.reassign).
    Raises RefusedError: closed, not_yours, not_in_team, away, and what bot.cases.notes refuses.
    """
    handoffs.lock(session, handoff)
    if handoff.claimed_by == to and handoff.state in HELD:
        return False
    _check(handoff, by, may_take=may_take)
    if not crew.works_on(session, to, handoff.team_id):
        raise RefusedError("they do not work on this team's cases", "not_in_team")
    if is_away(session, to, now().astimezone(LONDON).date()):
        raise RefusedError("they are away today", "away")
    if handoff.state in WAITING:
        handoffs.claim(session, handoff, to, f"staff:{by}")
    else:
        spoke = handoff.first_answered_at is not None
        handoffs.hand_over(session, handoff, by, to)
        if spoke:
            telling.tell(session, handoff, "handoff.handed_over", origin=f"handed:{once}")
    if note.strip():
        notes.add(session, by, handoff, note, once=f"handed:{once}")
    if to != by:
        notices.tell(session, [to], "assigned", f"handoff:{handoff.reference}")
    return True


def to_team(
    session: Session,
    handoff: Handoff,
    by: int,
    team_id: int,
    note: str = "",
    *,
    once: str,
    may_take: bool = False,
    to_others: bool = False,
) -> bool:
    """Puts it into another team's queue; who was talking to the person stops, and the person is told. False when it is there already.

    `to_others`: `by` may give it to a team that is not theirs (permission cases.reassign). Raises RefusedError: closed,
    not_yours, team, other_team, and what bot.cases.notes refuses.
    """
    handoffs.lock(session, handoff)
    if handoff.team_id == team_id and handoff.state in WAITING:
        return False
    _check(handoff, by, may_take=may_take)
    if session.get(Team, team_id) is None:
        raise RefusedError("there is no such team", "team")
    if not (to_others or by in crew.ids(session, team_id)):
        raise RefusedError("only a lead gives a case to a team that is not their own", "other_team")
    if note.strip():
        notes.add(session, by, handoff, note, once=f"to-team:{once}")
    held = handoff.state in HELD
    handoffs.to_team(session, handoff, by, team_id)
    if held:
        telling.tell(session, handoff, "handoff.released", origin=f"to-team:{once}", goes_on=True)
    notices.opened(session, handoff)
    return True


def _check(handoff: Handoff, by: int, *, may_take: bool) -> None:
    if handoff.state == "closed":
        raise RefusedError("this hand-off is closed", "closed")
    if handoff.state in HELD and handoff.claimed_by != by and not may_take:
        raise RefusedError("only who holds it, or a lead, can give it away", "not_yours")

"""Who is interested in what: each opportunity with its referrals, and what is wrong with its entry."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import func, select
from starlette.responses import Response

from bot.cases import queues
from bot.cases.models import Referral
from bot.cases.states import REFERRAL_ENDED
from bot.console.fields import today
from bot.console.visits import StaffVisit
from bot.knowledge import snapshot
from bot.knowledge.as_service import PREFIX, opportunity_of
from bot.knowledge.seed import Opportunity
from bot.knowledge.snapshot import is_fresh
from bot.opportunities.matching import unknown_needs


@dataclass(frozen=True)
class Row:
    """`unknown`: skills that our list does not have: nobody is ever matched by them. `entry` None: it is not offered any more."""

    receiver: str
    entry: Opportunity | None
    open: int
    ended: int
    unknown: tuple[str, ...] = ()
    late: bool = False


def listing(visit: StaffVisit) -> Response:
    """Counts only the referrals that this account may read."""
    visible = queues.visible_to(visit.session, visit.staff.id, visit.staff.role, Referral)
    query = select(Referral.service, Referral.state, func.count()).where(visible, Referral.service.startswith(PREFIX))
    counted: dict[str, list[int]] = {}
    for service, state, times in visit.session.execute(query.group_by(Referral.service, Referral.state)):
        counted.setdefault(service, [0, 0])[state in REFERRAL_ENDED] += times
    offered = snapshot.current(visit.session).opportunities
    rows = [_row(PREFIX + one.key, one, counted) for one in offered.values()]
    rows += [_row(receiver, None, counted) for receiver in counted if opportunity_of(receiver) not in offered]
    rows.sort(key=lambda row: (-row.open, row.entry.name.casefold() if row.entry else row.receiver))
    visit.record("opportunities.list", "opportunities")
    return visit.page("opportunities.html", rows=rows)


def _row(receiver: str, one: Opportunity | None, counted: dict[str, list[int]]) -> Row:
    still, ended = counted.get(receiver, (0, 0))
    if one is None:
        return Row(receiver, None, still, ended)
    return Row(receiver, one, still, ended, unknown_needs(one), not is_fresh(one.fact, today()))

"""Who is interested in what: each opportunity with its referrals, what is wrong with its entry, and that somebody asked them today."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import func, select
from starlette.responses import Response

from bot.cases import queues
from bot.cases.models import Referral
from bot.cases.states import REFERRAL_ENDED
from bot.console.fields import today
from bot.console.visits import NotHereError, StaffVisit
from bot.knowledge import editing, snapshot
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
    return visit.page("opportunities.html", rows=rows, today=today())


def assure(visit: StaffVisit) -> Response:
    """One tap: the organisation said today that it takes people. Kept as a change of the entry, with who and when."""
    key = visit.part("key")
    entry = editing.find(visit.session, "opportunities", key, to_change=True)
    if entry is None or not entry.published:
        raise NotHereError
    data, why = {"assured_on": today().isoformat()}, visit.text("console.opportunities.assured_why")
    editing.edit_data(visit.session, entry, data, f"staff:{visit.staff.id}", why)
    visit.record("opportunities.assure", f"opportunities:{key}", data["assured_on"])
    return visit.go("/opportunities", done="assured")


def _row(receiver: str, one: Opportunity | None, counted: dict[str, list[int]]) -> Row:
    still, ended = counted.get(receiver, (0, 0))
    if one is None:
        return Row(receiver, None, still, ended)
    return Row(receiver, one, still, ended, unknown_needs(one), not is_fresh(one.fact, today()))

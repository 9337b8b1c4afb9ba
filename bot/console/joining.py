"""What only a lead does: two people who are one, and data that must not be deleted for now."""

from __future__ import annotations

from starlette.responses import Response

from bot.cases import holds, merging, queues
from bot.console.case_page import found
from bot.console.cases import done
from bot.console.fields import number_in_path
from bot.console.visits import NotHereError, StaffVisit
from bot.errors import RefusedError


def merge(visit: StaffVisit) -> Response:
    """Joins another case with this one. The first time the page shows which one it is, and asks to type its reference."""
    kept = found(visit)
    name = visit.value("other").strip().upper()
    other = queues.find(visit.session, name, visit.staff.id, visit.staff.role)
    if other is None:
        raise RefusedError("there is no such case, or none that you may see", "no_case")
    merging.merge(visit.session, kept, other, visit.staff.id, visit.value("typed"))
    return done(visit, kept, "merged", other.reference)


def hold(visit: StaffVisit) -> Response:
    handoff = found(visit)
    holds.put(visit.session, handoff, visit.staff.id, visit.value("why"))
    return visit.go(f"/cases/{handoff.reference}", done="held")


def end_hold(visit: StaffVisit) -> Response:
    row = holds.find(visit.session, number_in_path(visit), visit.staff.id, visit.staff.role)
    if row is None:
        raise NotHereError
    holds.end(visit.session, row, visit.staff.id, visit.value("why"))
    return visit.go("/upcoming", done="hold_ended")

"""What changed for the person of a case, as a caseworker reads and notes it."""

from __future__ import annotations

from starlette.responses import Response

from bot.console.case_page import found
from bot.console.cases import done
from bot.console.fields import day
from bot.console.visits import StaffVisit
from bot.errors import RefusedError
from bot.journeys import english, outcomes


def note(visit: StaffVisit) -> Response:
    """Of whoever may see the case, whoever holds it."""
    handoff, kind = found(visit), visit.value("kind")
    try:
        on = day(visit.value("happened_on"))
    except RefusedError as error:
        raise RefusedError(str(error), "outcome_day") from error
    faces = (_face(visit.value("then")), _face(visit.value("now"))) if kind == outcomes.CONFIDENCE else None
    row = outcomes.by_staff(visit.session, handoff.person_id, visit.staff.id, kind, on, faces, visit.once)
    if level := visit.value("level"):
        english.note(row, level)
    visit.record("outcomes.note", f"handoff:{handoff.reference}", row.kind)
    return done(visit, handoff, "outcome_noted")


def _face(text: str) -> int:
    return int(text) if text in tuple("12345") else 0

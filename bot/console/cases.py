"""Taking a case, giving it back or to somebody else, setting it aside, ending it."""

from __future__ import annotations

from starlette.responses import Response

from bot.cases import answering, assigning, handoffs, snoozing
from bot.cases.hours import moment
from bot.cases.models import Handoff
from bot.console.case_page import found
from bot.console.fields import number_in_form
from bot.console.visits import StaffVisit
from bot.staff.permissions import may


def claim(visit: StaffVisit) -> Response:
    handoff = changing(visit)
    answering.claim(visit.session, handoff, visit.staff.id)
    return done(visit, handoff, "claimed")


def give_back(visit: StaffVisit) -> Response:
    handoff = changing(visit)
    answering.give_back(visit.session, handoff, visit.staff.id, visit.value("why"))
    return done(visit, handoff, "given_back")


def close(visit: StaffVisit) -> Response:
    handoff = changing(visit)
    answering.close(visit.session, handoff, visit.staff.id, visit.value("outcome"))
    return done(visit, handoff, "closed")


def assign(visit: StaffVisit) -> Response:
    """To a colleague, with a note."""
    handoff, to = changing(visit), number_in_form(visit, "to")
    assigning.to_colleague(
        visit.session,
        handoff,
        visit.staff.id,
        to,
        visit.value("note"),
        once=visit.once,
        may_take=may(visit.staff.role, "cases.reassign"),
    )
    return done(visit, handoff, "assigned", f"staff:{to}")


def to_team(visit: StaffVisit) -> Response:
    """Into another team's queue, with a note. It may be out of one's own sight then."""
    handoff, team = changing(visit), number_in_form(visit, "team")
    widely = may(visit.staff.role, "cases.reassign")
    assigning.to_team(
        visit.session,
        handoff,
        visit.staff.id,
        team,
        visit.value("note"),
        once=visit.once,
        may_take=widely,
        to_others=widely,
    )
    visit.record("cases.to_team", f"handoff:{handoff.reference}", f"team:{team}")
    return visit.go("/cases", done="to_team")


def snooze(visit: StaffVisit) -> Response:
    handoff = changing(visit)
    until = visit.value("until") or visit.value("until_other")
    snoozing.snooze(visit.session, handoff, visit.staff.id, moment(until))
    return done(visit, handoff, "snoozed")


def wake(visit: StaffVisit) -> Response:
    handoff = changing(visit)
    snoozing.wake(visit.session, handoff, visit.staff.id)
    return done(visit, handoff, "woken")


def changing(visit: StaffVisit) -> Handoff:
    """The case of this address; nobody else moves it until this visit ends. Raises NotHereError."""
    handoff = found(visit)
    handoffs.lock(visit.session, handoff)
    return handoff


def done(visit: StaffVisit, handoff: Handoff, what: str, why: str = "") -> Response:
    """Noted, and back to the case."""
    visit.record(f"cases.{what}", f"handoff:{handoff.reference}", why)
    return visit.go(f"/cases/{handoff.reference}", done=what)

"""What staff note about a case or referral for each other: notes, and tags to find it by."""

from __future__ import annotations

from starlette.responses import Response

from bot.cases import notes, tags
from bot.console.case_page import found
from bot.console.cases import done
from bot.console.visits import StaffVisit


def note(visit: StaffVisit) -> Response:
    """Of whoever may see the case, whoever holds it."""
    handoff = found(visit)
    notes.add(visit.session, visit.staff.id, handoff, visit.value("note"), once=visit.once)
    return done(visit, handoff, "noted")


def tag(visit: StaffVisit) -> Response:
    handoff = found(visit)
    tags.add(visit.session, handoff, visit.value("tag"))
    return done(visit, handoff, "tagged")


def untag(visit: StaffVisit) -> Response:
    handoff = found(visit)
    tags.remove(visit.session, handoff, visit.value("tag"))
    return done(visit, handoff, "untagged")

"""What the rules of keeping will close and delete, before it happens; and whose data is kept in spite of them."""

from __future__ import annotations

from starlette.responses import Response

from bot.cases import holds, retention
from bot.cases import upcoming as coming
from bot.console.visits import StaffVisit

DAYS = 14


def listing(visit: StaffVisit) -> Response:
    rules = retention.Rules.of(visit.house.settings)
    visit.record("cases.upcoming", "queue:upcoming")
    return visit.page(
        "upcoming.html",
        rows=coming.upcoming(visit.session, rules, visit.staff.id, visit.staff.role, days=DAYS),
        rules=rules,
        days=DAYS,
        holds=holds.listed(visit.session, visit.staff.id, visit.staff.role),
    )

"""What somebody has been told of and has not looked at."""

from __future__ import annotations

from starlette.responses import Response

from bot.cases import notice_board
from bot.console.visits import StaffVisit


def listing(visit: StaffVisit) -> Response:
    return visit.page("notices.html", rows=notice_board.listed(visit.session, visit.staff.id, visit.staff.role))


def see_all(visit: StaffVisit) -> Response:
    notice_board.see(visit.session, visit.staff.id)
    return visit.go("/notices", done="notices_seen")

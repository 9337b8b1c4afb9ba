"""The queue: hand-offs that wait, whose they are, what to narrow them down by; and a colleague's own views of it."""

from __future__ import annotations

import time
from functools import partial
from urllib.parse import urlencode

from starlette.responses import Response

from bot.cases import filtering, queues, saved_views, targets
from bot.cases.queues import Filters
from bot.cases.states import WAITING
from bot.console.fields import number_in_path
from bot.console.visits import NotHereError, StaffVisit, is_by_itself
from bot.db.base import now
from bot.staff import teams
from bot.staff.permissions import may

CASES, MASKED = "/console/cases", "/console/masked"
AGAIN_SECONDS = 600.0
_looked: dict[tuple[int, str], float] = {}  # account and list -> when it was noted last


def queue(visit: StaffVisit) -> Response:
    """One page. What is searched for is not kept anywhere: not in the audit, not in a view."""
    filters = _filters(visit)
    number = visit.number("page") or 1
    reads = may(visit.staff.role, "cases.read")
    page = queues.listed(visit.session, filters, visit.staff.id, visit.staff.role, visit.query("after"))
    visible = queues.visible_to(visit.session, visit.staff.id, visit.staff.role)
    _note(visit, filters.show)
    return visit.page(
        "queue.html",
        filters=filters,
        shown=queues.SHOWN,
        rows=page.rows,
        # a search would be made six times over for the numbers on the tabs
        counts={} if filters.text else queues.counts(visit.session, visit.staff.id, visit.staff.role, filters),
        most=queues.MOST_COUNTED,
        danger=filtering.in_danger(visit.session, visible) if _hides_danger(filters) else 0,
        narrowed=filtering.narrowed(filters),
        choices=filtering.choices(visit.session, visible, visit.house.settings.languages),
        known_tags=filtering.known_tags(visit.session),
        views=[(view, saved_views.filters_of(view)) for view in saved_views.listed(visit.session, visit.staff.id)],
        has_teams=bool(teams.team_ids_of(visit.session, visit.staff.id)),
        number=number,
        after=page.after,
        request_after=visit.query("after"),
        address=partial(address, CASES if reads else MASKED),
        base=CASES if reads else MASKED,
        reads=reads,
        waits=WAITING,
        overdue=lambda handoff: targets.is_overdue(handoff, now()),
        changed=queues.latest(visit.session, visit.staff.id, visit.staff.role),
    )


def _note(visit: StaffVisit, show: str) -> None:
    """A list that an open page asks for again and again is noted now and then: no word of anybody is in it."""
    seen, at = (visit.staff.id, show), time.monotonic()
    if not is_by_itself(visit.request) or at - _looked.get(seen, -AGAIN_SECONDS) >= AGAIN_SECONDS:
        _looked[seen] = at
        visit.record("cases.list", f"queue:{show}")


def save_view(visit: StaffVisit) -> Response:
    """The filters as they stand in the form, under a name."""
    filters = filtering.given(visit.value)
    if filters is None:
        raise NotHereError
    saved_views.make(visit.session, visit.staff.id, visit.value("name"), filters)
    visit.record("cases.view_saved", f"staff:{visit.staff.id}")
    return visit.go("/cases", **_kept(filters), done="view_saved")


def remove_view(visit: StaffVisit) -> Response:
    if not saved_views.delete(visit.session, visit.staff.id, number_in_path(visit)):
        raise NotHereError
    visit.record("cases.view_removed", f"staff:{visit.staff.id}")
    return visit.go("/cases", done="view_removed")


def address(base: str, filters: Filters, **changed: str) -> str:
    """The queue's address with these filters, some of them changed."""
    wanted = {"show": filters.show, **filtering.narrowed(filters), **changed}
    return f"{base}?" + urlencode({name: value for name, value in wanted.items() if value})


def _filters(visit: StaffVisit) -> Filters:
    found = filtering.given(visit.value if visit.asked.refused else visit.query)
    if found is None:
        raise NotHereError
    return found


def _kept(filters: Filters) -> dict[str, str]:
    return {"show": filters.show, **filtering.narrowed(filters)}


def _hides_danger(filters: Filters) -> bool:
    """Whether somebody in danger may wait who is not in the list that is shown."""
    return filters.show != "waiting" or bool(filtering.narrowed(filters))

"""Feeds of others' services: which are read, how the last reading went, and what was corrected here."""

from __future__ import annotations

from starlette.responses import Response

from bot.console.fields import number_in_form, number_in_path
from bot.console.visits import NotHereError, StaffVisit
from bot.upkeep import feeds
from bot.upkeep.models import FeedSource

LISTED = 100


def listing(visit: StaffVisit) -> Response:
    rows = feeds.listed(visit.session)
    waiting = {row.id: feeds.proposal(visit.session, row.id) for row in rows}
    return visit.page("exchange_feeds.html", rows=rows, waiting=waiting, hours=feeds.EVERY_HOURS)


def add(visit: StaffVisit) -> Response:
    row = feeds.subscribe(visit.session, visit.value("url"), number_in_form(visit, "hours"))
    visit.record("feeds.add", f"feed:{row.id}", row.url)
    return visit.go(f"/feeds/{row.id}", done="feed_added")


def feed(visit: StaffVisit) -> Response:
    row = visit.session.get(FeedSource, number_in_path(visit))
    if row is None:
        raise NotHereError
    corrected = feeds.corrected(visit.session, row.url)
    return visit.page(
        "exchange_feed.html",
        row=row,
        proposal=feeds.proposal(visit.session, row.id),
        corrected=corrected[:LISTED],
        total=len(corrected),
        hours=feeds.EVERY_HOURS,
    )


def change(visit: StaffVisit) -> Response:
    row = _row(visit)
    feeds.change(row, every_hours=number_in_form(visit, "hours"), active=bool(visit.value("active")))
    visit.record("feeds.change", f"feed:{row.id}", f"{row.every_hours} h, {'on' if row.active else 'off'}")
    return visit.go(f"/feeds/{row.id}", done="feed_changed")


def ask(visit: StaffVisit) -> Response:
    row = _row(visit)
    feeds.ask(row, whole=bool(visit.value("whole")))
    visit.record("feeds.ask", f"feed:{row.id}")
    return visit.go(f"/feeds/{row.id}", done="feed_asked")


def remove(visit: StaffVisit) -> Response:
    """It is read no more; what was taken from it stays."""
    row = _row(visit)
    visit.record("feeds.remove", f"feed:{row.id}", row.url)
    visit.session.delete(row)
    return visit.go("/feeds", done="feed_removed")


def _row(visit: StaffVisit) -> FeedSource:
    found = feeds.find(visit.session, number_in_path(visit))
    if found is None:
        raise NotHereError
    return found

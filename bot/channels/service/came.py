"""What a trusted place sees behind its secret link: how many came by it, never who."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy.orm import Session
from starlette.responses import Response

from bot.cases.hours import LONDON
from bot.channels.service import rendering, views
from bot.db.base import now
from bot.house import House
from bot.knowledge import snapshot
from bot.opportunities import arrivals, links


def number(house: House, session: Session, token: str, form: Mapping[str, str]) -> Response:
    """It changes nothing. A link that has ended, one that never was, and a place that has left look alike."""
    key = links.find(session, token)
    place = snapshot.current(session).contacts.get(key or "")
    if place is None:
        return views.gone(house)
    times = arrivals.shown(session, place.key, now().astimezone(LONDON).date())
    return rendering.page("came.html", house.settings, name=place.name, times=times)

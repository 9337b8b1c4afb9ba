"""A colleague's own filters of the queue, under names."""

from __future__ import annotations

from dataclasses import asdict, fields

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.cases.models import SavedView
from bot.cases.queues import SHOWN, Filters
from bot.errors import RefusedError

MOST, LONGEST = 20, 40  # views of one account; characters of a name
# words that were searched for can be a person's: they are not kept
KEPT = tuple(field.name for field in fields(Filters) if field.name != "text")


def listed(session: Session, staff_id: int) -> list[SavedView]:
    """By name."""
    return list(session.scalars(select(SavedView).where(SavedView.staff_id == staff_id).order_by(SavedView.name, SavedView.id)))


def filters_of(view: SavedView) -> Filters:
    """What it shows; a filter that there is no more is left out."""
    kept = {name: str(value) for name, value in dict(view.filters).items() if name in KEPT}
    return Filters(**kept) if kept.get("show", "waiting") in SHOWN else Filters()


def make(session: Session, staff_id: int, name: str, filters: Filters) -> SavedView:
    """The same name again is the same view, changed. Raises RefusedError: view_name, views_many."""
    name = " ".join(name.split())
    if not 0 < len(name) <= LONGEST:
        raise RefusedError(f"the name of a view has 1 to {LONGEST} characters", "view_name")
    kept = {key: value for key, value in asdict(filters).items() if key in KEPT and value}
    found = next((view for view in listed(session, staff_id) if view.name.casefold() == name.casefold()), None)
    if found is not None:
        found.name, found.filters = name, kept
        return found
    if (session.scalar(select(func.count(SavedView.id)).where(SavedView.staff_id == staff_id)) or 0) >= MOST:
        raise RefusedError(f"you can keep {MOST} views", "views_many")
    view = SavedView(staff_id=staff_id, name=name, filters=kept)
    session.add(view)
    session.flush()
    return view


def delete(session: Session, staff_id: int, view_id: int) -> bool:
    """False when it is gone already, or somebody else's."""
    view = session.get(SavedView, view_id)
    if view is None or view.staff_id != staff_id:
        return False
    session.delete(view)
    session.flush()
    return True

"""Which languages stand on the poster of a trusted place: those that are read around it, chosen by who keeps it, and kept with it."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy.orm import Session

from bot.db.base import now
from bot.opportunities.models import ContactPoster


def languages(session: Session, key: str, offered: Sequence[str]) -> list[str]:
    """What was chosen last, as far as it is still offered; before anybody has chosen, and when nothing of it is left: all of them."""
    row = session.get(ContactPoster, key)
    chosen = [code for code in row.languages if code in offered] if row is not None else []
    return chosen or list(offered)


def choose(session: Session, key: str, chosen: Sequence[str], staff_id: int) -> None:
    """Kept until somebody chooses otherwise."""
    row = session.get(ContactPoster, key)
    if row is None:
        row = ContactPoster(contact=key, languages=[])
        session.add(row)
    row.languages, row.chosen_by, row.chosen_at = list(chosen), staff_id, now()
    session.flush()

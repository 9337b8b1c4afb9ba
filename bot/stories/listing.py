"""Stories as staff look through them."""

from __future__ import annotations

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.stories.models import ToldStory
from bot.stories.states import STORY

MOST = 200


def counts(session: Session) -> dict[str, int]:
    """state -> how many, every state in the order of a story's way."""
    found = dict(session.execute(select(ToldStory.state, func.count()).group_by(ToldStory.state)).tuples().all())
    return {state: found.get(state, 0) for state in STORY}


def in_state(session: Session, state: str) -> list[ToldStory]:
    """Those that have waited longest first, at most MOST."""
    query = select(ToldStory).where(ToldStory.state == state).order_by(ToldStory.updated_at, ToldStory.id).limit(MOST)
    return list(session.scalars(query))

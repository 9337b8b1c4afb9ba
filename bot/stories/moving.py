"""Every move of a story goes through here, and what ends with one: what was agreed, and the words."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.cases.states import check_move
from bot.db.base import now
from bot.people.models import Consent
from bot.stories.models import StoryMove, ToldStory
from bot.stories.states import STORY


def move(session: Session, story: ToldStory, becomes: str, actor: str, why: str = "") -> None:
    """`actor`: "person", "bot", "staff:<id>"; `why`: a code. Raises RefusedError (move)."""
    check_move(STORY, story.state, becomes)
    note(session, story, actor, story.state, becomes, why)
    story.state, story.updated_at = becomes, now()
    session.flush()


def note(session: Session, story: ToldStory, actor: str, was: str, becomes: str, why: str = "") -> None:
    session.add(StoryMove(story_id=story.id, actor=actor, was=was, becomes=becomes, why=why))


def moves(session: Session, story: ToldStory) -> list[StoryMove]:
    """Oldest first."""
    return list(session.scalars(select(StoryMove).where(StoryMove.story_id == story.id).order_by(StoryMove.id)))


def end_consent(session: Session, story: ToldStory) -> None:
    """What was agreed is not agreed any more."""
    if story.consent_id is not None and (given := session.get(Consent, story.consent_id)) is not None:
        given.withdrawn_at = given.withdrawn_at or now()
    story.consent_id = None


def empty(story: ToldStory) -> None:
    """Nothing stays of what was said but that there was a story."""
    story.words, story.texts, story.wish, story.name, story.country = None, {}, None, None, None

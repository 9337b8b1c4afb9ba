"""Somebody goes, or a story is over: nothing of it is told any more, and its rows go when their time has come."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import ColumnElement, delete, select
from sqlalchemy.orm import Session

from bot.cases.models import Notice
from bot.db.base import now
from bot.people.models import Consent
from bot.stories import entries
from bot.stories.models import ToldStory
from bot.stories.states import CONSENTED

PURPOSE = "story:"  # what every consent to a story begins with


def goes(session: Session, person_id: int) -> None:
    """Before the person is deleted: every story of theirs is taken back everywhere, and goes; no legal hold asks for it."""
    these(session, list(session.scalars(select(ToldStory.id).where(ToldStory.person_id == person_id))))
    session.execute(delete(Consent).where(Consent.person_id == person_id, Consent.purpose.startswith(PURPOSE)))


def these(session: Session, ids: list[int]) -> None:
    """Takes them back everywhere and deletes them."""
    for story in session.scalars(select(ToldStory).where(ToldStory.id.in_(ids)).order_by(ToldStory.id).with_for_update()):
        entries.withdraw(session, story, "bot")
        session.execute(delete(Notice).where(Notice.object == f"story:{story.reference}"))
        session.delete(story)
    session.flush()


def untouched(before: dt.datetime) -> list[ColumnElement[bool]]:
    """Not agreed to, or over, and nothing was done with it since then."""
    return [ToldStory.state.not_in(CONSENTED), ToldStory.updated_at < before]


def run_out() -> list[ColumnElement[bool]]:
    """Agreed to for a time that has passed."""
    over = select(Consent.id).where(Consent.until < now())
    return [ToldStory.state.in_(CONSENTED), ToldStory.consent_id.in_(over)]


def consents_over(before: dt.datetime) -> list[ColumnElement[bool]]:
    """What was agreed and ended before then."""
    return [Consent.purpose.startswith(PURPOSE), (Consent.until < before) | (Consent.withdrawn_at < before)]

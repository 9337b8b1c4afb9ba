"""A story as an entry of the knowledge base: proposed to an admin when the person has agreed, and told only as they agreed.

Two locks: an entry is taken out when its consent ends, and at every answer it is asked whether the entry still says exactly what was
agreed. So neither an edit, nor a backup that is restored, nor a draft that somebody publishes late tells what nobody agreed to.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from bot.db.base import now
from bot.errors import RefusedError
from bot.knowledge import drafts, erasing
from bot.knowledge.models import Entry
from bot.knowledge.seed import Story
from bot.knowledge.snapshot import Snapshot
from bot.people.models import Consent
from bot.stories.models import ToldStory
from bot.stories.moving import empty, end_consent, move
from bot.stories.states import CONSENTED, OVER

KIND = "stories"


@dataclass(frozen=True)
class Agreed:
    """What may be told, and until when."""

    story: ToldStory
    consent: Consent


def propose(session: Session, story: ToldStory, staff_id: int) -> str:
    """A draft that an admin publishes. Returns the key of its entry. Raises RefusedError: story_not_agreed, draft_other."""
    agreed = _agreed(session, ToldStory.id == story.id)
    if not agreed:
        raise RefusedError("the person has not agreed to this, or not any more", "story_not_agreed")
    key, given = story.reference.lower(), agreed[0].consent.given_at.date()
    fact = {
        "source": "useit", "checked_on": given.isoformat(), "review_by": agreed[0].consent.until.date().isoformat(),
        "volatility": "D", "sure": "V",
    }  # fmt: skip
    data = {
        **story.texts["en"], "fact": fact, "told_on": story.created_at.date().isoformat(), "told_in": story.language, "consent": story.reference,
        "pathways": [story.pathway] if story.pathway else [], "first_name": story.name or "", "country": story.country or "",
    }  # fmt: skip
    own = story.texts.get(story.language, {}) if story.language != "en" else {}
    texts = {(story.language, part): text for part, text in own.items() if text}
    texts |= {("en", part): text for part, text in story.texts["en"].items() if text}
    drafts.propose(session, KIND, key, who=f"staff:{staff_id}", why=story.reference, data=data, texts=texts)
    story.entry_key = key
    session.flush()
    return key


def take_out(session: Session, story: ToldStory) -> None:
    """Its entry goes, with every translation, version and draft: at the next message no process tells it."""
    if story.entry_key is not None:
        erasing.erase(session, KIND, story.entry_key)
        story.entry_key = None


def withdraw(session: Session, story: ToldStory, actor: str) -> bool:
    """Everywhere at once, and its words go. False when it was over already."""
    if story.state in OVER:
        return False
    take_out(session, story)
    end_consent(session, story)
    move(session, story, "withdrawn", actor)
    empty(story)
    session.flush()
    return True


def tellable(session: Session, knowledge: Snapshot) -> dict[str, Story]:
    """Of the published stories those that may be told now: what its source published, and what a person has agreed to, word for word."""
    if not knowledge.stories:
        return {}
    told_here = set(session.scalars(select(ToldStory.entry_key).where(ToldStory.entry_key.in_(knowledge.stories))))
    agreed = {
        found.story.entry_key
        for found in _agreed(session, ToldStory.entry_key.in_(knowledge.stories))
        if says_so(knowledge, found)
    }
    return {
        key: entry for key, entry in knowledge.stories.items() if key in agreed or (key not in told_here and not entry.consent)
    }


def says_so(knowledge: Snapshot, agreed: Agreed) -> bool:
    """Whether the entry says exactly what was agreed: in English and in the person's language, with no more of who they are."""
    story, entry = agreed.story, knowledge.stories.get(agreed.story.entry_key or "")
    if entry is None or entry.more or (entry.first_name, entry.country) != (story.name or "", story.country or ""):
        return False
    for language, texts in story.texts.items():
        for part, text in texts.items():
            row = knowledge.words(KIND, entry.key, part, language)
            if text and (row.text, row.language) != (text, language):
                return False
            if not text and row:
                return False
    return True


def published_in(session: Session, first: dt.date, last: dt.date, knowledge: Snapshot) -> list[Agreed]:
    """What was agreed to be in reports and is told now, of stories told in these days, oldest first."""
    found = _agreed(session, ToldStory.in_reports.is_(True))
    return [one for one in found if first <= one.story.created_at.date() <= last and says_so(knowledge, one)]


def settle(session: Session) -> list[ToldStory]:
    """Notes of what was agreed whether it is published by now. Returns those that have just become so."""
    new = []
    rows = select(ToldStory, Entry.published).outerjoin(Entry, (Entry.kind == KIND) & (Entry.key == ToldStory.entry_key))
    for story, published in session.execute(
        rows.where(ToldStory.state.in_(CONSENTED)).with_for_update(of=ToldStory, skip_locked=True)
    ):
        if bool(published) == (story.state == "published"):
            continue
        move(session, story, "published" if published else "agreed", "bot")
        if published:
            new.append(story)
    return new


def differs(session: Session, story: ToldStory, knowledge: Snapshot) -> bool:
    """Whether a published entry says something else than was agreed, so that it is not told."""
    found = _agreed(session, ToldStory.id == story.id)
    return bool(found) and story.entry_key in knowledge.stories and not says_so(knowledge, found[0])


def _agreed(session: Session, which: ColumnElement[bool]) -> list[Agreed]:
    query = (
        select(ToldStory, Consent).join(Consent, Consent.id == ToldStory.consent_id).where(which, ToldStory.state.in_(CONSENTED))
    )
    query = query.where(Consent.withdrawn_at.is_(None), Consent.until > now()).order_by(ToldStory.created_at, ToldStory.id)
    return [Agreed(story, consent) for story, consent in session.execute(query)]

"""You said, we did: an admin writes both in two short texts, which are translated and reviewed as every text of the knowledge is."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.cases.references import new_reference
from bot.db.base import now
from bot.errors import RefusedError
from bot.knowledge import editing
from bot.knowledge.models import Entry
from bot.suggestions.models import NewsItem

KIND = "we_did"
LONGEST = 300  # characters of each text: one message holds three items
LOOK_AGAIN = dt.timedelta(days=365)
MOST_PEOPLE = 100_000


def make(session: Session, *, said: str, did: str, number: int, staff_id: int) -> NewsItem:
    """A draft; nobody reads it yet. Raises RefusedError: news_text, news_number."""
    said, did = _checked(said), _checked(did)
    if not 1 <= number <= MOST_PEOPLE:
        raise RefusedError("say how many people suggested it", "news_number")
    key, today = new_reference("N").lower(), now().date()
    fact = {
        "source": "useit",
        "checked_on": today.isoformat(),
        "review_by": (today + LOOK_AGAIN).isoformat(),
        "volatility": "D",
        "sure": "V",
    }
    who = f"staff:{staff_id}"
    data = {"name": said[:60], "said": said, "did": did, "fact": fact}
    entry = editing.create(
        session, KIND, key, data=data, texts={("en", "said"): said, ("en", "did"): did}, who=who, why="", checked=True
    )
    editing.show(session, entry, published=False, archived=False, who=who, why="")
    item = NewsItem(key=key, number=number, made_by=staff_id)
    session.add(item)
    session.flush()
    return item


def publish(session: Session, item: NewsItem, staff_id: int) -> None:
    """From now on the bot says it, and those who asked are told. A second time changes nothing."""
    if item.published_at is None:
        editing.show(session, entry_of(session, item), published=True, archived=False, who=f"staff:{staff_id}", why="")
        item.published_at = now()


def withdraw(session: Session, item: NewsItem, staff_id: int) -> None:
    """Nobody reads it any more; those who were told were told."""
    editing.show(session, entry_of(session, item), published=False, archived=False, who=f"staff:{staff_id}", why="")
    item.published_at = None


def find(session: Session, number: int) -> NewsItem | None:
    """Nobody else changes it until this transaction ends."""
    return session.scalar(select(NewsItem).where(NewsItem.id == number).with_for_update())


def published(session: Session, limit: int = 5) -> list[NewsItem]:
    """Newest first."""
    done = select(NewsItem).where(NewsItem.published_at.is_not(None)).order_by(NewsItem.published_at.desc()).limit(limit)
    return list(session.scalars(done))


def all_items(session: Session, limit: int = 100) -> list[tuple[NewsItem, Entry]]:
    """Newest first, drafts among them."""
    joined = select(NewsItem, Entry).join(Entry, (Entry.kind == KIND) & (Entry.key == NewsItem.key))
    return [(item, entry) for item, entry in session.execute(joined.order_by(NewsItem.id.desc()).limit(limit))]


def entry_of(session: Session, item: NewsItem) -> Entry:
    entry = editing.find(session, KIND, item.key, to_change=True)
    if entry is None:
        raise RefusedError("its texts are gone", "gone")
    return entry


def _checked(text: str) -> str:
    words = " ".join(text.split())
    if not words or len(words) > LONGEST or not words.isprintable() or any(mark in words for mark in "<>{}"):
        raise RefusedError(f"say it in plain words, in at most {LONGEST} characters", "news_text")
    return words

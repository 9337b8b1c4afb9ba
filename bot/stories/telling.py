"""A story from its first words to the person's yes: told, written short by a caseworker, shown to the person as it would be told, agreed to."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.cases import crew, notices
from bot.cases.references import new_reference
from bot.db.base import now
from bot.errors import RefusedError
from bot.knowledge import checks
from bot.people.models import Chat, Consent
from bot.stories import entries, private
from bot.stories.models import ToldStory
from bot.stories.moving import empty, end_consent, move, note
from bot.stories.states import OVER

LONGEST_WORDS, LONGEST_WISH, LONGEST_TITLE, LONGEST_TEXT = 6_000, 500, 80, 900  # characters
MOST_OPEN = 3  # stories of one person that are not over
AGREED_FOR = dt.timedelta(days=365)
FIELDS = ("title", "story", "helped")


@dataclass(frozen=True)
class Told:
    """What the person said: their words, and what of them may be said with it."""

    words: str
    language: str
    name: str | None = None
    country: str | None = None
    in_reports: bool = False
    pathway: str = ""
    by: str = "person"


@dataclass(frozen=True)
class Shown:
    """A story exactly as it would be told: `texts` by language."""

    texts: Mapping[str, Mapping[str, str]]
    name: str = ""
    country: str = ""
    in_reports: bool = False
    found: list[private.Found] = field(default_factory=list)


def of_person(session: Session, person_id: int) -> list[ToldStory]:
    """All of theirs, oldest first."""
    return list(session.scalars(select(ToldStory).where(ToldStory.person_id == person_id).order_by(ToldStory.id)))


def find(session: Session, reference: str, *, to_change: bool = False) -> ToldStory | None:
    """`to_change`: nobody else changes it until this transaction ends."""
    query = select(ToldStory).where(ToldStory.reference == reference)
    return session.scalar(query.with_for_update() if to_change else query)


def may_tell(session: Session, person_id: int) -> bool:
    return sum(row.state not in OVER for row in of_person(session, person_id)) < MOST_OPEN


def tell(session: Session, chat: Chat, told: Told) -> ToldStory:
    """Keeps it for caseworkers, who are told of it. Nobody else sees it. Raises RefusedError: story_empty, story_many."""
    words = checks.cleaned(told.words)[:LONGEST_WORDS]
    if not words:
        raise RefusedError("there are no words", "story_empty")
    if not may_tell(session, chat.person_id):
        raise RefusedError(f"there are {MOST_OPEN} stories of this person already", "story_many")
    story = ToldStory(
        reference=new_reference("S"), person_id=chat.person_id, chat_id=chat.id, by=told.by, language=told.language, words=words, texts={},
        pathway=told.pathway, name=told.name, country=told.country, in_reports=told.in_reports,
    )  # fmt: skip
    session.add(story)
    session.flush()
    note(session, story, told.by, "", "told")
    if told.by == "person":
        notices.tell(session, crew.ids(session, None), "story_told", f"story:{story.reference}")
    return story


def write(
    session: Session,
    story: ToldStory,
    staff_id: int,
    texts: Mapping[str, Mapping[str, str]],
    *,
    pathway: str,
    name: str,
    country: str,
) -> None:
    """The caseworker's short version, in English and in the person's language. What was agreed before ends: the words are new.

    Raises RefusedError: move, story_text (a title or story is missing), story_long.
    """
    kept = {language: {part: checks.cleaned(given.get(part, "")) for part in FIELDS} for language, given in texts.items()}
    for language in languages_of(story):
        given = kept.get(language, {})
        if not given.get("title") or not given.get("story"):
            raise RefusedError(f"a title and a story are needed in {language}", "story_text")
        if len(given["title"]) > LONGEST_TITLE or any(len(text) > LONGEST_TEXT for text in given.values()):
            raise RefusedError("a story is short: see the lengths", "story_long")
    entries.take_out(session, story)
    end_consent(session, story)
    story.texts, story.pathway, story.mark, story.wish = kept, pathway, story.mark + 1, None
    story.name, story.country = checks.cleaned(name) or None, checks.cleaned(country) or None
    move(session, story, "edited", f"staff:{staff_id}")


def languages_of(story: ToldStory) -> list[str]:
    """Those in which it is written: English, and the person's own, in which they read what they agree to."""
    return list(dict.fromkeys(["en", story.language]))


def shown(story: ToldStory) -> Shown:
    """As it would be told now."""
    return Shown(dict(story.texts or {}), story.name or "", story.country or "", story.in_reports)


def to_leave_out(story: ToldStory, known: frozenset[str]) -> list[private.Found]:
    """What of the written texts may point at somebody. `known`: words of the knowledge base, which do not."""
    theirs = {part.casefold() for part in (story.name, story.country) if part}
    text = "\n".join(given[part] for given in (story.texts or {}).values() for part in FIELDS if given.get(part))
    return [one for one in private.find(text, known) if one.words.casefold() not in theirs]


def ask(session: Session, story: ToldStory, staff_id: int, *, known: frozenset[str], looked: bool) -> None:
    """The person is to read it and to say yes, no or what to change; the caller sends it. `looked`: the caseworker has looked at what
    may point at somebody and says that it does not. Raises RefusedError: move, story_private, story_stopped."""
    if not looked and to_leave_out(story, known):
        raise RefusedError("this may point at somebody", "story_private")
    chat = session.get_one(Chat, story.chat_id)
    if chat.stopped or chat.unreachable_at is not None:
        raise RefusedError("this person does not take messages now", "story_stopped")
    story.mark += 1
    move(session, story, "asked", f"staff:{staff_id}")


def agree(session: Session, story: ToldStory, mark: int, text: str) -> bool:
    """The person's yes to exactly that mark; `text`: the words by which they were asked. False when it is not that any more."""
    if story.state != "asked" or mark != story.mark:
        return False
    at, now_shown = now(), shown(story)
    said = {
        "text": text,
        "texts": now_shown.texts,
        "name": now_shown.name,
        "country": now_shown.country,
        "reports": story.in_reports,
    }
    given = Consent(
        person_id=story.person_id, purpose=f"story:{story.reference}", shared=said, given_at=at, until=at + AGREED_FOR
    )
    session.add(given)
    session.flush()
    story.consent_id = given.id
    move(session, story, "agreed", "person")
    notices.tell(session, crew.ids(session, None), "story_agreed", f"story:{story.reference}")
    return True


def choose(story: ToldStory, mark: int, what: str) -> bool:
    """A choice of the person's while they are asked: no_name, no_country, here, reports. False when it is not asked any more."""
    if story.state != "asked" or mark != story.mark:
        return False
    if what == "no_name":
        story.name = None
    elif what == "no_country":
        story.country = None
    elif what in ("here", "reports"):
        story.in_reports = what == "reports"
    else:
        return False
    story.mark += 1
    return True


def wish(session: Session, story: ToldStory, words: str) -> bool:
    """What the person wants changed before they say yes. False when they are not asked any more."""
    if story.state != "asked":
        return False
    story.wish = checks.cleaned(words)[:LONGEST_WISH]
    move(session, story, "edited", "person", "wish")
    notices.tell(session, crew.ids(session, None), "story_wish", f"story:{story.reference}")
    return True


def decline(session: Session, story: ToldStory, actor: str) -> None:
    """The person says no, or we cannot tell it: its words go at once. Raises RefusedError (move)."""
    move(session, story, "declined", actor)
    empty(story)

"""From a draft to what the bot says: asked for review, approved, scheduled, published, given back. Who and why stand with each.

What an account may do is asked at the edge; what nobody may do alone is refused here and below (bot/knowledge/two_people.py).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.db.base import now
from bot.errors import RefusedError
from bot.knowledge import checks, document, drafts, editing, merging, two_people
from bot.knowledge.checks import Warned
from bot.knowledge.document import Document
from bot.knowledge.draft_models import Draft
from bot.knowledge.merging import Clash
from bot.knowledge.models import Entry

FARTHEST = dt.timedelta(days=366)
WISHES = {"unpublish": (False, False), "archive": (False, True), "republish": (True, False)}  # published, archived


class Content(NamedTuple):
    """What would be published now: the published entry with the draft's changes. `hash` names exactly that."""

    document: Document
    clashes: list[Clash]
    hash: str


def content(session: Session, draft: Draft, choices: Mapping[str, str] | None = None) -> Content:
    """`choices`: of the places both changed, place -> mine or theirs."""
    entry = editing.find(session, draft.kind, draft.key)
    theirs = document.of(entry) if entry else {}
    merged, clashes = merging.merge(draft.kind, draft.base, draft.changes, theirs, choices or {})
    return Content(merged, clashes, document.content_hash(draft.kind, draft.key, draft.wish, merged))


def ask_review(session: Session, draft: Draft, who: str, why: str) -> None:
    """Raises RefusedError: state, not_yours, empty."""
    _is_in(draft, "draft")
    if draft.author != who:
        raise RefusedError("only who wrote a draft can ask for its review", "not_yours")
    if not draft.changes and not draft.checked:
        raise RefusedError("nothing differs from what is published", "draft_empty")
    _becomes(draft, "in_review", who, why)


def approve(session: Session, draft: Draft, who: str, why: str, seen: str) -> None:
    """Says that exactly this may be published. `seen`: the hash of what was looked at.

    Raises RefusedError: state, own_draft, clash, stale, and what bot.knowledge.checks refuses.
    """
    _is_in(draft, "in_review")
    if who == draft.author:
        raise RefusedError("somebody else must approve this", "own_draft")
    now_is = content(session, draft)
    if now_is.clashes:
        raise RefusedError("somebody else changed the same meanwhile", "clash")
    if seen != now_is.hash:
        raise RefusedError("this is not what you have looked at any more", "stale")
    validate(draft, now_is.document)
    draft.approved_by, draft.approved_hash = who, now_is.hash
    _becomes(draft, "approved", who, why)


def give_back(session: Session, draft: Draft, who: str, why: str) -> None:
    """To who wrote it, with what is wrong. Raises RefusedError: state, why_needed."""
    _is_in(draft, "in_review", "approved", "scheduled")
    if not why.strip():
        raise RefusedError("say what is wrong with it", "why_needed")
    drafts.take_back_approval(draft)
    draft.state, draft.updated_at = "draft", now()
    drafts.note(draft, who, "returned", why)


def discard(session: Session, draft: Draft, who: str, why: str = "") -> None:
    """Raises RefusedError: state."""
    _is_in(draft, *drafts.OPEN)
    _becomes(draft, "discarded", who, why)


def schedule(session: Session, draft: Draft, who: str, at: dt.datetime, why: str) -> None:
    """It is published by itself at that time. Raises RefusedError: state, days, and what `publish` refuses of it today."""
    _may_go_out(draft, who)
    if not now() < at <= now() + FARTHEST:
        raise RefusedError("the time must lie ahead, within a year", "publish_at")
    found = _ready(session, draft, None)
    if two_people.needed(draft.kind):
        two_people.check(draft.kind, draft.author, _second(draft, found, who))
    draft.publish_at, draft.publish_by = at, who
    _becomes(draft, "scheduled", who, why)


def publish(
    session: Session,
    draft: Draft,
    who: str,
    why: str,
    *,
    choices: Mapping[str, str] | None = None,
    seen: str | None = None,
) -> list[Warned]:
    """The bot says it from the next message on. Returns what deserves a second look.

    What others published meanwhile stays; of what both changed `choices` says which, and then `seen` is the revision that was
    looked at. Raises RefusedError: state, not_yours, clash, stale, second_person, and what bot.knowledge.checks refuses.
    """
    _may_go_out(draft, who)
    entry = editing.find(session, draft.kind, draft.key, to_change=True)
    if choices and (entry is None or seen != editing.revision(entry)):
        raise RefusedError("somebody else changed this entry meanwhile", "stale")
    found = _ready(session, draft, choices)
    said = _say(session, draft, entry, found, _second(draft, found, who), why or draft.why)
    _becomes(draft, "published", who, why)
    return said


def due(session: Session) -> int:
    """Publishes what was scheduled for now. What cannot be published any more goes back to review, with the reason. How many."""
    is_due = select(Draft).where(Draft.state == "scheduled", Draft.publish_at <= now()).order_by(Draft.publish_at, Draft.id)
    published = 0
    for draft in session.scalars(is_due.with_for_update(skip_locked=True)).all():
        who = draft.publish_by or draft.author
        try:
            with session.begin_nested():
                publish(session, draft, who, draft.why)
                published += 1
        except RefusedError as error:
            drafts.take_back_approval(draft)
            _becomes(draft, "in_review", who, error.reason)
    return published


def validate(draft: Draft, merged: Document) -> None:
    """Raises what bot.knowledge.checks refuses of what would be published."""
    if draft.wish != "change":
        return
    checks.check_data(draft.kind, document.data_of(draft.key, merged))
    for (language, field), text in document.texts_of(draft.kind, merged).items():
        checks.check_text(draft.kind, language, field, text)


def _ready(session: Session, draft: Draft, choices: Mapping[str, str] | None) -> Content:
    found = content(session, draft, choices)
    if found.clashes:
        raise RefusedError("somebody else changed the same meanwhile", "clash")
    validate(draft, found.document)
    return found


def _second(draft: Draft, found: Content, who: str) -> str:
    """Who stands for it beside its author: who approved exactly this, else, where no approval is needed, who publishes it."""
    if draft.approved_by and draft.approved_hash == found.hash:
        return draft.approved_by
    return "" if two_people.needed(draft.kind) or who == draft.author else who


def _say(session: Session, draft: Draft, entry: Entry | None, found: Content, second: str, why: str) -> list[Warned]:
    if draft.wish != "change":
        assert entry is not None  # a wish is of an entry, and goes with it
        published, archived = WISHES[draft.wish]
        editing.show(session, entry, published=published, archived=archived, who=draft.author, why=why, approved_by=second)
        return []
    data, texts = document.data_of(draft.key, found.document), document.texts_of(draft.kind, found.document)
    read = {(language, field) for language, _, field in (place.partition(":") for place in draft.checked)}
    if entry is None:
        made = editing.create(
            session, draft.kind, draft.key, data=data, texts=texts, who=draft.author, why=why, checked=read, approved_by=second
        )
        draft.entry_id = made.id
        return []
    before = document.texts_of(draft.kind, document.of(entry))
    wanted = {place: text for place, text in texts.items() if text != before.get(place, "") or place in read}
    return editing.change(session, entry, who=draft.author, why=why, texts=wanted, data=data, checked=read, approved_by=second)


def _may_go_out(draft: Draft, who: str) -> None:
    _is_in(draft, *drafts.OPEN)
    if draft.state == "draft" and draft.author != who:
        raise RefusedError("its author is still at it", "not_yours")


def _is_in(draft: Draft, *states: str) -> None:
    if draft.state not in states:
        raise RefusedError("this draft is not in that state any more", "draft_state")


def _becomes(draft: Draft, state: str, who: str, why: str) -> None:
    draft.state, draft.updated_at = state, now()
    drafts.note(draft, who, state, why)

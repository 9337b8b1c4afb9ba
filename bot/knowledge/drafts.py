"""Drafts: what somebody is at work on. Several people may have one of the same entry; each has at most one of it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.db.base import now
from bot.errors import RefusedError
from bot.knowledge import checks, consistency, differences, document, editing
from bot.knowledge.document import Document
from bot.knowledge.draft_models import Draft, DraftStep
from bot.knowledge.models import Entry, Version

WAITING = ("in_review", "approved")
OPEN = ("draft", "in_review", "approved", "scheduled")
RESERVED = frozenset({"new", "find"})  # what stands in an address where a key does
LONGEST_KEY = 60


def get(session: Session, number: int, *, to_change: bool = False) -> Draft | None:
    """`to_change`: nobody else changes it until this transaction ends."""
    return session.get(Draft, number, with_for_update=True if to_change else None)


def of(session: Session, kind: str, key: str) -> list[Draft]:
    """The open drafts of an entry, oldest first."""
    mine = select(Draft).where(Draft.kind == kind, Draft.key == key, Draft.state.in_(OPEN)).order_by(Draft.id)
    return list(session.scalars(mine))


def own(session: Session, kind: str, key: str, who: str, *, to_change: bool = False) -> Draft | None:
    """Somebody's own open draft of an entry."""
    mine = select(Draft).where(Draft.kind == kind, Draft.key == key, Draft.author == who, Draft.state.in_(OPEN))
    return session.scalar(mine.with_for_update() if to_change else mine)


def all_open(session: Session, states: Sequence[str] = OPEN) -> list[Draft]:
    """Those that wait for somebody, the oldest first."""
    return list(session.scalars(select(Draft).where(Draft.state.in_(states)).order_by(Draft.updated_at, Draft.id)))


def waiting(session: Session) -> int:
    """How many wait for somebody who may publish."""
    return session.scalar(select(func.count()).select_from(Draft).where(Draft.state.in_(WAITING))) or 0


def shown(draft: Draft) -> Document:
    """The entry as the draft has it, on the state it was made from."""
    return {**draft.base, **draft.changes}


def save(
    session: Session,
    kind: str,
    key: str,
    who: str,
    given: Mapping[str, Any],
    *,
    seen: str = "",
    mark: int | None = None,
    checked: Collection[str] = (),
    why: str = "",
) -> Draft | None:
    """Keeps what was typed in somebody's own draft; None when there is none and nothing differs. Whatever it holds may be
    half-done: it is checked when it is approved or published.

    `given`: place -> value, of what the form shows. `seen`: the revision the form was made from, where there was no draft yet.
    `mark`: that of the draft the form was made from. `checked`: places of translations that somebody has read.
    Raises RefusedError: stale, draft_window, draft_other (a wish to withdraw it is open), key, kind.
    """
    draft = own(session, kind, key, who, to_change=True)
    if draft is None:
        draft = _begun(session, kind, key, who, seen)
    elif draft.wish != "change":
        raise RefusedError("what waits for this entry is no change of its words", "draft_other")
    elif mark is not None and mark != draft.mark:
        raise RefusedError("this draft was changed in another window meanwhile", "draft_window")
    changes = document.changed(draft.base, {**draft.changes, **given})
    retouched = {place for place in given if draft.changes.get(place) != changes.get(place)}
    read = sorted((set(draft.checked) - retouched) | set(checked))
    if draft.id is None and not changes and not read:
        return None
    if (changes, read, why or draft.why) == (draft.changes, list(draft.checked), draft.why) and draft.id is not None:
        return draft
    if draft.state != "draft":
        note(draft, who, "draft")
    draft.changes, draft.checked, draft.why, draft.mark = changes, read, why or draft.why, draft.mark + 1
    take_back_approval(draft)
    draft.state, draft.updated_at = "draft", now()
    session.add(draft)
    session.flush()
    return draft


def propose(
    session: Session,
    kind: str,
    key: str,
    *,
    who: str,
    why: str,
    data: Mapping[str, Any] | None = None,
    texts: editing.Texts | None = None,
) -> Draft | None:
    """A draft that is to be looked at, made by another part of the program: a suggestion, a correction by a reviewer, a file.

    `data`: fields in the entry's own shape; `texts`: by (language, field), English ones, too. None when nothing differs.
    Raises RefusedError: draft_other, key, kind.
    """
    entry = editing.find(session, kind, key)
    was = entry.data if entry else {"key": key}
    facts = {**was, **(data or {})}
    for (language, field), text in (texts or {}).items():
        if language == "en":
            facts = editing.mirrored(facts, field, text)
    translated = {place: text for place, text in (texts or {}).items() if place[0] != "en"}
    wanted = document.made(kind, facts, {})
    before = document.made(kind, was, {}) if entry else {}
    given = document.changed(before, wanted) | {f"{language}:{field}": text for (language, field), text in translated.items()}
    draft = save(session, kind, key, who, given, seen=editing.revision(entry) if entry else "", why=why)
    if draft is not None and draft.state == "draft":
        draft.state = "in_review"
        note(draft, who, "in_review", why)
    return draft


def was_proposed(session: Session, kind: str, key: str, who: str, why: str) -> bool:
    """Whether there is or was a draft of it for this reason, whatever became of it."""
    same = select(Draft.id).where(Draft.kind == kind, Draft.key == key, Draft.author == who, Draft.why == why).limit(1)
    return session.scalar(same) is not None


def wish(session: Session, entry: Entry, what: str, who: str, why: str) -> Draft:
    """A draft that asks to unpublish, archive or republish an entry. Raises RefusedError: draft_other when one's own is open."""
    if own(session, entry.kind, entry.key, who) is not None:
        raise RefusedError("finish your own draft of this entry first", "draft_other")
    made = Draft(
        entry_id=entry.id, kind=entry.kind, key=entry.key, author=who, wish=what, base=document.of(entry), changes={}, why=why
    )
    made.state = "in_review"
    session.add(made)
    note(made, who, "in_review", why)
    session.flush()
    return made


def from_version(session: Session, entry: Entry, version: Version, who: str, why: str) -> Draft | None:
    """One's own draft that says what the entry said before that change. Raises RefusedError: not_there, draft_other."""
    was = differences.before(entry.kind, version)
    if was is None:
        raise RefusedError("before that there was no such entry", "not_there")
    gone = {place: "" for place in document.of(entry) if ":" in place and place not in was}
    draft = own(session, entry.kind, entry.key, who)
    mark = draft.mark if draft else None
    return save(session, entry.kind, entry.key, who, {**was, **gone}, seen=editing.revision(entry), mark=mark, why=why)


def note(draft: Draft, who: str, becomes: str, why: str = "") -> None:
    """Who did what with the draft, and why."""
    draft.steps.append(DraftStep(who=who, becomes=becomes, why=why[:200]))


def take_back_approval(draft: Draft) -> None:
    """What was approved is not what it says any more."""
    draft.approved_by = draft.approved_hash = draft.publish_at = draft.publish_by = None


def _begun(session: Session, kind: str, key: str, who: str, seen: str) -> Draft:
    if kind not in checks.SHAPES:
        raise RefusedError("there is no such kind of entry", "kind")
    entry = editing.find(session, kind, key)
    if entry is None and (not consistency.KEY.fullmatch(key) or key in RESERVED or len(key) > LONGEST_KEY):
        raise RefusedError("a key has only a-z, 0-9 and -", "key")
    base = _base(session, entry, seen) if entry else {}
    return Draft(
        entry_id=entry.id if entry else None, kind=kind, key=key, author=who, wish="change", base=base, changes={}, checked=[],
        state="draft", mark=0, why="",
    )  # fmt: skip


def _base(session: Session, entry: Entry, seen: str) -> Document:
    """The entry as the form showed it: as it is, or as it was before one of the changes since. Raises RefusedError: stale."""
    if not seen or seen == editing.revision(entry):
        return document.of(entry)
    for version in editing.versions(session, entry):
        if editing.revision_before(version) == seen and (was := differences.before(entry.kind, version)) is not None:
            return was
    raise RefusedError("somebody else changed this entry meanwhile", "stale")

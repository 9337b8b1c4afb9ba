"""Changing what the bot knows. Every change keeps what was before, says who and why, and is spoken at the next message."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping
from typing import Any

import msgspec
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.db.base import now
from bot.errors import RefusedError
from bot.knowledge import checks, loading, ownership, two_people
from bot.knowledge.checks import Warned
from bot.knowledge.models import Entry, Text, Version

Place = tuple[str, str]  # language, field
Texts = Mapping[Place, str]


def find(session: Session, kind: str, key: str, *, to_change: bool = False) -> Entry | None:
    """`to_change`: nobody else changes it until this transaction ends."""
    query = select(Entry).where(Entry.kind == kind, Entry.key == key)
    return session.scalar(query.with_for_update() if to_change else query)


def revision(entry: Entry) -> str:
    """A token of the entry as it is now; a form carries it, and a form that carries another one is stale."""
    return _token(entry.data, [(row.language, row.field, row.text, row.state) for row in entry.texts])


def revision_before(version: Version) -> str:
    """The token that the entry had before that change."""
    texts, states = version.before["texts"], version.before.get("states", {})
    rows = [(lang, f, text, states.get(lang, {}).get(f, "")) for lang, fields in texts.items() for f, text in fields.items()]
    return _token(version.before["data"], rows)


def _token(data: Any, texts: list[tuple[str, str, str, str]]) -> str:
    return hashlib.sha256(msgspec.json.encode([data, sorted(texts)], order="sorted")).hexdigest()[:20]


def edit_text(
    session: Session, entry: Entry, language: str, field: str, text: str, who: str, why: str, *, seen: str | None = None
) -> list[Warned]:
    """One text; see `change`."""
    return change(session, entry, who=who, why=why, seen=seen, texts={(language, field): text})


def edit_data(
    session: Session, entry: Entry, data: Mapping[str, Any], who: str, why: str, *, seen: str | None = None
) -> list[Warned]:
    """Facts (name, contact, source, ...): only the named ones change; see `change`."""
    return change(session, entry, who=who, why=why, seen=seen, data=data)


def change(
    session: Session,
    entry: Entry,
    *,
    who: str,
    why: str,
    texts: Texts | None = None,
    data: Mapping[str, Any] | None = None,
    checked: bool | Collection[Place] = False,
    seen: str | None = None,
    approved_by: str = "",
) -> list[Warned]:
    """Changes texts and facts together, or nothing. Returns what deserves a second look.

    Translations become `reviewed` when `checked` (somebody who speaks the language has read them; all or these), else `draft`; when the
    English of a text changed, its other translations become `outdated`, and English is said until somebody has looked.
    `seen`: the revision the form was made from. `approved_by`: the second person, who must be named for a safety number.
    Raises RefusedError: stale, field, second_person, and what bot.knowledge.checks and ownership refuse.
    """
    wanted = {place: checks.cleaned(text) for place, text in (texts or {}).items()}
    facts = checks.check_data(entry.kind, {**entry.data, **(data or {})})
    present = {(row.language, row.field): row for row in entry.texts}
    for (language, field), text in wanted.items():
        if not checks.field_exists(entry.kind, facts, field):
            raise RefusedError("there is no such text", "field")
        checks.check_text(entry.kind, language, field, text)
    wanted = {place: text for place, text in wanted.items() if text != (present[place].text if place in present else "")}
    confirmed = [row for row in _translations(texts, present) if _is_checked(checked, row.language, row.field)]
    if not wanted and facts == entry.data and all(row.state == "reviewed" for row in confirmed):
        return []  # the same form sent twice, or nothing typed
    if seen is not None and seen != revision(entry):
        raise RefusedError("somebody else changed this entry meanwhile", "stale")
    if wanted or facts != entry.data:
        two_people.check(entry.kind, who, approved_by)
    if entry.kind == "terms":
        ownership.check(session, entry.key, facts, _own_names(wanted), entry)
    note(session, entry, "change", who, why, approved_by)
    warned = []
    for (language, field), text in sorted(wanted.items(), key=lambda item: item[0][0] != "en"):  # English first
        was = present[language, field].text if (language, field) in present else ""
        english = wanted.get(("en", field), present["en", field].text if ("en", field) in present else "")
        warned += checks.compare(was, text, english, language, field)
        _set(entry, language, field, text, "reviewed" if _is_checked(checked, language, field) else "draft")
        if language == "en":
            facts = mirrored(facts, field, text)
            _outdate(entry, field)
    for row in confirmed:
        if (row.language, row.field) not in wanted:
            row.state, row.edited = "reviewed", True
    for row in entry.texts:
        if not checks.field_exists(entry.kind, facts, row.field) and row.text:  # of a step that is gone
            row.text, row.state, row.edited = "", "outdated", True
    if facts != entry.data:
        entry.data, entry.edited = facts, True
    entry.updated_at = now()
    session.flush()
    loading.touch(session)
    return warned


def create(
    session: Session,
    kind: str,
    key: str,
    *,
    data: Mapping[str, Any],
    texts: Texts,
    who: str,
    why: str,
    checked: bool | Collection[Place] = False,
    approved_by: str = "",
) -> Entry:
    """A new entry, published. `texts`: the English ones, too. Raises RefusedError: key_taken, second_person, field, and what
    bot.knowledge.checks and ownership refuse."""
    two_people.check(kind, who, approved_by)
    if find(session, kind, key):
        raise RefusedError("there is an entry with this key already", "key_taken")
    facts = checks.check_data(kind, {**data, "key": key})
    for (language, field), text in texts.items():
        if not checks.field_exists(kind, facts, field):
            raise RefusedError("there is no such text", "field")
        checks.check_text(kind, language, field, text)
    if kind == "terms":
        ownership.check(session, key, facts, _own_names(texts))
    entry = Entry(kind=kind, key=key, data=facts, edited=True, published=True)
    for (language, field), text in texts.items():
        if text:
            _set(entry, language, field, checks.cleaned(text), "reviewed" if _is_checked(checked, language, field) else "draft")
    session.add(entry)
    session.flush()
    session.add(Version(entry_id=entry.id, who=who, why=why, what="create", approved_by=approved_by or None, before=_NOTHING))
    loading.touch(session)
    return entry


def show(session: Session, entry: Entry, *, published: bool, archived: bool, who: str, why: str, approved_by: str = "") -> None:
    """Whether the bot speaks of it, and whether lists show it. What is archived is not spoken. Raises RefusedError: second_person."""
    published = published and not archived
    if (published, archived) == (entry.published, entry.archived):
        return
    if published != entry.published:
        two_people.check(entry.kind, who, approved_by)
    what = "archive" if archived else "republish" if published else "unpublish"
    note(session, entry, what, who, why, approved_by)
    entry.published, entry.archived, entry.edited, entry.updated_at = published, archived, True, now()
    session.flush()
    loading.touch(session)


def restore(session: Session, version: Version, who: str, why: str, *, seen: str | None = None, approved_by: str = "") -> None:
    """Makes the entry say what it said before that change; what it says now becomes a version too. Whether it is published
    stays as it is. Raises RefusedError: stale, not_there, second_person."""
    entry = session.get_one(Entry, version.entry_id)
    if version.before["data"] is None:
        raise RefusedError("before that there was no such entry", "not_there")
    two_people.check(entry.kind, who, approved_by)
    if seen is not None and seen != revision(entry):
        raise RefusedError("somebody else changed this entry meanwhile", "stale")
    before = version.before
    note(session, entry, "restore", who, why, approved_by)
    for language, fields in before["texts"].items():
        for field, text in fields.items():
            _set(entry, language, field, text, before.get("states", {}).get(language, {}).get(field, "draft"))
    for row in entry.texts:
        if row.field not in before["texts"].get(row.language, {}):  # came later; kept empty, so that loading knows of it
            row.text, row.state, row.edited = "", "outdated", True
    entry.data, entry.edited, entry.updated_at = before["data"], True, now()
    session.flush()
    loading.touch(session)


def versions(session: Session, entry: Entry, limit: int = 50) -> list[Version]:
    """Newest first."""
    mine = select(Version).where(Version.entry_id == entry.id).order_by(Version.id.desc()).limit(limit)
    return list(session.scalars(mine))


_NOTHING: dict[str, Any] = {"data": None, "texts": {}, "states": {}}


def note(session: Session, entry: Entry, what: str, who: str, why: str, approved_by: str = "") -> None:
    """Keeps what the entry is now, before it changes."""
    session.add(Version(entry_id=entry.id, who=who, why=why, what=what, approved_by=approved_by or None, before=_state(entry)))


def _state(entry: Entry) -> dict[str, Any]:
    texts: dict[str, dict[str, str]] = {}
    states: dict[str, dict[str, str]] = {}
    for row in entry.texts:
        texts.setdefault(row.language, {})[row.field] = row.text
        states.setdefault(row.language, {})[row.field] = row.state
    return {"data": entry.data, "texts": texts, "states": states}


def _set(entry: Entry, language: str, field: str, text: str, state: str) -> None:
    row = next((row for row in entry.texts if (row.language, row.field) == (language, field)), None)
    if row is None:
        row = Text(language=language, field=field, text=text)
        entry.texts.append(row)
    if not text:  # the row stays: without it the next loading would bring the text back
        state = "outdated"
    if (row.text, row.state) != (text, state):
        row.text, row.state, row.edited = text, state, True


def _own_names(texts: Texts) -> dict[str, str]:
    """language -> how people ask for the term, one a line."""
    return {language: text for (language, field), text in texts.items() if field == "names"}


def _is_checked(checked: bool | Collection[Place], language: str, field: str) -> bool:
    return language == "en" or (checked if isinstance(checked, bool) else (language, field) in checked)


def _outdate(entry: Entry, field: str) -> None:
    for row in entry.texts:
        if row.field == field and row.language != "en":
            row.state = "outdated"


def _translations(texts: Texts | None, present: Mapping[tuple[str, str], Text]) -> list[Text]:
    """The translations among the given texts that there are."""
    return [present[place] for place in texts or {} if place[0] != "en" and place in present and present[place].text]


def mirrored(data: dict[str, Any], field: str, text: str) -> dict[str, Any]:
    """The data with an English text in it: it also stands in the facts, as in the files; there it is kept the same."""
    step, slash, name = field.rpartition("/")
    if slash:
        steps = [{**s, name: text} if s["key"] == step and name in s else s for s in data["steps"]]
        return {**data, "steps": steps}
    if field == "figure":
        return {**data, "figure": {**data["figure"], "text": text}} if data.get("figure") else data
    return {**data, field: text} if field in data else data

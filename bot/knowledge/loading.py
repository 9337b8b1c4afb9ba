"""Puts the knowledge files into the database; safe to repeat, and never over an admin's edit."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import Any

import msgspec
from sqlalchemy import insert, select
from sqlalchemy.orm import Session, selectinload

from bot.db.base import now
from bot.knowledge import indexing, two_people
from bot.knowledge.consistency import sources
from bot.knowledge.models import KNOWLEDGE, Entry, Revision, Text
from bot.knowledge.seed import KINDS, Seed

VERSION = 1  # one more whenever loading the same files does something else
FILES = "files"  # who proposes what the knowledge files say


@dataclass
class Loaded:
    """What loading did: entries and texts added, changed, and kept because an admin had edited them."""

    added: int = 0
    changed: int = 0
    kept: list[str] = field(default_factory=list)
    waiting: list[str] = field(default_factory=list)  # safety numbers, which somebody must approve


def load(session: Session, seed: Seed) -> Loaded:
    """Adds what is new and updates what is as it was loaded. The caller commits."""
    result = Loaded()
    known = {(e.kind, e.key): e for e in session.scalars(select(Entry).options(selectinload(Entry.texts)))}
    for row in known.values():
        if not row.search:  # loaded by a program that did not note it
            indexing.index(row)
    texts = _all_texts(seed)
    new: dict[tuple[str, str], tuple[dict[str, Any], dict[tuple[str, str], str]]] = {}
    begun = {kind for kind, _ in known}  # what a new installation starts with nobody has to approve
    for kind in KINDS:
        for item in getattr(seed, kind):
            data = msgspec.to_builtins(item)
            entry = known.get((kind, item.key))
            if two_people.needed(kind) and kind in begun:
                _propose(session, kind, entry, data, texts.get((kind, item.key), {}), result)
                continue
            if entry is None:
                new[kind, item.key] = (data, texts.get((kind, item.key), {}))
                continue
            if entry.seed_hash != _hash(data):
                _update(entry, data, result)
            _load_texts(entry, texts.get((kind, item.key), {}), result)
    _add(session, new, result)
    _withdraw(session, known, {(kind, item.key) for kind in KINDS for item in getattr(seed, kind)}, result)
    if result.added or result.changed:
        touch(session)
    return result


def files(session: Session) -> str:
    """What `note_files` noted last; "" for a new database and after a backup was restored."""
    return session.scalar(select(Revision.files).where(Revision.id == KNOWLEDGE)) or ""


def note_files(session: Session, files: str) -> None:
    """Which files are loaded, in whatever terms the caller compares them."""
    revision = session.get(Revision, KNOWLEDGE)
    if revision is None:
        revision = Revision(id=KNOWLEDGE)
        session.add(revision)
    revision.files = files


def touch(session: Session, what: int = KNOWLEDGE) -> None:
    """Tells every process that the knowledge, or what else has a number (bot/knowledge/models.py), changed."""
    revision = session.get(Revision, what, with_for_update=True)
    if revision is None:
        revision = Revision(id=what)
        session.add(revision)
        session.flush()
    revision.number += 1


def _update(entry: Entry, data: dict[str, Any], result: Loaded) -> None:
    if entry.edited:
        result.kept.append(f"{entry.kind}/{entry.key}")
        return
    entry.data, entry.seed_hash, entry.updated_at = data, _hash(data), now()
    result.changed += 1


def _withdraw(session: Session, known: dict[tuple[str, str], Entry], present: set[tuple[str, str]], result: Loaded) -> None:
    """What left the files is not spoken any more, unless an admin made or edited it."""
    for place, entry in known.items():
        if place not in present and entry.published and entry.seed_hash and not entry.edited:
            if two_people.needed(entry.kind):
                _propose_withdrawal(session, entry, result)
                continue
            entry.published = False
            result.changed += 1


def _propose(
    session: Session,
    kind: str,
    entry: Entry | None,
    data: dict[str, Any],
    wanted: dict[tuple[str, str], str],
    result: Loaded,
) -> None:
    """What a file says of a safety number waits as a draft until somebody has approved it. Each state of the file does so once."""
    from bot.knowledge import drafts  # it builds on this module

    present = {(row.language, row.field): row for row in entry.texts} if entry else {}
    newer = {
        place: text
        for place, text in wanted.items()
        if place[0] != "en" and (place not in present or present[place].seed_hash != _hash(text))
    }
    is_new = entry is None or entry.seed_hash != _hash(data)
    if not newer and not is_new:
        return
    why = _hash([data, sorted(newer.items())])
    if entry is None and drafts.was_proposed(session, kind, data["key"], FILES, why):
        return
    if drafts.propose(session, kind, data["key"], who=FILES, why=why, data=data if is_new else None, texts=newer):
        result.waiting.append(f"{kind}/{data['key']}")
    if entry is not None:
        entry.seed_hash = _hash(data)
        for language, name in newer:
            row = present.get((language, name))
            if row is None:
                row = Text(language=language, field=name, text="", state="outdated")
                entry.texts.append(row)
            row.seed_hash = _hash(newer[language, name])


def _propose_withdrawal(session: Session, entry: Entry, result: Loaded) -> None:
    from bot.knowledge import drafts  # it builds on this module

    if drafts.own(session, entry.kind, entry.key, FILES) is None:
        drafts.wish(session, entry, "unpublish", FILES, "")
        entry.seed_hash = None  # from now on it is ours
        result.waiting.append(f"{entry.kind}/{entry.key}")


def _add(session: Session, new: dict[tuple[str, str], tuple[dict[str, Any], dict[tuple[str, str], str]]], result: Loaded) -> None:
    """Entries that were not there: at once, for a new installation has 60,000 texts. What else works out what it needs before a flush
    is told here: by what each is found, and the English that a translation was made from."""
    entries, rows = [], []
    for (kind, key), (data, wanted) in new.items():
        said = [(language, name, text) for (language, name), text in wanted.items()]
        title, found = indexing.title(data, key).casefold(), indexing.found_by(data, key, said)
        entries.append({"kind": kind, "key": key, "data": data, "seed_hash": _hash(data), "title": title, "search": found})
    if entries:
        session.execute(insert(Entry), entries)
    ids = {(kind, key): number for number, kind, key in session.execute(select(Entry.id, Entry.kind, Entry.key))}
    for place, (_, wanted) in new.items():
        for (language, name), text in wanted.items():
            english = wanted.get(("en", name)) if language != "en" and text else None
            row = {"entry_id": ids[place], "language": language, "field": name, "text": text, "seed_hash": _hash(text)}
            rows.append({**row, "made_from": english})
    if rows:
        session.execute(insert(Text), rows)
    result.added += len(entries) + len(rows)


def _load_texts(entry: Entry, wanted: dict[tuple[str, str], str], result: Loaded) -> None:
    present = {(row.language, row.field): row for row in entry.texts}
    newer: set[tuple[str, str]] = set()
    for (language, name), text in wanted.items():
        row = present.get((language, name))
        if row is None:
            entry.texts.append(Text(language=language, field=name, text=text, seed_hash=_hash(text)))
            result.added += 1
        elif row.seed_hash != _hash(text):
            if row.edited:
                result.kept.append(f"{entry.kind}/{entry.key}/{language}/{name}")
            else:
                row.text, row.seed_hash, row.state = text, _hash(text), "machine-drafted"
                result.changed += 1
                newer.add((language, name))
    for language, name in present:  # the English is new and the translation is still of the old one
        if ("en", name) in newer and (language, name) not in newer and language != "en":
            present[language, name].state = "outdated"


def _all_texts(seed: Seed) -> dict[tuple[str, str], dict[tuple[str, str], str]]:
    """(kind, key) -> (language, field) -> text. A pathway step's fields are `<step>/<field>` of its pathway."""
    found: dict[tuple[str, str], dict[tuple[str, str], str]] = {}
    for language, kinds in {**seed.texts, "en": sources(seed)}.items():
        for kind, entries in kinds.items():
            for key, fields in entries.items():
                owner, _, step = key.partition("/")
                place = ("pathways", owner) if kind == "steps" else (kind, key)
                prefix = f"{step}/" if kind == "steps" else ""
                for name, text in fields.items():
                    found.setdefault(place, {})[language, prefix + name] = text
    for language, names in seed.names.items():
        for key, words in names.items():
            found.setdefault(("terms", key), {})[language, "names"] = "\n".join(words)
    return found


def _hash(value: Any) -> str:
    return hashlib.sha256(msgspec.json.encode(value, order="sorted")).hexdigest()[:16]

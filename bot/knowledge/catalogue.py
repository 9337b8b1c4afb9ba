"""The entries as an admin looks through them: by words, with the state of their translations and dates."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import String, case, cast, func, or_, select
from sqlalchemy.orm import Session, selectinload

from bot.knowledge import checks, snapshot
from bot.knowledge.indexing import title
from bot.knowledge.models import Entry
from bot.knowledge.snapshot import Snapshot

PAGE = 50
STATES = ("missing", "outdated", "draft", "machine-drafted", "reviewed")  # the one most in need of work first
LONGEST_NAME = 8  # words
ASKED_AT_ONCE = 5_000  # names: databases take no more than some ten thousand in one question
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")


@dataclass(frozen=True)
class Listed:
    """`states`: language -> the state most in need of work among the entry's texts."""

    key: str
    name: str
    group: str  # a term's domain, a service's organisation
    states: dict[str, str]
    review_by: dt.date
    edited: bool
    published: bool


def search(
    session: Session, kind: str, words: str, languages: tuple[str, ...], page: int = 1, *, archived: bool = False
) -> tuple[list[Listed], int]:
    """One page of PAGE entries that hold all the words in their name, key, aliases or English texts, and how many there are.

    The database finds and sorts them (bot/knowledge/indexing.py): only the page is read. `archived`: those out of sight instead.
    """
    found = select(Entry.id).where(Entry.kind == kind, Entry.archived == archived)
    for word in words.casefold().split():
        found = found.where(Entry.search.contains(word, autoescape=True))
    one_page = found.order_by(Entry.title, Entry.key).limit(PAGE).offset((page - 1) * PAGE)
    if words.strip():  # counted while looking, which is the dear part
        page_of = session.execute(one_page.add_columns(func.count().over())).tuples().all()
        ids, total = [number for number, _ in page_of], page_of[0][1] if page_of else 0
    else:  # the index gives both, and no row but those of the page is read
        ids, total = list(session.scalars(one_page)), 0
    if not total and (page > 1 or ids):
        total = session.scalar(select(func.count()).select_from(found.subquery())) or 0
    rows = session.scalars(select(Entry).where(Entry.id.in_(ids)).options(selectinload(Entry.texts)))
    entries = {row.id: row for row in rows}
    return [_listed(entries[number], languages) for number in ids], total


def using(session: Session, kind: str, key: str, most: int = 40) -> list[tuple[str, str, str]]:
    """(kind, key, name) of the published entries that name this one: what is changed here is seen there."""
    fields = _naming(kind)
    if not fields:
        return []
    rows = _using(fields, key, knowledge) if (knowledge := snapshot.already_read(session)) else _reading(session, fields, key)
    others = ((other, named, said) for other, named, said in rows if (other, named) != (kind, key))
    return sorted(others, key=lambda row: (row[0], row[2].casefold(), row[1]))[:most]


def _using(fields: Mapping[str, tuple[str, ...]], key: str, knowledge: Snapshot) -> Iterator[tuple[str, str, str]]:
    for other, names in fields.items():
        entries = getattr(knowledge, other)
        for named in dict.fromkeys(named for field in names for named in knowledge.naming(other, field).get(key, ())):
            yield other, named, str(getattr(entries[named], "name", "") or getattr(entries[named], "title", "") or named)


def _reading(session: Session, fields: Mapping[str, tuple[str, ...]], key: str) -> Iterator[tuple[str, str, str]]:
    """The same out of the database, which has to look at each entry of these kinds."""
    holds = cast(Entry.data, String).contains(f'"{key}"', autoescape=True)
    query = select(Entry.kind, Entry.key, Entry.data).where(Entry.kind.in_(fields), Entry.published, holds)
    for row in session.execute(query):
        if _names(row.data, fields[row.kind], key):
            yield row.kind, row.key, title(row.data, row.key)


@cache
def _naming(kind: str) -> dict[str, tuple[str, ...]]:
    """Kinds whose entries can name one of this kind, with the fields in which they do. Nobody else need be read."""
    wanted = {"terms": ("related", "confused_with"), "services": ("services", "service")}.get(kind, (kind,))
    others = ("terms",) if kind == "terms" else tuple(checks.SHAPES)  # only terms name terms
    found = {other: tuple(f for f in wanted if f in checks.SHAPES[other].__struct_fields__) for other in others}
    return {other: fields for other, fields in found.items() if fields}


def _names(data: dict[str, Any], fields: tuple[str, ...], key: str) -> bool:
    """Whether the entry refers to that one, and does not only hold the same word."""
    return any(key == value or (isinstance(value, list) and key in value) for value in (data.get(name) for name in fields))


def like(session: Session, kind: str, words: str, most: int = 12) -> list[tuple[str, str]]:
    """(key, name) of the entries that somebody may be looking for who types these words: what begins so stands first."""
    folded = " ".join(words.casefold().split())
    if not folded:
        return []
    begins = case(
        (Entry.title.startswith(folded, autoescape=True), 0), (Entry.title.contains(folded, autoescape=True), 1), else_=2
    )
    found = select(Entry.key, Entry.data).where(Entry.kind == kind, Entry.archived.is_(False))
    for word in folded.split():
        found = found.where(Entry.search.contains(word, autoescape=True))
    rows = session.execute(found.order_by(begins, func.length(Entry.title), Entry.title).limit(most))
    return [(key, title(data, key)) for key, data in rows]


def titles(session: Session, kind: str, keys: Collection[str]) -> dict[str, str]:
    """key -> what the entry is called, of those that are there."""
    if not keys:
        return {}
    rows = session.execute(select(Entry.key, Entry.data).where(Entry.kind == kind, Entry.key.in_(keys)))
    return {key: title(data, key) for key, data in rows}


def keys_of(session: Session, kind: str, said: Collection[str]) -> list[str]:
    """The entries that somebody named, by key or by name; what names none stays as it was written."""
    if not said:
        return []
    mine = select(Entry.key, Entry.title).where(
        Entry.kind == kind, or_(Entry.key.in_(said), Entry.title.in_([one.casefold() for one in said]))
    )
    rows = session.execute(mine.order_by(Entry.archived.desc(), Entry.key.desc())).tuples().all()
    keys, by_title = {key for key, _ in rows}, {name: key for key, name in rows}
    return list(dict.fromkeys(one if one in keys else by_title.get(one.casefold(), one) for one in said))


def names_in(session: Session, text: str) -> list[str]:
    """The names of terms that stand in a text, folded. Asks for what stands there, and does not look through all that there are."""
    folded = text.casefold()
    words = [match.span() for match in _WORD.finditer(folded)]
    runs = {folded[words[at][0] : end] for at in range(len(words)) for _, end in words[at : at + LONGEST_NAME]}
    asked = sorted(runs | {run.removesuffix("s") for run in runs})
    found = list[str]()
    for begin in range(0, len(asked), ASKED_AT_ONCE):
        part = asked[begin : begin + ASKED_AT_ONCE]
        known = select(Entry.title).where(Entry.kind == "terms", Entry.archived.is_(False), Entry.title.in_(part))
        found += session.scalars(known)
    return found


def _listed(entry: Entry, languages: tuple[str, ...]) -> Listed:
    return Listed(
        key=entry.key,
        name=title(entry.data, entry.key),
        group=entry.data.get("organization") or entry.data.get("domain", ""),
        states={language: worst(entry, language) for language in languages if language != "en"},
        review_by=dt.date.fromisoformat(entry.data["fact"]["review_by"]),
        edited=entry.edited or any(row.edited for row in entry.texts),
        published=entry.published,
    )


def worst(entry: Entry, language: str) -> str:
    """The state most in need of work among the translations of the entry's English texts."""
    english = {row.field for row in entry.texts if row.language == "en" and row.text}
    states = {row.field: row.state if row.text else "missing" for row in entry.texts if row.language == language}
    return min((states.get(field, "missing") for field in english), key=STATES.index, default="missing")

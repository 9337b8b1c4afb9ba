"""The entries as an admin looks through them: by words, with the state of their translations and dates."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from sqlalchemy import String, cast, func, select
from sqlalchemy.orm import Session, selectinload

from bot.knowledge.indexing import title
from bot.knowledge.models import Entry

PAGE = 50
STATES = ("missing", "outdated", "draft", "machine-drafted", "reviewed")  # the one most in need of work first


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
    total = session.scalar(select(func.count()).select_from(found.subquery())) or 0
    shown = found.order_by(Entry.title, Entry.key).limit(PAGE).offset((page - 1) * PAGE)
    ids = list(session.scalars(shown))
    rows = session.scalars(select(Entry).where(Entry.id.in_(ids)).options(selectinload(Entry.texts)))
    entries = {row.id: row for row in rows}
    return [_listed(entries[number], languages) for number in ids], total


def using(session: Session, kind: str, key: str, most: int = 40) -> list[tuple[str, str, str]]:
    """(kind, key, name) of the entries that name this one: what is changed here is seen there."""
    mark = f'"{key}"'
    query = select(Entry.kind, Entry.key, Entry.data).where(cast(Entry.data, String).contains(mark, autoescape=True))
    if kind == "terms":  # which only terms name
        query = query.where(Entry.kind == kind)
    rows = session.execute(
        query.where(~((Entry.kind == kind) & (Entry.key == key))).order_by(Entry.kind, Entry.title).limit(most)
    )
    return [(row.kind, row.key, title(row.data, row.key)) for row in rows if _names(row.data, kind, key)]


def _names(data: dict[str, Any], kind: str, key: str) -> bool:
    """Whether the entry refers to that one, and does not only hold the same word."""
    named = {"terms": ("related", "confused_with"), "services": ("services", "service")}.get(kind, (kind,))
    return any(key == value or (isinstance(value, list) and key in value) for value in (data.get(name) for name in named))


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

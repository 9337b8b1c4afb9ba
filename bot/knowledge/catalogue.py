"""The entries as an admin looks through them: by words, with the state of their translations and dates."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

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


def search(session: Session, kind: str, words: str, languages: tuple[str, ...], page: int = 1) -> tuple[list[Listed], int]:
    """One page of PAGE entries that hold all the words in their name, key, aliases or English texts, and how many there
    are. The installation's entries are some thousand at most: they are looked through in memory."""
    wanted = words.casefold().split()
    entries = session.scalars(select(Entry).where(Entry.kind == kind).options(selectinload(Entry.texts)))
    found = sorted((e for e in entries if _holds(e, wanted)), key=lambda e: str(e.data.get("name", e.key)).casefold())
    return [_listed(e, languages) for e in found[(page - 1) * PAGE : page * PAGE]], len(found)


def _holds(entry: Entry, wanted: list[str]) -> bool:
    data = entry.data
    parts = [entry.key, *(str(data.get(n, "")) for n in ("name", "expansion", "organization")), *data.get("aliases", [])]
    parts += [row.text for row in entry.texts if row.language == "en" or row.field == "names"]
    text = "\n".join(parts).casefold()
    return all(word in text for word in wanted)


def _listed(entry: Entry, languages: tuple[str, ...]) -> Listed:
    return Listed(
        key=entry.key,
        name=entry.data.get("name", entry.key),
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

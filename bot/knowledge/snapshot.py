"""All that is published, read into memory, and read again as soon as anybody publishes something.

A turn asks `current(session)` once: one small query when nothing changed. So an admin's edit is what the bot says at the
person's next message, in every process.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from sys import intern
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec
from sqlalchemy import String, cast, select
from sqlalchemy.orm import Session

from bot.knowledge.as_service import as_service
from bot.knowledge.models import INSTALLATION, KNOWLEDGE, WORDING, Entry, Revision, Text
from bot.knowledge.seed import Canned, Contact, Fact, LetterKind, Opportunity, Pathway, SafetyNumber, Service, Story, Term

if TYPE_CHECKING:
    from bot.knowledge.terms import TermIndex


@dataclass(frozen=True)
class Words:
    """A text as it can be said: in `language`, which is English when there is no translation that may be used."""

    text: str
    language: str
    state: str

    def __bool__(self) -> bool:
        return bool(self.text)


class Said(NamedTuple):
    """A text as it stands in the database."""

    language: str
    text: str
    state: str


Place = tuple[str, str, str, str]  # kind, key, field, language
SHAPES: dict[str, Any] = {
    "terms": Term,
    "services": Service,
    "safety": SafetyNumber,
    "pathways": Pathway,
    "letters": LetterKind,
    "replies": Canned,
    "stories": Story,
    "opportunities": Opportunity,
    "contacts": Contact,
}


class Snapshot:
    """The published knowledge at one revision. Immutable."""

    terms: dict[str, Term]
    services: dict[str, Service]
    safety: dict[str, SafetyNumber]
    pathways: dict[str, Pathway]
    letters: dict[str, LetterKind]
    replies: dict[str, Canned]
    stories: dict[str, Story]
    opportunities: dict[str, Opportunity]
    contacts: dict[str, Contact]

    def __init__(
        self,
        number: int,
        entries: Iterable[tuple[str, str, str]] = (),
        texts: Mapping[Place, Said] | None = None,
        before: Snapshot | None = None,
    ) -> None:
        """`entries`: (kind, key, data as JSON). What `before` holds already, and has not changed, is taken from there."""
        self.number = number
        self._texts: Mapping[Place, Said] = texts or {}
        known = before._entries if before else {}
        self._entries: dict[tuple[str, str], tuple[str, Any]] = {}
        kinds: dict[str, dict[str, Any]] = {kind: {} for kind in SHAPES}
        for kind, key, data in entries:
            if kind in kinds:
                was = known.get((kind, key))
                made = was[1] if was and was[0] == data else msgspec.convert(json.loads(data), SHAPES[kind])
                self._entries[kind, key] = (data, made)
                kinds[kind][key] = made
        vars(self).update(kinds)
        self._naming: dict[tuple[str, str], Mapping[str, list[str]]] = {}

    def words(self, kind: str, key: str, field: str, language: str) -> Words:
        """The text in `language`; the English one when it is missing or outdated; empty when there is none."""
        row = self._texts.get((kind, key, field, language))
        if row is None or (row.state == "outdated" and language != "en"):
            row = self._texts.get((kind, key, field, "en"))
        return Words(row.text, row.language, row.state) if row else Words("", language, "reviewed")

    def english(self) -> Iterator[tuple[str, str, str]]:
        """(kind, key, field) of every English text that is not empty."""
        return ((kind, key, field) for (kind, key, field, language), row in self._texts.items() if language == "en" and row.text)

    def state(self, kind: str, key: str, field: str, language: str) -> str | None:
        """The state of a text, None when there is none."""
        row = self._texts.get((kind, key, field, language))
        return row.state if row and row.text else None

    def naming(self, kind: str, field: str) -> Mapping[str, list[str]]:
        """key -> the entries of `kind` that name it in `field`, which holds a key or a list of them."""
        found = self._naming.get((kind, field))
        if found is None:
            made: dict[str, list[str]] = {}
            for key, entry in getattr(self, kind).items():
                value = getattr(entry, field)
                for named in value if isinstance(value, list) else [value]:
                    made.setdefault(named, []).append(key)
            found = self._naming[kind, field] = made
        return found

    @cached_property
    def receivers(self) -> dict[str, Service]:
        """All that somebody can be referred to by what a referral calls it: services, and opportunities as such."""
        return self.services | {one.key: one for one in map(as_service, self.opportunities.values())}

    @cached_property
    def all_names(self) -> dict[str, dict[str, list[str]]]:
        """language -> term -> how people ask for it in that language."""
        found: dict[str, dict[str, list[str]]] = {}
        for (_, key, field, language), row in self._texts.items():
            if field == "names":
                found.setdefault(language, {})[key] = [name for name in row.text.split("\n") if name]
        return found

    @cached_property
    def term_index(self) -> TermIndex:
        from bot.knowledge.terms import TermIndex

        return TermIndex(self)


def is_fresh(fact: Fact, today: dt.date | None = None) -> bool:
    """Whether a figure may be spoken: it is not past the day on which somebody must look again."""
    return (today or dt.date.today()) <= fact.review_by


class Numbers(NamedTuple):
    """What each process compares with what it has read."""

    knowledge: int
    installation: int
    wording: int


_NUMBERS = select(Revision.id, Revision.number)
_latest: Snapshot | None = None


def numbers(session: Session) -> Numbers:
    """One query; 0 for what was never changed."""
    found = dict(session.connection().execute(_NUMBERS).tuples().all())
    return Numbers(found.get(KNOWLEDGE, 0), found.get(INSTALLATION, 0), found.get(WORDING, 0))


def current(session: Session, number: int | None = None) -> Snapshot:
    """The knowledge as it is published now. `number`: the revision, where the caller has just asked for it."""
    global _latest
    number = numbers(session).knowledge if number is None else number
    if _latest is None or _latest.number != number:
        session.flush()
        _latest = _read(session, number, _latest)
    return _latest


def _read(session: Session, number: int, before: Snapshot | None) -> Snapshot:
    """Rows, no objects of the database's: all is read again after each change, and of thousands of entries one has changed."""
    reader = session.connection()
    entries = reader.execute(select(Entry.id, Entry.kind, Entry.key, cast(Entry.data, String)).where(Entry.published)).all()
    owners = {row: (kind, key) for row, kind, key, _ in entries}
    rows = reader.execute(select(Text.entry_id, Text.field, Text.language, Text.text, Text.state))
    texts = {
        (*owners[owner], intern(field), intern(language)): Said(
            intern(language), text, intern(state)
        )  # a few words, 60,000 times
        for owner, field, language, text, state in rows
        if owner in owners
    }
    return Snapshot(number, ((kind, key, data) for _, kind, key, data in entries), texts, before)


def already_read(session: Session) -> Snapshot | None:
    """The knowledge as it is now, when this process has read it since the last change: who can do without need not wait for it."""
    return _latest if _latest is not None and _latest.number == numbers(session).knowledge else None


def remember(found: Snapshot) -> None:
    """Takes what was read before of a database that is the same (tests: copies of one file)."""
    global _latest
    _latest = found


def forget() -> None:
    """Drops what was read: another database is in use (tests, a restored backup)."""
    global _latest
    _latest = None

"""All that is published, read into memory, and read again as soon as anybody publishes something.

A turn asks `current(session)` once: one small query when nothing changed. So an admin's edit is what the bot says at the
person's next message, in every process.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

import msgspec
from sqlalchemy import select
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


class Snapshot:
    """The published knowledge at one revision. Immutable."""

    def __init__(self, number: int, entries: list[Entry], texts: list[tuple[str, str, Text]]) -> None:
        self.number = number
        self.terms = {e.key: msgspec.convert(e.data, Term) for e in entries if e.kind == "terms"}
        self.services = {e.key: msgspec.convert(e.data, Service) for e in entries if e.kind == "services"}
        self.safety = {e.key: msgspec.convert(e.data, SafetyNumber) for e in entries if e.kind == "safety"}
        self.pathways = {e.key: msgspec.convert(e.data, Pathway) for e in entries if e.kind == "pathways"}
        self.letters = {e.key: msgspec.convert(e.data, LetterKind) for e in entries if e.kind == "letters"}
        self.replies = {e.key: msgspec.convert(e.data, Canned) for e in entries if e.kind == "replies"}
        self.stories = {e.key: msgspec.convert(e.data, Story) for e in entries if e.kind == "stories"}
        self.opportunities = {e.key: msgspec.convert(e.data, Opportunity) for e in entries if e.kind == "opportunities"}
        self.contacts = {e.key: msgspec.convert(e.data, Contact) for e in entries if e.kind == "contacts"}
        self._texts = {(kind, key, row.field, row.language): row for kind, key, row in texts}

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
        with Session(session.connection()) as reader:  # its rows are kept; the caller's may still change
            entries = list(reader.scalars(select(Entry).where(Entry.published)))
            owners = {entry.id: entry for entry in entries}
            texts = [
                (owners[row.entry_id].kind, owners[row.entry_id].key, row)
                for row in reader.scalars(select(Text))
                if row.entry_id in owners
            ]
            reader.expunge_all()
        _latest = Snapshot(number, entries, texts)
    return _latest


def remember(found: Snapshot) -> None:
    """Takes what was read before of a database that is the same (tests: copies of one file)."""
    global _latest
    _latest = found


def forget() -> None:
    """Drops what was read: another database is in use (tests, a restored backup)."""
    global _latest
    _latest = None

"""What a backup of the knowledge is made of. Another room joins with a `Rows` of its table in PARTS.

A row is written without its number: it is found again by what it is about, so that a backup of one installation can be
restored in another, and what refers to a row that stays still finds it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from typing import Any, Protocol

import msgspec
from sqlalchemy import JSON, Column, Date, ForeignKeyConstraint, Table, delete, select
from sqlalchemy.orm import Session, selectinload

from bot import i18n
from bot.db.base import Base, Sealed, UtcDateTime
from bot.knowledge.checks import SHAPES
from bot.knowledge.models import KNOWLEDGE, WORDING, Entry, Text, Version
from bot.upkeep.models import FeedSource
from bot.wording.models import Wording

Row = dict[str, Any]


class Part(Protocol):
    """One file of a backup. `touches`: the number (bot/knowledge/models.py) that tells every process of a change."""

    name: str
    touches: int

    def rows(self, session: Session) -> Iterator[Row]:
        """Everything, in an order that is always the same."""
        ...

    def problems(self, rows: Iterable[Row]) -> Iterator[str]:
        """What this program cannot take, one line each, beginning with the row's number."""
        ...

    def place(self, row: Row) -> tuple[Any, ...]:
        """What the row is about: it has one of each."""
        ...

    def replace(self, session: Session, rows: list[Row]) -> int:
        """Makes the tables hold exactly these rows. Returns how many differed. The caller commits."""
        ...


class Rows:
    """A table whose rows are told apart by `key`. `only`: the columns that are kept; otherwise all but the row's number.

    `misfit`: what of a row that fits the table cannot be taken all the same, "" when it can: whoever guards the table's content.
    """

    def __init__(
        self,
        name: str,
        model: type[Base],
        key: tuple[str, ...],
        *,
        only: Collection[str] = (),
        misfit: Callable[[Row], str] = lambda row: "",
        touches: int = KNOWLEDGE,
    ) -> None:
        self.name, self._model, self._key, self._misfit, self.touches = name, model, key, misfit, touches
        self._columns = columns_of(model, only=only)

    def rows(self, session: Session) -> Iterator[Row]:
        order = [getattr(self._model, name) for name in self._key]
        for row in session.scalars(select(self._model).order_by(*order)):
            yield written(row, self._columns)

    def problems(self, rows: Iterable[Row]) -> Iterator[str]:
        seen: set[tuple[Any, ...]] = set()
        for number, row in enumerate(rows, 1):
            found = list(misfits(row, self._columns, self._key))
            if not found and (problem := self._misfit(row)):
                found = [problem]
            yield from (f"{number}: {problem}" for problem in found)
            key = tuple(msgspec.json.encode(row.get(name)) for name in self._key)
            if key in seen:
                yield f"{number}: stands twice"
            seen.add(key)

    def replace(self, session: Session, rows: list[Row]) -> int:
        present = {self.place(written(row, self._columns)): row for row in session.scalars(select(self._model))}
        changed = 0
        for row in rows:
            there = present.pop(self.place(row), None)
            if there is None:
                session.add(self._model(**read(row, self._columns)))
            elif written(there, self._columns) != row:
                for name, value in read(row, self._columns).items():
                    setattr(there, name, value)
            else:
                continue
            changed += 1
        for gone in present.values():
            session.delete(gone)
        session.flush()
        return changed + len(present)

    def place(self, row: Row) -> tuple[Any, ...]:
        return tuple(row[name] for name in self._key)


class Entries:
    """Every entry with its texts, their states, and every version."""

    name, touches = "entries", KNOWLEDGE

    def __init__(self) -> None:
        self._entry = columns_of(Entry, without=("title", "search"))  # these are worked out anew
        self._text, self._version = columns_of(Text, without=("entry_id",)), columns_of(Version, without=("entry_id",))

    def rows(self, session: Session) -> Iterator[Row]:
        history: dict[int, list[Version]] = {}
        for version in session.scalars(select(Version).order_by(Version.id)):
            history.setdefault(version.entry_id, []).append(version)
        query = select(Entry).options(selectinload(Entry.texts).undefer("*")).order_by(Entry.kind, Entry.key)
        for entry in session.scalars(query.execution_options(populate_existing=True)):
            yield self._row(entry, history.get(entry.id, []))

    def problems(self, rows: Iterable[Row]) -> Iterator[str]:
        seen: set[tuple[str, str]] = set()
        for number, row in enumerate(rows, 1):
            found = list(self._problems(row))
            if not found and (row["kind"], row["key"]) in seen:
                found = ["stands twice"]
            yield from (f"{number}: {problem}" for problem in found)
            seen.add((str(row.get("kind")), str(row.get("key"))))

    def place(self, row: Row) -> tuple[Any, ...]:
        return row["kind"], row["key"]

    def replace(self, session: Session, rows: list[Row]) -> int:
        history: dict[int, list[Version]] = {}
        for version in session.scalars(select(Version).order_by(Version.id)):
            history.setdefault(version.entry_id, []).append(version)
        query = select(Entry).options(selectinload(Entry.texts).undefer("*")).execution_options(populate_existing=True)
        present = {(entry.kind, entry.key): entry for entry in session.scalars(query)}
        changed = 0
        for row in rows:
            entry = present.pop((row["kind"], row["key"]), None)
            if entry is not None and self._row(entry, history.get(entry.id, [])) == row:
                continue
            changed += 1
            if entry is None:
                entry = Entry(**read(row, self._entry))
                session.add(entry)
            else:
                _set(entry, read(row, self._entry))
            self._texts(entry, row["texts"])
            session.flush()
            self._texts(entry, row["texts"])  # again: what a translation was made from was noted anew as it was written
            session.flush()
            self._versions(session, entry, history.get(entry.id, []), row["versions"])
        for gone in present.values():
            session.delete(gone)
        session.flush()
        return changed + len(present)

    def _row(self, entry: Entry, versions: list[Version]) -> Row:
        texts = sorted(entry.texts, key=lambda text: (text.language, text.field))
        return {
            **written(entry, self._entry),
            "texts": [written(text, self._text) for text in texts],
            "versions": [written(version, self._version) for version in versions],
        }

    def _problems(self, row: Row) -> Iterator[str]:
        texts, versions = row.get("texts"), row.get("versions")
        own = {name: value for name, value in row.items() if name not in ("texts", "versions")}
        yield from misfits(own, self._entry, ("kind", "key", "data"))
        if not isinstance(texts, list) or not isinstance(versions, list):
            yield "texts and versions must be lists"
            return
        for text in texts:
            yield from misfits(text, self._text, ("language", "field", "text"))
        for version in versions:
            yield from misfits(version, self._version, ("at", "who", "before"))
        if row.get("kind") not in SHAPES:
            yield f"there is no kind {row.get('kind')} in this program"
            return
        try:
            msgspec.convert(row.get("data"), SHAPES[row["kind"]])
        except msgspec.ValidationError as error:
            yield f"{row['kind']}/{row.get('key')}: {error}"

    def _texts(self, entry: Entry, rows: list[Row]) -> None:
        present = {(text.language, text.field): text for text in entry.texts}
        for row in rows:
            there = present.pop((row["language"], row["field"]), None)
            if there is None:
                entry.texts.append(Text(**read(row, self._text)))
            else:
                _set(there, read(row, self._text))
        for gone in present.values():
            entry.texts.remove(gone)

    def _versions(self, session: Session, entry: Entry, present: list[Version], rows: list[Row]) -> None:
        """Those at the beginning that are the same stay, with their numbers."""
        same = 0
        while same < min(len(present), len(rows)) and written(present[same], self._version) == rows[same]:
            same += 1
        if gone := [version.id for version in present[same:]]:
            session.execute(delete(Version).where(Version.id.in_(gone)))
        for row in rows[same:]:
            session.add(Version(entry_id=entry.id, **read(row, self._version)))
            session.flush()  # one by one: their order is that of their numbers


def columns_of(model: type[Base], *, only: Collection[str] = (), without: Collection[str] = ()) -> tuple[Column[Any], ...]:
    """What is written of a table: no row numbers, nothing that is sealed, nobody's account."""
    table = model.__table__
    assert isinstance(table, Table)
    accounts = {
        column.name
        for constraint in table.constraints
        if isinstance(constraint, ForeignKeyConstraint)
        for column in constraint.columns
    }
    left = {"id", *without, *accounts}
    found = tuple(c for c in table.columns if (c.name in only if only else c.name not in left))
    if sealed := [c.name for c in found if isinstance(c.type, Sealed)]:
        raise TypeError(f"{table.name}.{sealed[0]} is sealed, and a backup is not")
    return found


def written(row: Base, columns: Iterable[Column[Any]]) -> Row:
    """A row as JSON has it: times in UTC."""
    return {column.name: _plain(getattr(row, column.name)) for column in columns}


def read(row: Mapping[str, Any], columns: Iterable[Column[Any]]) -> dict[str, Any]:
    """What `written` wrote; a column that is not in it takes its default."""
    return {column.name: _typed(column, row[column.name]) for column in columns if column.name in row}


def misfits(row: Any, columns: Iterable[Column[Any]], needed: Collection[str]) -> Iterator[str]:
    """What of a row has no place here or is missing."""
    if not isinstance(row, dict):
        yield "must be an object"
        return
    known = {column.name: column for column in columns}
    yield from (f"{name} is not known here" for name in row.keys() - known.keys())
    yield from (f"{name} is missing" for name in sorted(set(needed) - row.keys()))
    for name in row.keys() & known.keys():
        try:
            value = _typed(known[name], row[name])
        except (TypeError, ValueError):
            yield f"{name} is not a time"
            continue
        if not _fits(known[name], value):
            yield f"{name} is of another kind"


def _fits(column: Column[Any], value: Any) -> bool:
    if value is None:
        return bool(column.nullable)
    return isinstance(column.type, JSON) or isinstance(value, column.type.python_type)


def _set(row: Base, values: Mapping[str, Any]) -> None:
    for name, value in values.items():
        if getattr(row, name) != value:
            setattr(row, name, value)


def _plain(value: Any) -> Any:
    if isinstance(value, dt.datetime):
        return value.astimezone(dt.UTC).isoformat(timespec="microseconds")
    return value.isoformat() if isinstance(value, dt.date) else value


def _typed(column: Column[Any], value: Any) -> Any:
    if value is None:
        return None
    if isinstance(column.type, UtcDateTime):
        at = dt.datetime.fromisoformat(value)
        if at.tzinfo is None:
            raise ValueError("a time needs its zone")
        return at
    return dt.date.fromisoformat(value) if isinstance(column.type, Date) else value


def _unsayable(row: Row) -> str:
    """A sentence with places that nothing fills in must never be said."""
    if row["forms"] is None:
        return ""
    if not isinstance(row["forms"], list) or not all(isinstance(form, str) for form in row["forms"]):
        return "forms must be texts"
    reason = i18n.misfit(row["language"], row["key"], tuple(row["forms"]))
    return f"{row['key']}: cannot be said: {reason}" if reason else ""


PARTS: tuple[Part, ...] = (
    Entries(),
    Rows("feeds", FeedSource, ("url",), only=("url", "every_hours", "active")),
    Rows("wordings", Wording, ("language", "key"), misfit=_unsayable, touches=WORDING),
)

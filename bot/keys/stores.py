"""Every place where sealed values stand, and walking through them in small pieces while the program runs."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Column, ColumnElement, Engine, LargeBinary, Select, Table, func, inspect, or_, select, type_coerce
from sqlalchemy.orm import Session

from bot.db.base import Sealed, SecretBytes
from bot.db.tables import Base

ROWS, LARGE_ROWS = 200, 4  # in one transaction; of a table that holds files
LONGEST_PAUSE = 0.1  # seconds
Row = tuple[Any, list[bytes | None]]  # the key, and the values as they are stored, in the order of the store's columns


@dataclass(frozen=True)
class Store:
    """A table and those of its columns that are sealed."""

    table: Table
    columns: tuple[Column[Any], ...]

    @property
    def key(self) -> Column[Any]:
        (key,) = self.table.primary_key.columns  # a test holds every such table to it
        return key

    @property
    def rows(self) -> int:
        return LARGE_ROWS if any(isinstance(column.type, SecretBytes) for column in self.columns) else ROWS

    def raw(self) -> list[ColumnElement[bytes]]:
        """The columns as they are stored."""
        return [type_coerce(column, LargeBinary) for column in self.columns]

    def select(self) -> Select[Any]:
        return select(self.key, *self.raw())

    def place(self, column: Column[Any]) -> str:
        """What the values of the column are bound to."""
        return f"{self.table.name}.{column.name}"

    def not_under(self, number: int) -> ColumnElement[bool]:
        """Rows of which some value is under another key."""
        return or_(*(raw.is_not(None) & (func.substr(raw, 1, 1) != bytes([number])) for raw in self.raw()))


def stores(engine: Engine) -> list[Store]:
    """All of them that the database has, whoever made the table; it may be of an older form."""
    found, looking = [], inspect(engine)
    there = set(looking.get_table_names())
    for table in Base.metadata.sorted_tables:
        sealed = [column for column in table.columns if isinstance(column.type, Sealed)]
        if not sealed or table.name not in there:
            continue
        names = {column["name"] for column in looking.get_columns(table.name)}
        if columns := tuple(column for column in sealed if column.name in names):
            found.append(Store(table, columns))
    return found


def read(session: Session, query: Select[Any]) -> list[Row]:
    """The rows of a `Store.select`."""
    return [(row[0], [None if value is None else bytes(value) for value in row[1:]]) for row in session.execute(query)]


def walk(
    begin: Callable[[], Any],
    store: Store,
    work: Callable[[Session, list[Row]], None],
    where: ColumnElement[bool] | None = None,
    *,
    to_change: bool = False,
) -> None:
    """Calls `work(session, rows)` in one transaction after the other, in the order of the table's key, with pauses as long as
    each took, so that everybody else gets their turn.

    `begin` opens a transaction. `to_change`: rows that somebody else holds are left out, and nobody waits for a foreign key.
    """
    last: Any = None
    while True:
        began = time.monotonic()
        query = store.select().order_by(store.key).limit(store.rows)
        if where is not None:
            query = query.where(where)
        if last is not None:
            query = query.where(store.key > last)
        if to_change:
            query = query.with_for_update(skip_locked=True, key_share=True)
        with begin() as session:
            rows = read(session, query)
            work(session, rows)
        if len(rows) < store.rows:
            return
        last = rows[-1][0]
        time.sleep(min(LONGEST_PAUSE, time.monotonic() - began))

"""Puts every stored value under the newest key, while the program runs.

Which values are done is to be seen from the values themselves, so it may be killed at any moment and begun again.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import Engine, LargeBinary, func, select, type_coerce, update
from sqlalchemy.orm import Session

from bot import crypto
from bot.db.session import Sessions, read_only, sessions, truncate_log
from bot.errors import UseItError
from bot.keys.stores import Row, Store, stores, walk

PASSES = 3  # the first misses what others held or wrote meanwhile


@dataclass(frozen=True)
class Done:
    """How many values were changed; how many rows still hold one under another key; how many of those do not open."""

    changed: int
    left: int
    broken: int


def reencrypt(engine: Engine, tell: Callable[[str], None]) -> Done:
    """`tell`: a line of progress for each table."""
    opened, newest = sessions(engine), crypto.newest()
    changed = broken = 0
    for _ in range(PASSES):
        found = [_table(opened, store, newest, tell) for store in stores(engine)]
        changed, broken = changed + sum(made for made, _ in found), sum(failed for _, failed in found)
        if left(engine, newest) == broken:
            break
    truncate_log(engine)
    return Done(changed, left(engine, newest), broken)


def left(engine: Engine, number: int) -> int:
    """Rows with a value that is not under this key."""
    with read_only(sessions(engine)) as session:
        counts = (select(func.count()).select_from(store.table).where(store.not_under(number)) for store in stores(engine))
        return sum(session.scalar(count) or 0 for count in counts)


def _table(opened: Sessions, store: Store, newest: int, tell: Callable[[str], None]) -> tuple[int, int]:
    """(values changed, rows that do not open)"""
    changed = broken = 0

    def work(session: Session, rows: list[Row]) -> None:
        nonlocal changed, broken
        for key, values in rows:
            try:
                changed += _row(session, store, key, values, newest)
            except UseItError:
                broken += 1

    walk(opened.begin, store, work, store.not_under(newest), to_change=True)
    if changed or broken:
        tell(f"{store.table.name}: {changed} values changed" + (f", {broken} rows do not open" if broken else ""))
    return changed, broken


def _row(session: Session, store: Store, key: object, values: list[bytes | None], newest: int) -> int:
    """All values of one row, or none of them."""
    fresh = {}
    for column, value in zip(store.columns, values, strict=True):
        if value is not None and crypto.key_of(value) != newest:
            place = store.place(column)
            fresh[column] = type_coerce(crypto.encrypt(crypto.decrypt(value, place), place), LargeBinary)
    session.execute(update(store.table).where(store.key == key).values(fresh))
    return len(fresh)

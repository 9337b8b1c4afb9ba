"""The declarative base and the column types all tables share."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any, TypeVar

from sqlalchemy import Column, DateTime, Dialect, LargeBinary, MetaData, Table, event
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.types import TypeDecorator

from bot import crypto

T = TypeVar("T")


class Base(DeclarativeBase):
    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


def now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


class Typed(str):
    """Words that somebody typed, where a code of the program's own could stand as well: they are to be sealed."""


class UtcDateTime(TypeDecorator[dt.datetime]):
    """An aware datetime in UTC on every database."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: dt.datetime | None, dialect: Dialect) -> dt.datetime | None:
        return value.astimezone(dt.UTC).replace(tzinfo=None if dialect.name == "sqlite" else dt.UTC) if value else None

    def process_result_value(self, value: dt.datetime | None, dialect: Dialect) -> dt.datetime | None:
        return value.replace(tzinfo=dt.UTC) if value and value.tzinfo is None else value


class Sealed(TypeDecorator[T]):
    """A value that is encrypted in the database and bound to its place, "<table>.<column>", which its column tells it."""

    impl = LargeBinary
    cache_ok = True

    def __init__(self, place: str = "") -> None:
        super().__init__()
        self.place = place


@event.listens_for(Column, "after_parent_attach")
def _tell_place(column: Column[Any], table: object) -> None:
    if isinstance(column.type, Sealed) and isinstance(table, Table):
        column.type = type(column.type)(f"{table.name}.{column.name}")


class SecretText(Sealed[str]):
    """Text that is encrypted in the database."""

    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> bytes | None:
        return None if value is None else crypto.encrypt(value.encode("utf-8", "replace"), self.place)

    def process_result_value(self, value: Any, dialect: Dialect) -> str | None:
        return None if value is None else crypto.decrypt(bytes(value), self.place).decode()


class SecretBytes(Sealed[bytes]):
    """Bytes that are encrypted in the database."""

    cache_ok = True

    def process_bind_param(self, value: bytes | None, dialect: Dialect) -> bytes | None:
        return None if value is None else crypto.encrypt(value, self.place)

    def process_result_value(self, value: Any, dialect: Dialect) -> bytes | None:
        return None if value is None else crypto.decrypt(bytes(value), self.place)


class SecretJson(Sealed[Any]):
    """A JSON value that is encrypted in the database. Standard JSON in ASCII, because phones send lone surrogates too."""

    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> bytes | None:
        return None if value is None else crypto.encrypt(json.dumps(value).encode(), self.place)

    def process_result_value(self, value: Any, dialect: Dialect) -> Any:
        return None if value is None else json.loads(crypto.decrypt(bytes(value), self.place))

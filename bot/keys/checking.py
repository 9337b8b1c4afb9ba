"""Whether every stored value opens, under which key each stands, and whether the keys are the right ones at all."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from bot import crypto
from bot.db.session import read_only, sessions
from bot.errors import PermanentError, UseItError
from bot.keys.stores import Row, Store, read, stores, walk
from bot.people.models import Chat

SHOWN = 20  # broken values that are named
SAMPLE = 5  # rows of each table


@dataclass
class Found:
    """Key id -> how many values open under it, and how many do not; `where`: some of those that do not."""

    opens: Counter[int] = field(default_factory=Counter)
    broken: Counter[int] = field(default_factory=Counter)
    where: list[str] = field(default_factory=list)

    def look(self, store: Store, rows: list[Row]) -> None:
        for key, values in rows:
            for column, value in zip(store.columns, values, strict=True):
                if value is not None:
                    self._open(value, store.place(column), key)

    def _open(self, value: bytes, place: str, key: object) -> None:
        number = crypto.key_of(value)
        try:
            crypto.decrypt(value, place)
        except UseItError:
            self.broken[number] += 1
            if len(self.where) < SHOWN:
                self.where.append(f"{place}, row {key}, key {number}")
        else:
            self.opens[number] += 1


def every_value(engine: Engine) -> Found:
    """Opens all of them, in small pieces, while the program runs."""
    found, opened = Found(), sessions(engine)
    for store in stores(engine):

        def look(_: Session, rows: list[Row], store: Store = store) -> None:
            found.look(store, rows)

        walk(lambda: read_only(opened), store, look)
    return found


def keys_fit(engine: Engine) -> None:
    """Looks at a few values of each table, so that a program with the wrong keys stops before it touches anything.

    Raises PermanentError with one line that says what is wrong.
    """
    there, found = stores(engine), Found()
    with read_only(sessions(engine)) as session:
        for store in there:
            found.look(store, read(session, store.select().order_by(store.key.desc()).limit(SAMPLE)))
        # a broken value among good ones is not the key's fault
        if wrong := sorted(number for number in found.broken if not found.opens[number]):
            raise PermanentError(f"USEIT_SECRET_KEY: what is stored was sealed with another key {wrong[0]}: put that one back")
        if any(store.table is Chat.__table__ for store in there) and not _pepper_fits(session):
            raise PermanentError("USEIT_SECRET_KEY: the line pepper: is not the one that chats are found by: put that one back")


def _pepper_fits(session: Session) -> bool:
    """Whether of some chat the pseudonym comes from its address, or there is no chat."""
    newest = session.execute(select(Chat.channel, Chat.address, Chat.address_hash).order_by(Chat.id.desc()).limit(SAMPLE)).all()
    return not newest or any(hashed == crypto.pseudonym(channel, address) for channel, address, hashed in newest)

"""The record of what staff looked at and did. Rows are added, never changed: the database refuses it (migration 0004).

Each entry's `chain` is sha256 over the chain of the entry before and the entry itself as JSON, so that one that was changed,
put in or taken out is found by `verify`. What was cut off at the end is not: keep the last chain elsewhere (`useit audit
export`) and ask for it with `useit audit check --holds`.

Entries are written when the transaction commits. Only one transaction at a time may add to the chain, and it is the last
thing any of them waits for, so two never wait for each other.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from sqlalchemy import ColumnElement, event, select, text
from sqlalchemy.orm import Session, SessionTransaction

from bot.db.base import now
from bot.db.session import has_one_writer
from bot.staff.models import AuditEntry

LOCK = 0x0DE1_0A0D  # any number of ours, for PostgreSQL's advisory lock
_WAITING = "audit entries not yet written"
_AT_ONCE = 1_000  # rows read in one go


class Written(Protocol):
    """An entry as it is read: an `AuditEntry`, or a row of its table, which costs a third."""

    @property
    def id(self) -> int: ...
    @property
    def at(self) -> dt.datetime: ...
    @property
    def actor(self) -> str: ...
    @property
    def verb(self) -> str: ...
    @property
    def object(self) -> str: ...
    @property
    def why(self) -> str: ...
    @property
    def chain(self) -> str: ...


@dataclass(frozen=True)
class _Entry:
    actor: str
    verb: str
    object: str
    why: str
    within: SessionTransaction | None  # the savepoint it belongs to


def record(session: Session, actor: str, verb: str, object: str, why: str = "") -> None:
    """`actor`: "staff:<id>" or "nobody"; `object`: kind and id, e.g. "handoff:H-7K3M9". Never a person's words.

    Written with the session's commit, or not at all: when it cannot be written, the commit raises.
    """
    if not session.in_transaction():
        session.begin()  # so that there is something to roll back
    session.info.setdefault(_WAITING, []).append(_Entry(actor, verb, object, why, session.get_nested_transaction()))


def verify(session: Session) -> int | None:
    """The id of the first entry that does not follow from the one before; None when all do."""
    before = ""
    for row in entries(session):
        before = link(before, row)
        if row.chain != before:
            return row.id
    return None


def entries(session: Session, *where: ColumnElement[bool]) -> Iterator[Written]:
    """All of these, oldest first, without keeping them in memory."""
    found = select(*AuditEntry.__table__.columns).where(*where).order_by(AuditEntry.id)
    yield from session.execute(found.execution_options(yield_per=_AT_ONCE))


def link(before: str, row: Written) -> str:
    """The chain of `row`, in 64 hex digits, when `before` is the chain of the entry before it ("" for the first)."""
    return hashlib.sha256((before + json.dumps(plain(row), sort_keys=True, separators=(",", ":"))).encode()).hexdigest()


def plain(row: Written) -> dict[str, str]:
    """What of an entry is under the chain."""
    at = row.at.astimezone(dt.UTC).isoformat(timespec="microseconds")
    return {"at": at, "actor": row.actor, "verb": row.verb, "object": row.object, "why": row.why}


@event.listens_for(Session, "before_commit")
def _write(session: Session) -> None:
    if session.in_nested_transaction() or not session.info.get(_WAITING):
        return
    session.flush()  # every other row is locked by now
    if not has_one_writer(session):
        session.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
    before = session.scalar(select(AuditEntry.chain).order_by(AuditEntry.id.desc()).limit(1)) or ""
    for waiting in session.info.pop(_WAITING):
        row = AuditEntry(at=now(), actor=waiting.actor, verb=waiting.verb, object=waiting.object, why=waiting.why)
        before = row.chain = link(before, row)
        session.add(row)
        session.flush()  # one by one: ids must follow the chain


@event.listens_for(Session, "after_soft_rollback")
def _take_back(session: Session, ended: SessionTransaction) -> None:
    """What a savepoint took back did not happen, so it is not recorded."""
    if waiting := session.info.get(_WAITING):
        session.info[_WAITING] = [entry for entry in waiting if not _is_within(entry.within, ended)]


@event.listens_for(Session, "after_transaction_end")
def _forget(session: Session, ended: SessionTransaction) -> None:
    """However a transaction ended, the next one of this session begins with nothing to write."""
    if ended.parent is None:
        session.info.pop(_WAITING, None)


def _is_within(transaction: SessionTransaction | None, ended: SessionTransaction) -> bool:
    while transaction is not None and transaction is not ended:
        transaction = transaction.parent
    return transaction is not None

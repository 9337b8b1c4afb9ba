"""A person of whom every table that can hold something of a person does hold something: made from the tables themselves, so that a
table that is added later is filled, too."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Column, ForeignKey, LargeBinary, Table, insert, select, type_coerce
from sqlalchemy.orm import Session
from sqlalchemy.types import JSON, Boolean, Date, DateTime, Integer

from bot import crypto
from bot.cases.models import Handoff, Notice, StaffAlert
from bot.db.base import Base, Sealed, SecretBytes, SecretJson, UtcDateTime, now
from bot.people.models import Chat, Person
from bot.staff.models import Staff

ROOTS = ("people", "chats")
# values that code looks at; everything else holds the marker
SENSIBLE: dict[str, Any] = {
    "chats.channel": "web",
    "chats.held_by_handoff": None,
    "people.language": "ar",
    "handoffs.state": "claimed",
    "handoffs.urgency": "week",
    "handoffs.language": "ar",
    "handoffs.kind": "asked",
    "handoffs.outcome": None,
    "referrals.state": "completed",
    "referrals.service": "hub",
    "referrals.need": "legal",
    "referrals.sent_by": "email",
    "referrals.outcome": "got_help",
    "mails.state": "sent",
    "inbox.state": "done",
    "outbox.state": "sent",
    "photos.state": "done",
    "messages.language": "ar",
    "messages.sender": "person",
    "plans.pathway": "nurse",
    "legal_holds.ended_at": now(),
    "reminders.state": "waiting",
    "people.language_off_told": None,
    "stories.language": "ar",
    "stories.state": "told",
    "stories.entry_key": None,
    "suggestions.language": "ar",
    "suggestions.state": "open",
    "suggestions.what": "price",
    "scheduled_messages.state": "waiting",
    "check_ins.rhythm": "month",
    "check_in_rhythms.rhythm": "month",
    "outcomes.kind": "test",
    "outcomes.how": "person",
    "outcomes.state": "confirmed",
    "outcomes.happened_on": now().date(),
}


def reached() -> list[Table]:
    """Every table from which a path of foreign keys leads to a person or a chat, parents first."""
    found = [Base.metadata.tables[name] for name in ROOTS]
    for table in Base.metadata.sorted_tables:
        if table not in found and any(key.column.table in found for key in table.foreign_keys):
            found.append(table)
    return found


@dataclass
class Planted:
    """`marker` stands in every text of theirs; `rows`: table name -> the keys of their rows."""

    marker: str
    person_id: int = 0
    chat_id: int = 0
    reference: str = ""
    rows: dict[str, tuple[Any, ...]] = field(default_factory=dict)


def plant(session: Session, marker: str) -> Planted:
    """One row in each of `reached`; a notice and a line to the team's chat about the hand-off."""
    planted = Planted(marker)
    for table in reached():
        values = {column.name: value for column in table.columns if (value := _value(planted, table, column)) is not None}
        made = session.execute(insert(table).values(values).returning(*table.primary_key.columns)).one()
        planted.rows[table.name] = tuple(made)
        if table is Person.__table__:
            planted.person_id = made[0]
        if table is Chat.__table__:
            planted.chat_id = made[0]
    planted.reference = session.scalars(select(Handoff.reference).where(Handoff.person_id == planted.person_id)).one()
    session.add(Notice(staff_id=1, kind="waiting", object=f"handoff:{planted.reference}"))
    session.add(StaffAlert(kind="waiting", object=f"handoff:{planted.reference}"))
    session.flush()
    return planted


def _value(planted: Planted, table: Table, column: Column[Any]) -> Any:
    name = f"{table.name}.{column.name}"
    if name in SENSIBLE:
        return SENSIBLE[name]
    if key := next(iter(column.foreign_keys), None):
        return _parent(planted, key)
    if column.primary_key and isinstance(column.type, Integer):
        return None
    if column.name == "reference":  # outlives the case in what staff and services are told, and says nothing
        return f"{table.name[0].upper()}-{crypto.pseudonym(planted.marker)[:5].upper()}"
    if name == "chats.address_hash":
        return crypto.pseudonym("web", planted.marker)
    if name == "chats.address":
        return planted.marker
    return _filled(planted, name, column.type)


def _parent(planted: Planted, key: ForeignKey) -> Any:
    table = key.column.table
    if table.name in planted.rows:
        return planted.rows[table.name][0]
    return 1 if table is Staff.__table__ or table.name == "teams" else None


def _filled(planted: Planted, name: str, kind: Any) -> Any:
    text = f"{planted.marker} {name}"
    if isinstance(kind, SecretBytes):
        return text.encode()
    if isinstance(kind, SecretJson | JSON):
        return {"to": "desk@service.example", "subject": text, "text": text}
    if isinstance(kind, UtcDateTime | DateTime):
        return (
            None if name.endswith(("until", "_at", ".not_before")) and not name.endswith("sent_at") and _optional(name) else now()
        )
    if isinstance(kind, Boolean | Integer | Date):
        return None if isinstance(kind, Date) else 0
    return text


def _optional(name: str) -> bool:
    table, _, column = name.partition(".")
    return bool(Base.metadata.tables[table].columns[column].nullable)


def dump(session: Session, tables: Iterable[Table] | None = None) -> dict[str, list[tuple[Any, ...]]]:
    """Everything that is stored, opened."""
    wanted = Base.metadata.sorted_tables if tables is None else tables
    return {
        table.name: [tuple(row) for row in session.execute(select(table).order_by(*table.primary_key.columns))]
        for table in wanted
    }


def sealed_of(session: Session, planted: Planted, *, without: frozenset[str] = frozenset()) -> list[bytes]:
    """Their sealed values as they are stored; `without`: names of columns."""
    found = []
    for name, key in planted.rows.items():
        table = Base.metadata.tables[name]
        mine = [column == value for column, value in zip(table.primary_key.columns, key, strict=True)]
        for column in table.columns:
            if isinstance(column.type, Sealed) and f"{name}.{column.name}" not in without:
                raw = session.scalar(select(type_coerce(column, LargeBinary)).where(*mine))
                found += [bytes(raw)] if raw is not None else []
    return found

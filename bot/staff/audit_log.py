"""The audit as an auditor reads it: a part of it, newest first, page by page, or as a file to take away."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import chain

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from bot.staff import audit
from bot.staff.audit import Written
from bot.staff.models import AuditEntry

NameOf = Callable[[str], str]  # of an actor, as a reader calls them
PAGE = 50
COLUMNS = ("id", "at", "actor", "verb", "object", "why", "chain")
_BEGINS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


@dataclass(frozen=True)
class Wanted:
    """Which entries. `verb`: how it begins ("cases."); `object`: the whole or what stands after the colon; `until` is excluded."""

    actor: str = ""
    verb: str = ""
    object: str = ""
    since: dt.datetime | None = None
    until: dt.datetime | None = None


def page(session: Session, wanted: Wanted, *, before: int | None = None) -> list[AuditEntry]:
    """At most PAGE entries, newest first; `before`: older than this id."""
    found = select(AuditEntry).where(*_conditions(wanted)).order_by(AuditEntry.id.desc()).limit(PAGE)
    return list(session.scalars(found if before is None else found.where(AuditEntry.id < before)))


def matching(session: Session, wanted: Wanted) -> Iterator[Written]:
    """All of them, oldest first, without keeping them in memory."""
    return audit.entries(session, *_conditions(wanted))


def as_json(rows: Iterable[Written]) -> Iterator[str]:
    """One JSON object a line, with everything that `bot.staff.audit.link` needs to check the chain elsewhere."""
    for row in rows:
        yield json.dumps({"id": row.id, **audit.plain(row), "chain": row.chain}) + "\n"


def as_csv(rows: Iterable[Written], name_of: NameOf) -> Iterator[str]:
    """CSV (RFC 4180) in UTF-8 with a mark for Excel. No cell can be taken for a formula."""
    yield "\ufeff"
    line = io.StringIO()
    write = csv.writer(line).writerow
    for values in chain([COLUMNS], (_cells(row, name_of) for row in rows)):
        write([safe_cell(value) for value in values])
        yield line.getvalue()
        line.seek(0)
        line.truncate()


def safe_cell(value: str) -> str:
    """What begins like a formula gets an apostrophe, so that a spreadsheet shows it instead of running it (OWASP)."""
    return "'" + value if value.startswith(_BEGINS_A_FORMULA) else value


def _cells(row: Written, name_of: NameOf) -> list[str]:
    return [str(row.id), audit.plain(row)["at"], name_of(row.actor), row.verb, row.object, row.why, row.chain]


def _conditions(wanted: Wanted) -> list[ColumnElement[bool]]:
    asked: list[ColumnElement[bool]] = []
    if wanted.actor:
        asked.append(AuditEntry.actor == wanted.actor)
    if wanted.verb:
        asked.append(AuditEntry.verb.startswith(wanted.verb, autoescape=True))
    if ":" in wanted.object:
        asked.append(AuditEntry.object == wanted.object)
    elif wanted.object:
        asked.append(AuditEntry.object.endswith(":" + wanted.object, autoescape=True))
    if wanted.since:
        asked.append(AuditEntry.at >= wanted.since)
    if wanted.until:
        asked.append(AuditEntry.at < wanted.until)
    return asked

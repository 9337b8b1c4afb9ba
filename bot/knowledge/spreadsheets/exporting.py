"""Entries as a sheet that a spreadsheet program opens as what it is, and in which no cell is run."""

from __future__ import annotations

import csv
import io

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from bot.knowledge import editing
from bot.knowledge.hsds import cells
from bot.knowledge.models import Entry
from bot.knowledge.spreadsheets import columns


def export(session: Session, kind: str, languages: tuple[str, ...] = ()) -> bytes:
    """The published entries by key; UTF-8 with a byte order mark, which Excel needs to know it."""
    names = columns.names(kind, languages)
    content = io.StringIO()
    writer = csv.writer(content, lineterminator="\r\n")
    writer.writerow(names)
    query = select(Entry).where(Entry.kind == kind, Entry.published).options(selectinload(Entry.texts)).order_by(Entry.key)
    for entry in session.scalars(query):
        written = shown(entry, names)
        writer.writerow([cells.safe(written[name]) for name in names])
    return content.getvalue().encode("utf-8-sig")


def shown(entry: Entry, names: list[str]) -> dict[str, str]:
    """What stands in each of the columns for an entry, before it is made safe."""
    texts = {(row.language, row.field): row.text for row in entry.texts}
    own = {columns.KEY: entry.key, columns.REVISION: editing.revision(entry)}
    return {name: own.get(name) or columns.cell(name, entry.kind, entry.data, texts) for name in names}

"""An imported service as an entry with its English texts. What was before a change is kept as a version.

The version has the shape of bot.knowledge.editing, which can bring it back.
"""

from __future__ import annotations

import msgspec
from sqlalchemy.orm import Session

from bot.db.base import now
from bot.knowledge import editing, loading, seed
from bot.knowledge.models import Entry, Text, Version

FIELDS = seed.TextFields["services"]


def add(session: Session, service: seed.Service, published: bool) -> None:
    """A new entry. It has no seed hash, so that loading the files never takes it away."""
    entry = Entry(kind="services", key=service.key, data=msgspec.to_builtins(service), published=published)
    entry.texts = [Text(language="en", field=name, text=text) for name in FIELDS if (text := getattr(service, name))]
    session.add(entry)


def change(session: Session, entry: Entry, service: seed.Service, published: bool, who: str, why: str) -> None:
    """The entry says what the service says, and belongs to the feed again; translations of what changed are outdated."""
    session.add(Version(entry_id=entry.id, who=who, why=why, before=editing._state(entry)))
    present = {(row.language, row.field): row for row in entry.texts}
    before = msgspec.convert(entry.data, seed.Service)
    same = all(getattr(before, name) == getattr(service, name) for name in service.__struct_fields__ if name != "hsds")
    for name in FIELDS:
        text, row = getattr(service, name), present.get(("en", name))
        if same or text == (row.text if row else ""):
            continue
        if row is None:
            entry.texts.append(Text(language="en", field=name, text=text))
        else:
            row.text, row.state, row.edited = text, "machine-drafted" if text else "outdated", False
        for (language, field), other in present.items():
            if field == name and language != "en":
                other.state = "outdated"
    entry.data, entry.published, entry.updated_at = msgspec.to_builtins(service), published, now()
    entry.edited = entry.edited and same  # only the record behind it is new: the edit is still one


def withdraw(session: Session, entry: Entry, who: str, why: str) -> None:
    """It is not spoken any more; it stays in the database with its versions."""
    session.add(Version(entry_id=entry.id, who=who, why=why, before=editing._state(entry)))
    entry.published, entry.updated_at = False, now()


def finish(session: Session, changed: bool) -> None:
    """Sends it to the database and tells every process."""
    session.flush()
    if changed:
        loading.touch(session)

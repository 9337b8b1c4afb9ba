"""What an entry is listed under and found by, kept in columns of its own: a list of ten thousand must not be read to show fifty.

Whoever changes entries or their texts need not think of it: it is worked out before each flush.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import event
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import instance_state

from bot.knowledge.models import Entry, Text

NAMES = ("name", "title", "expansion", "organization", "number")  # beside the key, the aliases and the English texts


def title(data: dict[str, Any], key: str) -> str:
    """What an entry is called in a list."""
    return str(data.get("name") or data.get("title") or key)


def found_by(data: dict[str, Any], key: str, texts: Iterable[tuple[str, str, str]]) -> str:
    """All by which it can be found, folded, one a line. `texts`: (language, field, text)."""
    parts = [key, *(str(data.get(name, "")) for name in NAMES), *data.get("aliases", [])]
    parts += [text for language, field, text in texts if language == "en" or field == "names"]
    return "\n".join(part for part in parts if part).casefold()


def index(entry: Entry) -> None:
    """What it is listed under and found by, as it is now."""
    data, texts = entry.data or {}, ((row.language, row.field, row.text) for row in entry.texts)
    name, found = title(data, entry.key).casefold(), found_by(data, entry.key, texts)
    if (entry.title, entry.search) != (name, found):
        entry.title, entry.search = name, found


@event.listens_for(Session, "before_flush")
def _index(session: Session, *_: object) -> None:
    changed = [row for row in (*session.new, *session.dirty) if isinstance(row, Entry | Text)]
    entries = {id(row): row for row in changed if isinstance(row, Entry)}
    for row in changed:
        if isinstance(row, Text) and instance_state(row).persistent and (owner := session.get(Entry, row.entry_id)):
            entries[id(owner)] = owner
    for entry in entries.values():
        index(entry)

"""What a look at the knowledge finds, and what it looks at."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import msgspec
from sqlalchemy.orm import Session

from bot.knowledge.snapshot import Snapshot

# the most pressing first: what may harm somebody today, what is wrong, what may become wrong, what could be better
KINDS = (
    "reported", "wrong", "past_due", "dead_link", "contradiction", "sinking", "broken", "outdated", "duplicate", "due_soon", "hard", "unused",
)  # fmt: skip


@dataclass(frozen=True)
class Found:
    """One thing that needs care. `part`: of the entry, so that an entry can have several of a kind.

    `says`: the values that the kind's sentence names. `of`: what it was found in, when that says more than `says`.
    """

    kind: str
    entry_kind: str
    key: str
    name: str
    part: str = ""
    says: dict[str, str] = field(default_factory=dict)
    of: str = ""

    @property
    def mark(self) -> str:
        """Another one as soon as what was found is not the same any more."""
        return hashlib.sha256(msgspec.json.encode([self.says, self.of], order="sorted")).hexdigest()[:16]

    @property
    def place(self) -> tuple[str, str, str, str]:
        return self.kind, self.entry_kind, self.key, self.part


@dataclass(frozen=True)
class Look:
    """One look: a session that only reads, the published knowledge, the installation's languages, the day."""

    session: Session
    knowledge: Snapshot
    languages: tuple[str, ...]
    at: dt.datetime

    @property
    def today(self) -> dt.date:
        return self.at.date()

    def name(self, kind: str, key: str) -> str:
        """What a list calls the entry; its key when it is not published."""
        entry = getattr(self.knowledge, kind, {}).get(key)
        return str(getattr(entry, "name", "") or getattr(entry, "title", "") or key) if entry is not None else key

    def found(self, kind: str, where: str, *, of: str = "", **says: str) -> Found:
        """`where`: kind/key or kind/key/part, as bot/knowledge/quality.py writes it."""
        entry_kind, _, rest = where.partition("/")
        key, _, part = rest.partition("/")
        return Found(kind, entry_kind, key, self.name(entry_kind, key), part, says, of)


Source = Callable[[Look], Iterator[Found]]

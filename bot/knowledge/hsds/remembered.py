"""The ETags of feeds that were imported, in `var/feeds/`, so that a feed that did not change is not read again."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

import msgspec


class Memory(msgspec.Struct):
    """`etags`: a page's address -> its ETag."""

    feed: str
    etags: dict[str, str]


def etags_of(var: Path, feed: str) -> dict[str, str]:
    """What is remembered of a feed; nothing when there is no such note or it cannot be read."""
    try:
        memory = msgspec.json.decode(_file(var, feed).read_bytes(), type=Memory)
    except (OSError, msgspec.MsgspecError):
        return {}  # it is then read as a whole, which is never wrong
    return memory.etags if memory.feed == feed else {}


def keep(var: Path, feed: str, etags: dict[str, str]) -> None:
    """Remembers a feed as it was imported; no ETags: forgets it."""
    path = _file(var, feed)
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_suffix(".new")
    fresh.write_bytes(msgspec.json.encode(Memory(feed, etags)))
    os.replace(fresh, path)


def _file(var: Path, feed: str) -> Path:
    return var / "feeds" / f"{hashlib.sha256(feed.encode()).hexdigest()[:24]}.json"

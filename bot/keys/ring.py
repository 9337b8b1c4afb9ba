"""The keys as they stand in USEIT_SECRET_KEY, or in its file.

Each is `<id>:<64 hexadecimal digits>`, the newest first, with spaces, commas or new lines between them; a key without an id is
key 1, as in installations that never had another. `pepper:<64 hexadecimal digits>` is what pseudonyms are made with. It outlives
every key: with another one no chat would be found by its address, and no case by its words. Without it, it comes from key 1.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

BYTES = 32
MOST = 255  # a key id is one byte
NOTE = "# Keys, the newest first. Who has this file can read everything: keep it apart from backups of the database."


@dataclass(frozen=True, repr=False)
class Keys:
    """`ring`: id -> 32 bytes, the newest first; `pepper`: 32 bytes. Never shown by `repr`."""

    ring: Mapping[int, bytes]
    pepper: bytes

    @classmethod
    def parse(cls, text: str) -> Keys:
        """Raises ValueError with what is wrong, without a digit of any key."""
        ring: dict[int, bytes] = {}
        pepper = b""
        lines = (line for line in text.splitlines() if not line.lstrip().startswith("#"))
        for part in " ".join(lines).replace(",", " ").split():
            name, colon, digits = part.rpartition(":")
            key = _bytes(digits)
            if name == "pepper":
                if pepper:
                    raise ValueError("has two peppers")
                pepper = key
                continue
            number = _id(name) if colon else 1
            if ring and number >= min(ring):
                raise ValueError("must hold each key once, the newest first (the highest id)")
            if key in ring.values():
                raise ValueError("has one key under two ids")
            ring[number] = key
        if not ring:
            raise ValueError("must hold a key: 64 hexadecimal digits")
        if not pepper and 1 not in ring:
            raise ValueError("lacks the line that begins with pepper: (it is in the file that had key 1)")
        return cls(MappingProxyType(ring), pepper or hashlib.sha256(b"useit address" + ring[1]).digest())

    @classmethod
    def first(cls) -> Keys:
        """For a new installation. Key 2, because what key 1 seals is not bound to its column (bot/crypto.py)."""
        return cls(MappingProxyType({2: secrets.token_bytes(BYTES)}), secrets.token_bytes(BYTES))

    @property
    def newest(self) -> int:
        return max(self.ring)

    def with_new(self) -> Keys:
        """The same and a newer one. Raises ValueError when there is no id left."""
        if self.newest >= MOST:
            raise ValueError(f"key {MOST} is the last one there can be")
        return Keys(MappingProxyType({self.newest + 1: secrets.token_bytes(BYTES), **self.ring}), self.pepper)

    def without(self, number: int) -> Keys:
        return Keys(MappingProxyType({known: key for known, key in self.ring.items() if known != number}), self.pepper)

    def text(self) -> str:
        """As it stands in a file."""
        return "\n".join([NOTE, *(f"{n}:{key.hex()}" for n, key in self.ring.items()), f"pepper:{self.pepper.hex()}", ""])

    def __repr__(self) -> str:
        return f"Keys({', '.join(map(str, self.ring))})"


def _id(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and 1 <= int(text) <= MOST):
        raise ValueError(f"has an id that is not a number from 1 to {MOST}")
    return int(text)


def _bytes(digits: str) -> bytes:
    try:
        key = bytes.fromhex(digits)
    except ValueError:
        key = b""
    if len(key) != BYTES:
        raise ValueError("must be 64 hexadecimal digits, or several keys as docs/privacy.md says")
    return key

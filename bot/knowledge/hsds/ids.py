"""The UUIDs that Open Referral asks for: the same ones at every export, in every installation."""

from __future__ import annotations

import re
import unicodedata
import uuid

# fixed for ever: others keep our ids
NAMESPACE = uuid.UUID("ec981dfc-aacd-57c2-8dd8-61abdff130a8")
LONGEST_NAME = 48


def identify(table: str, *parts: object) -> str:
    """The id of a row of ours, out of what makes it the one it is: a service's key, a phone's number."""
    return str(uuid.uuid5(NAMESPACE, "/".join([table, *map(str, parts)])))


def slug(name: str) -> str:
    """A name as a key: a-z, 0-9 and single hyphens."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain)[:LONGEST_NAME].strip("-")


def key_for(name: str, identifier: str) -> str:
    """The key of an imported service: made of its name for people, unique by the beginning of its id."""
    return "-".join(part for part in (slug(name), identifier[:8].lower()) if part)

"""What a feed's record would change in an entry, and whether that is the feed's to change."""

from __future__ import annotations

import msgspec

from bot.knowledge import seed
from bot.knowledge.hsds import incoming
from bot.knowledge.hsds.plan import Change, shown
from bot.knowledge.models import Entry

_OURS_ONLY = frozenset({"key", "hsds"})


def is_ours(entry: Entry) -> bool:
    """Whether somebody here made the entry or edited what it says in English, so that no feed may change it by itself."""
    return not entry.data.get("hsds") or entry.edited or any(row.edited and row.language == "en" for row in entry.texts)


def changes_of(entry: Entry, service: seed.Service, is_published: bool) -> tuple[Change, ...]:
    """Field by field; a service of ours that comes back from others keeps its own facts and is compared without them."""
    stored = entry.data.get("hsds")
    if stored == service.hsds and (entry.published == is_published or entry.edited):
        return ()
    old, new = entry.data, msgspec.to_builtins(service)
    names = [n for n in service.__struct_fields__ if n not in _OURS_ONLY and (stored or n != "fact")]
    defaults = msgspec.to_builtins(seed.Service(key="", organization="", name="", needs=[], description="", fact=service.fact))
    found = [
        Change(name, shown(old.get(name, defaults[name])), shown(new[name]))
        for name in names
        if old.get(name, defaults[name]) != new[name]
    ]
    if stored:
        members = sorted(m for m in {*stored, *service.hsds} if stored.get(m) != service.hsds.get(m))
        found += [Change(f"hsds.{m}", shown(stored.get(m)), shown(service.hsds.get(m))) for m in members]
        if entry.published != is_published:
            found.append(Change("published", shown(entry.published), shown(is_published)))
    return tuple(found)


def feed_says_else(entry: Entry, service: seed.Service, changes: tuple[Change, ...]) -> bool:
    """Whether the feed itself changed something that we say: an edit alone, in an entry it left alone, is no conflict."""
    if not entry.data.get("hsds"):
        return True
    base = incoming.as_imported(msgspec.convert(entry.data, seed.Service))
    fields = set(service.__struct_fields__) - _OURS_ONLY - {"fact"}
    return any(getattr(base, name) != getattr(service, name) for name in fields) or "published" in {c.field for c in changes}

"""A choice for each difference between an entry and a feed: which of the two changed a field, and an entry made of both."""

from __future__ import annotations

from collections.abc import Collection, Mapping

import msgspec

from bot.errors import PermanentError
from bot.knowledge import seed
from bot.knowledge.hsds import incoming
from bot.knowledge.hsds.plan import Change, Standing, shown
from bot.knowledge.models import Entry

PUBLISHED = "published"
_NO_CHOICE = frozenset({"key", "hsds", "fact", *seed.HOUSE_FIELDS})
FIELDS = tuple(name for name in seed.Service.__struct_fields__ if name not in _NO_CHOICE)
Choice = Mapping[str, Collection[str]]  # key -> the fields that are taken from the feed; a key that is missing stays as it is


def differences(entry: Entry, service: seed.Service, is_published: bool) -> tuple[Change, ...]:
    """Field by field what stands here and what the feed says, with who changed it since it was imported."""
    ours = msgspec.convert(entry.data, seed.Service)
    base = base_of(ours)
    found = []
    for name in FIELDS:
        here, there = getattr(ours, name), getattr(service, name)
        if here != there:
            standing = _standing(here, there, getattr(base, name)) if base is not None else "conflict"
            found.append(Change(name, shown(here), shown(there), standing))
    if entry.published != is_published:
        kept: Standing = "conflict" if entry.edited else "theirs"
        found.append(Change(PUBLISHED, shown(entry.published), shown(is_published), kept))
    return tuple(found)


def corrections(entry: Entry) -> tuple[Change, ...]:
    """What was corrected here in an imported entry: `old` is what its feed said when it was read last, `new` what we say."""
    ours = msgspec.convert(entry.data, seed.Service)
    base = base_of(ours)
    if base is None:
        return ()
    pairs = [(name, getattr(base, name), getattr(ours, name)) for name in FIELDS]
    return tuple(Change(name, shown(theirs), shown(here), "kept") for name, theirs, here in pairs if theirs != here)


def merged(entry: Entry, service: seed.Service, fields: Collection[str]) -> seed.Service:
    """Ours with these fields of the feed's, on the feed's record: what was not taken is a correction from now on."""
    ours = msgspec.convert(entry.data, seed.Service)
    taken = {name: getattr(service, name) for name in FIELDS if name in fields}
    is_theirs = bool(ours.hsds) and ours.fact.source == service.fact.source
    fact = service.fact if is_theirs else ours.fact
    return msgspec.structs.replace(ours, **taken, hsds=service.hsds, fact=fact)


def is_corrected(service: seed.Service, theirs: seed.Service) -> bool:
    """Whether an entry still says something else than its feed."""
    return any(getattr(service, name) != getattr(theirs, name) for name in FIELDS)


def base_of(ours: seed.Service) -> seed.Service | None:
    """What it was when it was imported; None for one that was not, or whose record somebody has broken."""
    if not ours.hsds:
        return None
    try:
        return incoming.as_imported(ours)
    except PermanentError:
        return None


def _standing(here: object, there: object, base: object) -> Standing:
    if here == base:
        return "theirs"
    return "kept" if there == base else "conflict"

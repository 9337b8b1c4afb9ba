"""Which moves a story may make, from the first words to the day on which it is taken back."""

from __future__ import annotations

# told: only we have seen it. edited: we wrote it short. asked: the person reads exactly what would be told.
# agreed: they said yes to that. published: an admin put it before people.
STORY = {
    "told": {"edited", "declined", "withdrawn"},
    "edited": {"edited", "asked", "declined", "withdrawn"},
    "asked": {"edited", "asked", "agreed", "declined", "withdrawn"},
    "agreed": {"edited", "published", "withdrawn"},
    "published": {"agreed", "edited", "withdrawn"},
    "declined": set[str](),
    "withdrawn": set[str](),
}
OVER = ("declined", "withdrawn")
CONSENTED = ("agreed", "published")

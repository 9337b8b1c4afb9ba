"""Which moves a mentor and a pair may make, and the codes that both are described by."""

from __future__ import annotations

# draft: has not agreed yet to what a mentor may not do; nobody sees it. references, checked: a caseworker's work
MENTOR = {
    "draft": {"offered"},
    "offered": {"references", "refused", "ended"},
    "references": {"checked", "refused", "ended"},
    "checked": {"active", "refused", "ended"},
    "active": {"paused", "ended", "refused"},
    "paused": {"active", "ended", "refused"},
    "ended": set[str](),
    "refused": set[str](),
}
MENTOR_OVER = ("ended", "refused")
# proposed: found by us, waits for a caseworker. asked: both are asked. active: both agreed
PAIR = {
    "proposed": {"asked", "rejected"},
    "asked": {"active", "declined", "ended"},
    "active": {"paused", "ended"},
    "paused": {"active", "ended"},
    "rejected": set[str](),
    "declined": set[str](),
    "ended": set[str](),
}
PAIR_LIVE = ("proposed", "asked", "active", "paused")
KNOWN_TO_BOTH = ("asked", "active", "paused")  # both have heard of it, or will

SIDES = ("mentor", "mentee")
WAYS = ("registered", "works_here", "bridge_job", "studied_here", "business")
TIMES = ("mornings", "afternoons", "evenings", "saturdays", "sundays")
OFTEN = ("week", "fortnight", "month")
GENDERS = ("woman", "man")


def other(side: str) -> str:
    """The other side of a pair."""
    return "mentee" if side == "mentor" else "mentor"

"""The parts of the program that an installation may switch off. Every part asks here by its name."""

from __future__ import annotations

from sqlalchemy.orm import Session

from bot.errors import UseItError

FEATURES = ("web_chat", "photos", "referrals", "suggestions", "check_ins", "mentors", "stories", "opportunities", "contacts")


def is_on(session: Session, name: str) -> bool:
    """Whether this part is switched on now. A name that is none is a mistake of ours: UseItError."""
    from bot.installation import live

    if name not in FEATURES:
        raise UseItError(f"there is no feature {name!r}")
    return live.current(session).is_on(name)

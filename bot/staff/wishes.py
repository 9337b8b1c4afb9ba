"""How somebody of the team wants to be told of things: `Staff.notify` and their e-mail address."""

from __future__ import annotations

import re
from collections.abc import Collection

from bot.errors import RefusedError
from bot.staff.models import Staff

DEFAULTS = {"email": False, "sound": True, "telegram": True, "credit": False, "digest": False}
# credit: to be named as a reviewer; digest: what needs care in the knowledge, once a week
LONGEST_EMAIL = 254  # RFC 5321
# enough to catch a slip of the finger; whether somebody reads it only a message can tell
_EMAIL = re.compile(r"[^\s@<>()\[\],;:\\\"]{1,64}@[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?\.[a-z]{2,}", re.IGNORECASE)


def of(staff: Staff) -> dict[str, bool]:
    """Each of DEFAULTS, as they chose it or as it is when they did not."""
    return {name: bool((staff.notify or {}).get(name, default)) for name, default in DEFAULTS.items()}


def change(staff: Staff, *, email: str, chosen: Collection[str]) -> None:
    """`chosen`: the names of DEFAULTS they want. Raises RefusedError: email; email_needed, to be told by one without one."""
    address = checked_email(email)
    if {"email", "digest"} & set(chosen) and address is None:
        raise RefusedError("an e-mail address is needed to be told by e-mail", "email_needed")
    staff.email, staff.notify = address, {name: name in chosen for name in DEFAULTS}


def checked_email(text: str) -> str | None:
    """The address, None for an empty one. Raises RefusedError (email)."""
    text = text.strip()
    if not text:
        return None
    if len(text) > LONGEST_EMAIL or not _EMAIL.fullmatch(text):
        raise RefusedError("this is not an e-mail address", "email")
    return text

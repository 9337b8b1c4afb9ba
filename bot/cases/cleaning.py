"""What somebody typed into a form, as it is kept and sent: without control characters and without marks that turn text around."""

from __future__ import annotations

import re

from bot.errors import RefusedError

# the direction of a line is the page's matter: an override inside a text can make it read otherwise than it is
_INVISIBLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff]")


def words(text: str, longest: int) -> str:
    """Raises RefusedError: text_empty, text_long."""
    text = _INVISIBLE.sub("", text.replace("\r\n", "\n").replace("\r", "\n")).strip()
    if not text:
        raise RefusedError("there is nothing in it", "text_empty")
    if len(text) > longest:
        raise RefusedError(f"it has at most {longest} characters", "text_long")
    return text

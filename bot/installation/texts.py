"""What an admin writes for everybody to read: plain words, nothing that runs, fills in or leads astray."""

from __future__ import annotations

import re
import unicodedata

from bot.errors import RefusedError

LONGEST_GREETING = 500  # characters: before the welcome, on the screen of a telephone
_MARKUP = re.compile(r"[<>{}]|\[[^\]]*\]\(|&#?\w+;")
_LINK = re.compile(r"(?i)\b(?!https://)[a-z][a-z0-9+.-]*://|javascript:|\bwww\.")


def greeting(text: str) -> str:
    """The text as it is kept; "" takes the greeting away. Raises RefusedError: greeting_long, greeting_markup, greeting_link."""
    words = "\n".join(" ".join(line.split()) for line in unicodedata.normalize("NFC", text).strip().splitlines())
    words = re.sub(r"\n{3,}", "\n\n", words)
    if len(words) > LONGEST_GREETING:
        raise RefusedError(f"must have at most {LONGEST_GREETING} characters", "greeting_long")
    # a mark that turns the line around has no look of its own: what is read must be what is written
    hidden = any(unicodedata.category(letter) in ("Cc", "Cf", "Co", "Cs") for letter in words if letter not in "\n\u200c\u200d")
    if hidden or _MARKUP.search(words):
        raise RefusedError("must be plain words, without < > { } and marks that are not seen", "greeting_markup")
    if _LINK.search(words):
        raise RefusedError("a link must begin with https://", "greeting_link")
    return words

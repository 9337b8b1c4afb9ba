"""How much of what a person wrote somebody is shown: nothing of it in lists, all of it to who works on the case, its shape to an auditor.

A list of cases shows reference, urgency, language, need, area, tags, state and how long somebody waits; words only on the page of one
case, which the audit notes.
"""

from __future__ import annotations

import re

from bot.staff.permissions import may

DOT = "\u2022"
SHORT, MEDIUM, LONG = DOT * 2, DOT * 5, DOT * 9
MOST_WORDS = 60  # of a text; what is longer looks as long as this
CUT = "\u2026"
_LINE, _WORD, _END = re.compile(r"\r\n|[\n\r\u2028\u2029]"), re.compile(r"\S+"), re.compile(r"[.,;:!?\u060c\u061b\u061f\u06d4]+$")


def masked(text: str) -> str:
    """The shape without the words: each becomes two, five or nine dots (up to 3, up to 7, and more characters).

    Lines, spaces and signs at a word's end stay, so that one sees a list, a question, a long letter. Nothing else does.
    """
    lines, left = [], MOST_WORDS
    for line in _LINE.split(text):
        words = _WORD.findall(line)
        lines.append(" ".join(_dots(word) for word in words[:left]))
        left -= len(words)
        if left < 0:
            return "\n".join(lines) + CUT
    return "\n".join(lines)


def words(text: str, role: str) -> str:
    """A text of a case as somebody with this role may read it; "" for who may not see cases at all."""
    if may(role, "cases.read"):
        return text
    return masked(text) if may(role, "cases.read_masked") else ""


def _dots(word: str) -> str:
    end = _END.search(word)
    length = len(word) - len(end[0]) if end else len(word)
    if not length:
        return word
    return (SHORT if length <= 3 else MEDIUM if length <= 7 else LONG) + (end[0] if end else "")

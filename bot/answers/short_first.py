"""Short first: what of a long answer is said at once, and what waits until somebody taps "more".

Only plain explanation waits; whether a text may wait is read from its English (bot/knowledge/cutting.py).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.conversation.turn import Turn
from bot.knowledge import cutting
from bot.replies import Button

LONG, WORTH = 300, 60  # characters: of an answer that is cut, and of what must wait at least for a cut to be worth a tap
ALL = "all"  # `what` of a "/tell_more" that wants an entry whole: chosen from a list


@dataclass(frozen=True)
class Part:
    """A part of an answer: `text` is all of it, `first` the beginning of it that does not wait."""

    text: str
    first: str


def stays(text: str) -> Part:
    """A part that is always said at once."""
    return Part(text, text)


def waits(text: str, english: str = "") -> Part:
    """A part that waits whole, unless its `english` says something that may not wait."""
    return Part(text, "" if cutting.may_wait(english) else text)


def begins(text: str, english: str, head: str = "") -> Part:
    """A part whose first sentences are said at once, after `head`; all of it when the rest may not wait."""
    place = cutting.cut(text, english)
    return Part(head + text, head + (text if place is None else text[:place].rstrip()))


def halves(parts: Sequence[Part], *, whole: bool = False) -> tuple[list[str], list[str]]:
    """(what is said at once, what waits). Nothing waits in an answer that is not long, nor where it would save little."""
    parts = [part for part in parts if part.text]
    rest = [left for part in parts if (left := part.text[len(part.first) :].strip())]
    if whole or sum(len(part.text) for part in parts) <= LONG or sum(map(len, rest)) < WORTH:
        return [part.text for part in parts], []
    return [part.first for part in parts if part.first], rest


def button(turn: Turn, kind: str, key: str) -> Button:
    """ "More": gives what waits of this entry (bot/answers/more.py)."""
    return turn.button("button.more", "tell_more", kind=kind, key=key)

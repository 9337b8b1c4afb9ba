"""What is said to a person, in no channel's terms."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

import msgspec


class Button(msgspec.Struct, frozen=True, kw_only=True):
    """A label with either a payload for the engine ("/intent{...}") or a link."""

    label: str
    payload: str = ""
    url: str = ""


class Block(msgspec.Struct, frozen=True, kw_only=True):
    """A part of a paper: words in one language, or the same in two, side by side.

    title, heading, text, note (small), step (with its `mark`: todo, doing, done, not_for_me), pair (`text` and `other`).
    `pictogram`: the drawing beside a step, a pair or a text (bot/pictograms.py); beside a text several, with spaces between.
    """

    kind: Literal["title", "heading", "text", "note", "step", "pair"]
    text: str
    language: str
    other: str = ""
    other_language: str = ""
    mark: str = ""
    number: int = 0
    pictogram: str = ""


class Paper(msgspec.Struct, frozen=True, kw_only=True):
    """A card or page to keep, print, or show at a desk. `name`: of the file, a-z and -; drawn when it is sent."""

    name: str
    form: Literal["pdf", "png"]
    language: str
    blocks: list[Block]


class Reply(msgspec.Struct, frozen=True, kw_only=True):
    """One message to a person, already in their language. `rows`: buttons by row.

    `numbered`: what the numbers 1, 2, ... of a list in it stand for, as the payload that a tap would send.
    """

    text: str
    language: str
    rows: list[list[Button]] = []
    numbered: list[str] = []
    sender: Literal["bot", "staff"] = "bot"
    paper: Paper | None = None
    short_lived: bool = False  # it holds a copy of other words, and is erased a day after it was sent


def in_list(buttons: Iterable[Button]) -> list[Button]:
    """The buttons with 1, 2, ... before their labels: they are a list, and its numbers can be typed (`Reply.numbered`)."""
    return [msgspec.structs.replace(button, label=f"{number}. {button.label}") for number, button in enumerate(buttons, 1)]


def payload(intent: str, /, **entities: str) -> str:
    """The payload of a button: `/intent{"entity": "value"}`."""
    return f"/{intent}" + (msgspec.json.encode(entities).decode() if entities else "")

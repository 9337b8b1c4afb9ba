"""What is said to a person, in no channel's terms."""

from __future__ import annotations

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
    """

    kind: Literal["title", "heading", "text", "note", "step", "pair"]
    text: str
    language: str
    other: str = ""
    other_language: str = ""
    mark: str = ""
    number: int = 0


class Paper(msgspec.Struct, frozen=True, kw_only=True):
    """A card or page to keep, print, or show at a desk. `name`: of the file, a-z and -; drawn when it is sent."""

    name: str
    form: Literal["pdf", "png"]
    language: str
    blocks: list[Block]


class Reply(msgspec.Struct, frozen=True, kw_only=True):
    """One message to a person, already in their language. `rows`: buttons by row."""

    text: str
    language: str
    rows: list[list[Button]] = []
    sender: Literal["bot", "staff"] = "bot"
    paper: Paper | None = None
    short_lived: bool = False  # it holds a copy of other words, and is erased a day after it was sent


def payload(intent: str, /, **entities: str) -> str:
    """The payload of a button: `/intent{"entity": "value"}`."""
    return f"/{intent}" + (msgspec.json.encode(entities).decode() if entities else "")

"""What is said to a person, in no channel's terms."""

from __future__ import annotations

from typing import Literal

import msgspec


class Button(msgspec.Struct, frozen=True, kw_only=True):
    """A label with either a payload for the engine ("/intent{...}") or a link."""

    label: str
    payload: str = ""
    url: str = ""


class Reply(msgspec.Struct, frozen=True, kw_only=True):
    """One message to a person, already in their language. `rows`: buttons by row."""

    text: str
    language: str
    rows: list[list[Button]] = []
    sender: Literal["bot", "staff"] = "bot"


def payload(intent: str, /, **entities: str) -> str:
    """The payload of a button: `/intent{"entity": "value"}`."""
    return f"/{intent}" + (msgspec.json.encode(entities).decode() if entities else "")

"""The channel of `./useit say`: a chat without a phone, for scripts and for trying things out."""

from __future__ import annotations

from typing import Any

from bot.conversation.incoming import Incoming, Outgoing
from bot.errors import PermanentError


class CommandLineChannel:
    """What was typed goes in; what is answered is fetched from the outbox."""

    name = "cli"
    pushes = False

    def read(self, raw: dict[str, Any]) -> Incoming:
        text = str(raw.get("text", ""))
        hint = str(raw.get("language", ""))
        if raw.get("button"):
            return Incoming(kind="button", button=str(raw["button"]), language_hint=hint)
        if text.startswith("/") and text[1:2].isalpha():
            command, _, argument = text[1:].partition(" ")
            return Incoming(kind="command", command=command.lower(), argument=argument, language_hint=hint)
        return Incoming(kind="text", text=text, language_hint=hint)

    async def send(self, address: str, outgoing: Outgoing) -> str:
        return str(outgoing.id)  # never called: this channel does not push

    async def fetch(self, media_id: str, largest: int) -> bytes:
        raise PermanentError("nobody sends a photo by the command line")

    async def typing(self, address: str) -> None:
        return None

"""A channel that delivers into a file, one line a message, each line written whole before it says "sent"."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

from bot.conversation.incoming import Incoming, Outgoing
from bot.errors import PermanentError


class RecordingChannel:
    """What a phone would have received, in order."""

    name = "record"
    pushes = True

    def __init__(self, path: Path) -> None:
        self._path = path

    def read(self, raw: dict[str, Any]) -> Incoming:
        if raw.get("payload"):
            return Incoming(kind="command", command=raw["payload"])
        return Incoming(kind="text", text=raw["text"])

    async def send(self, address: str, outgoing: Outgoing) -> str:
        line = json.dumps({"to": address, "id": outgoing.id, "text": outgoing.reply.text}, ensure_ascii=False) + "\n"
        handle = os.open(self._path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        try:
            os.write(handle, line.encode())
        finally:
            os.close(handle)
        return str(outgoing.id)

    async def fetch(self, media_id: str, largest: int) -> bytes:
        raise PermanentError("nobody sends a photo here")

    async def typing(self, address: str) -> None:
        return None

"""Somebody who talks to the program, taps buttons of earlier messages, and sends more than words."""

from __future__ import annotations

import uuid
from typing import Any

from bot.channels.cli import CommandLineChannel
from bot.conversation import inbox, outbox
from bot.conversation.incoming import Incoming, Outgoing
from bot.conversation.worker import Worker
from bot.house import House
from bot.replies import Button, Reply, payload
from engine.agent import Engine
from tests.talking import Talk


class MediaChannel(CommandLineChannel):
    """As the command line, and media come by it, too."""

    def read(self, raw: dict[str, Any]) -> Incoming:
        if raw.get("media"):
            return Incoming(kind="media", media=raw["media"], text=str(raw.get("text", "")))
        return super().read(raw)


class Speaker(Talk):
    """`tap` finds the newest button among all that were ever heard."""

    def __init__(self, house: House, engine: Engine, address: str) -> None:
        super().__init__(house, engine, address)
        self.worker = Worker(house, engine, {"cli": MediaChannel()})
        self.heard: list[Outgoing] = []

    def speaks(self, language: str) -> Speaker:
        super().speaks(language)
        return self

    def hear(self) -> str:
        said = super().hear()
        self.heard += self.last
        return said

    def tap(self, label: str) -> str:
        for message in reversed(self.heard):
            for place, button in enumerate(button for row in message.reply.rows for button in row):
                if label in button.label and not button.url:
                    return self._send({"button": f"{message.id}:{place}"})
        raise AssertionError(f"no button {label!r}")

    def send_media(self, kind: str, text: str = "") -> str:
        return self._send({"media": kind, "text": text})

    def pay(self, intent: str, **entities: str) -> str:
        """Taps a button that would send this, whoever put it there."""
        with self.house.sessions.begin() as session:
            chat = inbox.chat_for(session, "cli", self.address)
            reply = Reply(text="x", language="en", rows=[[Button(label="x", payload=payload(intent, **entities))]])
            outbox.enqueue(session, chat.id, [reply], origin=f"test:{uuid.uuid4().hex}")
        self.hear()
        return self._send({"button": f"{self.last[-1].id}:0"})

"""A person who talks to the program by the way every message goes: inbox, worker, real Rasa, outbox."""

from __future__ import annotations

import asyncio
import uuid
from typing import Any

from sqlalchemy import select

from bot.channels.cli import CommandLineChannel
from bot.conversation import inbox, outbox
from bot.conversation.incoming import Outgoing
from bot.conversation.worker import Worker
from bot.house import House
from bot.people.models import Chat
from engine.agent import Engine


class Talk:
    """`say` and `tap` return the texts that came back; `buttons` are those of the last answer."""

    def __init__(self, house: House, engine: Engine, address: str) -> None:
        self.house, self.address = house, address
        self.worker = Worker(house, engine, {"cli": CommandLineChannel()})
        self.last: list[Outgoing] = []
        self._seen = 0

    def speaks(self, language: str) -> Talk:
        """The person has chosen a language before."""
        with self.house.sessions.begin() as session:
            person = inbox.chat_for(session, "cli", self.address).person
            person.language, person.language_confirmed, person.welcomed = language, True, True
        return self

    def say(self, text: str) -> str:
        return self._send({"text": text})

    def tap(self, label: str) -> str:
        """Taps the newest button whose label holds `label`."""
        return self._send({"button": self.token(label)})

    def token(self, label: str) -> str:
        for message in reversed(self.last):
            for n, button in enumerate(b for row in message.reply.rows for b in row):
                if label in button.label and not button.url:
                    return f"{message.id}:{n}"
        raise AssertionError(f"no button {label!r} among {self.buttons}")

    @property
    def buttons(self) -> list[str]:
        return [b.label for message in self.last for row in message.reply.rows for b in row]

    @property
    def chat(self) -> Chat:
        with self.house.sessions() as session:
            return inbox.chat_for(session, "cli", self.address)

    def _send(self, raw: dict[str, Any]) -> str:
        with self.house.sessions.begin() as session:
            inbox.receive(session, "cli", self.address, uuid.uuid4().hex, raw)
        self.work()
        return self.hear()

    def work(self) -> None:
        async def all_of_it() -> None:
            while await self.worker.one():
                pass

        asyncio.run(all_of_it())

    def hear(self) -> str:
        """What came since the last time."""
        with self.house.sessions.begin() as session:
            chat = session.scalars(select(Chat).where(Chat.id == inbox.chat_for(session, "cli", self.address).id)).one()
            self.last = [outbox.outgoing(row) for row in outbox.since(session, chat.id, self._seen)]
        self._seen = max([self._seen, *(message.id for message in self.last)])
        return "\n\n".join(message.reply.text for message in self.last)

"""Somebody on Telegram who sends voice messages, by the way every message goes: webhook row, worker, real Rasa, outbox."""

from __future__ import annotations

import asyncio
import uuid
from typing import Any

from sqlalchemy import select

from bot.cases.models import Message
from bot.channels.telegram.channel import TelegramChannel
from bot.conversation import inbox, outbox
from bot.conversation.incoming import Outgoing
from bot.conversation.worker import Worker
from bot.house import House
from bot.i18n import t
from bot.people.models import Chat
from bot.recordings.models import Recording
from engine.agent import Engine
from tests.telegram.events import PERSON, message
from tests.telegram.events import tap as tapped

VOICE = {"file_id": "voice-1", "file_unique_id": "v", "duration": 34, "mime_type": "audio/ogg", "file_size": 40_000}
NAME = "telegram"


def answers(worker: Worker, house: House, chat_id: int, seen: int) -> list[Outgoing]:
    """What this chat is told once everything that waits is answered. `seen`: the id of the last that was looked at."""

    async def all_of_it() -> None:
        while await worker.one():
            pass

    asyncio.run(all_of_it())
    with house.sessions() as session:
        return [outbox.outgoing(row) for row in outbox.since(session, chat_id, seen)]


class Caller:
    def __init__(self, house: House, engine: Engine, language: str) -> None:
        self.house, self.language = house, language
        self.worker = Worker(house, engine, {NAME: TelegramChannel(house.settings)})
        self.last: list[Outgoing] = []
        self._seen = 0
        with house.sessions.begin() as session:
            person = inbox.chat_for(session, NAME, str(PERSON)).person
            person.language, person.language_confirmed, person.welcomed = language, True, True

    def sends(self, **fields: Any) -> str:
        return self._gets({"message": message(language=self.language, **fields)})

    def speaks(self, **more: Any) -> str:
        """A voice message of 34 seconds."""
        return self.sends(voice={**VOICE, **more})

    def says(self, words: str) -> str:
        return self._gets({"message": message(words, language=self.language)})

    def taps(self, key: str, *, of: list[Outgoing] | None = None) -> str:
        """The newest button with the text `key`, in the last answer or in an older one."""
        return self._gets({"callback_query": tapped(self.token(t(self.language, key), of or self.last))})

    @staticmethod
    def token(label: str, said: list[Outgoing]) -> str:
        for one in reversed(said):
            for place, button in enumerate(b for row in one.reply.rows for b in row):
                if button.label == label:
                    return f"{one.id}:{place}"
        raise AssertionError(f"no button {label!r} under {[one.reply.text for one in said]}")

    @property
    def buttons(self) -> list[str]:
        return [b.label for one in self.last for row in one.reply.rows for b in row]

    @property
    def chat(self) -> Chat:
        with self.house.sessions() as session:
            return session.scalars(select(Chat).where(Chat.channel == NAME)).one()

    @property
    def lines(self) -> list[str]:
        """What stands in the conversation for what they did."""
        with self.house.sessions() as session:
            return list(session.scalars(select(Message.text).where(Message.sender == "person").order_by(Message.id)))

    def _gets(self, event: dict[str, Any]) -> str:
        with self.house.sessions.begin() as session:
            inbox.receive(session, NAME, str(PERSON), uuid.uuid4().hex, {"update_id": 7, **event})

        self.last = answers(self.worker, self.house, self.chat.id, self._seen)
        self._seen = max([self._seen, *(one.id for one in self.last)])
        return "\n\n".join(one.reply.text for one in self.last)


def kept(house: House) -> list[Recording]:
    with house.sessions() as session:
        return list(session.scalars(select(Recording).order_by(Recording.id)))

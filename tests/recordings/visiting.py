"""Somebody on the web page who sends recordings, by the way every one goes: posted form, worker, real Rasa, outbox."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager

import httpx
from sqlalchemy import select

from bot import crypto
from bot.app import channels
from bot.channels.web.channel import NAME
from bot.conversation import inbox
from bot.conversation.incoming import Outgoing
from bot.conversation.worker import Worker
from bot.house import House
from bot.i18n import t
from bot.people.models import Chat
from engine.agent import Engine
from tests.recordings.giving import OGG
from tests.recordings.telling import Caller, answers
from tests.web import site


class Guest:
    """`last`: what the bot said last."""

    def __init__(self, house: House, engine: Engine, base: str, language: str = "en") -> None:
        self.house, self.language = house, language
        self.worker = Worker(house, engine, channels(house))
        self.http = site.Visitor(base).http
        self.http.post("/chat/open", json={})
        self.last: list[Outgoing] = []
        self._seen = 0
        with house.sessions.begin() as session:
            person = inbox.chat_for(session, NAME, self.http.cookies["chat"]).person
            person.language, person.language_confirmed, person.welcomed = language, True, True

    def posts(self, body: bytes = OGG, update_id: str = "", seconds: int = 34) -> httpx.Response:
        """A recording that nobody has answered yet."""
        fields = {"id": update_id or uuid.uuid4().hex, "language": self.language, "seconds": str(seconds)}
        return self.http.post("/chat/recordings", data=fields, files={"recording": ("x", body)})

    def speaks(self, body: bytes = OGG) -> str:
        assert self.posts(body).status_code == 202
        return self.hears()

    def commands(self, name: str) -> str:
        self._post(kind="command", command=name)
        return self.hears()

    def taps(self, key: str) -> str:
        """The newest button with the text `key`."""
        self.posts_tap(key)
        return self.hears()

    def posts_tap(self, key: str) -> None:
        """The same, before anybody answers it."""
        self._post(kind="button", button=Caller.token(t(self.language, key), self.last))

    def hears(self) -> str:
        """What the bot says to what came since."""
        self.last = answers(self.worker, self.house, self.chat.id, self._seen)
        self._seen = max([self._seen, *(one.id for one in self.last)])
        return "\n\n".join(one.reply.text for one in self.last)

    @property
    def chat(self) -> Chat:
        with self.house.sessions() as session:
            mine = Chat.address_hash == crypto.pseudonym(NAME, self.http.cookies["chat"])
            return session.scalars(select(Chat).where(mine)).one()

    def _post(self, **fields: str) -> None:
        assert self.http.post("/chat/messages", json={"id": uuid.uuid4().hex, **fields}).status_code == 202


@contextmanager
def visiting(house: House, engine: Engine, language: str = "en") -> Iterator[Guest]:
    with site.served(house) as base:
        yield Guest(house, engine, base, language)

"""What a skill needs to know and to use while it answers one message."""

from __future__ import annotations

import datetime as dt
from contextvars import ContextVar
from dataclasses import dataclass, field

from sqlalchemy.orm import Session

from bot import i18n
from bot.cases.hours import Hours
from bot.installation.live import NOTHING_SET, Installation
from bot.knowledge.snapshot import Snapshot
from bot.people.models import Chat, Person
from bot.replies import Button, Reply, payload


@dataclass
class Turn:
    """One message being answered, inside one transaction. `origin` names it for everything that must happen once."""

    session: Session
    chat: Chat
    knowledge: Snapshot
    language: str
    text: str
    origin: str
    hours: Hours
    at: dt.datetime
    languages: tuple[str, ...] = ("en",)
    keep_days: int = 90
    close_days: int = 30
    delete_days: int = 90
    installation: Installation = NOTHING_SET
    answered: str = ""  # what a recording that was sent to a person was an answer to (bot/conversation/recordings.py)
    understood: bool = True  # set to False by the skill that says it did not understand
    ranking: list[tuple[str, float]] = field(default_factory=list)
    used: set[tuple[str, str]] = field(default_factory=set)  # kind and key of the entries that the answer speaks from

    @property
    def person(self) -> Person:
        return self.chat.person

    def t(self, key: str, /, *, count: int | None = None, **values: object) -> str:
        return i18n.t(self.language, key, count=count, **values)

    def reply(self, text: str, *rows: list[Button]) -> Reply:
        return Reply(text=text, language=self.language, rows=[row for row in rows if row])

    def button(self, key: str, intent: str, /, **entities: str) -> Button:
        """A button with the text `key` that sends `/intent{entities}`."""
        return Button(label=self.t(key), payload=payload(intent, **entities))

    def person_button(self) -> Button:
        return self.button("button.person", "talk_to_person")

    def menu_button(self) -> Button:
        return self.button("button.menu", "menu")


_current: ContextVar[Turn] = ContextVar("turn")


def current() -> Turn:
    """The turn being taken in this task. Raises LookupError outside one."""
    return _current.get()


def begin(turn: Turn) -> None:
    _current.set(turn)

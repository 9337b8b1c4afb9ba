"""What every part of the running program shares."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from bot import crypto
from bot.cases.holidays import Calendar, fetched_file
from bot.cases.hours import Hours
from bot.conversation.bell import Bell
from bot.conversation.rehearsals import Rehearsals
from bot.db import tables
from bot.db.session import Sessions, connect, sessions
from bot.installation import live
from bot.installation.live import Installation
from bot.keys import file as key_file
from bot.knowledge import snapshot
from bot.knowledge.snapshot import Numbers
from bot.settings import Settings
from bot.wording import live as wording

assert tables.Base.metadata.tables  # a session must know every table that a foreign key names


@dataclass(eq=False)
class House:
    """`settings`, `hours`: as they count now. An admin changes some of them while the program runs (bot/installation); whatever
    answers somebody calls `refresh` first. `inbox_bell`: something came in. `outbox_bell`: something is to go out.
    """

    settings: Settings
    database: Engine
    sessions: Sessions
    hours: Hours
    inbox_bell: Bell = field(default_factory=Bell)
    outbox_bell: Bell = field(default_factory=Bell)
    rehearsals: Rehearsals = field(default_factory=Rehearsals, init=False)
    installation: Installation = field(default=live.NOTHING_SET, init=False)
    base: Settings = field(init=False)  # as the environment says

    def __post_init__(self) -> None:
        self.base = self.settings

    @classmethod
    def open(cls, settings: Settings) -> House:
        """Connects. Makes no table and starts nothing."""
        again = partial(key_file.read, settings.key_file) if settings.key_file else None
        crypto.use_keys(settings.keys, again)
        database = connect(settings.database_url)
        return cls(settings, database, sessions(database), Hours.parse(settings.hours, Calendar(fetched_file(settings.var))))

    def refresh(self, session: Session) -> Numbers:
        """Takes up what an admin has set since; one query when nothing was. Returns what that query found, for who asks on."""
        numbers = snapshot.numbers(session)
        if numbers.installation != self.installation.number:
            found = live.current(session, numbers.installation)
            self.settings = found.settings(self.base)
            self.hours = Hours.parse(self.settings.hours, self.hours.holidays)
            self.installation = found
        wording.take_up(session, numbers.wording)
        return numbers

"""What every part of the running program shares."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial

from sqlalchemy import Engine

from bot import crypto
from bot.cases.holidays import Calendar, fetched_file
from bot.cases.hours import Hours
from bot.conversation.bell import Bell
from bot.db import tables
from bot.db.session import Sessions, connect, sessions
from bot.keys import file as key_file
from bot.settings import Settings

assert tables.Base.metadata.tables  # a session must know every table that a foreign key names


@dataclass(frozen=True)
class House:
    """`inbox_bell`: something came in. `outbox_bell`: something is to go out."""

    settings: Settings
    database: Engine
    sessions: Sessions
    hours: Hours
    inbox_bell: Bell = field(default_factory=Bell)
    outbox_bell: Bell = field(default_factory=Bell)

    @classmethod
    def open(cls, settings: Settings) -> House:
        """Connects. Makes no table and starts nothing."""
        again = partial(key_file.read, settings.key_file) if settings.key_file else None
        crypto.use_keys(settings.keys, again)
        database = connect(settings.database_url)
        return cls(settings, database, sessions(database), Hours.parse(settings.hours, Calendar(fetched_file(settings.var))))

"""Looks for what has no English yet, case by case, and writes what we have ourselves. Called in a thread."""

from __future__ import annotations

import datetime as dt
import time

from sqlalchemy.orm import Session

from bot.db.base import now
from bot.db.session import read_only
from bot.house import House
from bot.knowledge import snapshot
from bot.translation import drafts_due, due, filling, suggested, suggesting
from bot.translation.permission import Listen

LOOK_SECONDS = 1.0  # how late a line may be that another process caused
OVERLAP = dt.timedelta(seconds=60)  # clocks differ, and what was begun earlier may be committed later
PEOPLE_AT_ONCE = 25
TIDY_SECONDS = 600.0


class Looker:
    """Remembers whom it has still to look at. What is found is made before the transaction that writes it."""

    def __init__(self, house: House, listen: Listen) -> None:
        self._house, self._machine, self._listen = house, house.settings.translating, listen
        self._people: list[int] = []
        self._since: dt.datetime | None = None
        self._looked = 0.0
        self._tidied = 0.0

    def look(self) -> int:
        """Writes lines for some of the messages that have none. Returns how many, or whether there is more to look at."""
        self._tidy()
        with read_only(self._house.sessions) as session:
            self._find(session)
            people = self._people[:PEOPLE_AT_ONCE]
            found = filling.missing(session, people, self._machine) if people else []
            rows = filling.made(session, found, snapshot.current(session), self._machine, self._listen) if found else []
        if len(found) < filling.AT_ONCE:
            del self._people[: len(people)]
        if rows:
            with self._house.sessions.begin() as session:
                filling.write(session, rows)
        return suggested.fill(self._house.sessions) + (len(rows) or len(self._people))

    def _find(self, session: Session) -> None:
        """Whose case has changed goes to the front; at the first look everybody with an open case."""
        if self._people and time.monotonic() - self._looked < LOOK_SECONDS:
            return
        began, waiting = now(), set(self._people)
        fresh = [person for person in filling.people(session, self._since) if person not in waiting]
        self._people = fresh + self._people
        self._since, self._looked = began - OVERLAP, time.monotonic()

    def _tidy(self) -> None:
        if time.monotonic() - self._tidied > TIDY_SECONDS or not self._tidied:
            with self._house.sessions.begin() as session:
                due.let_go(session)
                drafts_due.forget_old(session)
                suggesting.forget_old(session)
            self._tidied = time.monotonic()

"""The engine a process answers with, changed between two messages when another model is to be used.

A thread looks every LOOK_SECONDS whether another one is wanted and loads it beside the one that works; the worker takes it before
its next message. One that cannot be loaded changes nothing: the failure stands in the console, and it is tried again with each
sign of life, for memory may be free by then, or the archive copied to this machine.
"""

from __future__ import annotations

import gc
import logging
import os
import secrets
import threading
from collections.abc import Callable
from pathlib import Path

from sqlalchemy import delete, update
from sqlalchemy.exc import DBAPIError

from bot.db.base import now
from bot.db.session import insert_new, read_only
from bot.house import House
from bot.training import own_models
from bot.training.models import Listening
from bot.training.own_models import SHIPPED, Wanted
from engine.agent import Engine
from engine.errors import ModelError

log = logging.getLogger(__name__)
LOOK_SECONDS = 1.0
SEEN_EVERY = 60  # looks between two signs of life
GONE_MINUTES = 5  # a process that gave none for so long has ended
Load = Callable[[Path], Engine]


def at_start(house: House, shipped: Path, load: Load) -> Engine:
    """The model that is in use; the shipped one, with a line in the log, when that cannot be loaded. Raises ModelError for the
    shipped one."""
    try:
        with read_only(house.sessions) as session:
            wanted = own_models.wanted(session)
            archive = shipped if wanted.name == SHIPPED else own_models.locate(session, house.settings, wanted)
        return load(archive)
    except ModelError as error:
        if wanted.name == SHIPPED:
            raise
        log.error("the model in use cannot be loaded, so the shipped one answers: %s", error)
        return load(shipped)


class Serving:
    """`engine` is the one to answer with now."""

    def __init__(self, house: House, engine: Engine, load: Load) -> None:
        self._house, self._load, self.engine = house, load, engine
        self._number = -1  # of the switch that was last tried
        self._failure: str | None = None  # of that try
        self._looks = 0
        self._token = f"{os.getpid()}:{secrets.token_hex(4)}"
        self._stop = threading.Event()

    def newest(self, before: Engine) -> Engine:
        """For the worker, before each message: at once, whatever is being loaded."""
        return self.engine

    def run(self) -> None:
        """Until `stop`. Survives a database that is away."""
        while not self._stop.is_set():
            try:
                self.look()
            except DBAPIError as error:
                log.warning("the database does not answer: %s", type(error.orig).__name__)
            except Exception as error:  # the thread must outlive anything
                log.error("looking for a new model stumbled: %s", type(error).__name__)
            self._stop.wait(LOOK_SECONDS)
        with self._house.sessions.begin() as session:
            session.execute(delete(Listening).where(Listening.token == self._token))

    def stop(self) -> None:
        self._stop.set()

    def look(self) -> None:
        """Takes the model that is wanted, when that is another one than before. Raises DBAPIError: the next look tries anew."""
        with read_only(self._house.sessions) as session:
            wanted = own_models.wanted(session)
        self._looks += 1
        gives_sign = self._looks % SEEN_EVERY == 0
        if wanted.number == self._number and not (gives_sign and self._failure):
            if gives_sign:
                self._note(self._number, None, only_seen=True)
            return
        failure = None
        try:
            self._take(wanted)
        except (ModelError, OSError, MemoryError) as error:
            failure = str(error)[:300] or type(error).__name__
            log.error("the model stays as it is: %s", failure)
        self._note(wanted.number, failure)
        self._number, self._failure = wanted.number, failure  # what failed is not tried each second

    def _take(self, wanted: Wanted) -> None:
        with read_only(self._house.sessions) as session:
            archive = own_models.locate(session, self._house.settings, wanted)
        if archive == self.engine.archive:
            return
        self.engine = self._load(archive)
        gc.collect()  # the old one goes as soon as the worker has let it go

    def _note(self, number: int, failure: str | None, *, only_seen: bool = False) -> None:
        values = {"name": _name_of(self._house, self.engine), "number": number, "failure": failure}
        with self._house.sessions.begin() as session:
            insert_new(session, Listening, token=self._token, **values)
            mine = update(Listening).where(Listening.token == self._token)
            session.execute(mine.values(seen_at=now(), **({} if only_seen else values)))


def _name_of(house: House, engine: Engine) -> str:
    own = engine.archive.parent == own_models.folder(house.settings)
    return engine.archive.name.removesuffix(".tar.gz") if own else SHIPPED

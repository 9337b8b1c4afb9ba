"""Everything that must be there before the program can answer: tables, knowledge, model. Each step is skipped when done."""

from __future__ import annotations

import fcntl
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy.exc import DBAPIError

from bot.db import migrate
from bot.errors import PermanentError
from bot.house import House
from bot.keys import checking
from bot.knowledge import loading, reading
from engine import model

Tell = Callable[[str], None]


def everything(house: House, tell: Tell) -> Path:
    """Database, knowledge, model. Returns the model's archive. Raises PermanentError or ModelError with the mend."""
    database(house, tell)
    knowledge(house, tell)
    return trained(house, tell)


def database(house: House, tell: Tell) -> None:
    tell("Database ...")
    try:
        keys(house)  # before anything is changed: migrations seal, too
        migrate.create(house.database)
    except DBAPIError as error:
        name = type(error.orig).__name__
        raise PermanentError(f"USEIT_DATABASE_URL: the database cannot be used ({name}): see ./useit doctor") from error


def keys(house: House) -> None:
    """Whether our keys open what is stored. Raises PermanentError before anything is touched."""
    checking.keys_fit(house.database)


def knowledge(house: House, tell: Tell, *, always: bool = False) -> loading.Loaded:
    """Loads the files into the database; an admin's edits stay. Files that were loaded last are read again only if `always`."""
    folder = house.settings.root / "data/knowledge"
    files = f"{loading.VERSION} {reading.fingerprint(folder)}"
    with house.sessions() as session:
        if not always and loading.files(session) == files:
            return loading.Loaded()
    content = reading.read(folder)
    with house.sessions.begin() as session:
        loaded = loading.load(session, content)
        loading.note_files(session, files)
    if loaded.added or loaded.changed:
        tell(f"Knowledge: {loaded.added} texts and entries added, {loaded.changed} changed.")
    return loaded


def trained(house: House, tell: Tell) -> Path:
    """The model that fits the data; trained in a process of its own, which gives its memory back."""
    settings = house.settings
    with locked(settings.models / "train.lock"):
        archive = model.current(settings.root, settings.models, settings.encoder)
        if archive is not None:
            return archive
        tell("Training the model, because data/, domain.yml or config.yml changed (one to two minutes) ...")
        settings.models.mkdir(parents=True, exist_ok=True)
        log = settings.var / "train.log"
        with log.open("w") as output:
            made = subprocess.run(
                [
                    sys.executable,
                    "-m",
                    "engine.model",
                    *map(str, filter(None, (settings.root, settings.models, settings.encoder))),
                ],
                stdout=output,
                stderr=subprocess.STDOUT,
                cwd=settings.root,
            )
        archive = model.current(settings.root, settings.models, settings.encoder)
        if made.returncode or archive is None:
            last = (log.read_text(errors="replace").strip().splitlines() or ["no output"])[-1]
            raise PermanentError(f"training failed: {last[:300]} (all of it in {log.name})")
        return archive


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """One process at a time; freed by the system when the process dies."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


@contextmanager
def running(house: House) -> Iterator[None]:
    """Marks that the program runs here. Raises PermanentError when it runs already."""
    with (house.settings.var / "running.lock").open("w") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise PermanentError("the program runs already: stop it first (Ctrl-C where it runs)") from error
        yield


def is_running(house: House) -> bool:
    """Whether `./useit up` runs with the same `var/`."""
    path = house.settings.var / "running.lock"
    if not path.exists():
        return False
    with path.open("r+") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False

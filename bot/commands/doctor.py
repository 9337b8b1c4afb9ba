"""`useit doctor`: what is missing or wrong, one line each, with the mend. Exit 0 when all is well."""

from __future__ import annotations

import argparse
import os
import shutil
import socket
from collections.abc import Iterator

from sqlalchemy import inspect, select
from sqlalchemy.exc import DBAPIError

from bot.conversation import photos
from bot.errors import PermanentError, UseItError
from bot.house import House
from bot.settings import Settings
from engine import model
from engine.errors import ModelError

LEAST_FREE_MB = 200


def doctor(options: argparse.Namespace) -> int:
    try:
        house = House.open(Settings.read())
    except UseItError as error:
        print(f"✗ {error}")
        return 1
    problems = list(problems_of(house))
    for problem in problems:
        print(f"✗ {problem}")
    for hint in hints(house):
        print(f"· {hint}")
    if not problems:
        print("✓ all is well")
    return 1 if problems else 0


def problems_of(house: House) -> Iterator[str]:
    """Each thing that would stop the program or lose something."""
    from bot import prepare

    yield from _database(house)
    yield from _keys(house)
    try:
        if model.current(house.settings.root, house.settings.models) is None:
            yield "model: none for this data: run ./useit train (or ./useit up, which does it)"
    except ModelError as error:
        yield f"model: {error}"
    free = shutil.disk_usage(house.settings.var).free // 2**20
    if free < LEAST_FREE_MB:
        yield f"disk: {free} MB free in var/: make room, or set USEIT_VAR to another disk"
    if not prepare.is_running(house) and _in_use(house.settings.host, house.settings.port):
        yield f"port: {house.settings.port} is in use: set USEIT_PORT to another"


def hints(house: House) -> Iterator[str]:
    """What works but somebody should decide."""
    if not house.settings.telegram_token:
        yield "Telegram is off: set USEIT_TELEGRAM_TOKEN to the token BotFather gave you"
    if house.settings.smtp is None:
        yield "e-mails are written to var/mail and not sent: set USEIT_SMTP_HOST (docs/settings.md)"
    elif not house.settings.public_url.startswith("https://"):
        yield f"links in e-mails lead to {house.settings.public_url}: set USEIT_PUBLIC_URL to the https address others reach"
    if house.settings.photo == "off":
        yield "photos of letters are not read: USEIT_PHOTO is off"
    elif lacking := photos.missing():
        yield f"photos of letters are not read: the extra `photo` is not installed (no {', '.join(lacking)})"
    else:
        yield f"photos of letters are read, each in a process that takes up to {house.settings.photo_mb} MB and gives them back"
    if "USEIT_HOURS" not in os.environ:
        yield f"the team's hours are the default ({house.settings.hours}): set USEIT_HOURS to yours, people are told them"


def _database(house: House) -> Iterator[str]:
    from bot.db.base import Base
    from bot.knowledge.models import Entry

    try:
        with house.database.connect() as connection:
            missing = set(Base.metadata.tables) - set(inspect(connection).get_table_names())
            if missing:
                yield "database: tables are missing: run ./useit up"
            elif not connection.scalar(select(Entry.id).limit(1)):
                yield "knowledge: none is loaded: run ./useit knowledge load"
    except DBAPIError as error:
        name = type(error.orig).__name__
        yield f"database: cannot be used ({name}): check USEIT_DATABASE_URL, rights and disk space"


def _keys(house: House) -> Iterator[str]:
    from bot.keys import checking, file

    try:
        checking.keys_fit(house.database)
    except PermanentError as error:
        yield f"keys: {error}"
    except DBAPIError:
        return  # said above
    path = house.settings.key_file
    if path is not None and file.is_open_to_others(path):
        yield f"keys: others than its owner can read {path.name}: chmod 600"


def _in_use(host: str, port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex((host, port)) == 0

"""`./useit keys`: what seals people's words, changed without stopping the program. docs/privacy.md says when and why.

Stdout holds what scripts read, stderr the progress. Exit codes: 0 done, 1 something does not open or is not done yet, 2 refused.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from sqlalchemy.exc import DBAPIError

from bot import prepare
from bot.crypto import LOOK_SECONDS
from bot.errors import PermanentError, RefusedError, SettingsError
from bot.house import House
from bot.keys import checking, file, reencrypting
from bot.settings import Settings


def add_to(parser: argparse.ArgumentParser) -> None:
    parser.description = "check, change and tidy the keys that seal what people told us"
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="VERB")
    for name, run, text in (
        ("check", check, "open every stored value, and say how many stand under which key"),
        ("rotate", rotate, "add a new key, which seals from now on; the old ones still open"),
        ("re-encrypt", re_encrypt, "put every stored value under the newest key; can be stopped and begun again"),
        ("drop", drop, "take a key out of the file that nothing is sealed with any more"),
    ):
        verb = verbs.add_parser(name, help=text, description=text)
        verb.set_defaults(run=run)
        if name == "drop":
            verb.add_argument("id", type=int, help="the number before the colon")


def check(_: argparse.Namespace) -> int:
    house = _open()
    found = checking.every_value(house.database)
    for number in house.settings.keys.ring:
        newest = " (newest)" if number == house.settings.keys.newest else ""
        print(f"key {number}{newest}: {found.opens[number]} values open")
    for number, times in sorted(found.broken.items()):
        print(f"key {number}: {times} values do not open")
    for where in found.where:
        _tell(f"does not open: {where}")
    if house.settings.key_file and file.is_open_to_others(house.settings.key_file):
        _tell("the key file can be read by others than its owner: chmod 600")
    return 1 if found.broken else 0


def rotate(_: argparse.Namespace) -> int:
    house = _open()
    path = _file(house)
    with prepare.locked(house.settings.var / "keys.lock"):
        checking.keys_fit(house.database)
        try:
            keys = file.read(path).with_new()
        except ValueError as error:
            raise RefusedError(f"{file.NAME}: {error}") from None
        file.replace(path, keys)
    print(f"key {keys.newest} seals from now on; running programs take it up within {LOOK_SECONDS:.0f} seconds")
    _tell("Next: back the key file up, apart from the database, then ./useit keys re-encrypt")
    return 0


def re_encrypt(_: argparse.Namespace) -> int:
    house = _open()
    checking.keys_fit(house.database)
    with prepare.locked(house.settings.var / "keys.lock"):
        done = reencrypting.reencrypt(house.database, _tell)
    print(f"{done.changed} values are now under key {house.settings.keys.newest}; {done.left} rows are not")
    if done.broken:
        _tell(f"{done.broken} rows do not open: ./useit keys check names them")
    elif done.left:
        _tell("Somebody wrote or held them meanwhile: run it again")
    return 1 if done.left else 0


def drop(options: argparse.Namespace) -> int:
    house = _open()
    path = _file(house)
    with prepare.locked(house.settings.var / "keys.lock"):
        keys = file.read(path)
        if options.id not in keys.ring:
            raise RefusedError(f"there is no key {options.id}")
        if options.id == keys.newest:
            raise RefusedError(f"key {options.id} is the one that seals: rotate first")
        if file.age(path) < 2 * LOOK_SECONDS:
            raise RefusedError(
                f"the key file was changed a moment ago: wait {2 * LOOK_SECONDS:.0f} seconds, programs may still use key {options.id}"
            )
        found = checking.every_value(house.database)
        if used := found.opens[options.id] + found.broken[options.id]:
            raise RefusedError(f"key {options.id} is still in use, by {used} values: ./useit keys re-encrypt first")
        file.replace(path, keys.without(options.id))
    print(f"key {options.id} is gone")
    _tell(
        "A backup of the database from before needs it: keep the old key file for as long as you keep that backup, apart from it."
    )
    return 0


def _open() -> House:
    house = House.open(Settings.read())
    try:
        house.database.connect().close()
    except DBAPIError as error:
        name = type(error.orig).__name__
        raise PermanentError(f"USEIT_DATABASE_URL: the database cannot be used ({name})") from error
    return house


def _file(house: House) -> Path:
    if house.settings.key_file is None:
        raise SettingsError(f"{file.NAME}: stands in the environment; put it into a file and name that by {file.NAME}_FILE")
    return house.settings.key_file


def _tell(line: str) -> None:
    print(line, file=sys.stderr, flush=True)

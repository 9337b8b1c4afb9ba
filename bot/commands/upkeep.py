"""`useit knowledge backup|restore|feeds|care`: what the console's pages for the knowledge do, for those who script."""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable
from pathlib import Path

from sqlalchemy.exc import DBAPIError

from bot.db.session import as_transient, read_only
from bot.errors import PermanentError, RefusedError
from bot.house import House
from bot.settings import Settings
from bot.staff import audit
from bot.upkeep import backup, feeds, queue, restoring, worker
from bot.upkeep.models import FeedSource

WHO = "command"
Verb = Callable[[str, Callable[[argparse.Namespace], int], str], argparse.ArgumentParser]


def add_to(verb: Verb) -> None:
    """Adds these to the subcommands of `useit knowledge`."""
    out = verb("backup", make, "everything that the bot knows, with all versions, as one file (docs/backup-format.md)")
    out.add_argument("file")
    back = verb("restore-backup", restore, "go back to a backup; what is there now is kept in the database as a backup")
    back.add_argument("file")
    back.add_argument("--dry-run", action="store_true", help="say what would change, and change nothing")
    back.add_argument("--keep-safety", action="store_true", help="leave safety numbers as they are (others need a second person)")
    read = verb("feeds", feeds_command, "Open Referral feeds that are read by themselves")
    read.add_argument("do", choices=["list", "add", "remove", "read"])
    read.add_argument("address", nargs="?", default="", help="of the feed; without it `read` reads what is due")
    read.add_argument("--hours", type=int, default=24, help=f"how often: {', '.join(map(str, feeds.EVERY_HOURS))}")
    verb("care", care, "look at the whole knowledge now and list what needs care (the console's list)")


def make(options: argparse.Namespace) -> int:
    to = Path(options.file)
    with read_only(_house().sessions) as session:
        content = backup.make(session)
    fresh = to.with_name(f".{to.name}.new")
    try:
        fresh.write_bytes(content)
        os.replace(fresh, to)
    except OSError as error:
        raise PermanentError(f"{to}: cannot be written ({error.strerror})") from error
    print(f"{to}: {len(content)} bytes")
    return 0


def restore(options: argparse.Namespace) -> int:
    path = Path(options.file)
    try:
        if path.stat().st_size > backup.LARGEST:
            raise RefusedError(f"{path}: is larger than {backup.LARGEST // 2**20} MB", "file_large")
        content = backup.read(path.read_bytes())
    except OSError as error:
        raise PermanentError(f"{path}: cannot be read ({error.strerror})") from error
    house = _house()
    with read_only(house.sessions) as session:
        for one in restoring.compare(session, content):
            print(f"{one.part}: {one.comes} come back, {one.changes} change, {one.goes} go away")
            for key in one.safety:
                print(f"! safety/{key}")
    if options.dry_run:
        print("dry run: nothing was changed")
        return 0
    try:
        with house.sessions.begin() as session:
            number = restoring.restore(session, content, WHO, path.name, keep_safety=options.keep_safety)
            audit.record(session, "nobody", "knowledge.restore_all", f"backup:{number}", path.name)
    except DBAPIError as error:
        raise as_transient(error) from error
    print(f"done; what was there is backup {number} (console: Files in and out)")
    return 0


def feeds_command(options: argparse.Namespace) -> int:
    house = _house()
    if options.do == "read" and not options.address:
        feeds.read_due(house)
    elif options.do != "list":
        with house.sessions.begin() as session:
            if options.do == "add":
                feeds.subscribe(session, options.address, options.hours)
            else:
                row = _named(feeds.listed(session), options.address)
                feeds.ask(row) if options.do == "read" else session.delete(row)
        if options.do == "read":
            feeds.read_due(house)
    with read_only(house.sessions) as session:
        rows = feeds.listed(session)
        for row in rows:
            waits = feeds.proposal(session, row.id)
            read = row.read_at.isoformat(timespec="minutes") if row.read_at else "never"
            print(f"{row.url}\tevery {row.every_hours} h\tread {read}\t{'waits for a choice' if waits else ''}")
            print("".join(f"x {problem}\n" for problem in row.problems), end="")
    return 1 if any(row.problems for row in rows) else 0


def care(options: argparse.Namespace) -> int:
    house = _house()
    worker.look_now(house)
    with read_only(house.sessions) as session:
        total, page = queue.listed(session, "open", 0)[1], 0
        while page * queue.PAGE < total:
            page += 1
            for row in queue.listed(session, "open", 0, page=page)[0]:
                place = "/".join(part for part in (row.entry_kind, row.key, row.part) if part)
                print(f"{row.kind}\t{place}\t{' '.join(str(value) for value in row.says.values())}")
    return 1 if total else 0


def _named(rows: list[FeedSource], address: str) -> FeedSource:
    row = next((row for row in rows if row.url == address.strip().rstrip("/").removesuffix("/services")), None)
    if row is None:
        raise RefusedError(f"{address or 'no address'}: is none of the feeds (feeds list)", "feed_url")
    return row


def _house() -> House:
    from bot import prepare
    from bot.cli import tell

    house = House.open(Settings.read())
    prepare.database(house, tell)
    return house

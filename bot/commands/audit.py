"""`useit audit check` and `useit audit export`: is the record of what staff did whole, and a copy of it to keep elsewhere."""

from __future__ import annotations

import argparse
import contextlib
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TextIO

from sqlalchemy import func, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from bot.errors import PermanentError
from bot.house import House
from bot.settings import Settings
from bot.staff import audit, audit_log
from bot.staff.models import AuditEntry


def add_to(parser: argparse.ArgumentParser) -> None:
    verbs = parser.add_subparsers(dest="what", required=True, metavar="WHAT")
    checking = verbs.add_parser("check", help="does every entry follow from the one before; exit 1 names the first that does not")
    checking.add_argument("--holds", metavar="CHAIN", help="a chain noted earlier: it must still be there")
    checking.set_defaults(run=check)
    exporting = verbs.add_parser("export", help="every entry as JSON lines, oldest first")
    exporting.add_argument("--to", metavar="FILE", required=True, help="a new file, readable by you alone; - for stdout")
    exporting.set_defaults(run=export)


def check(options: argparse.Namespace) -> int:
    """Exit 0 when the audit is whole, 1 when it is not."""
    with _reading() as session:
        broken = audit.verify(session)
        if broken is not None:
            print(f"entry {broken} does not follow from the one before: it, or one before it, was changed, put in or taken out")
            return 1
        if options.holds and session.scalar(select(AuditEntry.id).where(AuditEntry.chain == options.holds).limit(1)) is None:
            print("the chain you noted is not in the audit: entries were taken off its end, or all of it was written anew")
            return 1
        count = session.scalar(select(func.count()).select_from(AuditEntry))
        last = session.scalar(select(AuditEntry.chain).order_by(AuditEntry.id.desc()).limit(1))
        print(f"{count} entries, each follows from the one before; the last chain is {last or '(none)'}")
    return 0


def export(options: argparse.Namespace) -> int:
    with _reading() as session, _writing(options.to) as out:
        out.writelines(audit_log.as_json(audit.entries(session)))
    return 0


@contextlib.contextmanager
def _reading() -> Iterator[Session]:
    """Without keeping anybody from writing. Raises PermanentError when the database cannot be read."""
    house = House.open(Settings.read())
    try:
        with Session(house.database.execution_options(reader=True)) as session:
            yield session
    except DBAPIError as error:
        raise PermanentError(f"the database cannot be read ({type(error.orig).__name__}): ./useit doctor says more") from error


@contextlib.contextmanager
def _writing(name: str) -> Iterator[TextIO]:
    """Raises PermanentError when there is such a file already: an older copy is not written over."""
    if name == "-":
        yield sys.stdout
        return
    try:
        number = os.open(Path(name), os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError as error:
        raise PermanentError(f"{name}: cannot be made ({type(error).__name__})") from error
    with os.fdopen(number, "w", encoding="utf-8") as out:
        yield out

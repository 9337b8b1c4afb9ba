"""`useit knowledge ...`: files, feeds and sheets into the knowledge base, and out of it."""

from __future__ import annotations

import argparse
import datetime as dt
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from bot.commands import knowledge_drafts, upkeep
from bot.commands.check import check
from bot.db.session import as_transient
from bot.errors import RefusedError, SettingsError
from bot.house import House
from bot.knowledge.hsds.plan import Item, Plan, ProblemsError
from bot.knowledge.seed import SeedError
from bot.settings import Settings

Run = Callable[[argparse.Namespace], int]
SIGNS = {"added": "+", "changed": "~", "conflict": "!", "gone": "-", "refused": "x"}
SHEETS = ("terms", "services")


def add_to(parser: argparse.ArgumentParser) -> None:
    """Adds every subcommand: one function for each, which names its arguments."""
    verbs = parser.add_subparsers(dest="what", required=True, metavar="WHAT")

    def verb(name: str, run: Run, text: str) -> argparse.ArgumentParser:
        made = verbs.add_parser(name, help=text, description=text)
        made.set_defaults(run=run)
        return made

    verb("load", load, "load data/knowledge into the database; an admin's edits stay")
    feed = verb("import", import_feed, "import Open Referral services from a file, a folder or an API")
    feed.add_argument("source", help="a JSON file, a folder of them, or an API's address (https://...)")
    feed.add_argument("--without-refused", action="store_true", help="import the rest when some records are refused")
    feed.add_argument("--again", action="store_true", help="read a feed that says it has not changed")
    out = verb("export", export_feed, "export all published services as Open Referral")
    out.add_argument("--to", required=True, help="a file that ends in .json, or a folder")
    out.add_argument("--format", choices=["oruk", "hsds", "csv"], default="oruk", help="default: oruk")
    sheet_out = verb("export-csv", export_sheet, "export terms or services for a spreadsheet program")
    sheet_out.add_argument("kind", choices=SHEETS)
    sheet_out.add_argument("file")
    sheet_out.add_argument("--lang", default="", help="also these languages, by commas: ar,so")
    sheet_in = verb("import-csv", import_sheet, "import terms or services from a sheet that was exported")
    sheet_in.add_argument("kind", choices=SHEETS)
    sheet_in.add_argument("file")
    sheet_in.add_argument("--encoding", default="", help="where the file does not say it: utf-16, cp1252, cp1256")
    looked = verb("check", check, "what needs to be looked at: dates, translations, references, hard English, links")
    looked.add_argument("--links", action="store_true", help="also ask each web address whether it still answers")
    looked.add_argument("--all", action="store_true", help="list everything")
    upkeep.add_to(verb)
    knowledge_drafts.add_to(verb)
    for importing in (feed, sheet_in):
        importing.add_argument("--dry-run", action="store_true", help="say what would change, and change nothing")
        importing.add_argument("--take", nargs="+", default=[], metavar="KEY", help="take these, though they were edited here")


def load(options: argparse.Namespace) -> int:
    with _problems_shown():
        return _load()


def _load() -> int:
    from bot import prepare
    from bot.cli import tell

    house = _house()
    try:
        loaded = prepare.knowledge(house, tell, always=True)
    except SeedError as error:
        raise ProblemsError(error.problems) from error
    print(f"{loaded.added} added, {loaded.changed} changed, {len(loaded.kept)} kept as an admin edited them")
    return 0


def import_feed(options: argparse.Namespace) -> int:
    from bot.knowledge.hsds import importing, remembered, source
    from bot.knowledge.hsds.feed import Api

    house, today = _house(), dt.date.today()
    with _problems_shown():
        if options.source.startswith(("http://", "https://")):
            api = Api(options.source)
            if not (options.again or options.take) and _has_imported(house, api.name):
                api = Api(options.source, remembered.etags_of(house.settings.var, api.name))
            read = api.read()
            if read is None:
                print(f"{api.name}: has not changed since it was imported (--again reads it all the same)")
                return 0
        else:
            read = source.read_files(Path(options.source))
    feed = read

    def run(session: Session) -> Plan:
        if options.dry_run:
            return importing.plan(session, feed, today=today, take=options.take)
        return importing.apply(session, feed, today=today, take=options.take, without_refused=options.without_refused)

    plan = _run(house, options.dry_run, run)
    if not options.dry_run:
        remembered.keep(house.settings.var, feed.name, feed.etags if plan.is_settled else {})
    return 1 if plan.problems else 0


def export_feed(options: argparse.Namespace) -> int:
    from bot.cli import tell
    from bot.knowledge.hsds import exporting, tabular

    house, to = _house(), Path(options.to)
    if options.format == "csv" and (to.suffix or to.is_file()):
        raise RefusedError("--to: the tables need a folder", "to")
    with _reading(house) as session:
        found = exporting.collect(session, house.settings.languages)
    for one in found:
        for name in one.left_out:
            tell(f"services/{one.service.key}: {name} is left out: the standard's format does not allow it")
    records = [exporting.formed(one.record, "oruk" if options.format == "oruk" else "hsds") for one in found]
    if options.format == "csv":
        counts = tabular.write(records, to)
        print(", ".join(f"{count} {table}" for table, count in counts.items()) or "nothing to export")
    else:
        print(f"{exporting.write(records, to)} services")
    return 0


def export_sheet(options: argparse.Namespace) -> int:
    from bot.knowledge import spreadsheets

    house = _house()
    languages = tuple(code.strip() for code in options.lang.split(",") if code.strip() not in ("", "en"))
    if unknown := [code for code in languages if code not in house.settings.languages]:
        raise SettingsError(f"--lang: {', '.join(unknown)} is none of {', '.join(house.settings.languages)}")
    with _reading(house) as session:
        content = spreadsheets.export(session, options.kind, languages)
    Path(options.file).write_bytes(content)
    return 0


def import_sheet(options: argparse.Namespace) -> int:
    from bot.knowledge import spreadsheets

    def run(session: Session) -> Plan:
        do = spreadsheets.plan if options.dry_run else spreadsheets.apply
        return do(session, options.kind, Path(options.file), encoding=options.encoding, take=options.take)

    plan = _run(_house(), options.dry_run, run)
    return 1 if plan.problems else 0


def _house() -> House:
    """With every table in its database."""
    from bot import prepare
    from bot.cli import tell

    house = House.open(Settings.read())
    prepare.database(house, tell)
    return house


def _reading(house: House) -> AbstractContextManager[Session]:
    """A session that neither changes anything nor waits for who does."""
    session = house.sessions()
    session.connection(execution_options={"reader": True})
    return session


def _has_imported(house: House, feed: str) -> bool:
    """Whether anything of the feed is here: what is remembered of it is worth nothing to another database."""
    from sqlalchemy import select

    from bot.knowledge.models import Entry

    with _reading(house) as session:
        rows = session.scalars(select(Entry.data).where(Entry.kind == "services"))
        return any(data.get("hsds") and data["fact"]["source"] == feed for data in rows)


def _run(house: House, dry: bool, do: Callable[[Session], Plan]) -> Plan:
    """Plans or does it, all or nothing, one at a time, and prints what would happen or has happened."""
    from bot import prepare

    try:
        alone = prepare.locked(house.settings.var / "import.lock")
        with _problems_shown(), alone, _reading(house) if dry else house.sessions.begin() as session:
            plan = do(session)
    except DBAPIError as error:
        raise as_transient(error) from error
    for item in plan.items:
        _print(item)
    for note in plan.notes:
        print(f"note: {note}", file=sys.stderr)
    counts = ", ".join(f"{count} {what}" for what, count in plan.counts.items())
    print(f"{plan.source}: {counts}{' (dry run: nothing was changed)' if dry else ''}")
    return plan


@contextmanager
def _problems_shown() -> Iterator[None]:
    """Every problem of a source on stdout; the one line of the refusal follows on stderr."""
    try:
        yield
    except ProblemsError as error:
        print("\n".join(f"x {problem}" for problem in error.problems))
        raise


def _print(item: Item) -> None:
    if item.what == "refused":
        print("\n".join(f"x {reason}" for reason in item.reasons))
    elif item.what != "unchanged":
        stays = "[edited here: stays, unless with --take]" if item.what == "conflict" or item.kept else ""
        hidden = "[not published]" if item.what == "added" and not item.published else ""
        print(" ".join(part for part in (SIGNS[item.what], item.key, item.name, stays, hidden) if part))
    for change in item.changes:
        print(f"    {change.field}: {change.old or '(nothing)'} -> {change.new or '(nothing)'}")

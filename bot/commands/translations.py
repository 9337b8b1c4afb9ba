"""`useit translations ...`: how far they are, a file for a translator outside, and what comes back."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy.exc import DBAPIError

from bot.commands.knowledge import SIGNS
from bot.db.session import as_transient, read_only
from bot.errors import RefusedError, SettingsError
from bot.house import House
from bot.knowledge.hsds.plan import ProblemsError
from bot.settings import Settings

if TYPE_CHECKING:
    from bot.wording.exchange.importing import Plan

Run = Callable[[argparse.Namespace], int]
WHO = "command"


def add_to(parser: argparse.ArgumentParser) -> None:
    """Adds every subcommand with its arguments."""
    from bot.wording.exchange.item import FORMATS
    from bot.wording.units import ALL_KINDS, STATES

    verbs = parser.add_subparsers(dest="what", required=True, metavar="WHAT")

    def verb(name: str, run: Run, text: str) -> argparse.ArgumentParser:
        made = verbs.add_parser(name, help=text, description=text)
        made.set_defaults(run=run)
        return made

    far = verb("progress", progress, "how many texts of each language are in which state")
    far.add_argument("--json", action="store_true", help="print JSON, also by kind")
    out = verb("export", export, "write the texts of a language to a PO or XLIFF 1.2 file")
    out.add_argument("lang")
    out.add_argument("file")
    out.add_argument("--format", choices=FORMATS, default="", help="default: by the file's name, else po")
    out.add_argument("--kind", nargs="+", choices=ALL_KINDS, default=[], help="only these kinds")
    out.add_argument("--state", nargs="+", choices=STATES, default=[], help="only texts in these states")
    back = verb("import", import_file, "take over translations from a PO or XLIFF 1.2 file")
    back.add_argument("lang")
    back.add_argument("file")
    back.add_argument("--dry-run", action="store_true", help="say what would change, and change nothing")
    back.add_argument(
        "--finished", action="store_true", help="somebody who speaks the language has checked what is called finished"
    )
    back.add_argument("--take", nargs="+", default=[], metavar="PLACE", help="take these, though they were changed here")
    back.add_argument("--without-refused", action="store_true", help="take the rest when some texts are refused")


def progress(options: argparse.Namespace) -> int:
    from bot.wording import progress as far
    from bot.wording.units import STATES

    house = _open()
    with read_only(house.sessions) as session:
        found = far.progress(session, house.settings.languages)
    if options.json:
        kinds = {code: [{"kind": k, "state": s, "texts": n} for (k, s), n in sorted(one.items())] for code, one in found.items()}
        print(json.dumps(kinds))
        return 0
    print("\t".join(("lang", *STATES)))
    for code, counts in found.items():
        states = far.by_state(counts)
        print("\t".join((code, *(str(states.get(state, 0)) for state in STATES))))
    return 0


def export(options: argparse.Namespace) -> int:
    from bot.wording import units
    from bot.wording.exchange import importing

    house = _open()
    _check_language(house, options.lang)
    suffix = Path(options.file).suffix.lower()
    form = options.format or ("xliff" if suffix in (".xlf", ".xliff", ".xml") else "po")
    with read_only(house.sessions) as session:
        rows = [
            unit
            for unit in units.listed(session, options.lang)
            if (not options.kind or unit.kind in options.kind) and (not options.state or unit.state in options.state)
        ]
    Path(options.file).write_bytes(importing.WRITERS[form](rows, options.lang))
    print(f"{len(rows)} texts")
    return 0


def import_file(options: argparse.Namespace) -> int:
    from bot.staff import audit
    from bot.wording.exchange import batches, importing

    house = _open()
    _check_language(house, options.lang)
    path = Path(options.file)
    if not path.is_file():
        raise RefusedError(f"there is no file {path}", "file")
    try:
        items = importing.read(_content(path), options.lang)
        if options.dry_run:
            with read_only(house.sessions) as session:
                made = importing.plan(session, options.lang, items, finished=options.finished, take=options.take)
        else:
            taken = batches.apply(
                house.sessions,
                options.lang,
                items,
                who=WHO,
                why=path.name,
                finished=options.finished,
                take=options.take,
                without_refused=options.without_refused,
            )
            made = taken.plan
            with house.sessions.begin() as session:
                audit.record(session, WHO, "words.import", f"language:{options.lang}", f"{len(made.changes)} texts, {taken.mark}")
    except ProblemsError as error:
        print("\n".join(f"x {problem}" for problem in error.problems))
        raise
    except DBAPIError as error:
        raise as_transient(error) from error
    _print(made, dry=options.dry_run)
    return 1 if made.refused else 0


def _print(made: Plan, *, dry: bool) -> None:
    for change in made.changes:
        odd = f" [look: {', '.join(change.odd)}]" if change.odd else ""
        print(f"{SIGNS['added' if change.what == 'added' else 'changed']} {change.unit.place} {change.state}{odd}")
    for place, why in made.conflicts:
        stays = "changed here since: stays, unless with --take" if why == "changed" else "the English has changed: stays"
        print(f"{SIGNS['conflict']} {place} [{stays}]")
    for place, why in made.refused:
        print(f"{SIGNS['refused']} {place}: {why}")
    counts = f"{len(made.changes)} to change, {len(made.conflicts)} conflicts, {len(made.refused)} refused"
    print(f"{counts}, {made.unchanged} unchanged, {made.empty} empty{' (dry run: nothing was changed)' if dry else ''}")


def _open() -> House:
    """With every table in its database."""
    from bot import prepare
    from bot.cli import tell

    house = House.open(Settings.read())
    prepare.database(house, tell)
    return house


def _content(path: Path) -> bytes:
    """No more of it than can be a file of ours: one byte too much says that it is larger."""
    from bot.wording.exchange.item import LARGEST

    with path.open("rb") as handle:
        return handle.read(LARGEST + 1)


def _check_language(house: House, language: str) -> None:
    if language not in house.settings.languages or language == "en":
        others = ", ".join(code for code in house.settings.languages if code != "en")
        raise SettingsError(f"{language}: is none of {others}")

"""`useit numbers --from DAY --to DAY`: the report from the database, as it is now, without the program running.

Without --csv and --html it is printed as one CSV. What the files hold is what the page shows: small numbers are suppressed here, too.
"""

from __future__ import annotations

import argparse
import datetime as dt
import sys
from pathlib import Path

from markupsafe import Markup
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from bot.cases.handoffs import NEEDS
from bot.console import rendering
from bot.console.numbers import as_values
from bot.console.numbers_words import Words
from bot.db.base import now
from bot.errors import PermanentError
from bot.house import House
from bot.numbers import export
from bot.numbers.period import Period, Scope
from bot.numbers.report import build
from bot.settings import KNOWN_LANGUAGES, Settings
from bot.stories.reports import AgreedStories


def add_to(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--from", dest="first", type=dt.date.fromisoformat, required=True, metavar="DAY", help="the first day, 2026-01-01"
    )
    parser.add_argument("--to", dest="last", type=dt.date.fromisoformat, required=True, metavar="DAY", help="the last day")
    parser.add_argument("--language", default="", choices=KNOWN_LANGUAGES)
    parser.add_argument("--need", default="", choices=sorted(NEEDS))
    parser.add_argument("--csv", type=Path, metavar="FOLDER", help="one file for each table, over those of an earlier report")
    parser.add_argument("--html", type=Path, metavar="FILE", help="the report as one page, to print or to save as PDF")


def numbers(options: argparse.Namespace) -> int:
    house = House.open(Settings.read())
    scope = Scope(Period(options.first, options.last), options.language, options.need)
    try:
        with Session(house.database.execution_options(reader=True)) as session:
            report = build(session, house, scope, now(), AgreedStories())
            words = Words(session, report)
            if options.csv:
                write_csv(words, options.csv)
            if options.html:
                write_html(words, options.html, house)
            if not options.csv and not options.html:
                sys.stdout.write(export.as_csv(words.in_one()).removeprefix(export.MARK))
    except DBAPIError as error:
        raise PermanentError(f"the database cannot be read ({type(error.orig).__name__}): ./useit doctor says more") from error
    except OSError as error:
        raise PermanentError(f"{error.filename}: cannot be written ({type(error).__name__})") from error
    return 0


def write_csv(words: Words, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name, lines in words.files():
        (folder / f"{name}.csv").write_text(export.as_csv(lines), encoding="utf-8", newline="")


def write_html(words: Words, file: Path, house: House) -> None:
    style = "".join((rendering.STATIC / name).read_text(encoding="utf-8") for name in ("console.css", "numbers.css"))
    values = {**as_values(words, words.report), "organisation": house.settings.organisation, "style": Markup(style)}  # noqa: S704  # our own style sheets
    file.write_text(rendering.render("numbers_file.html", values), encoding="utf-8")

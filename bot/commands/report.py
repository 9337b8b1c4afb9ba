"""`useit report trial --from DAY --to DAY`: the report of a trial from the database, as HTML, PDF and CSV, without the program running."""

from __future__ import annotations

import argparse
import datetime as dt
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from markupsafe import Markup
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from bot.errors import PermanentError
from bot.house import House
from bot.journeys import trials
from bot.numbers import export
from bot.numbers.period import Period, Scope
from bot.settings import Settings

if TYPE_CHECKING:
    from bot.console.trial_words import TrialWords


def add_to(parser: argparse.ArgumentParser) -> None:
    parser.set_defaults(run=report)
    parser.add_argument("what", choices=["trial"])
    parser.add_argument(
        "--from", dest="first", type=dt.date.fromisoformat, required=True, metavar="DAY", help="the first day, 2026-01-01"
    )
    parser.add_argument("--to", dest="last", type=dt.date.fromisoformat, required=True, metavar="DAY", help="the last day")
    parser.add_argument(
        "--out", type=Path, metavar="FOLDER", help="report.html, report.pdf, report.csv, over those of an earlier one"
    )


def report(options: argparse.Namespace) -> int:
    """Without --out the CSV is printed. The goals are those of the trial of exactly these days, if there is one."""
    from bot.console.trials import words_of  # what draws papers is needed by no other command

    house, period = House.open(Settings.read()), Period(options.first, options.last)
    try:
        with Session(house.database.execution_options(reader=True)) as session:
            house.refresh(session)
            words = words_of(session, house, Scope(period), trials.of_days(session, period.first, period.last))
            if options.out:
                write(words, options.out)
            else:
                sys.stdout.write(export.as_csv(words.lines()).removeprefix(export.MARK))
    except DBAPIError as error:
        raise PermanentError(f"the database cannot be read ({type(error.orig).__name__}): ./useit doctor says more") from error
    except OSError as error:
        raise PermanentError(f"{error.filename}: cannot be written ({type(error).__name__})") from error
    return 0


def write(words: TrialWords, folder: Path) -> None:
    """The three files; the same database gives the same bytes."""
    from bot.console import rendering

    folder.mkdir(parents=True, exist_ok=True)
    (folder / "report.csv").write_text(export.as_csv(words.lines()), encoding="utf-8", newline="")
    (folder / "report.pdf").write_bytes(words.as_pdf())
    style = "".join((rendering.STATIC / name).read_text(encoding="utf-8") for name in ("console.css", "numbers.css"))
    values = {**words.values(), "style": Markup(style)}  # noqa: S704  # our own style sheets
    (folder / "report.html").write_text(rendering.render("trial_file.html", values), encoding="utf-8")

"""`useit model`: the models trained here, training one, comparing it with the one in use, and switching. The same rules as in the
console: a model that is worse where nobody may be missed is not switched in."""

from __future__ import annotations

import argparse
import sys

from sqlalchemy.exc import DBAPIError

from bot.db.session import read_only
from bot.errors import PermanentError, RefusedError
from bot.house import House
from bot.settings import Settings
from bot.staff import audit
from bot.training import examples, own_models, runs, trainer
from bot.training.comparing import Comparison, Pair, Tables
from bot.training.models import Run

WHO = "command"
SHIPPED = "shipped"
MEASURES = ("first", "among_three", "danger", "immigration", "false_alarms", "language")


def add_to(parser: argparse.ArgumentParser) -> None:
    verbs = parser.add_subparsers(dest="what", required=True, metavar="WHAT")
    verbs.add_parser("list", help="the models here, and which is in use").set_defaults(run=show)
    verbs.add_parser(
        "train", help="train one from the shipped lines and the examples, and compare it; some minutes"
    ).set_defaults(run=train)
    comparing = verbs.add_parser("compare", help="the two side by side, as a training found them")
    comparing.add_argument("run_id", type=int, nargs="?", metavar="RUN", help="a training's number (default: the newest)")
    comparing.set_defaults(run=compare)
    using = verbs.add_parser("use", help="switch in the model of a training, or go back to one that was in use")
    using.add_argument("name", help=f"a training's number, a model's name, or {SHIPPED}")
    using.set_defaults(run=use)


def show(options: argparse.Namespace) -> int:
    house = _house()
    with read_only(house.sessions) as session:
        in_use = own_models.wanted(session).name
        print(f"{'*' if in_use == own_models.SHIPPED else ' '} {SHIPPED}")
        for row in own_models.kept(session):
            mark = "*" if row.name == in_use else " "
            print(f"{mark} {row.name}\t{row.made_at:%Y-%m-%d %H:%M}\t{row.examples} examples\ttraining {row.run_id or '-'}")
    return 0


def train(options: argparse.Namespace) -> int:
    """Trains here, also while the program runs; Ctrl-C ends it and changes nothing. Exit 1 when it may not be switched in."""
    house = _house()
    with house.sessions.begin() as session:
        examples.require(session)
        number = runs.begin(session, WHO).id
        audit.record(session, WHO, "training.begin", f"run:{number}")
    print(f"Training {number} ...", file=sys.stderr, flush=True)
    try:
        done = trainer.once(house)
    except KeyboardInterrupt:
        with house.sessions.begin() as session:
            runs.stop(session, number)
        raise
    if not done:
        raise PermanentError(
            f"the running program has taken training {number}: ./useit model compare {number} shows what came of it"
        )
    with read_only(house.sessions) as session:
        return _tell(session.get_one(Run, number))


def compare(options: argparse.Namespace) -> int:
    with read_only(_house().sessions) as session:
        newest = [options.run_id] if options.run_id else [run.id for run in runs.newest(session, 1)]
        run = session.get(Run, newest[0]) if newest else None
        if run is None:
            raise PermanentError("there is no such training: ./useit model train makes one")
        return _tell(run)


def use(options: argparse.Namespace) -> int:
    """Every running process takes it up before its next message."""
    house = _house()
    try:
        with house.sessions.begin() as session:
            if options.name.isdecimal() and len(options.name) < 10:
                run = session.get(Run, int(options.name))
                if run is None:
                    raise RefusedError(f"there is no training {options.name}")
                row = own_models.switch_in(session, house.settings, run, WHO)
            else:
                name = own_models.SHIPPED if options.name == SHIPPED else options.name
                row = own_models.switch_back(session, house.settings, name, WHO)
            audit.record(session, WHO, "training.use", f"model:{row.name or SHIPPED}", f"from {row.before or SHIPPED}")
            print(f"In use: {row.name or SHIPPED}")
    except DBAPIError as error:
        raise PermanentError(f"the database cannot be used ({type(error.orig).__name__}): ./useit doctor says more") from error
    return 0


def _house() -> House:
    house = House.open(Settings.read())
    with read_only(house.sessions) as session:
        house.refresh(session)
    return house


def _tell(run: Run) -> int:
    found = trainer.comparison(run)
    if run.state != "done" or found is None:
        print(f"training {run.id}: {run.state}, {run.step} {run.percent} % {run.failure or ''}".rstrip())
        return 0 if run.active else 1
    print(f"training {run.id}: model {run.model}, {run.examples} examples, against {run.against or SHIPPED}")
    for title, tables in (("your test messages", found.own), ("shipped lines", found.shipped)):
        if tables is not None:
            print(f"\n{title}", *_lines(tables), sep="\n")
    print(*_changes(found), sep="\n")
    print("\nmay be used" if not run.refused else f"\nmay not be used: {', '.join(run.refused)}")
    return 1 if run.refused else 0


def _lines(tables: Tables) -> list[str]:
    lines = [f"{'':22}{'lines':>6}{'old':>8}{'new':>8}"]
    lines += [
        f"{m:22}{tables.all.count:6d}{_share(getattr(tables.all.old, m))}{_share(getattr(tables.all.new, m))}" for m in MEASURES
    ]
    return lines + [_line(pair) for pair in (*tables.languages, *tables.intents)]


def _line(pair: Pair) -> str:
    return f"{pair.name:22}{pair.count:6d}{_share(pair.old.first)}{_share(pair.new.first)}"


def _share(value: float | None) -> str:
    return f"{'-' if value is None else f'{value:.3f}':>8}"


def _changes(found: Comparison) -> list[str]:
    lines = [f"\n{len(found.changed)} understood differently"]
    for one in found.changed:
        sign = {True: "+", False: "-", None: " "}[one.better]
        lines.append(f"{sign} {one.message.language}\t{one.message.intent}\t{one.old} -> {one.new}\t{one.message.text}")
    return lines

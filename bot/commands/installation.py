"""`useit settings`, `useit stop`, `useit start-again`: what an admin sets in the console, for those who script, with the program running
or not. Every process takes it up at its next message; the audit says that a command did it.
"""

from __future__ import annotations

import argparse
import datetime as dt
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from bot.cases.hours import LONDON
from bot.conversation import would_go
from bot.db.base import now
from bot.db.session import read_only
from bot.errors import PermanentError, RefusedError
from bot.house import House
from bot.installation import changing, live, registry
from bot.settings import Settings

WHO = "command"


def add_settings(parser: argparse.ArgumentParser) -> None:
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="VERB")
    for name, run, text in (
        (
            "list",
            listing,
            "every setting that can be changed while the program runs, tab-separated: name, value, where it comes from",
        ),
        ("get", get, "the value of one"),
        ("set", change, "change one; fewer days of keeping need --yes"),
        ("reset", reset, "back to what the environment says"),
    ):
        verb = verbs.add_parser(name, help=text, description=text)
        verb.set_defaults(run=run)
        if name != "list":
            verb.add_argument("name")
        if name == "set":
            verb.add_argument("value", help="as `list` shows it: languages and keys by commas, on or off, days as a number")
        if name in ("set", "reset"):
            verb.add_argument("--yes", action="store_true", help="also when it means that more is deleted")


def add_stop(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--reason", required=True, help="for staff, who see it on every page")
    parser.add_argument(
        "--until",
        type=_moment,
        metavar="TIME",
        help="by the clock in London: 2026-12-01T09:00; without it: until it is started again",
    )


def listing(options: argparse.Namespace) -> int:
    return _reading(_print_all)


def get(options: argparse.Namespace) -> int:
    def show(session: Session, house: House) -> None:
        print(_value(session, house, options.name)[0])

    return _reading(show)


def change(options: argparse.Namespace) -> int:
    return _keeping(options, lambda session: changing.change(session, options.name, options.value, who=WHO))


def reset(options: argparse.Namespace) -> int:
    return _keeping(options, lambda session: changing.reset(session, options.name, who=WHO))


def stop(options: argparse.Namespace) -> int:
    def run(session: Session) -> bool:
        changing.stop(session, reason=options.reason, until=options.until, who=WHO)
        return True

    return _writing(run)


def start_again(options: argparse.Namespace) -> int:
    return _writing(lambda session: changing.start_again(session, who=WHO))


def _print_all(session: Session, house: House) -> None:
    for name in registry.SETTINGS:
        print(name, *_value(session, house, name), sep="\t")
    stopped = live.current(session).stopped(now())
    if stopped is not None:
        until = stopped.until.astimezone(LONDON).isoformat(timespec="minutes") if stopped.until else ""
        print("stop", f"{stopped.reason} {until}".strip(), "set", sep="\t")


def _value(session: Session, house: House, name: str) -> tuple[str, str]:
    """The value in one line, and `set` or `environment`."""
    definition, values = registry.of(name), live.current(session).values
    found = name in values
    text = definition.write(values[name] if found else definition.without(house.base))
    return text.replace("\n", "\\n"), "set" if found else "environment"


def _keeping(options: argparse.Namespace, act: Callable[[Session], bool]) -> int:
    """With what the change would delete, before it is done."""
    house = House.open(Settings.read())
    with _database(), house.sessions.begin() as session:
        house.refresh(session)
        before = house.settings
        changed = act(session)
        lost = would_go.counts(session, before, live.read(session).settings(house.base), now())
        if lost.any and not options.yes:
            raise RefusedError(
                f"then {lost.messages} messages, {lost.handoffs} closed requests and {lost.referrals} referrals are deleted at the next run, "
                f"and {lost.closing} silent requests are to be closed: say --yes if you want that"
            )
    _tell(changed)
    return 0


def _writing(act: Callable[[Session], bool]) -> int:
    house = House.open(Settings.read())
    with _database(), house.sessions.begin() as session:
        changed = act(session)
    _tell(changed)
    return 0


def _reading(show: Callable[[Session, House], None]) -> int:
    house = House.open(Settings.read())
    with _database(), read_only(house.sessions) as session:
        show(session, house)
    return 0


@contextmanager
def _database() -> Iterator[None]:
    try:
        yield
    except DBAPIError as error:
        raise PermanentError(f"the database cannot be used ({type(error.orig).__name__}): ./useit doctor says more") from error


def _tell(changed: bool) -> None:
    print("Changed." if changed else "It was so already.", file=sys.stderr)


def _moment(text: str) -> dt.datetime:
    found = dt.datetime.fromisoformat(text)
    return (found if found.tzinfo else found.replace(tzinfo=LONDON)).astimezone(dt.UTC)

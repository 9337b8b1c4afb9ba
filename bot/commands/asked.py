"""`useit asked`: what people asked and the bot did not know, for those who script. Ids are those of the console's addresses."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from bot.db.session import read_only
from bot.errors import PermanentError
from bot.house import House
from bot.knowledge import asked_groups, asked_settling
from bot.knowledge.asked_groups import ORDERS, Group
from bot.knowledge.unknown import KINDS
from bot.settings import KNOWN_LANGUAGES, Settings
from bot.staff import audit
from bot.training import examples
from engine.nlu.examples import INTENTS

WHO = "command"
STATES = {"done": "done", "dismiss": "dismissed", "reopen": "open"}


def add_to(parser: argparse.ArgumentParser) -> None:
    verbs = parser.add_subparsers(dest="what", required=True, metavar="WHAT")
    listing = verbs.add_parser("list", help="the groups: id, kind, times, languages, words; tab-separated")
    listing.add_argument("--kind", choices=KINDS, default="")
    listing.add_argument("--language", choices=KNOWN_LANGUAGES, default="")
    listing.add_argument("--state", choices=("open", "done", "dismissed"), default="open")
    listing.add_argument("--order", choices=ORDERS, default="most")
    listing.add_argument("--json", action="store_true", help="JSON lines")
    listing.set_defaults(run=show)
    for verb in STATES:
        settling = verbs.add_parser(verb, help=f"mark a group as {STATES[verb]}")
        settling.add_argument("id", type=int)
        settling.set_defaults(run=settle)
    naming = verbs.add_parser("name", help="make the words a name of a term, live at the next message")
    naming.add_argument("id", type=int)
    naming.add_argument("--term", required=True, metavar="KEY")
    naming.add_argument("--language", choices=KNOWN_LANGUAGES, required=True)
    naming.add_argument("--name", required=True)
    naming.set_defaults(run=name)
    teaching = verbs.add_parser("example", help="teach a message, or test with it")
    teaching.add_argument("id", type=int)
    teaching.add_argument("--intent", choices=INTENTS, required=True)
    teaching.add_argument("--language", choices=KNOWN_LANGUAGES, required=True)
    teaching.add_argument("--text", required=True)
    teaching.add_argument("--test", action="store_true", help="a test message instead of an example")
    teaching.add_argument("--must", action="store_true", help="a test message that every new model must pass")
    teaching.set_defaults(run=example)


def show(options: argparse.Namespace) -> int:
    with _reading() as session:
        for group in asked_groups.listed(
            session, state=options.state, kind=options.kind, language=options.language, order=options.order
        ):
            print(_as_json(group) if options.json else _as_line(group))
    return 0


def settle(options: argparse.Namespace) -> int:
    with _changing(options.id) as (session, _, group):
        asked_settling.settle(group, STATES[options.what], "by hand" if options.what == "done" else "")
        audit.record(session, WHO, f"asked.{options.what}", f"asked:{group.id}")
    return 0


def name(options: argparse.Namespace) -> int:
    with _changing(options.id) as (session, _, group):
        given = {"key": options.term, "name": options.name, "language": options.language}
        asked_settling.add_name(session, group, **given, who=WHO, why="")
        audit.record(session, WHO, "asked.name", f"asked:{group.id}", f"terms:{options.term}")
    return 0


def example(options: argparse.Namespace) -> int:
    given = {"language": options.language, "intent": options.intent, "text": options.text, "who": WHO}
    with _changing(options.id) as (session, house, group):
        if options.test or options.must:
            made = f"test:{examples.add_test(session, house.settings.languages, **given, must=options.must).id}"
        else:
            made = f"example:{examples.add(session, house.settings.root, house.settings.languages, **given).id}"
        asked_settling.settle(group, "done", made)
        audit.record(session, WHO, "asked.example", f"asked:{group.id}", made)
        print(made)
    return 0


def _as_line(group: Group) -> str:
    languages = ",".join(f"{code}:{times}" for code, times in group.languages.items())
    return f"{group.id}\t{group.kind}\t{group.times}\t{languages}\t{group.about or ' | '.join(group.spellings)}"


def _as_json(group: Group) -> str:
    told = {"id": group.id, "kind": group.kind, "times": group.times, "languages": group.languages, "about": group.about}
    return json.dumps(
        {**told, "words": group.spellings, "weeks": group.weeks, "last_at": group.last_at.isoformat()}, ensure_ascii=False
    )


@contextmanager
def _reading() -> Iterator[Session]:
    house = House.open(Settings.read())
    try:
        with read_only(house.sessions) as session:
            house.refresh(session)
            yield session
    except DBAPIError as error:
        raise PermanentError(f"the database cannot be read ({type(error.orig).__name__}): ./useit doctor says more") from error


@contextmanager
def _changing(number: int) -> Iterator[tuple[Session, House, Group]]:
    """All of it or nothing. Raises PermanentError when there is no such row or the database cannot be written."""
    house = House.open(Settings.read())
    try:
        with house.sessions.begin() as session:
            house.refresh(session)
            group = asked_groups.of(session, number)
            if group is None:
                raise PermanentError(f"{number}: nothing was asked under this number (./useit asked list)")
            yield session, house, group
    except DBAPIError as error:
        raise PermanentError(f"the database cannot be used ({type(error.orig).__name__}): ./useit doctor says more") from error

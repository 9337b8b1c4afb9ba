"""`useit knowledge draft|publish|approve|unpublish|restore|versions|diff`: what the console's pages do, for those who script.

Whoever acts is a colleague with an account (`--as LOGIN`). To approve, they prove who they are: with one terminal for two people
there would be no second person.
"""

from __future__ import annotations

import argparse
import getpass
import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.errors import RefusedError
from bot.house import House
from bot.knowledge import differences, document, drafts, editing, workflow
from bot.knowledge.draft_models import Draft
from bot.knowledge.models import Entry, Version
from bot.staff import accounts, audit
from bot.staff.models import Staff
from bot.staff.permissions import may

Verb = Callable[[str, Callable[[argparse.Namespace], int], str], argparse.ArgumentParser]
MARKS = {"same": "{}", "gone": "[-{}-]", "new": "{{+{}+}}"}


def add_to(verb: Verb) -> None:
    """Adds the subcommands."""

    def entry(name: str, run: Callable[[argparse.Namespace], int], text: str, *, acts: bool = True) -> argparse.ArgumentParser:
        made = verb(name, run, text)
        made.add_argument("entry", metavar="KIND/KEY", help="as in terms/gp")
        if acts:
            made.add_argument("--as", dest="login", required=True, help="the account that does it")
            made.add_argument("--why", default="", help="kept with the version")
        return made

    made = entry("draft", draft, "change places of an entry in a draft of one's own")
    made.add_argument(
        "--from", dest="file", default="-", help='a JSON file like {"meaning": "...", "ar:meaning": "..."}; - is stdin'
    )
    made.add_argument("--review", action="store_true", help="also ask for its review")
    entry("publish", publish, "publish the draft of --as, or with --draft another's that waits for review").add_argument(
        "--draft", type=int
    )
    said = entry("approve", approve, "approve exactly what a draft says now; asks for password and code")
    said.add_argument("--draft", type=int, required=True)
    entry("unpublish", unpublish, "the bot does not speak of it any more; of a safety number: ask for it")
    entry("restore", restore, "go back to what it was before a version").add_argument("--version", type=int, required=True)
    entry("versions", versions, "what was changed, by whom, why; and the open drafts", acts=False)
    entry("diff", diff, "what a draft would change, or what a version changed", acts=False).add_argument("--version", type=int)


def draft(options: argparse.Namespace) -> int:
    try:
        given = json.loads(sys.stdin.read() if options.file == "-" else Path(options.file).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise RefusedError(f"--from: this is no JSON that can be read ({type(error).__name__})", "shape") from error
    if not isinstance(given, dict):
        raise RefusedError("a draft is a JSON object: place -> value", "shape")
    with _acting(options, "knowledge.edit", "draft") as (session, who):
        kind, key = _place(options)
        found, mine = editing.find(session, kind, key), drafts.own(session, kind, key, who)
        known = set(document.made(kind, found.data, {})) if found else set(given)
        if unknown := sorted(
            place for place in given if place not in known and ":" not in place and not place.startswith("steps.")
        ):
            raise RefusedError(f"there is no {', '.join(unknown)} in {options.entry}", "field")
        seen, mark = editing.revision(found) if found else "", mine.mark if mine else None
        made = drafts.save(session, kind, key, who, given, seen=seen, mark=mark, why=options.why)
        if made is not None and options.review:
            workflow.ask_review(session, made, who, options.why)
        print(f"draft {made.id}: {made.state}" if made else "nothing differs")
    return 0


def publish(options: argparse.Namespace) -> int:
    with _acting(options, "knowledge.publish", "publish") as (session, who):
        made = _draft(session, options, who)
        warned = workflow.publish(session, made, who, options.why)
        for one in warned:
            print(f"look again: {one.field} ({one.language}): {one.what}", file=sys.stderr)
        print(f"draft {made.id}: published")
    return 0


def approve(options: argparse.Namespace) -> int:
    house = _house()
    with _reading(house) as session:
        made = _draft(session, options, "")
        seen = workflow.content(session, made).hash
        _print_changes(session, made)
    password, code = getpass.getpass("password: "), getpass.getpass("code of the app: ")
    accounts.authenticate(house.sessions, options.login, password, code, "terminal")
    with _acting(options, "knowledge.approve", "approve", house) as (session, who):
        made = _draft(session, options, who)
        workflow.approve(session, made, who, options.why, seen)
        print(f"draft {made.id}: approved")
    return 0


def unpublish(options: argparse.Namespace) -> int:
    from bot.knowledge import two_people

    with _acting(options, "knowledge.publish", "unpublish") as (session, who):
        found = _entry(session, options)
        if two_people.needed(found.kind):
            made = drafts.wish(session, found, "unpublish", who, options.why)
            print(f"draft {made.id}: a second person must approve it")
        else:
            editing.show(session, found, published=False, archived=False, who=who, why=options.why)
            print("unpublished")
    return 0


def restore(options: argparse.Namespace) -> int:
    with _acting(options, "knowledge.publish", "restore") as (session, who):
        found = _entry(session, options)
        version = _version(session, found, options.version)
        try:
            editing.restore(session, version, who, options.why)
            print("restored")
        except RefusedError as error:
            if error.reason != "second_person":
                raise
            made = drafts.from_version(session, found, version, who, options.why)
            print(f"draft {made.id}: a second person must approve it" if made else "nothing differs")
    return 0


def versions(options: argparse.Namespace) -> int:
    with _reading(_house()) as session:
        found = _entry(session, options)
        for version in editing.versions(session, found):
            approved = f" approved by {version.approved_by}" if version.approved_by else ""
            print(f"{version.id}\t{version.at:%Y-%m-%d %H:%M}\t{version.what}\t{version.who}{approved}\t{version.why}")
        for made in drafts.of(session, found.kind, found.key):
            print(f"draft {made.id}\t{made.updated_at:%Y-%m-%d %H:%M}\t{made.state}\t{made.author}\t{made.why}")
    return 0


def diff(options: argparse.Namespace) -> int:
    with _reading(_house()) as session:
        if options.version is None:
            for made in drafts.of(session, *_place(options)):
                print(f"draft {made.id} by {made.author}")
                _print_changes(session, made)
            return 0
        found = _entry(session, options)
        after, wanted = document.of(found), _version(session, found, options.version)
        for version in editing.versions(session, found, 1_000):
            before = differences.before(found.kind, version) or {}
            if version.id == wanted.id:
                _print(differences.between(before, after))
                break
            after = before
    return 0


def _print_changes(session: Session, made: Draft) -> None:
    found, entry = workflow.content(session, made), editing.find(session, made.kind, made.key)
    if made.wish != "change":
        print(made.wish)
    _print(differences.between(document.of(entry) if entry else {}, found.document))
    for clash in found.clashes:
        print(
            f"{clash.place}: published meanwhile: {differences.readable(clash.theirs)} / draft: {differences.readable(clash.mine)}"
        )


def _print(found: list[differences.Difference]) -> None:
    for one in found:
        print(f"{one.place}: " + "".join(MARKS[piece.what].format(piece.text) for piece in one.pieces))


def _house() -> House:
    from bot.commands.knowledge import _house as open_house  # which adds these commands

    return open_house()


def _reading(house: House) -> Any:
    from bot.db.session import read_only

    return read_only(house.sessions)


@contextmanager
def _acting(options: argparse.Namespace, permission: str, verb: str, house: House | None = None) -> Iterator[tuple[Session, str]]:
    """A transaction in which an account that may does something, which is in the audit. Raises RefusedError when it may not."""
    with (house or _house()).sessions.begin() as session:
        staff = session.scalar(select(Staff).where(Staff.login == options.login, Staff.disabled_at.is_(None)))
        if staff is None or not may(staff.role, permission):
            raise RefusedError(f"--as: there is no account {options.login} that may do this", "login")
        yield session, f"staff:{staff.id}"
        audit.record(session, f"staff:{staff.id}", f"knowledge.{verb}", options.entry.replace("/", ":"), "command line")


def _place(options: argparse.Namespace) -> tuple[str, str]:
    kind, _, key = options.entry.partition("/")
    return kind, key


def _entry(session: Session, options: argparse.Namespace) -> Entry:
    found = editing.find(session, *_place(options))
    if found is None:
        raise RefusedError(f"there is no {options.entry}", "entry")
    return found


def _draft(session: Session, options: argparse.Namespace, who: str) -> Draft:
    made = drafts.get(session, options.draft) if options.draft else drafts.own(session, *_place(options), who)
    if made is None or (made.kind, made.key) != _place(options):
        raise RefusedError(f"there is no such draft of {options.entry}", "draft")
    return made


def _version(session: Session, found: Entry, number: int) -> Version:
    version = session.get(Version, number)
    if version is None or version.entry_id != found.id:
        raise RefusedError(f"{found.kind}/{found.key} has no version {number}", "version")
    return version

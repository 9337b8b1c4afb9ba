"""A file or a feed that somebody looks through before anything of it is taken: what differs, a choice for each, then all at once."""

from __future__ import annotations

import datetime as dt
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import msgspec
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from bot.db.base import now
from bot.errors import RefusedError
from bot.knowledge.hsds import importing, source
from bot.knowledge.hsds.plan import Item, Plan, ProblemsError
from bot.knowledge.hsds.source import Feed, Found
from bot.knowledge.spreadsheets import importing as sheets
from bot.upkeep import backup, restoring, taxonomies
from bot.upkeep.models import Arrival

SHEETS = ("terms", "services")
KINDS = (*SHEETS, "oruk", "backup")
LARGEST = {"terms": 16 * 2**20, "services": 16 * 2**20, "oruk": source.LARGEST_FILE, "backup": backup.LARGEST}
KEPT = dt.timedelta(days=30)  # what nobody decides about
LONGEST_NAME = 120
OURS, THEIRS = "ours", "theirs"
WHOLE = ""  # stands for an entry that comes or goes, where a field's name stands otherwise
Choices = Mapping[str, Mapping[str, str]]


def bring(session: Session, kind: str, name: str, content: bytes, *, encoding: str = "", staff_id: int | None = None) -> Arrival:
    """A file to be looked through. Raises RefusedError: arrival_kind, file_large, and what reading it refuses (ProblemsError with
    each problem, BackupError): what cannot be read is not kept."""
    if kind not in KINDS:
        raise RefusedError(f"the kind is one of {', '.join(KINDS)}", "arrival_kind")
    if len(content) > LARGEST[kind]:
        raise RefusedError(f"the file is larger than {LARGEST[kind] // 2**20} MB", "file_large")
    safe = (
        "".join(letter for letter in Path(name.replace("\\", "/")).name if letter.isprintable()).strip(". ")[-LONGEST_NAME:]
        or kind
    )
    row = Arrival(kind=kind, name=safe, encoding=encoding, content=content, brought_by=staff_id, choices={})
    if kind == "backup":
        backup.read(content)
    else:
        plan = offered(session, row)
        if plan.problems and not plan.of("added", "changed", "conflict", "gone", "unchanged"):
            raise ProblemsError(plan.problems)  # nothing of it could be taken
    session.add(row)
    session.flush()
    return row


def bring_feed(session: Session, feed_id: int, feed: Feed) -> Arrival | None:
    """What a feed says, instead of what it said before and nobody decided about. None when nothing differs."""
    session.execute(
        update(Arrival).where(Arrival.feed_id == feed_id, Arrival.state == "open").values(state="dropped", content=None)
    )
    content = msgspec.json.encode([feed.name, feed.complete, feed.notes, [list(found) for found in feed.records]])
    row = Arrival(kind="oruk", name=feed.name[-LONGEST_NAME:], content=content, feed_id=feed_id, choices={})
    items = offered(session, row).items
    if all(item.what == "unchanged" or (item.what == "changed" and not item.changes) for item in items):
        return None
    session.add(row)
    session.flush()
    return row


def find(session: Session, number: int, *, to_change: bool = False) -> Arrival | None:
    return session.get(Arrival, number, with_for_update=to_change or None, populate_existing=to_change)


def open_ones(session: Session) -> list[Arrival]:
    """What waits, the newest first."""
    return list(session.scalars(select(Arrival).where(Arrival.state == "open").order_by(Arrival.id.desc())))


def offered(session: Session, row: Arrival) -> Plan:
    """What could be taken of it. Raises RefusedError (arrival_over) when it was decided, ProblemsError as reading does."""
    content = _content(row)
    if row.kind == "oruk":
        return importing.offer(session, _feed(row, content), today=now().date())
    with _as_file(row.name, content) as path:
        return sheets.offer(session, row.kind, path, encoding=row.encoding)


def choose(row: Arrival, choices: Choices) -> None:
    """Remembers what somebody chose so far; what they chose before and is not in `choices` stays chosen."""
    _content(row)
    row.choices = {**row.choices, **{key: dict(fields) for key, fields in choices.items()}}


def choice_of(item: Item, choices: Choices, field: str = WHOLE) -> str:
    """`ours` or `theirs`: as chosen, else what is taken when nobody chooses: theirs, but never over a correction of ours."""
    chosen = choices.get(item.key, {}).get(field)
    if chosen in (OURS, THEIRS):
        return chosen
    if field == WHOLE:
        return OURS if item.kept else THEIRS
    standing = next((change.standing for change in item.changes if change.field == field), "")
    return THEIRS if standing == "theirs" else OURS


def apply(session: Session, row: Arrival, who: str, *, seen: int) -> Plan:
    """Takes what was chosen, all or nothing, after a backup of what is here; the caller commits.

    `seen`: the revision (bot.upkeep.restoring) that was decided by. Raises RefusedError: arrival_over, stale; ProblemsError when
    what was chosen does not fit together.
    """
    content = _content(row)
    backup.hold(session, "SHARE ROW EXCLUSIVE")
    if restoring.revision(session, to_change=True) != seen:
        raise RefusedError("the knowledge changed meanwhile", "stale")
    backup.keep(session, who, row.name)
    taken = _taken(offered(session, row), row.choices)
    if row.kind == "oruk":
        done = importing.take_chosen(session, _feed(row, content), taken, today=now().date(), who=who)
    else:
        with _as_file(row.name, content) as path:
            done = sheets.take_chosen(session, row.kind, path, taken, encoding=row.encoding, who=who)
    _over(row, "done")
    return done


def restore(session: Session, row: Arrival, who: str, staff_id: int, *, seen: int, keep_safety: bool) -> int:
    """Goes back to an arrived backup. A second person is somebody else than who brought it. Raises as restoring.restore does."""
    content = backup.read(_content(row))
    second = row.brought_by is not None and row.brought_by != staff_id
    number = restoring.restore(session, content, who, row.name, seen=seen, second=second, keep_safety=keep_safety)
    _over(row, "done")
    return number


def drop(row: Arrival) -> None:
    """Nothing of it is taken. Raises RefusedError (arrival_over)."""
    _content(row)
    _over(row, "dropped")


def forget_old(session: Session, at: dt.datetime | None = None) -> None:
    """What nobody decided about for KEPT."""
    session.execute(delete(Arrival).where(Arrival.at < (at or now()) - KEPT))


def _taken(plan: Plan, choices: Choices) -> dict[str, frozenset[str]]:
    """Key -> the fields that are taken. An entry that stays wholly ours is in it too: that was decided."""
    taken: dict[str, frozenset[str]] = {}
    for item in plan.items:
        if item.what in ("added", "gone"):
            if choice_of(item, choices) == THEIRS:
                taken[item.key] = frozenset()
        elif item.what in ("changed", "conflict"):
            fields = (change.field for change in item.changes)
            taken[item.key] = frozenset(field for field in fields if choice_of(item, choices, field) == THEIRS)
    return taken


def _content(row: Arrival) -> bytes:
    if row.state not in (None, "open") or row.content is None:
        raise RefusedError("this was decided already", "arrival_over")
    return row.content


def _over(row: Arrival, state: str) -> None:
    row.state, row.content, row.choices = state, None, {}


def _feed(row: Arrival, content: bytes) -> Feed:
    problems: list[str] = []
    if row.feed_id is not None:
        name, complete, notes, records = msgspec.json.decode(content, type=tuple[str, bool, list[str], list[tuple[str, Any]]])
        feed = Feed(name, [Found(where, raw) for where, raw in records], complete, notes)
    else:
        document = source.parse(content, row.name, problems)
        records_found = source.records_in(document, f"{row.name}#", problems) if document is not None else []
        feed = Feed(row.name, records_found, complete=False)
    problems += taxonomies.problems_of(feed)
    if problems:
        raise ProblemsError(problems)
    return feed


@contextmanager
def _as_file(name: str, content: bytes) -> Iterator[Path]:
    """Sheets are read from files: their name stands in each problem."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_bytes(content)
        yield path

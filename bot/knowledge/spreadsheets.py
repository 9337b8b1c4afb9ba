"""Terms and services for people with spreadsheets: a row for each, with English and other languages, out and in again.

What comes in is an admin's change (bot.knowledge.editing): versions are kept, and files never overwrite it. The `revision`
column says what a row was made from; a row whose entry was changed since is a conflict and stays unless its key is taken.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Collection
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec
from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from bot.errors import RefusedError
from bot.knowledge import checks, columns, editing, loading, sheets
from bot.knowledge.consistency import problems_of
from bot.knowledge.hsds import cells
from bot.knowledge.hsds.ids import slug
from bot.knowledge.hsds.plan import Change, Item, Plan, ProblemsError, What, check_taken, shown
from bot.knowledge.models import Entry, Text
from bot.knowledge.seed import Seed
from bot.knowledge.sheets import Row

WHO = "spreadsheet"


@dataclass
class _Step:
    """A row with what doing it takes. `texts` and `data` hold only what changes."""

    item: Item
    entry: Entry | None = None
    texts: dict[tuple[str, str], str] = field(default_factory=dict)
    data: dict[str, Any] = field(default_factory=dict)


def export(session: Session, kind: str, languages: tuple[str, ...]) -> bytes:
    """The published entries by key, as UTF-8 with a byte order mark, which Excel needs to know it."""
    names = columns.names(kind, languages)
    content = io.StringIO()
    writer = csv.writer(content, lineterminator="\r\n")
    writer.writerow(names)
    for entry in sorted(_entries(session, kind, to_change=False), key=lambda e: e.key):
        if entry.published:
            values = _cells(entry, names)
            writer.writerow([cells.safe(values[name]) for name in names])
    return content.getvalue().encode("utf-8-sig")


def plan(session: Session, kind: str, path: Path, *, encoding: str = "", take: Collection[str] = ()) -> Plan:
    """What importing the file would do; nothing is changed. Raises ProblemsError when it is no such table, each problem with
    its line, RefusedError for a wrong `take`."""
    return _planned(session, kind, path, encoding, frozenset(take), to_change=False)[0]


def apply(session: Session, kind: str, path: Path, *, encoding: str = "", take: Collection[str] = ()) -> Plan:
    """Does it. The caller commits. Raises ProblemsError, with nothing done, when any row is refused."""
    found, steps = _planned(session, kind, path, encoding, frozenset(take), to_change=True)
    if found.problems:
        raise ProblemsError(found.problems)
    for step in steps:
        if step.item.what == "added":
            _add(session, kind, step)
        elif step.item.what == "changed" and step.entry is not None:
            editing.change(session, step.entry, who=WHO, why=path.name, texts=step.texts, data=step.data)
    return found


def _planned(
    session: Session, kind: str, path: Path, encoding: str, take: frozenset[str], *, to_change: bool
) -> tuple[Plan, list[_Step]]:
    rows = sheets.read(path, columns.names(kind, columns.LANGUAGES), encoding)
    entries = {entry.key: entry for entry in _entries(session, kind, to_change=to_change)}
    before = {key: entry.data for key, entry in entries.items()}
    steps = [_step(kind, row, entries, take) for row in rows]
    after = {**before, **{s.item.key: _data(kind, s) for s in steps if s.item.what in ("added", "changed")}}
    _cross_check(kind, path, rows, steps, before, after)
    taken = {s.item.key for s in steps if s.item.key in take and s.item.what == "changed"}
    items = [step.item for step in steps]
    check_taken(items, take - taken)
    return Plan(path.name, items), steps


def _entries(session: Session, kind: str, *, to_change: bool) -> list[Entry]:
    query = select(Entry).where(Entry.kind == kind).options(selectinload(Entry.texts))
    return list(session.scalars(query.with_for_update() if to_change else query))


def _cells(entry: Entry, names: list[str]) -> dict[str, str]:
    """What stands in each of the columns for an entry, before it is made safe."""
    texts = {(row.language, row.field): row.text for row in entry.texts}
    return {name: columns.shown(name, entry.kind, entry.key, entry.data, texts, editing.revision(entry)) for name in names}


def _step(kind: str, row: Row, entries: dict[str, Entry], take: frozenset[str]) -> _Step:
    key = row.values.get("key", "") or slug(row.values.get("name", ""))
    entry, problems = entries.get(key), list(row.problems)
    step = _Step(Item("refused", key, row.values.get("name", "")), entry)
    was = _cells(entry, list(row.values)) if entry else {}
    changes = []
    for name, given in row.values.items():
        if name in ("key", "revision"):
            continue
        try:
            value = columns.read(name, kind, given)
        except ValueError as error:
            problems.append(f"{row.where}: {name}: {error}")
            continue
        new = columns.written(name, kind, value)
        if new != was.get(name, ""):
            changes.append(Change(name, shown(was.get(name, "")), shown(new)))
            columns.put(name, kind, value, step.texts, step.data)
    if not key:
        problems.append(f"{row.where}: key: is empty, and there is no name to make one of")
    problems += _refusals(kind, row, step) if not problems else []
    step.item = _item(key, row, entry, changes, problems, take)
    return step


def _item(
    key: str, row: Row, entry: Entry | None, changes: list[Change], problems: list[str], take: frozenset[str]
) -> Item:
    name = row.values.get("name") or str((entry.data if entry else {}).get("name", ""))
    if problems:
        return Item("refused", key, name, reasons=tuple(problems), published=False)
    if entry is None:
        return Item("added", key, name)
    what: What = "changed" if changes else "unchanged"
    if changes and key not in take and _is_stale(entry, row.values.get("revision", "")):
        what = "conflict"
    return Item(what, key, name, tuple(changes), published=entry.published)


def _is_stale(entry: Entry, seen: str) -> bool:
    """Whether somebody changed the entry since the row was made; without a revision, whether anybody ever did."""
    if seen:
        return seen != editing.revision(entry)
    return entry.edited or any(row.edited for row in entry.texts)


def _refusals(kind: str, row: Row, step: _Step) -> list[str]:
    """What the entry's own rules say, each with the row's line."""
    found = []
    try:
        checks.check_data(kind, _data(kind, step))
    except RefusedError as error:
        found.append(f"{row.where}: {error}")
    for (language, name), text in step.texts.items():
        try:
            checks.check_text(kind, language, name, checks.cleaned(text))
        except RefusedError as error:
            found.append(f"{row.where}: {columns.of_text(language, name)}: {error}")
        if name == "figure" and not (step.entry and step.entry.data.get("figure")):
            found.append(f"{row.where}: figure: a figure needs a source of its own, which a sheet has no place for")
    return found


def _data(kind: str, step: _Step) -> dict[str, Any]:
    """The entry's data as it would be."""
    was: dict[str, Any] = step.entry.data if step.entry else {"key": step.item.key}
    english = {name: text for (language, name), text in step.texts.items() if language == "en" and name != "figure"}
    fact = {**was.get("fact", {}), **step.data.get("fact", {})}
    return {**was, **step.data, **english, "fact": fact, "key": was["key"] or step.item.key}


def _cross_check(
    kind: str, path: Path, rows: list[Row], steps: list[_Step], before: dict[str, Any], after: dict[str, Any]
) -> None:
    """Refuses rows that would break what must hold between entries (a related term that is not there, a shared name)."""
    new = sorted(set(_problems(kind, after)) - set(_problems(kind, before)))
    for problem in new:
        for row, step in zip(rows, steps, strict=True):
            if step.item.what in ("added", "changed") and step.item.key in problem.split(": ")[1].split(", "):
                reason = f"{row.where}: {problem.split(': ', 2)[2]}"
                step.item = msgspec_replace(step.item, reason)


def msgspec_replace(item: Item, reason: str) -> Item:
    return Item("refused", item.key, item.name, item.changes, (*item.reasons, reason), published=False)


def _problems(kind: str, data: dict[str, Any]) -> list[str]:
    shape = checks.SHAPES[kind]
    entries: dict[str, Any] = {k: [] for k in ("terms", "services", "safety", "pathways", "letters")}
    entries[kind] = [msgspec.convert(one, shape) for one in data.values()]
    return problems_of(Seed(**entries, texts={}, names={}))


def _add(session: Session, kind: str, step: _Step) -> None:
    entry = Entry(kind=kind, key=step.item.key, data=checks.check_data(kind, _data(kind, step)), edited=True)
    for (language, name), text in step.texts.items():
        if text := checks.cleaned(text):
            state = "reviewed" if language == "en" else "draft"
            entry.texts.append(Text(language=language, field=name, text=text, state=state, edited=True))
    session.add(entry)
    session.flush()
    loading.touch(session)

"""A sheet into the knowledge base: first what would change, then all of it or nothing.

What comes in is an admin's change (bot.knowledge.editing): versions are kept, and files never overwrite it. The `revision`
column says what a row was made from; a row whose entry was changed since is a conflict and stays unless its key is taken.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from bot.knowledge import checks, editing, loading
from bot.knowledge.hsds.choosing import Choice
from bot.knowledge.hsds.ids import slug
from bot.knowledge.hsds.plan import Change, Item, Plan, ProblemsError, What, check_taken, shown
from bot.knowledge.models import Entry, Text
from bot.knowledge.spreadsheets import columns, exporting, reading
from bot.knowledge.spreadsheets.checking import broken_between, problems_of_row
from bot.knowledge.spreadsheets.reading import Row

WHO = "spreadsheet"


@dataclass
class Step:
    """A row with what doing it takes. `texts` and `data` hold only what changes."""

    row: Row
    key: str
    entry: Entry | None
    changes: list[Change] = field(default_factory=list)
    texts: dict[tuple[str, str], str] = field(default_factory=dict)
    data: dict[str, Any] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)
    what: What = "unchanged"

    @property
    def result(self) -> dict[str, Any]:
        """The entry's data as it would be."""
        was: dict[str, Any] = self.entry.data if self.entry else {"key": self.key}
        english = {name: text for (language, name), text in self.texts.items() if language == "en" and name != "figure"}
        fact = {**was.get("fact", {}), **self.data.get("fact", {})}
        return {**was, **self.data, **english, "fact": fact}

    @property
    def item(self) -> Item:
        name = self.row.values.get("name") or str((self.entry.data if self.entry else {}).get("name", ""))
        is_published = self.entry.published if self.entry else self.what == "added"
        return Item(self.what, self.key, name, tuple(self.changes), tuple(self.problems), is_published)


def plan(session: Session, kind: str, path: Path, *, encoding: str = "", take: Collection[str] = ()) -> Plan:
    """What importing the file would do; nothing is changed. Raises ProblemsError when it is no such table, each problem with
    its line, RefusedError for a wrong `take`."""
    return _plan(path, _steps(session, kind, path, encoding, frozenset(take), to_change=False), frozenset(take))


def apply(session: Session, kind: str, path: Path, *, encoding: str = "", take: Collection[str] = ()) -> Plan:
    """Does it. The caller commits. Raises ProblemsError, with nothing done, when any row is refused."""
    steps = _steps(session, kind, path, encoding, frozenset(take), to_change=True)
    found = _plan(path, steps, frozenset(take))
    if found.problems:
        raise ProblemsError(found.problems)
    _do(session, kind, steps, WHO, path.name)
    return found


def _do(session: Session, kind: str, steps: list[Step], who: str, why: str) -> None:
    for step in steps:
        if step.what == "added":
            _add(session, kind, step)
        elif step.what == "changed" and step.entry is not None:
            data = {**step.data, **({"fact": step.result["fact"]} if "fact" in step.data else {})}
            editing.change(session, step.entry, who=who, why=why, texts=step.texts, data=data)


def offer(session: Session, kind: str, path: Path, *, encoding: str = "") -> Plan:
    """What could be taken, for somebody to choose field by field (`take_chosen`). Raises as `plan` does."""
    steps = _steps(session, kind, path, encoding, frozenset(), to_change=False)
    for step in steps:
        stale = step.what == "conflict"
        step.changes = [replace(change, standing="conflict" if stale else "theirs") for change in step.changes]
    return _plan(path, steps, frozenset())


def take_chosen(session: Session, kind: str, path: Path, choice: Choice, *, encoding: str = "", who: str = WHO) -> Plan:
    """Does exactly what was chosen, in one go; the caller commits. Rows that are not in `choice` are passed over.

    Raises ProblemsError, with nothing done, when what was chosen does not fit together.
    """
    steps = _steps(session, kind, path, encoding, frozenset(choice), to_change=True, choice=choice)
    found = _plan(path, steps, frozenset())
    if found.problems:
        raise ProblemsError(found.problems)
    _do(session, kind, steps, who, path.name)
    return found


def _plan(path: Path, steps: list[Step], take: frozenset[str]) -> Plan:
    items = [step.item for step in steps]
    check_taken(items, take - {step.key for step in steps if step.what == "changed"})
    return Plan(path.name, items)


def _steps(
    session: Session,
    kind: str,
    path: Path,
    encoding: str,
    take: frozenset[str],
    *,
    to_change: bool,
    choice: Choice | None = None,
) -> list[Step]:
    rows = reading.read(path, columns.names(kind, columns.LANGUAGES), encoding)
    if choice is not None:
        rows = [row for row in rows if _key(row) in choice]
    query = select(Entry).where(Entry.kind == kind).options(selectinload(Entry.texts))
    entries = {entry.key: entry for entry in session.scalars(query.with_for_update() if to_change else query)}
    steps = [_step(kind, row, entries, choice) for row in rows]
    for step in steps:
        step.what = _what(step, take)
    done = {step.key: step for step in steps if step.what in ("added", "changed")}
    before = {key: entry.data for key, entry in entries.items()}
    # what changes comes last: of two that want the same name, the newcomer is the one to blame
    after = {key: data for key, data in before.items() if key not in done} | {key: step.result for key, step in done.items()}
    for key, problem in broken_between(kind, before, after):
        if key not in done:  # a change in the sheet breaks an entry that is not in it
            done[key] = Step(Row(f"{path.name}: {key}", {}), key, entries.get(key))
            steps.append(done[key])
        done[key].problems.append(f"{done[key].row.where}: {problem}")
        done[key].what = "refused"
    return steps


def _key(row: Row) -> str:
    return row.values["key"] or slug(row.values.get("name", ""))


def _step(kind: str, row: Row, entries: dict[str, Entry], choice: Choice | None) -> Step:
    """`choice`: of an entry that is here, only the chosen columns count."""
    key = _key(row)
    step = Step(row, key, entries.get(key), problems=list(row.problems))
    if not key:
        step.problems.append(f"{row.where}: key: is empty, and there is no name to make one of")
    was = exporting.shown(step.entry, list(row.values)) if step.entry else {}
    chosen = row.values.keys() if choice is None or step.entry is None else choice.get(key, ())
    for name, given in row.values.items():
        if name in chosen and name not in (columns.KEY, columns.REVISION):
            try:
                _compare(kind, name, was.get(name, ""), given, step)
            except ValueError as error:
                step.problems.append(f"{row.where}: {name}: {error}")
    if not step.problems:
        step.problems += problems_of_row(kind, row.where, step.result, step.texts, step.entry is None)
    return step


def _compare(kind: str, name: str, was: str, given: str, step: Step) -> None:
    """Notes what a cell changes. Raises ValueError for one that cannot be read."""
    old, new = columns.normal(name, kind, was), columns.normal(name, kind, given)
    if old == new:
        return
    step.changes.append(Change(name, shown(old), shown(new)))
    value = columns.kind_of(name, kind).read(given)
    if name in columns.PLAIN[kind]:
        step.data[name] = value
    elif name in columns.FACT:
        step.data.setdefault("fact", {})[name] = value
    else:
        step.texts[columns.place(name)] = value


def _what(step: Step, take: frozenset[str]) -> What:
    if step.problems:
        return "refused"
    if step.entry is None:
        return "added"
    if not step.changes:
        return "unchanged"
    return "conflict" if step.key not in take and _is_stale(step.entry, step.row.values.get(columns.REVISION, "")) else "changed"


def _is_stale(entry: Entry, seen: str) -> bool:
    """Whether somebody changed the entry since the row was made; without a revision, whether anybody ever did."""
    if seen.strip():
        return seen.strip() != editing.revision(entry)
    return entry.edited or any(row.edited for row in entry.texts)


def _add(session: Session, kind: str, step: Step) -> None:
    entry = Entry(kind=kind, key=step.key, data=checks.check_data(kind, step.result), edited=True)
    for (language, name), text in step.texts.items():
        if text:
            state = "reviewed" if language == "en" else "draft"
            entry.texts.append(Text(language=language, field=name, text=text, state=state, edited=True))
    session.add(entry)
    session.flush()
    loading.touch(session)

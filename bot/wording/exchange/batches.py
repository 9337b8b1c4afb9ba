"""A whole language taken over without anybody waiting for it: looked through without a lock, written in short transactions with a
breath between them, in which messages are answered. All of it carries one mark, by which it is taken back as one."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.db.session import Sessions, read_only
from bot.knowledge import editing
from bot.knowledge.hsds.plan import ProblemsError
from bot.knowledge.models import Version
from bot.wording import changing, sentences
from bot.wording.exchange import importing
from bot.wording.exchange.importing import Change, Plan
from bot.wording.exchange.item import Item
from bot.wording.models import WordingVersion
from bot.wording.units import SENTENCES

LONGEST = 0.25  # seconds that one transaction writes
BREATH = 0.12  # seconds between two: longer than SQLite lets somebody who waits sleep before they try again
Place = tuple[str, str]  # kind and key; of sentences each one


@dataclass
class Taken:
    """`mark`: of this import, in the history of everything it changed. `plan`: what was taken over; among its conflicts also what
    somebody changed while it ran."""

    mark: str
    plan: Plan = field(default_factory=Plan)


def breathe() -> None:
    time.sleep(BREATH)


def apply(
    sessions: Sessions,
    language: str,
    items: Sequence[Item],
    *,
    who: str,
    why: str,
    finished: bool = False,
    take: Collection[str] = (),
    without_refused: bool = False,
    between: Callable[[], None] = breathe,
    longest: float = LONGEST,
) -> Taken:
    """As `importing.apply`, in transactions of its own. What fails in the middle is taken back before it is raised.

    Raises ProblemsError when something is refused, unless `without_refused`; then nothing has been written.
    """
    with read_only(sessions) as session:
        plan = importing.plan(session, language, items, finished=finished, take=take)
    if plan.refused and not without_refused:
        raise ProblemsError([f"{place}: {reason}" for place, reason in plan.refused])
    taken = Taken(f"import-{secrets.token_hex(4)}", plan)
    groups, plan.changes = _grouped(plan.changes), []
    try:
        for session in _transactions(sessions, between, longest, groups):
            place, changes = groups.pop()
            _write(session, language, place, changes, taken, who, f"{why} [{taken.mark}]"[:200])
    except Exception:
        take_back(sessions, language, taken.mark, who=who, between=between, longest=longest)
        raise
    return taken


def take_back(
    sessions: Sessions,
    language: str,
    mark: str,
    *,
    who: str,
    between: Callable[[], None] = breathe,
    longest: float = LONGEST,
) -> tuple[int, int]:
    """Everything is as it was before the import that carries this mark: how many entries and sentences, and how many were left as
    they are because somebody has changed them since."""
    ending, back, left = f"%[{mark}]", 0, 0
    with read_only(sessions) as session:
        entries = session.scalars(select(Version.entry_id).where(Version.why.like(ending)).distinct()).all()
        mine = (WordingVersion.language == language) & WordingVersion.why.like(ending)
        keys = session.scalars(select(WordingVersion.key).where(mine).distinct()).all()
    waiting: list[int | str] = [*keys, *entries]
    for session in _transactions(sessions, between, longest, waiting):
        one = waiting.pop()
        done = _restored(session, one, mark, who) if isinstance(one, int) else _said_again(session, language, one, mark, who)
        back, left = back + done, left + (not done)
    return back, left


def _transactions(
    sessions: Sessions, between: Callable[[], None], longest: float, waiting: Collection[object]
) -> Iterator[Session]:
    """A session to write one thing with, as long as anything waits; a new transaction when one has lasted long enough."""
    while waiting:
        with sessions.begin() as session:
            begun = time.monotonic()
            while waiting:
                yield session
                if time.monotonic() - begun >= longest:
                    break
        if waiting:
            between()


def _grouped(changes: Iterable[Change]) -> list[tuple[Place, list[Change]]]:
    groups: dict[Place, list[Change]] = {}
    for change in changes:
        kind, _, rest = change.unit.place.partition("/")
        groups.setdefault((kind, rest if kind == SENTENCES else rest.partition("/")[0]), []).append(change)
    return list(groups.items())[::-1]


def _write(session: Session, language: str, place: Place, changes: list[Change], taken: Taken, who: str, why: str) -> None:
    kind, key = place
    if kind == SENTENCES:
        (change,) = changes
        now = sentences.find(session, language, key)
        if now is None or (now.forms or ()) != (change.unit.text if any(change.unit.text) else ()):
            taken.plan.conflicts.append((change.unit.place, "changed"))
            return
        changing.change(session, language, key, change.forms, who=who, why=why, state=change.state)
        taken.plan.changes.append(change)
        return
    entry = editing.find(session, kind, key, to_change=True)
    there = {(row.language, row.field): row.text for row in entry.texts} if entry is not None else {}
    kept = []
    for change in changes:
        field_name = change.unit.place.split("/", 2)[2]
        same = (there.get(("en", field_name), ""), there.get((language, field_name), "")) == (
            change.unit.english[0],
            change.unit.text[0],
        )
        if same:
            kept.append((field_name, change))
        else:
            taken.plan.conflicts.append((change.unit.place, "changed"))
    if entry is None or not kept:
        return
    texts = {(language, name): change.forms[0] for name, change in kept}
    checked = {(language, name) for name, change in kept if change.state == "reviewed"}
    editing.change(session, entry, who=who, why=why, texts=texts, checked=checked)
    taken.plan.changes += [change for _, change in kept]


def _restored(session: Session, entry_id: int, mark: str, who: str) -> bool:
    newest = session.scalar(select(Version).where(Version.entry_id == entry_id).order_by(Version.id.desc()).limit(1))
    if newest is None or not newest.why.endswith(f"[{mark}]"):
        return False
    editing.restore(session, newest, who, mark)
    return True


def _said_again(session: Session, language: str, key: str, mark: str, who: str) -> bool:
    newest = next(iter(changing.versions(session, language, key, 1)), None)
    if newest is None or not newest.why.endswith(f"[{mark}]"):
        return False
    if newest.forms is None:
        return changing.reset(session, language, key, who=who, why=mark)
    return changing.change(session, language, key, newest.forms, who=who, why=mark, state="draft")

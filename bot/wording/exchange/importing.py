"""What a file of translations would change, and changing it: all that can be taken over, or nothing.

What has changed here since the export is a conflict: it stays as it is here, unless somebody asks for the file's. What is broken is
refused, with the reason. Nothing else is touched.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from sqlalchemy import select, tuple_
from sqlalchemy.orm import Session

from bot.knowledge import editing, loading, snapshot, two_people
from bot.knowledge.hsds.plan import ProblemsError
from bot.knowledge.models import WORDING, Entry
from bot.knowledge.snapshot import Snapshot
from bot.wording import changing, units, writing
from bot.wording.exchange import po, xliff
from bot.wording.exchange.item import LARGEST, Item
from bot.wording.sentences import Forms
from bot.wording.units import SENTENCES, Unit

READERS = {"po": po.read, "xliff": xliff.read}
WRITERS = {"po": po.written, "xliff": xliff.written}


@dataclass(frozen=True)
class Change:
    """`what`: added (there was none), changed, confirmed (the same words, called finished). `state`: what it becomes.

    `odd`: what somebody should look at (bot/wording/checks.py): such a text becomes a draft, whatever the file says.
    """

    unit: Unit
    forms: Forms
    what: str
    state: str
    odd: tuple[str, ...] = ()


@dataclass
class Plan:
    """`conflicts`: (place, english or changed). `refused`: (place, why). `unchanged`, `empty`: how many."""

    changes: list[Change] = field(default_factory=list)
    conflicts: list[tuple[str, str]] = field(default_factory=list)
    refused: list[tuple[str, str]] = field(default_factory=list)
    unchanged: int = 0
    empty: int = 0


def read(content: bytes, language: str) -> list[Item]:
    """A PO or XLIFF file, told apart by its first sign. Raises ProblemsError."""
    if len(content) > LARGEST:
        raise ProblemsError([f"the file has more than {LARGEST // 1024 // 1024} MB: export fewer kinds at once"])
    if not content.strip():
        raise ProblemsError(["the file is empty"])
    start = content.lstrip(b"\xef\xbb\xbf\xff\xfe\x00 \t\r\n")[:1]
    items = READERS["xliff" if start == b"<" else "po"](content, language)
    if not items:
        raise ProblemsError(["there is no text in this file"])
    return items


def plan(session: Session, language: str, items: Sequence[Item], *, finished: bool = False, take: Collection[str] = ()) -> Plan:
    """What would happen. `finished`: somebody who speaks the language has checked what the file calls finished. `take`: places that
    are taken over though they changed here (not where the English did)."""
    known = {unit.place: unit for unit in units.listed(session, language)}
    knowledge, found = snapshot.current(session), Plan()
    for item in items:
        unit = known.get(item.place)
        if unit is None:
            found.refused.append((item.place, "unknown"))
        else:
            _look(found, unit, item, knowledge, finished=finished, take=item.place in take)
    return found


def apply(
    session: Session,
    language: str,
    items: Sequence[Item],
    *,
    who: str,
    why: str,
    finished: bool = False,
    take: Collection[str] = (),
    without_refused: bool = False,
) -> Plan:
    """Does it, in the caller's transaction. Raises ProblemsError when something is refused, unless `without_refused`."""
    loading.touch(session, WORDING)
    _lock(session, items)
    made = plan(session, language, items, finished=finished, take=take)
    if made.refused and not without_refused:
        raise ProblemsError([f"{place}: {reason}" for place, reason in made.refused])
    entries: dict[tuple[str, str], list[Change]] = {}
    for change in made.changes:
        if change.unit.kind == SENTENCES:
            changing.change(session, language, change.unit.name, change.forms, who=who, why=why, state=change.state)
        else:
            kind, key, _ = change.unit.place.split("/", 2)
            entries.setdefault((kind, key), []).append(change)
    for (kind, key), changes in entries.items():
        entry = editing.find(session, kind, key, to_change=True)
        assert entry is not None
        texts = {(language, change.unit.place.split("/", 2)[2]): change.forms[0] for change in changes}
        checked = {(language, c.unit.place.split("/", 2)[2]) for c in changes if c.state == "reviewed"}
        editing.change(session, entry, who=who, why=why, texts=texts, checked=checked)
    return made


def _look(found: Plan, unit: Unit, item: Item, knowledge: Snapshot, *, finished: bool, take: bool) -> None:
    forms = writing.tidied(unit, item.forms)
    if not any(form.strip() for form in item.forms):
        found.empty += 1
        return
    if len(forms) != len(unit.text):
        found.refused.append((unit.place, "forms"))
        return
    same = forms == unit.text
    done = finished and item.finished
    if same and not (done and unit.state != "reviewed"):
        found.unchanged += 1
        return
    if item.english != unit.source:
        found.conflicts.append((unit.place, "english"))
        return
    if item.seen and item.seen != unit.token and not same and not take:
        found.conflicts.append((unit.place, "changed"))
        return
    concerns = writing.concerns(unit, forms, knowledge)
    if stopping := [one.what for one in concerns if one.stops]:
        found.refused.append((unit.place, stopping[0]))
    elif not same and two_people.needed(unit.kind):
        found.refused.append((unit.place, "second_person"))
    else:
        odd = tuple(dict.fromkeys(one.what for one in concerns))
        what = "confirmed" if same else "changed" if all(unit.text) else "added"
        found.changes.append(Change(unit, forms, what, "reviewed" if done and not odd else "draft", odd))


def _lock(session: Session, items: Sequence[Item]) -> None:
    """Always in the same order, so that two imports at once wait for each other instead of both."""
    keys = {tuple(item.place.split("/", 2)[:2]) for item in items if item.place.count("/") > 1}
    wanted = sorted(keys)
    for begin in range(0, len(wanted), 400):
        rows = select(Entry.id).where(tuple_(Entry.kind, Entry.key).in_(wanted[begin : begin + 400])).order_by(Entry.id)
        session.execute(rows.with_for_update())

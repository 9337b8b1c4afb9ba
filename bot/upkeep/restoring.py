"""Going back to a backup: all of it or nothing, with a backup of what was there, one at a time.

A safety number that a backup would change, add or take away needs a second person, like every change of one.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy.orm import Session

from bot.errors import RefusedError
from bot.knowledge import loading
from bot.knowledge.models import KNOWLEDGE, Revision
from bot.upkeep import backup
from bot.upkeep.backup import Content
from bot.upkeep.parts import PARTS, Part, Row

SAFETY = "safety"
_SPOKEN = ("data", "published", "texts")  # what of an entry people can meet


@dataclass(frozen=True)
class Difference:
    """What going back would do to a part: rows that come, that change and that go. `safety`: keys of safety numbers among them."""

    part: str
    comes: int
    changes: int
    goes: int
    safety: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.comes or self.changes or self.goes)


def revision(session: Session, *, to_change: bool = False) -> int:
    """The number that grows with every change of the knowledge. `to_change`: nobody else changes it until this transaction ends."""
    row = session.get(Revision, 1, with_for_update=to_change or None, populate_existing=True)
    return row.number if row is not None else 0


def compare(session: Session, content: Content, parts: Iterable[Part] = PARTS) -> list[Difference]:
    """What going back would do, part by part. Changes nothing."""
    return [_difference(part, list(part.rows(session)), content.rows[part.name]) for part in parts if part.name in content.rows]


def restore(
    session: Session,
    content: Content,
    who: str,
    why: str,
    *,
    seen: int | None = None,
    second: bool = False,
    keep_safety: bool = False,
    parts: Iterable[Part] = PARTS,
) -> int:
    """Goes back; the caller commits. Returns the number of the backup of what was there.

    `seen`: the revision somebody decided by. `second`: a second person agrees. `keep_safety`: safety numbers stay as they
    are here. Raises RefusedError: stale, when the knowledge changed meanwhile; second_person, for safety numbers.
    """
    backup.hold(session, "SHARE ROW EXCLUSIVE")
    if seen is not None and revision(session, to_change=True) != seen:
        raise RefusedError("the knowledge changed meanwhile", "stale")
    rows = dict(content.rows)
    known = {part.name: part for part in parts if part.name in rows}
    if "entries" in known:
        here = list(known["entries"].rows(session))
        if keep_safety:
            rows["entries"] = [row for row in rows["entries"] if row["kind"] != SAFETY] + [r for r in here if r["kind"] == SAFETY]
        elif (
            not second
            and any(row["kind"] == SAFETY for row in here)
            and _difference(known["entries"], here, rows["entries"]).safety
        ):
            raise RefusedError("this changes safety numbers: a second person must do it", "second_person")
    number = backup.keep(session, who, why)
    for name, part in known.items():
        part.replace(session, rows[name])
    for what in sorted({KNOWLEDGE, *(part.touches for part in known.values())}):  # in one order for all
        loading.touch(session, what)
    loading.note_files(session, "")  # the next start looks whether the files hold what the backup does not
    return number


def _difference(part: Part, here: list[Row], there: list[Row]) -> Difference:
    ours, theirs = ({part.place(row): row for row in rows} for rows in (here, there))
    comes, goes = theirs.keys() - ours.keys(), ours.keys() - theirs.keys()
    changes = {place for place in ours.keys() & theirs.keys() if ours[place] != theirs[place]}
    spoken = {place for place in changes if any(ours[place].get(n) != theirs[place].get(n) for n in _SPOKEN)}
    safety = sorted(str(place[1]) for place in comes | goes | spoken if place[0] == SAFETY)
    return Difference(part.name, len(comes), len(changes), len(goes), tuple(safety))

"""What was asked and not known, as a community worker reads it: the same thing in its spellings is one line, with counts by language.

Words that are the same but for order and a letter or two belong together, whatever language they were asked in: an English word from
a letter is asked in all of them. Answers that did not help belong together by the answer.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz, process
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.db.base import now
from bot.knowledge.models import Unknown, UnknownWeek
from bot.knowledge.unknown import LONG

NEAR, SHORTEST = 86.0, 5  # how alike two spellings are (of 100); of shorter words only the same are one
WEEKS = 8
MOST = 2_000  # rows looked at, the most asked first
ORDERS = ("most", "newest", "rising")


@dataclass(frozen=True)
class Group:
    """`rows`: the spellings, the most asked first; the first one's id names the group. `weeks`: counts, the oldest week first."""

    rows: tuple[Unknown, ...]
    weeks: tuple[int, ...]

    @property
    def id(self) -> int:
        return self.rows[0].id

    @property
    def kind(self) -> str:
        return self.rows[0].kind

    @property
    def words(self) -> str:
        return self.rows[0].words

    @property
    def about(self) -> str:
        return self.rows[0].about

    @property
    def is_long(self) -> bool:
        """Messages of which no words are kept: they can only be counted."""
        return self.words == LONG

    @property
    def spellings(self) -> list[str]:
        return list(dict.fromkeys(row.words for row in self.rows if row.words))

    @property
    def languages(self) -> dict[str, int]:
        """language -> how often, the most often first."""
        counts: dict[str, int] = {}
        for row in self.rows:
            counts[row.language] = counts.get(row.language, 0) + row.times
        return dict(sorted(counts.items(), key=lambda item: -item[1]))

    @property
    def times(self) -> int:
        """Of answers that did not help, a reason that was tapped afterwards is no second time."""
        counted = [row for row in self.rows if row.kind != "rated" or not row.words] or self.rows
        return sum(row.times for row in counted)

    @property
    def last_at(self) -> dt.datetime:
        return max(row.last_at for row in self.rows)

    @property
    def rise(self) -> int:
        """How many more in the last four weeks than in the four before."""
        return sum(self.weeks[WEEKS // 2 :]) - sum(self.weeks[: WEEKS // 2])


def listed(
    session: Session,
    *,
    state: str = "open",
    kind: str = "",
    language: str = "",
    assigned_to: int | None = None,
    order: str = "most",
) -> list[Group]:
    """The groups of one state. A language's filter leaves whole groups in which it was asked."""
    query = select(Unknown).where(Unknown.state == state).order_by(Unknown.times.desc(), Unknown.last_at.desc(), Unknown.id)
    if kind:
        query = query.where(Unknown.kind == kind)
    if assigned_to is not None:
        query = query.where(Unknown.assigned_to == assigned_to)
    found = groups(session, list(session.scalars(query.limit(MOST))))
    found = [group for group in found if not language or language in group.languages]
    keys = {"most": lambda g: (-g.times, -g.last_at.timestamp()), "newest": lambda g: -g.last_at.timestamp()}
    return sorted(found, key=keys.get(order, lambda g: (-g.rise, -g.times)))


def of(session: Session, number: int) -> Group | None:
    """The group that a row is in, with what is in the same state; None when there is no such row."""
    row = session.get(Unknown, number)
    if row is None:
        return None
    near = list(session.scalars(select(Unknown).where(Unknown.kind == row.kind, Unknown.state == row.state).limit(MOST)))
    near.sort(key=lambda one: (-one.times, -one.last_at.timestamp(), one.id))
    near = near if row in near else [row, *near]
    return next(group for group in groups(session, near) if row in group.rows)


def groups(session: Session, rows: Sequence[Unknown]) -> list[Group]:
    """`rows`: the most asked first; each group begins with its most asked."""
    leaders: dict[tuple[str, str], dict[str, list[Unknown]]] = {}
    for row in rows:
        form = _form(row)
        same = leaders.setdefault((row.kind, row.about), {})
        same.setdefault(_leader(form, same), []).append(row)
    weeks = _weeks(session, [row.id for row in rows])
    found = (tuple(members) for same in leaders.values() for members in same.values())
    return [Group(members, tuple(map(sum, zip(*(weeks[row.id] for row in members), strict=True)))) for members in found]


def _form(row: Unknown) -> str:
    """Without order and spaces; every row about one answer has the same."""
    return "" if row.kind == "rated" else "".join(sorted(row.words.split()))


def _leader(form: str, leaders: Iterable[str]) -> str:
    if form in leaders or len(form) < SHORTEST:
        return form
    near = process.extractOne(form, list(leaders), scorer=fuzz.ratio, score_cutoff=NEAR)
    return str(near[0]) if near and len(near[0]) >= SHORTEST else form


def _weeks(session: Session, ids: Sequence[int]) -> dict[int, list[int]]:
    today = now().date()
    first = today - dt.timedelta(days=today.weekday(), weeks=WEEKS - 1)
    found = {number: [0] * WEEKS for number in ids}
    query = select(UnknownWeek.unknown_id, UnknownWeek.week, UnknownWeek.times).where(UnknownWeek.week >= first)
    for number, week, times in session.execute(query):
        if number in found and (place := (week - first).days // 7) < WEEKS:
            found[number][place] += times
    return found

"""What people here can do: on a case what its person shows us, and for everybody together in numbers that point at nobody."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy.orm import Session
from starlette.responses import Response

from bot.console.visits import StaffVisit
from bot.numbers import suppression
from bot.numbers.suppression import OTHERS, Cell
from bot.talents import counting, naming, sharing
from bot.talents.catalogue import catalogue

ENGLISH = "en"
MOST = 30  # rows of a table


@dataclass(frozen=True)
class Line:
    """One thing on somebody's list. `own`: their words and their language, when they call it otherwise than our list."""

    kind: str
    name: str
    years: int
    codes: str
    own: str
    language: str


@dataclass(frozen=True)
class Shown:
    lines: list[Line]
    until: dt.datetime | None


@dataclass(frozen=True)
class Row:
    """`name` "" for all the small ones together."""

    name: str
    people: Cell


def shown_on_case(session: Session, person_id: int) -> Shown | None:
    """What the person of a case said that we may see; None when they did not, or do not any more."""
    consent = sharing.current(session, person_id)
    if consent is None:
        return None
    lines = []
    for row in sharing.shown(session, person_id):
        codes = naming.codes(session, row)
        told = " · ".join(f"{name.upper()} {codes[name]}" for name in ("isco", "soc") if name in codes)
        years = row.years if isinstance(row.years, int) else 0
        listed = naming.in_list(session, row.kind, row.key, ENGLISH) if row.key else ""
        lines.append(Line(row.kind, listed, years, told, row.words or "", row.language))
    return Shown(lines, consent.until)


def counts(visit: StaffVisit) -> Response:
    """How many people have what on their list; nobody's list, and no number that is small."""
    found, known = counting.count(visit.session), catalogue()
    tables = {kind: _rows(found.things[kind], visit.session, kind) for kind in ("job", "skill", "language")}
    groups = [Row(known.group(key, ENGLISH) if key != OTHERS else "", Cell(n)) for key, n in _folded(found.groups).items()]
    visit.record("talents.read", "talents")
    return visit.page(
        "talents.html",
        people=suppression.alone(found.people),
        own_words=suppression.alone(found.own_words),
        groups=groups,
        tables=tables,
    )


def _rows(counted: dict[str, int], session: Session, kind: str) -> list[Row]:
    named = ((naming.in_list(session, kind, key, ENGLISH) if key != OTHERS else "", n) for key, n in _folded(counted).items())
    return [Row(name, Cell(n)) for name, n in named]


def _folded(counted: dict[str, int]) -> dict[str, int]:
    """Also all the small ones together are not shown when they are few."""
    folded = suppression.folded(counted, MOST)
    return {key: n for key, n in folded.items() if n >= suppression.FEWEST}

"""No number small enough to point at a person, and none that gives such a number away by subtraction.

A count below FEWEST is shown as "fewer than 5". Where the parts of a known total are shown, one hidden part would be the total less
the others: further parts are then hidden, too, until each small count could still be anything from 0 to 4 for a reader who has
everything that is shown. Where that cannot be had, no part is shown. In a table of two dimensions a line is shown in full or not at
all; what can be known of the lines that are not shown are their sums, and those bound a cell by Fréchet's inequalities.

What this cannot prevent: comparing two reports whose days or filters differ by little. docs/numbers.md says so to whoever publishes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

FEWEST = 5
SPREAD = FEWEST - 1  # between the least and the most that a hidden number may be
OTHERS = "others"


@dataclass(frozen=True)
class Cell:
    """`value` is None when it is not shown, and `mark` says why: fewer (than FEWEST), hidden (it would give another away),
    unknown (what would have to be counted was deleted)."""

    value: int | None
    mark: str = ""


FEWER, HIDDEN, UNKNOWN = Cell(None, "fewer"), Cell(None, "hidden"), Cell(None, "unknown")


@dataclass(frozen=True)
class Crossed:
    """A table with the sums of its lines and columns."""

    cells: list[list[Cell]]
    row_totals: list[Cell]
    column_totals: list[Cell]
    total: Cell


def alone(count: int) -> Cell:
    """A number that is no part of another one."""
    return Cell(count) if count >= FEWEST else FEWER


def parts(counts: Sequence[int]) -> list[Cell]:
    """The parts of a whole that is known when it is not small."""
    small = {place for place, count in enumerate(counts) if count < FEWEST}
    if sum(counts) < FEWEST:
        return [HIDDEN] * len(counts)
    if not small:
        return [Cell(count) for count in counts]
    others = sorted((count, place) for place, count in enumerate(counts) if place not in small)
    hidden: set[int] = set()
    while not _is_safe(sum(counts[place] for place in small | hidden), len(small), len(hidden)):
        if not others:
            return [HIDDEN] * len(counts)
        hidden.add(others.pop(0)[1])
    return [FEWER if place in small else HIDDEN if place in hidden else Cell(count) for place, count in enumerate(counts)]


def crossed(rows: Sequence[Sequence[int]], apart: Sequence[int] | None = None) -> Crossed:
    """A table of counts, every row as long as the others.

    `apart`: one more row, the last, whose sum is known from elsewhere and whose cells are never shown.
    """
    every = [*rows, apart] if apart is not None else list(rows)
    row_sums, column_sums = [sum(row) for row in every], [sum(column) for column in zip(*every, strict=True)]
    row_totals, column_totals = parts(row_sums[: len(rows)]), parts(column_sums)
    if apart is not None:
        row_totals.append(alone(sum(apart)))
    shown = _can_be_shown(rows, row_totals)
    while not _block_is_safe([row for place, row in enumerate(every) if place not in shown], row_totals, column_totals, shown):
        if not shown:
            column_totals = [HIDDEN] * len(column_sums)
            break
        shown.pop()
    return Crossed(_cells(every, shown), row_totals, column_totals, alone(sum(row_sums)))


def lines(rows: Sequence[Sequence[int]]) -> Crossed:
    """The same without the sums of its columns, which must not be found by adding either: never are all rows shown."""
    row_sums = [sum(row) for row in rows]
    row_totals = parts(row_sums)
    shown = _can_be_shown(rows, row_totals)
    if len(shown) == len(rows):
        shown.pop()
    width = len(rows[0]) if rows else 0
    return Crossed(_cells(rows, shown), row_totals, [HIDDEN] * width, alone(sum(row_sums)))


def _can_be_shown(rows: Sequence[Sequence[int]], row_totals: Sequence[Cell]) -> list[int]:
    """Rows in which nothing is small, the largest first."""
    found = [place for place, row in enumerate(rows) if row_totals[place].value is not None and min(row) >= FEWEST]
    return sorted(found, key=lambda place: -sum(rows[place]))


def _cells(rows: Sequence[Sequence[int]], shown: Sequence[int]) -> list[list[Cell]]:
    return [[Cell(count) if place in shown else HIDDEN for count in row] for place, row in enumerate(rows)]


def folded(counts: Mapping[str, int], most: int) -> dict[str, int]:
    """The `most` largest of an open list, by size, and OTHERS: all that are small, so that no place or service with a few people is
    named. Where those together are few, the next larger ones are among them."""
    ordered = sorted(((count, name) for name, count in counts.items() if count), key=lambda pair: (-pair[0], pair[1]))
    kept = [(count, name) for count, name in ordered if count >= FEWEST][:most]
    rest = sum(counts.values()) - sum(count for count, _ in kept)
    while kept and 0 < rest < FEWEST:
        rest += kept.pop()[0]
    found = {name: count for count, name in kept}
    return {**found, OTHERS: rest} if rest else found


def runs(counts: Sequence[int]) -> list[tuple[int, int, int]]:
    """Neighbours put together until none is small: (first place, last place, how many). Empty when all together are few."""
    found: list[tuple[int, int, int]] = []
    begins, together = 0, 0
    for place, count in enumerate(counts):
        together += count
        if together >= FEWEST:
            found.append((begins, place, together))
            begins, together = place + 1, 0
    if found and begins < len(counts):
        first, _, count = found.pop()
        found.append((first, len(counts) - 1, count + together))
    return found


def _is_safe(together: int, small: int, hidden: int) -> bool:
    """Whether each of the small ones can be anything from 0 to SPREAD when what they and the hidden ones make together is known."""
    if not hidden:
        return SPREAD <= together <= SPREAD * (small - 1)
    return together >= FEWEST * hidden + SPREAD


def _block_is_safe(
    rows: Sequence[Sequence[int]], row_totals: Sequence[Cell], column_totals: Sequence[Cell], shown: Sequence[int]
) -> bool:
    """Whether the lines that are not shown stay unknown when all is known that their sums could tell."""
    known = [total.value is not None for place, total in enumerate(row_totals) if place not in shown]
    columns = [sum(column) for column in zip(*rows, strict=True)]
    together = sum(columns)
    for row, row_known in zip(rows, known, strict=True):
        for column, total in zip(columns, column_totals, strict=True):
            if total.value is None:
                continue
            if not row_known:
                if column < SPREAD:
                    return False
                continue
            if min(sum(row), column) - max(0, sum(row) + column - together) < SPREAD:
                return False
    return True

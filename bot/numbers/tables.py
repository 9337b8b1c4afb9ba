"""A table of the report: codes and numbers. Edges word them; what may not be shown is hidden before it is here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.numbers.suppression import FEWEST, OTHERS, UNKNOWN, Cell, Crossed, alone, folded, parts

MOST_ROWS = 12  # of an open list, such as areas
DELETED = "deleted"


@dataclass(frozen=True)
class Row:
    """`code` up to `until`, where neighbours were put together; else both are the same."""

    code: str
    cells: tuple[Cell, ...]
    until: str = ""


@dataclass(frozen=True)
class Table:
    """`kind`: what the codes of its rows are (language, need, month ...). `unit` of its cells: count, or minutes from `minutes` on.

    `about`: what one table of several of the same key is about, e.g. a pathway.
    """

    key: str
    kind: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    total: tuple[Cell, ...] = ()
    about: str = ""
    minutes: int = 99

    @property
    def is_empty(self) -> bool:
        """Whether nothing in it is shown."""
        return all(cell.value is None for row in self.rows for cell in row.cells)


def one_column(key: str, kind: str, counts: Mapping[str, int], *, deleted: int = 0) -> Table:
    """The parts of a whole, in the order they are given. `deleted`: so many more, of which nothing else is known."""
    cells = parts(list(counts.values()))
    rows = tuple(Row(code, (cell,)) for code, cell in zip(counts, cells, strict=True))
    kept = sum(counts.values())
    if deleted and kept >= FEWEST:
        rows = (*rows, Row(DELETED, (alone(deleted),)))
    return Table(key, kind, ("count",), rows, (alone(kept + deleted),))


def open_list(key: str, kind: str, counts: Mapping[str, int], *, deleted: int = 0) -> Table:
    """The largest of a list that has no end; the small ones together."""
    return one_column(key, kind, folded(counts, MOST_ROWS), deleted=deleted)


def side_by_side(key: str, kind: str, codes: Sequence[str], columns: Mapping[str, Sequence[int | None]]) -> Table:
    """Columns that are each a whole of their own. None: not known, so that the whole is not either."""
    made = [_column(counts) for counts in columns.values()]
    rows = tuple(Row(code, tuple(column[place] for column in made)) for place, code in enumerate(codes))
    return Table(key, kind, tuple(columns), rows, tuple(_sum(counts) for counts in columns.values()))


def _column(counts: Sequence[int | None]) -> list[Cell]:
    shown = iter(parts([count for count in counts if count is not None]))
    return [UNKNOWN if count is None else next(shown) for count in counts]


def _sum(counts: Sequence[int | None]) -> Cell:
    known = [count for count in counts if count is not None]
    return alone(sum(known)) if len(known) == len(counts) else UNKNOWN


def cross(key: str, kind: str, columns: Sequence[str], rows: Mapping[str, Sequence[int]], made: Crossed) -> Table:
    """With the sum of each row as the last column."""
    found = tuple(Row(code, (*made.cells[place], made.row_totals[place])) for place, code in enumerate(rows))
    return Table(key, kind, (*columns, "count"), found, (*made.column_totals, made.total))


def fold_rows(rows: Mapping[str, Sequence[int]], least: int) -> dict[str, list[int]]:
    """Rows that together make fewer than `least` become one, OTHERS; the largest first."""
    kept = {code: list(row) for code, row in sorted(rows.items(), key=lambda pair: (-sum(pair[1]), pair[0])) if sum(row) >= least}
    small = [row for code, row in rows.items() if code not in kept and sum(row) > 0]
    if not small:
        return kept
    rest = [sum(map(int, column)) for column in zip(*small, strict=True)]
    while kept and sum(rest) < least:
        _, last = kept.popitem()
        rest = [a + b for a, b in zip(rest, last, strict=True)]
    return {**kept, OTHERS: rest}

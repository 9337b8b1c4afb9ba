"""No number that is not shown can be computed from those that are: proved with linear programs, which know nothing of our rules."""

from __future__ import annotations

import random
from collections.abc import Sequence

import numpy as np
import pytest
from scipy.optimize import linprog

from bot.numbers.suppression import FEWER, FEWEST, HIDDEN, OTHERS, SPREAD, Cell, alone, crossed, folded, lines, parts, runs
from tests.amount import some

SEEDS = some(range(60), 4)


def counts_of(chance: random.Random, length: int) -> list[int]:
    return [chance.choice((0, 1, 2, 4, 5, 6, 9, 12, 30, 200)) for _ in range(length)]


class Reader:
    """Somebody who has all that is shown and reckons with it: the least and the most that each number can be."""

    def __init__(self) -> None:
        self.bounds: list[tuple[int, int | None]] = []
        self.sums: list[tuple[list[int], int]] = []

    def sees(self, cell: Cell) -> int:
        """A number that is shown, or is said to be small, or is not shown at all; returns its place."""
        known = (cell.value, cell.value) if cell.value is not None else (0, SPREAD) if cell == FEWER else (0, None)
        self.bounds.append(known)
        return len(self.bounds) - 1

    def adds(self, places: Sequence[int], total: int) -> None:
        """These together are that one."""
        self.sums.append(([*places], total))

    def span(self, place: int) -> float:
        """Between the least and the most that the number at this place can be."""
        lines_, goal = np.zeros((len(self.sums), len(self.bounds))), np.zeros(len(self.bounds))
        for row, (places, total) in enumerate(self.sums):
            lines_[row, places], lines_[row, total] = 1, -1
        goal[place] = 1
        least, most = (
            linprog(
                sign * goal,
                A_eq=lines_ if self.sums else None,
                b_eq=np.zeros(len(self.sums)) if self.sums else None,
                bounds=self.bounds,
            )
            for sign in (1, -1)
        )
        assert least.status == 0 and most.status in (0, 3)
        return float("inf") if most.status == 3 else -most.fun - least.fun


@pytest.mark.parametrize("seed", SEEDS)
def test_no_part_of_a_whole_can_be_computed_from_the_rest(seed: int) -> None:
    chance = random.Random(seed)
    for _ in range(6):
        counts = counts_of(chance, chance.randrange(1, 9))
        shown, reader = parts(counts), Reader()
        total = reader.sees(alone(sum(counts)))
        places = [reader.sees(cell) for cell in shown]
        reader.adds(places, total)
        for count, cell, place in zip(counts, shown, places, strict=True):
            assert cell.value in (None, count) and (count >= FEWEST or cell.value is None)
            if cell.value is None and len(counts) > 1:
                assert reader.span(place) >= SPREAD - 1e-6, (counts, shown)


@pytest.mark.parametrize("apart", [False, True])
@pytest.mark.parametrize("seed", SEEDS)
def test_no_cell_of_a_table_can_be_computed_from_its_sums(seed: int, apart: bool) -> None:
    chance = random.Random(seed)
    for _ in range(3):
        width = chance.randrange(2, 5)
        rows = [counts_of(chance, width) for _ in range(chance.randrange(2, 7))]
        more = [chance.randrange(40) for _ in range(width)] if apart else None
        if more is not None and sum(more) < FEWEST:
            continue  # so few deleted ones are left out altogether
        every, made, reader = [*rows, *([more] if more else [])], crossed(rows, more), Reader()
        cells = [[reader.sees(cell) for cell in row] for row in made.cells]
        row_totals = [reader.sees(cell) for cell in made.row_totals]
        column_totals = [reader.sees(cell) for cell in made.column_totals]
        total = reader.sees(made.total)
        for row, row_total in zip(cells, row_totals, strict=True):
            reader.adds(row, row_total)
        for column, column_total in zip(zip(*cells, strict=True), column_totals, strict=True):
            reader.adds(column, column_total)
        reader.adds(row_totals, total)
        for row, found, places in zip(every, made.cells, cells, strict=True):
            for count, cell, place in zip(row, found, places, strict=True):
                assert cell.value in (None, count) and (count >= FEWEST or cell.value is None)
                if cell.value is None:
                    assert reader.span(place) >= 1 - 1e-6, (every, made)
        for cell, place in zip((*made.row_totals, *made.column_totals), (*row_totals, *column_totals), strict=True):
            if cell.value is None and made.total.value is not None:
                assert reader.span(place) >= 1 - 1e-6, (every, made)


def test_without_sums_of_columns_not_all_rows_are_shown() -> None:
    made = lines([[10, 20], [9, 8], [50, 60]])
    assert made.cells == [[Cell(10), Cell(20)], [HIDDEN, HIDDEN], [Cell(50), Cell(60)]]
    assert made.row_totals == [Cell(30), Cell(17), Cell(110)] and made.column_totals == [HIDDEN, HIDDEN]


def test_one_small_part_takes_another_with_it() -> None:
    assert parts([3, 20, 40]) == [FEWER, HIDDEN, Cell(40)]
    assert parts([3, 5, 40]) == [FEWER, HIDDEN, HIDDEN] or parts([3, 5, 40])[0] != Cell(3)
    assert parts([2, 3, 1, 40]) == [FEWER, FEWER, FEWER, Cell(40)]
    assert parts([3, 1]) == [HIDDEN, HIDDEN] and alone(4) == FEWER and alone(5) == Cell(5)


@pytest.mark.parametrize("seed", range(20))
def test_an_open_list_names_nothing_with_few(seed: int) -> None:
    chance = random.Random(seed)
    counts = dict(zip("abcdefghij", counts_of(chance, 10), strict=True))
    found = folded(counts, 4)
    assert sum(found.values()) == sum(counts.values()) and len(found) <= 5
    assert sum(counts.values()) < FEWEST or all(count >= FEWEST for count in found.values())
    assert all(found[name] == counts[name] for name in found.keys() - {OTHERS})


@pytest.mark.parametrize("seed", range(20))
def test_neighbours_are_put_together_until_none_is_small(seed: int) -> None:
    counts = counts_of(random.Random(seed), 9)
    found = runs(counts)
    assert [place for first, last, _ in found for place in range(first, last + 1)] == (list(range(9)) if found else [])
    assert all(count >= FEWEST and count == sum(counts[first : last + 1]) for first, last, count in found)
    assert runs([1, 2]) == []

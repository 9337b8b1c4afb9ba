"""Pieces of text with their places become lines in reading order, and lines that belong together become sentences."""

from __future__ import annotations

import math
import random

import pytest

from bot.photos.layout import Corner, Piece, score_of, stands_upright, text_of

HEIGHT, LETTER = 30.0, 15.0  # of a line and of one letter, in pixels


def piece(text: str, x: float, y: float, *, turn: float = 0.0, score: float = 0.99) -> Piece:
    """A piece whose text begins at x, y on a page that was turned by `turn` degrees."""
    width, angle = LETTER * len(text), math.radians(turn)

    def turned(a: float, b: float) -> Corner:
        return a * math.cos(angle) - b * math.sin(angle), a * math.sin(angle) + b * math.cos(angle)

    corners = (turned(x, y), turned(x + width, y), turned(x + width, y + HEIGHT), turned(x, y + HEIGHT))
    return Piece(text, score, corners)


LETTER_LINES = [
    ("Council Tax reminder", 0.0),
    ("Our records show that your instalment is", 100.0),
    ("overdue. You must pay by 3 December 2026. If", 145.0),
    ("you do not pay you may lose the right.", 190.0),
    ("Yours sincerely,", 290.0),
    ("Head of Revenues", 335.0),
]
READ = """Council Tax reminder
Our records show that your instalment is overdue. You must pay by 3 December 2026. If you do not pay you may lose the right.
Yours sincerely,
Head of Revenues"""


@pytest.mark.parametrize("turn", [0, 4, -4, 12, -12])
def test_a_sentence_that_runs_over_lines_is_one_also_on_a_page_that_lies_askew(turn: float) -> None:
    pieces = [piece(text, 100, y, turn=turn) for text, y in LETTER_LINES]
    random.Random(3).shuffle(pieces)
    assert text_of(pieces) == READ


def test_short_lines_stay_lines() -> None:
    address = [piece(text, 100, 45.0 * n) for n, text in enumerate(("Mr A Example", "12 Long Street", "Birmingham", "B4 7AB"))]
    body = piece("We write to you about the rent that you owe.", 100, 300)
    assert text_of([*address, body]).split("\n")[:4] == ["Mr A Example", "12 Long Street", "Birmingham", "B4 7AB"]


def test_two_columns_beside_each_other_are_not_one_line() -> None:
    pieces = [piece("Our ref: 123", 100, 0), piece("12 November 2026", 900, 4), piece("Dear Resident,", 100, 90)]
    assert text_of(pieces) == "Our ref: 123\n12 November 2026\nDear Resident,"


def test_two_pieces_of_one_line_are_one_line() -> None:
    assert text_of([piece("Universal", 100, 0), piece("Credit", 250, 3)]) == "Universal Credit"


def test_each_point_of_a_list_is_a_line_of_its_own() -> None:
    points = [
        "Please bring these things when you come here:",
        "• your passport or your driving licence",
        "2. a letter with your address on it",
    ]
    assert text_of([piece(text, 100, 45.0 * n) for n, text in enumerate(points)]).split("\n") == points


def test_nothing_gives_nothing() -> None:
    assert text_of([]) == "" and score_of([]) == 0.0 and stands_upright([])
    assert text_of([piece("   ", 0, 0)]) == ""


def test_a_page_on_its_side_is_seen() -> None:
    upright = [piece(text, 100, y) for text, y in LETTER_LINES]
    assert stands_upright(upright)
    lying = [
        Piece(text, 0.99, ((y, 0), (y + HEIGHT, 0), (y + HEIGHT, LETTER * len(text)), (y, LETTER * len(text))))
        for text, y in LETTER_LINES
    ]
    assert not stands_upright(lying)


def test_long_pieces_count_more_for_how_sure_a_reading_is() -> None:
    assert score_of([piece("x" * 90, 0, 0, score=1.0), piece("y" * 10, 0, 50, score=0.0)]) == pytest.approx(0.9)

"""From pieces of text with their places on the page to the words of a letter: lines in reading order, joined to sentences.

A sentence of a letter runs over several lines, and what a letter asks for and by when is found by sentence. So a line goes on
in the next one when the next one's first word would not have fitted into it, as a typewriter breaks lines.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

Corner = tuple[float, float]
COLUMN_GAP = 2.5  # line heights between two pieces in a row that belong to different columns
SAME_EDGE = 2.0  # line heights by which the left edges of one paragraph differ at most
PITCH = 1.45  # times the letter's usual distance of lines: more is a new paragraph
NEW_ITEM = re.compile(r"(?:[•●▪*–-]|\(?(?:\d{1,2}|[a-z])[.)])\s")


@dataclass(frozen=True)
class Piece:
    """Recognised text: `score` from 0 to 1; `corners` in pixels, clockwise from the one at the top left."""

    text: str
    score: float
    corners: tuple[Corner, Corner, Corner, Corner]


@dataclass(frozen=True)
class _Line:
    """Text on a page that was turned straight."""

    text: str
    left: float
    right: float
    middle: float
    height: float


def text_of(pieces: Sequence[Piece]) -> str:
    """The words, a paragraph or a single short line on each line. "" without pieces."""
    lines = _in_rows(_straightened(pieces))
    if not lines:
        return ""
    pitch = _pitch(lines)
    text = lines[0].text
    for line, following in pairwise(lines):
        text += (" " if _goes_on(line, following, lines, pitch) else "\n") + following.text
    return text


def stands_upright(pieces: Sequence[Piece]) -> bool:
    """Whether the letters stand on their lines from left to right or right to left; False for a page on its side."""
    lying = sum(_weight(piece) for piece in pieces if _width(piece) < _height(piece))
    return lying * 2 <= sum(_weight(piece) for piece in pieces)


def score_of(pieces: Sequence[Piece]) -> float:
    """How sure the reading is, from 0 to 1, long pieces counting more."""
    letters = sum(len(piece.text) for piece in pieces)
    return sum(piece.score * len(piece.text) for piece in pieces) / letters if letters else 0.0


def _straightened(pieces: Sequence[Piece]) -> list[_Line]:
    turn = -_slope(pieces)
    sine, cosine = math.sin(turn), math.cos(turn)
    lines = []
    for piece in pieces:
        text = " ".join(piece.text.split())
        x, y = (sum(corner[axis] for corner in piece.corners) / 4 for axis in (0, 1))
        middle, centre, half = x * sine + y * cosine, x * cosine - y * sine, _width(piece) / 2
        if text:
            lines.append(_Line(text, centre - half, centre + half, middle, _height(piece)))
    return lines


def _slope(pieces: Sequence[Piece]) -> float:
    """The angle of the lines of text, in radians: that of the middle piece, by length."""
    angles = sorted((math.atan2(p.corners[1][1] - p.corners[0][1], p.corners[1][0] - p.corners[0][0]), _width(p)) for p in pieces)
    half, passed = sum(width for _, width in angles) / 2, 0.0
    for angle, width in angles:
        passed += width
        if passed >= half:
            return angle
    return 0.0


def _in_rows(lines: Sequence[_Line]) -> list[_Line]:
    """From top to bottom; in a row from left to right, pieces of one line joined and columns kept apart."""
    rows: list[list[_Line]] = []
    for line in sorted(lines, key=lambda line: line.middle):
        if rows and line.middle - median(other.middle for other in rows[-1]) < 0.5 * min(line.height, rows[-1][0].height):
            rows[-1].append(line)
        else:
            rows.append([line])
    found: list[_Line] = []
    for row in rows:
        row.sort(key=lambda line: line.left)
        found.append(row[0])
        for line in row[1:]:
            before = found[-1]
            if line.left - before.right > COLUMN_GAP * before.height:
                found.append(line)
            else:
                height, middle = max(before.height, line.height), (before.middle + line.middle) / 2
                found[-1] = _Line(f"{before.text} {line.text}", before.left, max(before.right, line.right), middle, height)
    return found


def _pitch(lines: Sequence[_Line]) -> float:
    """The usual distance from line to line: the smaller ones, because those between paragraphs are larger."""
    steps = sorted(b.middle - a.middle for a, b in pairwise(lines) if b.middle - a.middle > 0.5 * a.height)
    return steps[len(steps) // 3] if steps else 0.0


def _goes_on(line: _Line, following: _Line, lines: Sequence[_Line], pitch: float) -> bool:
    """Whether `following` continues the sentence of `line`."""
    step = following.middle - line.middle
    if not 0 < step <= PITCH * pitch or NEW_ITEM.match(following.text):
        return False
    if abs(following.left - line.left) > SAME_EDGE * line.height:
        return False
    margin = max(other.right for other in lines if abs(other.left - line.left) <= SAME_EDGE * line.height)
    first = following.text.split()[0]
    letter = (following.right - following.left) / len(following.text)
    return line.right + letter * (len(first) + 1) > margin - 0.5 * line.height


def _width(piece: Piece) -> float:
    a, b, c, d = piece.corners
    return (math.dist(a, b) + math.dist(d, c)) / 2


def _height(piece: Piece) -> float:
    a, b, c, d = piece.corners
    return (math.dist(a, d) + math.dist(b, c)) / 2


def _weight(piece: Piece) -> float:
    """A single letter or mark says nothing of the direction."""
    return max(_width(piece), _height(piece)) if len(piece.text) > 3 else 0.0

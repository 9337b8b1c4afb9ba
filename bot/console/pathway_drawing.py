"""A pathway as a drawing: steps as boxes from left to right, each behind what must come before it. Beside it stands a list that says
the same in words."""

from __future__ import annotations

from html import escape
from typing import Any

WIDE, HIGH, GAP_X, GAP_Y, EDGE = 168, 58, 44, 18, 8
LINE = 21  # characters of a line in a box
LINES = 2


def svg(data: dict[str, Any], current: str = "") -> str:
    """Escaped, without style of its own: the style sheet gives the colours. `current`: the step that is being edited."""
    steps = [step for step in data.get("steps", []) if isinstance(step, dict)]
    places = _places(steps)
    width = max((x for x, _ in places.values()), default=0) + WIDE + EDGE
    height = max((y for _, y in places.values()), default=0) + HIGH + EDGE
    parts = [
        _arrow(places[before], places[step["key"]]) for step in steps for before in step.get("after") or [] if before in places
    ]
    parts += [_box(step, number, places[step["key"]], step["key"] == current) for number, step in enumerate(steps, 1)]
    return f'<svg class="pathway" viewBox="0 0 {width} {height}" width="{width}" height="{height}" aria-hidden="true">{"".join(parts)}</svg>'


def _places(steps: list[dict[str, Any]]) -> dict[str, tuple[int, int]]:
    """Left upper corner of each box: as far right as the longest way to it, and below the others there."""
    depth: dict[str, int] = {}
    for _ in steps:  # a circle, which is a problem shown elsewhere, ends here
        for step in steps:
            before = [depth.get(key, 0) + 1 for key in step.get("after") or [] if key != step["key"]]
            depth[step["key"]] = min(max(before, default=0), len(steps))
    rows: dict[int, int] = {}
    places = {}
    for step in steps:
        column = depth[step["key"]]
        row = rows[column] = rows.get(column, -1) + 1
        places[step["key"]] = (EDGE + column * (WIDE + GAP_X), EDGE + row * (HIGH + GAP_Y))
    return places


def _arrow(start: tuple[int, int], end: tuple[int, int]) -> str:
    x1, y1, x2, y2 = start[0] + WIDE, start[1] + HIGH // 2, end[0], end[1] + HIGH // 2
    middle = (x1 + x2) // 2
    return (
        f'<path class="way" d="M{x1} {y1}C{middle} {y1} {middle} {y2} {x2 - 7} {y2}"/><path class="tip" d="M{x2} {y2}l-8 -4v8z"/>'
    )


def _box(step: dict[str, Any], number: int, place: tuple[int, int], is_current: bool) -> str:
    x, y = place
    kinds = ["step", "sometimes" if step.get("when") else "", "goal" if step.get("goal") else "", "current" if is_current else ""]
    lines = _wrapped(f"{number}. {step.get('title') or step['key']}")
    first = y + HIGH // 2 + 5 - (len(lines) - 1) * 9
    text = "".join(f'<text x="{x + 10}" y="{first + 18 * n}">{escape(line)}</text>' for n, line in enumerate(lines))
    shape = f'<rect x="{x}" y="{y}" width="{WIDE}" height="{HIGH}" rx="8"/>'
    return f'<g class="{" ".join(kind for kind in kinds if kind)}">{shape}{text}</g>'


def _wrapped(title: str) -> list[str]:
    """In LINES lines, the last one cut where there is more."""
    lines = [""]
    for word in title.split():
        if lines[-1] and len(lines[-1]) + len(word) + 1 > LINE:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()
    kept = [line[:LINE] for line in lines[:LINES]]
    if len(lines) > LINES or any(len(line) > LINE for line in lines[:LINES]):
        kept[-1] = kept[-1][: LINE - 1] + "…"
    return kept

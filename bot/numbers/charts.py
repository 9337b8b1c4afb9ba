"""Bars as SVG, made here: no script, no style in it. Colours and patterns come from the page's style sheet by class.

A picture of a table that stands beside it: whoever does not see it reads the same there. Bars differ by pattern, so that no colour is
needed; a number that is not shown has its words instead of a bar.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape, quoteattr

WIDTH = 360  # units; as wide as a narrow phone, so that letters keep their size there
BAR, GAP, LABEL = 11, 3, 17
BARS_UNTIL = 250  # the rest is for the number
LONGEST_LABEL = 54  # letters that fit in one line
PATTERNS = 5


@dataclass(frozen=True)
class Bar:
    """`value` None: not shown; `text` says what stands at its end."""

    value: int | None
    text: str


def bars(name: str, title: str, description: str, series: Sequence[str], rows: Sequence[tuple[str, Sequence[Bar]]]) -> str:
    """Markup. `name` is unique in the page; `series`: what the bars of each row are; with one there is no legend."""
    most = max((bar.value or 0 for _, found in rows for bar in found), default=0) or 1
    drawn, y = [], 4
    if len(series) > 1:
        for place, what in enumerate(series):
            drawn += [_rect(name, place, 0, y, 18), _text(what, 24, y + BAR - 1, "key")]
            y += BAR + 2 * GAP
        y += GAP
    for label, found in rows:
        drawn.append(_text(_short(label), 0, y + LABEL - 5, "label"))
        y += LABEL
        if all(bar.value is None and bar.text == found[0].text for bar in found):
            found = found[:1]  # said once, not for each bar
        for place, bar in enumerate(found):
            length = 0 if bar.value is None else round(bar.value / most * BARS_UNTIL)
            if length:
                drawn.append(_rect(name, place, 0, y, length))
            drawn.append(
                _text(bar.text, length + 6 if length else 0, y + BAR - 1, "value" if bar.value is not None else "value none")
            )
            y += BAR + GAP
        y += 2 * GAP
    ids = f"{name}-t", f"{name}-d"
    return (
        f'<svg class="chart" role="img" aria-labelledby="{ids[0]} {ids[1]}" viewBox="0 0 {WIDTH} {y}" width="{WIDTH}" height="{y}" '
        f'xmlns="http://www.w3.org/2000/svg"><title id="{ids[0]}">{escape(title)}</title><desc id="{ids[1]}">{escape(description)}</desc>'
        f"<defs>{''.join(_pattern(name, place) for place in range(len(series)))}</defs>{''.join(drawn)}</svg>"
    )


def _pattern(name: str, place: int) -> str:
    """Full, stripes to the right, dots, stripes to the left, upright lines."""
    kind = place % PATTERNS
    marks = (
        "",
        '<path class="mark" d="M-2 2L2-2M0 8L8 0M6 10L10 6"/>',
        '<circle class="dot" cx="4" cy="4" r="1.6"/>',
        '<path class="mark" d="M-2 6L2 10M0 0L8 8M6-2L10 2"/>',
        '<path class="mark" d="M4 0V8"/>',
    )
    ground = f'<rect class="ground-{kind}" width="8" height="8"/>'
    return f'<pattern id="{name}-p{place}" width="8" height="8" patternUnits="userSpaceOnUse">{ground}{marks[kind]}</pattern>'


def _rect(name: str, place: int, x: int, y: int, width: int) -> str:
    return f'<rect class="bar" x="{x}" y="{y}" width="{max(width, 1)}" height="{BAR}" fill="url(#{name}-p{place})"/>'


def _text(text: str, x: int, y: int, kind: str) -> str:
    return f'<text class={quoteattr(kind)} x="{x}" y="{y}">{escape(text)}</text>'


def _short(label: str) -> str:
    return label if len(label) <= LONGEST_LABEL else label[: LONGEST_LABEL - 1].rstrip() + "…"

"""How far each language is, as one bar of five parts, drawn here: no script and no style in it (static/translating.css has them).

The table beside it says the same; the parts differ by pattern as well as by colour.
"""

from __future__ import annotations

from collections.abc import Mapping
from xml.sax.saxutils import escape

from bot.cases.summary import language_name
from bot.console import rendering
from bot.wording.units import STATES

WIDTH, BAR, ROW, LABEL = 360, 14, 40, 16
ORDER = tuple(reversed(STATES))  # what is done first


def drawn(states: Mapping[str, Mapping[str, int]]) -> str:
    """Markup. `states`: language -> state -> number of texts."""
    parts, y = [_legend()], 2 * LABEL + 8
    for language, counts in states.items():
        total = sum(counts.values()) or 1
        share = rendering.t("console.words.share", percent=str(100 * counts.get("reviewed", 0) // total))
        parts.append(_text(language_name(language), 0, y + LABEL - 4) + _text(share, WIDTH, y + LABEL - 4, "end"))
        x = 0.0
        for state in ORDER:
            width = counts.get(state, 0) / total * WIDTH
            if width:
                parts.append(_rect(state, x, y + LABEL, width))
            x += width
        y += ROW
    title, description = rendering.t("console.words.chart"), rendering.t("console.words.chart_text")
    return (
        f'<svg class="progress" role="img" aria-labelledby="words-t words-d" viewBox="0 0 {WIDTH} {y}" width="{WIDTH}" height="{y}" '
        f'xmlns="http://www.w3.org/2000/svg"><title id="words-t">{escape(title)}</title><desc id="words-d">{escape(description)}</desc>'
        f"<defs>{''.join(map(_pattern, ORDER))}</defs>{''.join(parts)}</svg>"
    )


def _legend() -> str:
    places = ((0, 0), (0, LABEL), (120, 0), (120, LABEL), (240, 0))
    return "".join(
        _rect(state, x, y, 12, 12) + _text(rendering.t(f"console.text.{state}"), x + 18, y + 10)
        for state, (x, y) in zip(ORDER, places, strict=True)
    )


def _pattern(state: str) -> str:
    marks = {
        "reviewed": "",
        "machine-drafted": '<circle class="mark" cx="4" cy="4" r="1.4"/>',
        "draft": '<path class="line" d="M4 0V8"/>',
        "outdated": '<path class="line" d="M-2 2L2-2M0 8L8 0M6 10L10 6"/>',
        "missing": '<path class="line" d="M0 4H8M4 0V8"/>',
    }
    ground = f'<rect class="part-{state}" width="8" height="8"/>{marks[state]}'
    return f'<pattern id="words-{state}" width="8" height="8" patternUnits="userSpaceOnUse">{ground}</pattern>'


def _rect(state: str, x: float, y: float, width: float, height: float = BAR) -> str:
    return f'<rect class="part" x="{x:.1f}" y="{y}" width="{width:.1f}" height="{height}" fill="url(#words-{state})"/>'


def _text(text: str, x: int, y: int, anchor: str = "start") -> str:
    return f'<text x="{x}" y="{y}" text-anchor="{anchor}">{escape(text)}</text>'

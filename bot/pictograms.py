"""Drawings for those who do not read much: which one stands beside a button, a step and a line of a card, and the emoji for it.

The drawings and the one table of what they mean are in `data/pictograms`. A button is known by what it sends, so that what was
stored before there were drawings has them too, and nobody who makes a button has to think of them.
"""

from __future__ import annotations

import re
from functools import cache

import msgspec
import yaml

from bot.settings import ROOT

FOLDER = ROOT / "data/pictograms"
# what stands before the first letter or digit of a label: an emoji, or a sign like ☰, with its variation selector and a space
_LEADING = re.compile(r"^[^\w\s\"'“«(‹›؟¿¡.,:;!?…+-]+\s+")


class Drawn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One line of the table: the emoji of the same sense, and what it stands beside (the head of data/pictograms/table.yml)."""

    emoji: str
    buttons: list[str] = []
    steps: list[str] = []
    desks: list[str] = []
    lines: list[str] = []


@cache
def table() -> dict[str, Drawn]:
    """name of the drawing -> its line. Raises ValidationError for a table that has another shape."""
    return msgspec.convert(yaml.safe_load((FOLDER / "table.yml").read_text(encoding="utf-8")), dict[str, Drawn])


@cache
def svg(name: str) -> str:
    """The drawing as an SVG of 24 by 24 in `currentColor`. Raises KeyError for a name that is not in the table."""
    if name not in table():
        raise KeyError(name)
    return (FOLDER / f"{name}.svg").read_text(encoding="utf-8").strip()


def of_button(payload: str) -> str:
    """The name of the drawing for what a button sends ("/intent{...}"); "" when there is none."""
    intent, brace, rest = payload.removeprefix("/").partition("{")
    sent = msgspec.json.decode(brace + rest, type=dict[str, str]) if brace else {}
    return next((name for wanted, name in _buttons().get(intent, ()) if wanted.items() <= sent.items()), "")


def of_step(key: str) -> str:
    """The name of the drawing for what a step of a pathway is about; "" when there is none."""
    return _places("steps").get(key, "")


def of_desk(key: str) -> str:
    """The same for the place at which a card is shown."""
    return _places("desks").get(key, "")


def of_line(key: str) -> str:
    """The same for a line of such a card: say, bring, interpreter, write_down."""
    return _places("lines").get(key, "")


def of_emoji(text: str) -> str:
    """The drawing that means the same as the emoji a text begins with, for where no font has emoji; "" when there is none."""
    begun = text.partition(" ")[0]
    return next((name for name, drawn in table().items() if drawn.emoji == begun), "")


def with_emoji(label: str, payload: str) -> str:
    """The label with the emoji of its drawing in front; as it is when it begins with one of its own, or there is none."""
    name = of_button(payload) if payload else ""
    return f"{table()[name].emoji} {label}" if name and bare(label) == label else label


def bare(label: str) -> str:
    """The label without the emoji it begins with."""
    return _LEADING.sub("", label, count=1)


@cache
def _buttons() -> dict[str, list[tuple[dict[str, str], str]]]:
    """intent -> (entities, name of the drawing), those with the most entities first."""
    found: dict[str, list[tuple[dict[str, str], str]]] = {}
    for name, drawn in table().items():
        for spec in drawn.buttons:
            intent, *pairs = spec.split()
            found.setdefault(intent, []).append(({k: v for k, _, v in (pair.partition("=") for pair in pairs)}, name))
    return {intent: sorted(specs, key=lambda spec: -len(spec[0])) for intent, specs in found.items()}


@cache
def _places(what: str) -> dict[str, str]:
    return {key: name for name, drawn in table().items() for key in getattr(drawn, what)}

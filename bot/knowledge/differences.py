"""What differs between two states of an entry, place by place and word by word."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from difflib import SequenceMatcher
from typing import Any, NamedTuple

from bot.knowledge.document import Document, changed, made
from bot.knowledge.models import Version

_TOKEN = re.compile(r"\s+|[^\W_]+(?:['’.,/-][^\W_]+)*|.", re.DOTALL)


class Piece(NamedTuple):
    """A run of words. `what`: same, gone, new."""

    what: str
    text: str


class Difference(NamedTuple):
    place: str
    before: str
    after: str
    pieces: list[Piece]


def between(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Difference]:
    """Every place that differs, in the order of `after`, then what is gone."""
    places = [*changed(before, after), *(place for place in before if place not in after and before[place] not in (None, ""))]
    found = []
    for place in places:
        was, becomes = readable(before.get(place)), readable(after.get(place))
        found.append(Difference(place, was, becomes, pieces(was, becomes)))
    return found


def pieces(before: str, after: str) -> list[Piece]:
    """The two texts as one, with what went and what came; spaces between changed words go with them."""
    one, other = _TOKEN.findall(before), _TOKEN.findall(after)
    found, gone, new = list[Piece](), "", ""
    codes = SequenceMatcher(None, one, other, autojunk=False).get_opcodes()
    for number, (what, begin, end, from_, to) in enumerate(codes):
        was, becomes = "".join(one[begin:end]), "".join(other[from_:to])
        if what != "equal" or (not was.strip() and 0 < number < len(codes) - 1):
            gone, new = gone + was, new + becomes
            continue
        found += [*_change(gone, new), Piece("same", was)]
        gone = new = ""
    return [*found, *_change(gone, new)]


def _change(gone: str, new: str) -> Iterator[Piece]:
    if gone:
        yield Piece("gone", gone)
    if new:
        yield Piece("new", new)


def readable(value: Any) -> str:
    """A value as it is shown: texts as they are, lists one on each line, the rest by its names."""
    return "\n".join(_lines(value))


def before(kind: str, version: Version) -> Document | None:
    """The entry as it was before that change; None when it was not there."""
    state = version.before
    if state["data"] is None:
        return None
    return made(kind, state["data"], {(lang, f): text for lang, fields in state["texts"].items() for f, text in fields.items()})


def _lines(value: Any) -> Iterator[str]:
    if value is None or value == "":
        return
    if isinstance(value, list):
        for item in value:
            yield " ".join(_lines(item)) if isinstance(item, dict | list) else str(item)
    elif isinstance(value, dict):
        yield ", ".join(f"{name}: {' '.join(_lines(inner))}" for name, inner in value.items() if inner not in (None, "", [], {}))
    elif isinstance(value, bool | int | float):
        yield json.dumps(value)
    else:
        yield str(value)

"""Where a text of the knowledge may be cut: what comes after its first sentences waits until somebody asks for more.

It may wait only when its English has none of the words in `data/answers/stays.yml` and no number: what limits, forbids, warns or
names a day is said at once, in every language. A translation is cut where it has as many sentences as its English.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Any

import yaml

from bot.settings import ROOT

SENTENCES = 2  # that are said at once
_END = re.compile(r"""(?<!\.\w)[.!?؟۔।]+["'”’»)\]]*\s+""")


def cut(text: str, english: str) -> int | None:
    """How many characters of `text` are said at once; None when all of it is."""
    ends, english_ends = _ends(text), _ends(english)
    if len(ends) < SENTENCES or len(ends) != len(english_ends) or not may_wait(english[english_ends[SENTENCES - 1] :]):
        return None
    return ends[SENTENCES - 1]


def halves(text: str, english: str) -> list[tuple[str, str]]:
    """The two parts of a text that is cut, each with its English; [] for one that is not."""
    place, english_place = cut(text, english), cut(english, english)
    if place is None or english_place is None:
        return []
    return [(text[:place].rstrip(), english[:english_place].rstrip()), (text[place:].strip(), english[english_place:].strip())]


def may_wait(english: str) -> bool:
    """Whether a text with this English says nothing that must be said at once."""
    return not _stays().search(english)


def is_short(source: str) -> bool:
    """Whether the line with this source is said at once: one that is no longer than `data/answers/stays.yml` allows."""
    return len(source.split(maxsplit=1)[0] if source else "") <= int(_rules()["source"])


def _ends(text: str) -> list[int]:
    """Where each sentence but the last one ends."""
    return [found.end() for found in _END.finditer(text.rstrip())]


@cache
def _stays() -> re.Pattern[str]:
    return re.compile(rf"[\d£]|\b(?:{'|'.join(map(re.escape, _rules()['words']))})\b", re.IGNORECASE)


@cache
def _rules() -> dict[str, Any]:
    rules: dict[str, Any] = yaml.safe_load((ROOT / "data/answers/stays.yml").read_text(encoding="utf-8"))
    return rules

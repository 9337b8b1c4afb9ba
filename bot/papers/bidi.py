"""In which order a line is drawn: the Unicode Bidirectional Algorithm (UAX #9), for text without embeddings and overrides.

Those are taken out before (`bot.papers.cleaning`); one that is here all the same has no effect. Without them the characters of
one isolate are one isolating run sequence, and its ends have the direction of its own level.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

from bot.papers.bidi_rules import ISOLATES, strong_kinds

DEEPEST = 125
UNSEEN = ("BN", "LRE", "RLE", "LRO", "RLO", "PDF")  # X9


def levels(text: str, *, rtl: bool) -> list[int]:
    """The embedding level of each character of a paragraph: even runs left to right, odd right to left."""
    kinds = [unicodedata.bidirectional(c) or "L" for c in text]
    found, sequences = _explicit(kinds, int(rtl))
    for level, places in sequences:
        resolved = strong_kinds([text[place] for place in places], [kinds[place] for place in places], "R" if level % 2 else "L")
        for place, kind in zip(places, resolved, strict=True):  # I1 and I2
            found[place] = level + (kind != "R" if level % 2 else {"L": 0, "R": 1}.get(kind, 2))
    for place, kind in enumerate(kinds):
        if kind in UNSEEN:
            found[place] = found[place - 1] if place else int(rtl)
    return found


def of_line(text: str, found: Sequence[int], *, rtl: bool) -> list[int]:
    """The levels of one line of the paragraph: what is blank at its end has the paragraph's direction (L1)."""
    line = list(found)
    for place in range(len(text) - 1, -1, -1):
        if unicodedata.bidirectional(text[place]) not in ("WS", "B", "S", "PDI", *ISOLATES, *UNSEEN):
            break
        line[place] = int(rtl)
    return line


def visual(found: Sequence[int]) -> list[int]:
    """The places of pieces with these levels, from left to right (L2)."""
    order = list(range(len(found)))
    lowest = min((level for level in found if level % 2), default=0)
    for level in range(max(found, default=0), lowest - 1, -1) if lowest else ():
        start = 0
        while start < len(order):
            end = start
            while end < len(order) and found[order[end]] >= level:
                end += 1
            order[start:end] = order[start:end][::-1]
            start = end + 1
    return order


def _explicit(kinds: list[str], base: int) -> tuple[list[int], list[tuple[int, list[int]]]]:
    """X1 to X10: levels by isolates, and the places that belong together."""
    first, found = _first_strong(kinds), [base] * len(kinds)
    sequences: list[tuple[int, list[int]]] = [(base, [])]
    stack, too_deep = [sequences[0]], 0
    for place, kind in enumerate(kinds):
        if kind in UNSEEN:
            continue
        if kind == "PDI" and too_deep:
            too_deep -= 1
        elif kind == "PDI" and len(stack) > 1:
            stack.pop()
        level, places = stack[-1]
        found[place] = level
        places.append(place)
        if kind in ISOLATES:
            to_right = kind == "RLI" or (kind == "FSI" and first[place + 1] in ("R", "AL"))
            deeper = (level + 1) | 1 if to_right else (level + 2) & ~1
            if deeper > DEEPEST or too_deep:
                too_deep += 1
            else:
                sequences.append((deeper, []))
                stack.append(sequences[-1])
    return found, sequences


def _first_strong(kinds: list[str]) -> list[str]:
    """For each place: the first strong kind from there to the end of its isolate, "" when there is none (P2, P3)."""
    after = _after_isolates(kinds)
    first = [""] * (len(kinds) + 1)
    for place in range(len(kinds) - 1, -1, -1):
        kind = kinds[place]
        if kind in ("L", "R", "AL"):
            first[place] = kind
        elif kind in ISOLATES:
            first[place] = first[after[place]]
        elif kind != "PDI":
            first[place] = first[place + 1]
    return first


def _after_isolates(kinds: list[str]) -> dict[int, int]:
    """Where each isolate begins -> the place after its end; the end of the text for one that is not closed."""
    after, open_at = {}, []
    for place, kind in enumerate(kinds):
        if kind in ISOLATES:
            open_at.append(place)
        elif kind == "PDI" and open_at:
            after[open_at.pop()] = place + 1
    return after | dict.fromkeys(open_at, len(kinds))

"""In which order a line is drawn: the Unicode Bidirectional Algorithm (UAX #9), for text without embeddings and overrides.

Those are taken out before (`bot.papers.cleaning`); one that is here all the same has no effect. Without them the characters of
one isolate are one isolating run sequence, and its ends have the direction of its own level.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

DEEPEST = 125
OPENING, CLOSING = {"(": ")", "[": "]", "{": "}"}, {")": "(", "]": "[", "}": "{"}
MOST_OPEN = 63  # brackets open at a time, BD16
ISOLATES = ("LRI", "RLI", "FSI")
UNSEEN = ("BN", "LRE", "RLE", "LRO", "RLO", "PDF")  # X9
NEUTRAL = ("B", "S", "WS", "ON", "PDI", *ISOLATES)


def levels(text: str, *, rtl: bool) -> list[int]:
    """The embedding level of each character of a paragraph: even runs left to right, odd right to left."""
    kinds = [unicodedata.bidirectional(c) or "L" for c in text]
    found, sequences = _explicit(kinds, int(rtl))
    for level, places in sequences:
        _resolve(text, kinds, level, places, found)
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


def _resolve(text: str, kinds: list[str], level: int, places: list[int], found: list[int]) -> None:
    """W1 to I2 on one sequence. Writes the levels into `found`."""
    own = "R" if level % 2 else "L"
    kind = _weak([kinds[place] for place in places], own)
    _brackets([text[place] for place in places], [kinds[place] for place in places], kind, own)
    _neutral(kind, own)
    for place, strong in zip(places, kind, strict=True):
        if level % 2:
            found[place] = level + (strong != "R")
        else:
            found[place] = level + {"L": 0, "R": 1}.get(strong, 2)


def _weak(kind: list[str], own: str) -> list[str]:
    """W1 to W7."""
    strong = own
    for n, now in enumerate(kind):
        if now == "NSM":
            before = kind[n - 1] if n else own
            kind[n] = now = "ON" if before in ("PDI", *ISOLATES) else before
        if now in ("L", "R", "AL"):
            strong = now
        elif now == "EN" and strong == "AL":
            kind[n] = "AN"
    kind = ["R" if now == "AL" else now for now in kind]
    for n in range(1, len(kind) - 1):
        before, now, after = kind[n - 1 : n + 2]
        if before == after and ((now == "ES" and before == "EN") or (now == "CS" and before in ("EN", "AN"))):
            kind[n] = before
    for step in (1, -1):  # terminators after a number, then those before one
        number = False
        for n in range(len(kind))[::step]:
            number = kind[n] == "EN" or (kind[n] == "ET" and number)
            if number:
                kind[n] = "EN"
    strong = own
    for n, now in enumerate(kind):
        if now in ("L", "R"):
            strong = now
        elif now == "EN" and strong == "L":
            kind[n] = "L"
        elif now in ("ES", "ET", "CS"):
            kind[n] = "ON"
    return kind


def _brackets(characters: list[str], original: list[str], kind: list[str], own: str) -> None:
    """N0. Changes `kind`."""
    for start, end in _pairs(characters, kind):
        inside = {_strong(k) for k in kind[start + 1 : end]} - {""}
        if own in inside:
            side = own
        elif inside:
            before = next((s for k in reversed(kind[:start]) if (s := _strong(k))), own)
            side = before if before in inside else own
        else:
            continue
        for bracket in (start, end):
            kind[bracket] = side
            mark = bracket + 1
            while mark < len(kind) and original[mark] == "NSM":
                kind[mark] = side
                mark += 1


def _pairs(characters: list[str], kind: list[str]) -> list[tuple[int, int]]:
    open_at: list[int] = []
    pairs = []
    for n, character in enumerate(characters):
        if kind[n] != "ON":
            continue
        if character in OPENING:
            if len(open_at) == MOST_OPEN:
                return []
            open_at.append(n)
        elif character in CLOSING:
            match = next((m for m in range(len(open_at) - 1, -1, -1) if characters[open_at[m]] == CLOSING[character]), None)
            if match is not None:
                pairs.append((open_at[match], n))
                del open_at[match:]
    return sorted(pairs)


def _neutral(kind: list[str], own: str) -> None:
    """N1 and N2. Changes `kind`."""
    start, before = 0, own
    while start < len(kind):
        end = start
        while end < len(kind) and kind[end] in NEUTRAL:
            end += 1
        after = _strong(kind[end]) if end < len(kind) else own
        kind[start:end] = [before if before == after else own] * (end - start)
        before, start = after, end + 1


def _strong(kind: str) -> str:
    return {"L": "L", "R": "R", "EN": "R", "AN": "R"}.get(kind, "")

"""What each character of one isolating run sequence runs like: the rules W1 to N2 of UAX #9."""

from __future__ import annotations

ISOLATES = ("LRI", "RLI", "FSI")
NEUTRAL = ("B", "S", "WS", "ON", "PDI", *ISOLATES)
OPENING, CLOSING = {"(": ")", "[": "]", "{": "}"}, {")": "(", "]": "[", "}": "{"}
MOST_OPEN = 63  # brackets open at a time, BD16


def strong_kinds(characters: list[str], kinds: list[str], own: str) -> list[str]:
    """For each character L, R, EN or AN. `kinds`: their bidirectional classes; `own`: L or R, the direction of their level."""
    found = _weak(list(kinds), own)
    _brackets(characters, kinds, found, own)
    _neutral(found, own)
    return found


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

"""What keeps its own order inside a right-to-left text: amounts of money, and what can be tapped, addresses and numbers."""

from __future__ import annotations

import re
from dataclasses import dataclass

LEFT_TO_RIGHT = "\u200e"  # before and after: the slash at the end of an address stays there, the parts of a number in order
MARKS = "\u200e\u200f\u061c\u2066-\u2069"
FOUND = re.compile(
    rf"(?P<url>(?:https?://|www\.)[^\s<>\"'{MARKS}]+)"
    rf"|(?P<mail>[\w.+-]+@[\w-]+(?:\.[\w-]+)+)"
    r"|(?P<money>[£€$]\d(?:[\d,.]*\d)?)"
    r"|(?P<phone>(?<![\w/.,:+-])(?:\+\d|0)[\d\u00a0 ()-]{7,16}\d(?![\w/]))",
    re.ASCII,
)
LONGEST = 2_000  # characters of an address that anything opens
AFTER = re.compile(r"[.,;:!?)\]»”’؟،؛۔]+$")  # ends the sentence, not the address


@dataclass(frozen=True)
class Linked:
    """A line with a mark around each find. `targets`: for each character the address that it leads to, or ""."""

    text: str
    targets: list[str]


def linked(line: str) -> Linked:
    """Finds them in a clean line. Addresses are taken as they stand; nothing is fetched."""
    text, targets, at = "", [], 0
    for match in FOUND.finditer(line):
        shown = match[0] if match["phone"] else AFTER.sub("", match[0])
        target = _target(match, shown)
        if not (target or match["money"]):
            continue
        before = line[at : match.start()] + LEFT_TO_RIGHT
        text += before + shown + LEFT_TO_RIGHT
        targets += [""] * len(before) + [target] * len(shown) + [""]
        at = match.start() + len(shown)
    return Linked(text + line[at:], targets + [""] * (len(line) - at))


def _target(match: re.Match[str], shown: str) -> str:
    if match["money"] or len(shown) > LONGEST:
        return ""
    if match["phone"]:
        digits = re.sub(r"[^\d+]", "", shown)
        return f"tel:{digits}" if 10 <= len(digits.lstrip("+")) <= 15 else ""
    if match["mail"]:
        return f"mailto:{shown}"
    return shown if shown.startswith("http") else f"https://{shown}"

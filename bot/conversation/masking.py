"""Takes identifiers out of what people write, before anything else sees it.

NHS and card numbers are taken only when their check digit is right, so that telephone numbers and amounts pass. The formats:
NINo (HMRC manual NIM39110), NHS number (NHS Data Dictionary, modulus 11), card numbers (Luhn), UK passport (nine digits after
the word), Home Office reference and ARC number (letters and digits after their name).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

DIGITS = str.maketrans("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹", "01234567890123456789")
# with its last letter any prefix counts (forms print the example QQ123456C); without it only the prefixes in use
_SIX = r"[ -]?\d{2}[ -]?\d{2}[ -]?\d{2}"
NINO = re.compile(rf"\b(?:[A-Z]{{2}}{_SIX}[ -]?[A-D]|(?![DFIQUV])[A-Z](?![DFIQUVO])[A-Z]{_SIX})\b", re.IGNORECASE)
LONG_NUMBER = re.compile(r"(?<![\d+£$.,])\d(?:[ -]?\d){9,18}(?!\d)")
PASSPORT = re.compile(r"(?i)\b((?:passport|paasaboor\w*|baasaboor\w*|جواز\w*|passeport)\D{0,25}?\b)([A-Z]{0,2}\d{7,9})\b")
REFERENCE = re.compile(
    r"(?i)\b((?:home office (?:ref\w*|number)|ho ref\w*|arc(?: number| no)?|asylum ref\w*|case id|brp(?: number)?|share code)"
    r"\s*(?:is|:|number|no\.?)?\s*)([A-Z0-9][A-Z0-9/ -]{5,18}\d[A-Z0-9]*)"
)


@dataclass(frozen=True)
class Masked:
    """The text without identifiers, and the kinds that were found (nino, nhs, card, passport, reference)."""

    text: str
    kinds: frozenset[str]


def identifiers(text: str) -> list[tuple[int, int, str]]:
    """Where they stand, in order, with their kind. Some may overlap. Digits of every script are understood."""
    plain = text.translate(DIGITS)  # one character for one: places stay the same
    found: list[tuple[int, int, str]] = []
    for kind, pattern, is_one in _RULES:
        for match in pattern.finditer(plain):
            if is_one(match):
                group = match.re.groups or 0
                found.append((match.start(group), match.end(group), kind))
    return sorted(found)


def mask(text: str) -> Masked:
    """Replaces each identifier by its kind in brackets."""
    kinds: set[str] = set()
    result, at = [], 0
    for start, end, kind in identifiers(text):
        if start >= at:
            result += [text[at:start], f"[{kind}]"]
            at = end
            kinds.add(kind)
    return Masked("".join(result) + text[at:], frozenset(kinds))


def _digits(match: re.Match[str]) -> list[int]:
    return [int(c) for c in match[0] if c.isdigit()]


def _is_nhs(match: re.Match[str]) -> bool:
    digits = _digits(match)
    if len(digits) != 10 or digits[0] == 0:  # UK telephone numbers begin with 0
        return False
    check = 11 - sum(d * w for d, w in zip(digits[:9], range(10, 1, -1), strict=True)) % 11
    return (0 if check == 11 else check) == digits[9]


def _is_card(match: re.Match[str]) -> bool:
    digits = _digits(match)
    if not 13 <= len(digits) <= 19:
        return False
    doubled = [d if n % 2 == 0 else (d * 2 - 9 if d > 4 else d * 2) for n, d in enumerate(reversed(digits))]
    return sum(doubled) % 10 == 0


def _always(match: re.Match[str]) -> bool:
    return True


_RULES: tuple[tuple[str, re.Pattern[str], Callable[[re.Match[str]], bool]], ...] = (
    ("nino", NINO, _always),
    ("nhs", LONG_NUMBER, _is_nhs),
    ("card", LONG_NUMBER, _is_card),
    ("passport", PASSPORT, _always),
    ("reference", REFERENCE, _always),
)

"""What of a message may not pass from one of a pair to the other. Better one message too many to be written anew than one number passed on.

A name alone cannot be told from any other word; what says "my name is" can.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bot.conversation.masking import identifiers
from bot.mentoring import words
from bot.mentoring.digits import is_mostly_digits, may_be_a_number, plain_digits
from engine.nlu.text import clean, fold

LONGEST = 1_000  # characters
HELD = ("threats", "money")  # kinds that a caseworker is told of
_TLD = "com|org|net|uk|io|info|app|link|ly|co|eu|de|fr|ru|ua|ir|af|pk|page|site|online|xyz|club|gov|edu|ac|et|er|iq|sy"
_PATTERNS = {
    "email": re.compile(
        r"[\w.+%-]\s*(?:@|\(at\)|\[at\]|\{at\}|＠)\s*[\w-]+\s*(?:\.|\(dot\)|\[dot\]|\sdot\s)\s*[a-z]{2}"
        rf"|[\w.+-]+\s+at\s+(?:[\w-]+\s*(?:\.|\(dot\)|\[dot\]|\bdot\b)\s*){{1,3}}(?:{_TLD})(?![\w])",
        re.I,
    ),
    "link": re.compile(
        rf"\b(?:https?|ftp|tg|hxxps?)\s*:\s*/|\bwww\b|\b(?:t|wa|m|fb|ig)\.me\b|[\w-]+\.(?:{_TLD})(?![\w-])|\w\s?\(?\bdot\b\)?\s?(?:com|org|net|co|uk|me|io)\b"
        r"|[\w-]+\s\.\s?(?:com|org|net)\b|[\w-]+\.[a-z]{2,}/\w",
        re.I,
    ),
    "account": re.compile(r"(?<![\w.])@\s?\w[\w.]{2,}", re.I),
    "address": re.compile(
        r"\b[A-Z]{1,2}\d[A-Z\d]?\s*\d[ABD-HJLNP-UW-Z]{2}\b"
        r"|\b\d+\s?[a-z]?,?\s+(?:[\w'-]+\s+){1,3}(?:road|street|avenue|lane|close|drive|terrace|crescent|grove|gardens|court|rd|ave|st|ln)\b"
        r"|\b(?:flat|apartment|apt|house|room)\s?(?:no\.?|number|nr\.?|#)?\s?\d"
        r"|\b\d+\s?(?:bis|ter)?,?\s+(?:rue|avenue|boulevard|allée)\s\w"
        r"|(?<!\w)(?:شارع|شقة|عمارة|خیابان|کوچه|پلاک|کوڅه|گلی|مکان نمبر|вулиця|вул\.|квартира|кв\.)\s*\w",
        re.I,
    ),
    "identifier": re.compile(r"\b[A-Z]{2}\d{2}(?:\s?[A-Z0-9]{4}){2,}|\[(?:nino|nhs|card|passport|reference)\]", re.I),
}
# letters and their marks, joined by a hyphen or an apostrophe; no capital inside, as in "SelamTesfaye"
_NAME = re.compile(r"(?!\w*[a-z][A-Z])[^\W\d_](?:[^\W\d_]|[\u0300-\u036f\u064b-\u065f\u0670\u200c])*(?:[-'’ʼ][^\W\d_]+)?")
_KIND_OF_LIST = {"apps": "account", "names": "name", "private": "private", "money": "money", "threats": "threats"}


@dataclass(frozen=True)
class Verdict:
    """`kinds`: what is in it that may not pass: number, email, link, account, address, identifier, name, private, money, threats, long."""

    kinds: frozenset[str]

    @property
    def passes(self) -> bool:
        return not self.kinds

    @property
    def held(self) -> str:
        """The worst kind that a caseworker has to hear of, "" when there is none."""
        return next((kind for kind in HELD if kind in self.kinds), "")


def look(text: str, *, names: bool = False, before: Sequence[str] = ()) -> Verdict:
    """`names`: both want names to be used. `before`: what the same person wrote just before, oldest first: a number may come in pieces.

    Never raises.
    """
    plain = plain_digits(clean(text))
    kinds = {kind for kind, pattern in _PATTERNS.items() if pattern.search(plain)}
    kinds |= {_KIND_OF_LIST[name] for name in words.lists_in(plain)}
    if identifiers(plain):
        kinds.add("identifier")
    if may_be_a_number(plain) or _completes_one(plain, before):
        kinds.add("number")
    if names:
        kinds.discard("name")
    if len(text) > LONGEST:
        kinds.add("long")
    return Verdict(frozenset(kinds))


def is_a_name(text: str) -> bool:
    """Whether this may stand as what somebody would like to be called: one to three short words, and no way to reach anybody."""
    written = fold(text).split()
    short = 1 <= len(written) <= 3 and len(text) <= 30 and "\n" not in text
    return short and not any(c.isdigit() for c in plain_digits(text)) and look(text, names=True).passes


def is_a_nickname(text: str) -> bool:
    """Whether this may be seen by somebody who was promised no names: one word, since two look like a first and a family name.

    "Umm Sara" and "Abdul Rahman" are one name each: the words before it are a list (`before_a_name`).
    """
    written = text.split()
    goes_on = len(written) == 2 and fold(written[0]) in words.before_a_name()
    is_one = len(written) == 1 or goes_on
    return is_one and all(_NAME.fullmatch(word) for word in written) and is_a_name(text)


def _completes_one(plain: str, before: Sequence[str]) -> bool:
    """Whether this piece makes a number together with the pieces that went before it; a year or a time may be such a piece, too."""
    pieces = [piece for piece in (plain_digits(clean(text)) for text in before) if is_mostly_digits(piece)]
    return bool(pieces) and is_mostly_digits(plain) and may_be_a_number(" ".join([*pieces, plain]), strictly=True)

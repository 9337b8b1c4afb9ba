"""Finds what may be a telephone number or another number of somebody, however its digits are written.

Digits of every script, circled ones, keycaps, words in the languages of `data/mentoring/words.yml`, with anything that is no letter
between them, or a word or two ("07384 and then 466"). A date, a time, a year, a sum or a mark like 7.5 alone is none.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from bot.mentoring.words import digit_words, glued_digit_words
from engine.nlu.text import fold

MOST = 5  # digits in a row that may pass; a number without its area code has six or seven
MOST_LOOSELY = 8  # with a few words between them
GAP = 2  # words
PLAIN_IN_A_ROW = 3  # dates, times and the like; more of them may be a number in disguise
_YEAR = r"(?:19[5-9]\d|20[0-4]\d)"
_DAY, _MONTH = r"(?:0?[1-9]|[12]\d|3[01])", r"(?:0?[1-9]|1[0-2])"
_PLAIN = re.compile(
    rf"""(?<![\w+]) (?:
      {_DAY}([./-]){_MONTH}\1{_YEAR} | {_YEAR}-{_MONTH}-{_DAY}     # dates
    | (?:[01]?\d|2[0-3])[:h][0-5]\d                               # times
    | {_YEAR}                                                     # years
    | \d[.,]\d                                                    # marks
    | [£€$]\s?\d{{1,3}}(?:[,.]?\d{{3}})?(?:\.\d\d)? | \d{{1,3}}(?:[,.]\d{{3}})?\s?[£€$]   # sums
    ) (?![\w])""",
    re.VERBOSE,
)
_PARTS = re.compile(r"\d+|[^\W\d]+(?:'[^\W\d]+)*")
_LIKE_DIGITS = frozenset({"o", "l", "i", "oo", "ll"})  # letters that stand for 0 and 1 inside a number
_MARK = 0x16A0  # a rune: a letter that nobody writes, and that folding leaves alone


@dataclass(frozen=True)
class _Token:
    """`digits`: how many it stands for, 0 for any other word; `plain`: a date, a time, a year, a mark, a sum."""

    digits: int
    plain: bool = False


def may_be_a_number(text: str, *, strictly: bool = False) -> bool:
    """Whether so many digits follow each other that they may be somebody's number. Never raises.

    `strictly`: a date, a time, a year are digits as any others.
    """
    tokens = list(_tokens(text))
    if strictly:
        tokens = [_Token(token.digits) for token in tokens]
    return any(_too_many(row, MOST) for row in _rows(tokens, 0)) or any(
        _too_many(row, MOST_LOOSELY) for row in _rows(tokens, GAP)
    )


def plain_digits(text: str) -> str:
    """The text with the digits of every script as 0-9 and without marks on letters. Compatibility forms are resolved."""
    return "".join(
        _digit(c) for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c) and c not in "\ufe0f\u20e3"
    )


def is_mostly_digits(text: str) -> bool:
    """Whether it may be a piece of a number that was sent in pieces."""
    tokens = list(_tokens(text))
    numbers = sum(token.digits > 0 for token in tokens)
    return numbers > 0 and numbers >= len(tokens) - numbers


def _digit(character: str) -> str:
    if character.isascii():
        return character
    value = unicodedata.numeric(character, -1.0)
    return str(int(value)) if value >= 0 and value == int(value) and value < 100 else character


def _tokens(text: str) -> Iterator[_Token]:
    marked = _PLAIN.sub(lambda match: f" {chr(_MARK + min(9, sum(c.isdigit() for c in match[0])))} ", plain_digits(text))
    for word in fold(marked).split():
        parts = _PARTS.findall(word)
        has_digits = any(part.isdigit() for part in parts)
        for part in parts:
            if part.isdigit():
                yield _Token(len(part))
            elif len(part) == 1 and _MARK < ord(part) <= _MARK + 9:
                yield _Token(ord(part) - _MARK, plain=True)
            elif has_digits and part in _LIKE_DIGITS:
                yield _Token(len(part))
            else:
                yield _Token(_digits_in_words(part))


def _digits_in_words(word: str) -> int:
    known = digit_words()
    if word in known:
        return known[word]
    if word.startswith("و") and word[1:] in known:  # "and" is written together with the next word
        return known[word[1:]]
    pieces = glued_digit_words().findall(word) if word.isascii() and len(word) > 5 else []
    rest = len(word) - len("".join(pieces))  # folding has shortened "threeeight"
    return sum(known[piece] for piece in pieces) if rest * 5 <= len(word) else 0


def _rows(tokens: list[_Token], gap: int) -> Iterator[list[_Token]]:
    """Numbers that follow each other with at most `gap` other words between two of them."""
    row: list[_Token] = []
    words = 0
    for token in tokens:
        if token.digits:
            if row and words > gap:
                yield row
                row = []
            row.append(token)
            words = 0
        else:
            words += 1
    if row:
        yield row


def _too_many(row: list[_Token], most: int) -> bool:
    if all(token.plain for token in row):
        return len(row) > PLAIN_IN_A_ROW
    if most == MOST_LOOSELY:  # "from 2008 to 2020 on 12 wards": years count only where digits follow each other at once
        return sum(token.digits for token in row if not token.plain) > most
    return sum(token.digits for token in row) > most

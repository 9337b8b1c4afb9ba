"""Reading a pasted letter: its words, its dates, what it asks for. English letters, as offices send them."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from dataclasses import dataclass

from dateutil import parser as dateparser

from bot.knowledge.called import Found
from bot.knowledge.letter_kinds import Guess, guess
from bot.knowledge.seed import LetterKind
from bot.knowledge.terms import TermIndex

LETTER_WORDS = 40
_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    r"|nov(?:ember)?|dec(?:ember)?)"
)
_DATE = re.compile(
    rf"\b(?:\d{{1,2}}(?:st|nd|rd|th)?(?: of)? {_MONTH}(?:,? \d{{4}})?|{_MONTH} \d{{1,2}}(?:st|nd|rd|th)?(?:,? \d{{4}})?"
    r"|\d{1,2}[/.-]\d{1,2}[/.-](?:\d{4}|\d{2})|\d{4}-\d{2}-\d{2})\b",
    re.IGNORECASE,
)
_SENTENCE = re.compile(r"(?<=[.!?])\s+|\n+")
_ASKS = re.compile(
    r"\b(?:you (?:must|need to|should|have to|are (?:required|asked|invited) to)|please|make sure|failure to|if you do not"
    r"|within \d+ (?:working |calendar )?(?:days|weeks|months)|no later than|by (?:the )?\d|deadline|bring|contact us"
    r"|return (?:the|this))\b",
    re.IGNORECASE,
)
_HOME_OFFICE = re.compile(
    r"\b(?:home office|ukvi|uk visas and immigration|immigration (?:rules|act|bail)|leave to remain|asylum claim|refusal of"
    r"|asylum support|right of appeal|first-tier tribunal \(immigration)",
    re.IGNORECASE,
)
MOST_QUOTED = 220  # characters of a sentence that is quoted


@dataclass(frozen=True)
class Deadline:
    day: dt.date
    as_written: str
    sentence: str


@dataclass(frozen=True)
class Letter:
    """`home_office`: words only, and a regulated adviser (facts/law.md 1). `kind`: None when nothing stands out."""

    terms: list[Found]
    dates: list[Deadline]
    asks: list[str]
    home_office: bool
    kind: Guess | None = None


_OWN = frozenset({"i", "me", "my", "mine", "i'm", "im", "i've", "i'll", "our"})


def is_letter(text: str) -> bool:
    """Whether somebody pasted a letter and not a message of their own: long, and in English letters for the most part."""
    latin = sum(c.isascii() and c.isalpha() for c in text)
    letters = sum(c.isalpha() for c in text)
    words = text.lower().split()
    own = sum(word.strip(".,!?") in _OWN for word in words)  # offices do not write "my" and "me"
    return len(words) > LETTER_WORDS and latin * 2 > letters and own * 25 <= len(words) and bool(_LETTER_SIGNS.search(text))


_LETTER_SIGNS = re.compile(
    r"\b(?:dear|your (?:claim|application|appointment|account|tenancy|rent|council tax|reference|ref)|we (?:are writing|write to)"
    r"|yours (?:sincerely|faithfully)|kind regards|our ref|sincerely|this letter|you (?:must|are required|are invited|have been))\b",
    re.IGNORECASE,
)


def read(text: str, index: TermIndex, today: dt.date, kinds: Iterable[LetterKind] = ()) -> Letter:
    """The whole letter. Dates without a year are taken as the next such day; impossible dates are left out."""
    sentences = [" ".join(part.split()) for part in _SENTENCE.split(text)]
    sentences = [sentence for sentence in sentences if sentence]
    dates: list[Deadline] = []
    for sentence in sentences:
        for match in _DATE.finditer(sentence):
            day = _day(match[0], today)
            if day and day not in {d.day for d in dates}:
                dates.append(Deadline(day, match[0], sentence[:MOST_QUOTED]))
    asks = [sentence[:MOST_QUOTED] for sentence in sentences if _ASKS.search(sentence)]
    kind = guess(text, kinds)
    regulated = bool(_HOME_OFFICE.search(text)) or (kind is not None and kind.kind.regulated)
    return Letter(index.in_letter(text), sorted(dates, key=lambda d: d.day), asks, regulated, kind)


def _day(written: str, today: dt.date) -> dt.date | None:
    plain = re.sub(r"(?<=\d)(?:st|nd|rd|th)| of\b|,", "", written, flags=re.IGNORECASE)
    try:
        if re.match(r"\d{4}-", plain):
            return dt.date.fromisoformat(plain)
        start = dt.datetime(today.year, 1, 1, tzinfo=dt.UTC)
        day: dt.date = dateparser.parse(plain, dayfirst=True, default=start).date()
    except (ValueError, OverflowError):
        return None
    has_year = re.search(r"\d{4}|[/.-]\d{2}$", plain)
    if has_year or day >= today - dt.timedelta(days=60):
        return day
    try:
        return day.replace(year=day.year + 1)
    except ValueError:  # 29 February of a year that has none
        return None

"""What a machine must not change is taken out of a text before it leaves, and put back, and counted, when it returns.

Numbers, dates, links, addresses, references, codes, placeholders and identifiers always; glossary terms where that works. So the
machine does not see them either: no telephone number, case number or identifier leaves the house with a text.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass

from bot.cases.references import ALPHABET
from bot.conversation.masking import DIGITS, identifiers
from bot.errors import TranslationError
from bot.knowledge.snapshot import Snapshot
from bot.translation import glossary

# letters that no language of ours writes one after the other, round a number: machines copy such codes and do not inflect them
FENCES = (("XQ", "Z"), ("QX", "J"), ("ZQ", "X"), ("JX", "Q"))
_HARD = re.compile(
    rf"""
      https?://[^\s<>"«»]+ | www\.[^\s<>"«»]+          # links
    | [\w.+%-]+@[\w-]+(?:\.[\w-]+)+                     # e-mail addresses
    | \{{\w*\}} | \[[a-z_]+\] | (?<!\S)/[a-z_]+\b       # placeholders; what masking and the conversation put; commands
    | \b[HR]-[{ALPHABET}]{{5}}\b                        # our references
    | \b[A-Za-z]{{1,2}}\d[A-Za-z\d]?\ ?\d[A-Za-z]{{2}}\b  # postcodes
    | (?<![A-Za-z\d])[A-Za-z]{{1,4}}-?\d{{1,6}}[A-Za-z]?(?![A-Za-z\d])  # districts and forms: B16, HC2, P45
    | (?<![\d.,])\d{{1,2}}[hH]\d{{2}}(?!\d)                # times in France
    | [+£€$]?(?<!\d)\d(?:[.,:/٫٬\ -]?\d)+\ ?%?          # numbers of two digits and more, dates, times, sums, telephone numbers
    | [+£€$]\d | \d\ ?[%£€$]
    """,
    re.VERBOSE,
)
_AFTER_A_LINK = ".,;:!?)]}'\"،؛؟"


@dataclass(frozen=True)
class Kept:
    """What a token stands for. `value`: what is put in its place; a term may come back more than once, anything else once."""

    value: str
    is_term: bool


@dataclass(frozen=True)
class Guarded:
    """A text with tokens, the first being number 1. `fence`: what stands before and after the number."""

    text: str
    kept: tuple[Kept, ...]
    fence: tuple[str, str]

    def without_tokens(self, text: str) -> str:
        """What the machine has to translate, or has translated."""
        return self.pattern.sub(" ", text)

    def tidy(self, text: str) -> str:
        """With every token as it was at first."""
        return self.pattern.sub(lambda match: f"{self.fence[0]}{int(match[1])}{self.fence[1]}", text)

    @property
    def pattern(self) -> re.Pattern[str]:
        """A token as machines may give it back: in small letters, with spaces, with the digits of another script."""
        before, after = self.fence
        return re.compile(rf"{before}[\s_-]{{0,2}}(\d{{1,4}})[\s_-]{{0,2}}{after}", re.IGNORECASE)


def protect(text: str, source: str, target: str, knowledge: Snapshot, *, terms: bool = True) -> Guarded:
    """`terms`: glossary terms are tokens too, which come back in English.

    Raises TranslationError (wrong) for a text that is made of our own tokens.
    """
    spans = _hard(text)
    if terms:
        for term in glossary.terms_in(text, source, knowledge):
            if all(term.end <= start or end <= term.start for start, end, _ in spans):
                spans.append((term.start, term.end, Kept(term.english if target == "en" else term.as_written, True)))
    fence = next((fence for fence in FENCES if not re.search(rf"{fence[0]}\W?\d", text, re.IGNORECASE)), None)
    if fence is None:
        raise TranslationError("there is no token that the text does not hold already", "wrong")
    pieces, kept, at = [], [], 0
    for start, end, keep in sorted(spans, key=lambda span: span[:2]):
        kept.append(keep)
        pieces += [text[at:start], f"{fence[0]}{len(kept)}{fence[1]}"]
        at = end
    return Guarded("".join(pieces) + text[at:], tuple(kept), fence)


def restore(guarded: Guarded, answer: str) -> str:
    """The answer with everything put back. Raises TranslationError (lost) when a token is missing, foreign or there too often."""
    found = Counter(int(match[1]) for match in guarded.pattern.finditer(answer))
    for number, keep in enumerate(guarded.kept, 1):
        times = found.pop(number, 0)
        if times < 1 or (times > 1 and not keep.is_term):
            raise TranslationError("the translator lost or doubled what it had to keep", "lost")
    if found:
        raise TranslationError("the translator made up a token", "lost")
    return guarded.pattern.sub(lambda match: guarded.kept[int(match[1]) - 1].value, answer)


def _hard(text: str) -> list[tuple[int, int, Kept]]:
    """Never overlapping. Identifiers come first: of "passport 123456789" the number is one."""
    spans: list[tuple[int, int, Kept]] = []

    def add(start: int, end: int) -> None:
        if end > start and all(end <= other or until <= start for other, until, _ in spans):
            spans.append((start, end, Kept(text[start:end].translate(DIGITS), False)))

    for start, end, _ in identifiers(text):
        add(start, end)
    for match in _HARD.finditer(text):
        written = match[0].rstrip(_AFTER_A_LINK) if match[0].startswith(("http", "www")) else match[0].rstrip()
        add(match.start(), match.start() + len(written))
    return spans

"""The English of what the program itself said: its sentences and the knowledge are known in every language, so none is translated.

A message of the bot, a tapped button and a ready-made reply are recognised line by line. Nothing of it is sent to a machine.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache

from bot import i18n
from bot.conversation.masking import DIGITS
from bot.knowledge import cutting
from bot.knowledge.snapshot import Snapshot
from bot.translation.lexicon import lexicon
from engine.nlu.text import fold

LONGEST_BLOCK = 12  # lines of one text
FEWEST = 4  # characters of a pattern besides its places: ": {name}" would fit anything
LONGEST_VALUE = 600
_PLACE = re.compile(r"\{(\w+)\}")
_LEAD = re.compile(r"^(?:[^\w\n]*\d{1,2}\. |[^\w\n]+)", re.UNICODE)  # a sign, or the number of an entry in a list
_SEPARATOR = re.compile(r"(\s*[،,;؛·/\n]\s*|\s+[–—-]\s+)")
_BEYOND_LATIN = "\u0250"
_LATIN = ("fr", "so")
GAP = "…"
DEEPEST = 3  # a text in a place of a text in a place
_NAME = re.compile(r"^[^:\n]{1,80}: ")
_MARK = re.compile(r"^(\[[a-z_]+\]|/[a-z_]+)(?:\s|$)")  # what the conversation puts for a photo, a letter, a command


@dataclass
class OwnWords:
    """Of one language, at one revision of the knowledge."""

    language: str
    _exact: dict[str, str] = field(default_factory=dict)
    _patterns: list[tuple[str, re.Pattern[str], str]] = field(default_factory=list)  # with the longest of its fixed parts

    def english(self, text: str, *, gaps: bool = False) -> str | None:
        """None when there is a line that is not ours. `gaps`: then it is left out, with a sign, unless it is the only one."""
        mark = _MARK.match(text)
        rest = text[mark.end(1) :].strip() if mark else text
        if mark and not rest:
            return mark[1]
        lines, found, at, ours = rest.split("\n"), [], 0, False
        while at < len(lines):
            length, english = self._block(lines, at)
            if english is None and not gaps:
                return None
            ours = ours or bool(english)
            found.append(GAP if english is None else english)
            at += length
        return "\n".join([mark[1], *found] if mark else found) if ours else None

    def add(self, theirs: str, english: str) -> None:
        """A text and its English, and its lines where they are as many."""
        pairs = [(theirs, english)]
        own, ours = theirs.split("\n"), english.split("\n")
        if len(own) == len(ours) > 1:
            pairs += list(zip(own, ours, strict=True))
        for text, meaning in pairs:
            if _PLACE.search(text):
                self._add_pattern(text.strip(), meaning.strip())
            elif text.strip():
                self._exact.setdefault(text.strip(), meaning.strip())

    def _add_pattern(self, text: str, meaning: str) -> None:
        if len("".join(_PLACE.sub("", text).split())) < FEWEST:
            return
        seen: set[str] = set()
        parts, at = [], 0
        for place in _PLACE.finditer(text):
            name = place[1]
            again = name in seen
            seen.add(name)
            parts += [re.escape(text[at : place.start()]), rf"(?P={name})" if again else rf"(?P<{name}>.{{0,{LONGEST_VALUE}}}?)"]
            at = place.end()
        fixed = max(_PLACE.sub("\n\n", text).split("\n\n"), key=len)
        self._patterns.append((fixed, re.compile("".join([*parts, re.escape(text[at:])]), re.DOTALL), meaning))

    def _block(self, lines: list[str], at: int) -> tuple[int, str | None]:
        for length in range(min(LONGEST_BLOCK, len(lines) - at), 0, -1):
            piece = "\n".join(lines[at : at + length]).strip()
            if (english := self._piece(piece)) is not None:
                return length, english
        return 1, self._as_it_is(lines[at].strip())

    def _piece(self, piece: str, depth: int = 0) -> str | None:
        if (exact := self._exact.get(piece)) is not None:
            return exact
        for fixed, pattern, meaning in self._patterns:
            if fixed not in piece or (match := pattern.fullmatch(piece)) is None:
                continue
            if (english := self._filled(match, meaning, depth)) is not None:
                return english
        lead = _LEAD.match(piece) or _NAME.match(piece)  # a sign or an English name before a text of ours
        if lead and lead[0].isprintable() and (rest := self._exact.get(piece[lead.end() :])) is not None:
            return lead[0] + rest
        return None

    def _filled(self, match: re.Match[str], meaning: str, depth: int) -> str | None:
        values = {name: self._value(value.strip(), depth + 1) for name, value in match.groupdict().items()}
        if any(value is None for value in values.values()):
            return None
        return _PLACE.sub(lambda place: values.get(place[1]) or "", meaning)

    def _value(self, value: str, depth: int) -> str | None:
        """What stands in a place: a text of ours or several, a day, a number, a name that is the same in every language."""
        if depth <= DEEPEST and (found := self._piece(value, depth)) is not None:
            return found
        plain = re.sub(r"[^\W\d_]+", lambda word: self._day(word[0]), value.translate(DIGITS))
        if (same := self._as_it_is(plain, strict=False)) is not None:
            return same
        parts = _SEPARATOR.split(value)
        if depth > DEEPEST or len(parts) < 3:
            return None
        found_parts = [part if place % 2 else self._value(part.strip(), depth + 1) for place, part in enumerate(parts)]
        return None if None in found_parts else "".join(map(str, found_parts))

    def _day(self, word: str) -> str:
        return lexicon(self.language).calendar(fold(word)) or word

    def _as_it_is(self, line: str, *, strict: bool = True) -> str | None:
        """A line without words of this language: a link, a name, a number, nothing. `strict`: in Latin letters, one word at most."""
        if not all(c < _BEYOND_LATIN for c in line if c.isalpha()):
            return None
        return (
            None if strict and self.language in _LATIN and " " in line and any(map(str.isalpha, line)) else line.translate(DIGITS)
        )


@lru_cache(maxsize=8)
def _made(language: str, number: int, swaps: int, knowledge: Snapshot) -> OwnWords:
    made = OwnWords(language)
    for theirs, english in _pairs(language, knowledge):
        made.add(theirs, english)
        made.add(english, english)  # what is said in two languages at once, and what nobody has translated yet
    return made


def own_words(language: str, knowledge: Snapshot) -> OwnWords:
    """Made once for a language, a revision of the knowledge, and of what this installation says otherwise."""
    return _made(language, knowledge.number, i18n.swaps(), knowledge)


def _pairs(language: str, knowledge: Snapshot) -> Iterator[tuple[str, str]]:
    english = i18n.texts("en")
    for texts in (i18n.texts(language), i18n.shipped(language)):  # also what was said before it was said otherwise
        for key, forms in texts.items():
            if key in english:
                yield from ((form, english[key][-1]) for form in forms)
    for kind, key, name in knowledge.english():
        words = knowledge.words(kind, key, name, language)
        if words.language == language and name != "names":
            english_text = knowledge.words(kind, key, name, "en").text
            yield words.text, english_text
            yield from cutting.halves(words.text, english_text)  # short first, and the rest after "more"

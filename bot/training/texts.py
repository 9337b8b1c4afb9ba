"""What may become an example or a test message: a short line in which nobody can be recognised, for a meaning that exists."""

from __future__ import annotations

import re

from bot import crypto
from bot.conversation.masking import DIGITS, mask
from bot.errors import RefusedError
from engine.nlu.examples import INTENTS
from engine.nlu.text import clean, fold

LONGEST = 200  # characters
_MARKUP = re.compile(r"[\[\]{}<>]")  # Rasa's files mark entities with brackets: a line could teach something that nobody sees
_ADDRESS = re.compile(r"@|://|\bwww\.")
_TELEPHONE = re.compile(r"\d(?:[ ()-]?\d){6,}")


def checked(language: str, intent: str, text: str, languages: tuple[str, ...]) -> str:
    """The line as it is kept. Raises RefusedError: example_language, example_intent, example_empty, example_long,
    example_markup, example_identifier."""
    line = " ".join(clean(text).split())
    if language not in languages:
        raise RefusedError("that language is not in use", "example_language")
    if intent not in INTENTS:
        raise RefusedError("there is no such meaning", "example_intent")
    if not fold(line):
        raise RefusedError("there are no words", "example_empty")
    if len(line) > LONGEST:
        raise RefusedError(f"at most {LONGEST} characters", "example_long")
    if _MARKUP.search(line):
        raise RefusedError("brackets cannot be taught", "example_markup")
    if identifies(line):
        raise RefusedError("it holds a number or an address by which somebody can be found", "example_identifier")
    return line


def identifies(line: str) -> bool:
    """Whether it holds a reference number, a telephone number or an address of any kind."""
    return bool(mask(line).kinds or _ADDRESS.search(line) or _TELEPHONE.search(line.translate(DIGITS)))


def digest(language: str, text: str) -> str:
    """The same for the same words however they are spelled; of no use to who reads the table alone."""
    return crypto.pseudonym("example", language, fold(text))

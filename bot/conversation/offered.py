"""Which language is spoken with whom, now that an admin may switch languages off: nobody is lost by it, and it is said once."""

from __future__ import annotations

from bot.answers import general
from bot.conversation.turn import Turn
from bot.people.models import Person
from bot.replies import Reply


def spoken(person: Person, languages: tuple[str, ...]) -> str:
    """The person's language; English while it is switched off. What they chose is kept for the day it is back."""
    return person.language if person.language in languages else "en"


def told(turn: Turn) -> list[Reply]:
    """In their own language, once: that it is not spoken for now, and which are."""
    person = turn.person
    if person.language in turn.languages:
        person.language_off_told = None
        return []
    if person.language_off_told == person.language:
        return []
    person.language_off_told = person.language
    return [general.language_off(turn)]

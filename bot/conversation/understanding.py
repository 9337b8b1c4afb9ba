"""From what came in to what the engine is asked: cleaned, masked, its language known, danger heard."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.conversation.incoming import Incoming, PhotoRead
from bot.conversation.masking import mask
from bot.knowledge import places
from bot.knowledge.letters import is_letter
from bot.replies import payload
from engine.ears import Ears
from engine.nlu.text import clean, fold
from engine.safety import SILENT, Alarm

_SLASHES = re.compile(r"^[\s/]+")
LONGEST = 6_000  # characters read of one message; a longer one is answered with a plain word about its length
KNOWN_MILES = 15.0  # from a district we know: further away it says nothing about where to go
MENTOR_LINK = "mentor"  # /start mentor: a link for those who want to help
COMMANDS = {
    "language": "change_language",
    "help": "menu",
    "menu": "menu",
    "plan": "my_plan",
    "person": "talk_to_person",
    "privacy": "privacy",
    "mydata": "my_data",
    "delete": "delete_data",
    "stop": "stop_messages",
}


@dataclass(frozen=True)
class Understanding:
    """`ask`: what the engine gets ("/intent{...}" or words); `text`: the person's masked words, "" for a tap."""

    ask: str
    text: str
    language: str
    masked: frozenset[str] = frozenset()
    alarm: Alarm = SILENT
    too_long: bool = False
    letter: bool = False


def understand(incoming: Incoming, tapped: str | None, language: str, languages: tuple[str, ...], ears: Ears) -> Understanding:
    """`tapped`: the payload of the button, when it was one; `language`: the chat's."""
    if tapped is not None:
        return Understanding(tapped, "", language)
    if incoming.photo is not None:
        return read_photo(incoming.photo, language, ears)
    if incoming.kind == "command":
        return Understanding(_command(incoming), "", language)
    if incoming.place and (district := nearby(places.Point(*incoming.place))):
        return Understanding(payload("located", area=district), "", language)
    if incoming.kind == "media" and not incoming.text.strip():
        return Understanding(payload("received_media", kind=incoming.media or "other"), "", language)
    return read_text(incoming.text, language, languages, ears)


def nearby(point: places.Point) -> str | None:
    """The postcode district somebody is in; None where we know no place. The point itself is forgotten here."""
    district = places.nearest_district(point)
    return district if places.miles(point, places.districts()[district]) <= KNOWN_MILES else None


def read_text(text: str, language: str | None, languages: tuple[str, ...], ears: Ears) -> Understanding:
    """The understanding of words, before the engine: also what `./useit parse` does first. `language`: the chat's, if known."""
    masked = mask(clean(text))
    words = masked.text[:LONGEST]
    letter = is_letter(words)
    spoken = language if letter and language else ears.language(words, language, languages)
    alarm = ears.listen(words, letter=letter)
    if letter:  # what a letter says of a case is explained, not taken for a question
        alarm = Alarm(alarm.dangers, False)
    ask = payload("decode_letter") if letter else as_words(words)
    if not fold(words):
        ask = payload("received_media", kind="empty")
    return Understanding(ask, words, spoken, masked.kinds, alarm, len(masked.text) > LONGEST and not letter, letter)


def read_photo(read: PhotoRead, language: str, ears: Ears) -> Understanding:
    """The words of a photo are a letter, however short; in the chat's language, as every answer to a letter."""
    words = read.words[:LONGEST]
    if not words:
        return Understanding("", "", language)
    alarm = Alarm(ears.listen(words, letter=True).dangers, False)
    return Understanding(payload("decode_letter"), words, language, frozenset(read.masked), alarm, letter=True)


def as_words(text: str) -> str:
    """The text so that Rasa cannot take it for a payload ("/intent{...}"): those come from buttons only."""
    return _SLASHES.sub("", text)


def _command(incoming: Incoming) -> str:
    if incoming.command == "start":
        source = "".join(c for c in incoming.argument if c.isalnum() or c in "-_")[:64]
        if source == MENTOR_LINK:
            return payload("be_mentor", kind="link")
        return payload("start", source=source) if source else payload("start")
    if incoming.command == "language" and incoming.argument.isalpha() and len(incoming.argument) <= 8:
        return payload("set_language", language=incoming.argument.lower())  # the web page's language bar
    return payload(COMMANDS.get(incoming.command, "menu"))

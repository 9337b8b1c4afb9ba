"""The interpreter for the caseworker: the person's words beside what services call it, and what a service wants to have."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from weakref import WeakKeyDictionary

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.cases.models import Handoff, Message, Referral
from bot.knowledge import snapshot
from bot.knowledge.called import LONGEST
from bot.knowledge.snapshot import Snapshot
from bot.people.models import Chat
from engine.nlu.text import fold

READ_LAST = 20  # messages of the person
MOST = 12  # terms shown
REMEMBERED = 5_000  # texts
_places: WeakKeyDictionary[Snapshot, dict[tuple[str, bytes], tuple[tuple[str, int, int], ...]]] = WeakKeyDictionary()


@dataclass(frozen=True)
class Recognised:
    """A term in what the person wrote: their own words, the English term, its full name, what it means and what it is not."""

    key: str
    as_written: str
    name: str
    expansion: str
    meaning: str
    confusion: str


@dataclass(frozen=True)
class ServiceNeeds:
    """What to know before one refers to a service, in English: for whom it is, what to bring, how one comes to it."""

    reference: str
    service: str
    name: str
    who: str
    bring: str
    how: str
    languages: list[str]
    interpreters: bool


def recognised(session: Session, handoff: Handoff) -> list[Recognised]:
    """The terms of the reason and of the person's last messages, the newest last, each once with the words it was first seen in."""
    chats = list(session.scalars(select(Chat.id).where(Chat.person_id == handoff.person_id)))
    said = select(Message.text, Message.language).where(Message.chat_id.in_(chats), Message.sender == "person")
    rows = [(text, language) for text, language in session.execute(said.order_by(Message.id.desc()).limit(READ_LAST))]
    return in_texts(session, [(handoff.reason, handoff.language), *rows[::-1]])


def in_texts(session: Session, texts: Iterable[tuple[str, str]]) -> list[Recognised]:
    """The terms in texts, each (words, language); spelled exactly: a guess would put words into the person's mouth."""
    knowledge = snapshot.current(session)
    found: dict[str, Recognised] = {}
    for text, language in texts:
        for key, written in _terms_in(knowledge, text, language):
            term = knowledge.terms[key]
            meaning = knowledge.words("terms", key, "meaning", "en").text
            confusion = knowledge.words("terms", key, "confusion", "en").text
            found.setdefault(key, Recognised(key, written, term.name, term.expansion, meaning, confusion))
    return list(found.values())[:MOST]


def _terms_in(knowledge: Snapshot, text: str, language: str) -> list[tuple[str, str]]:
    """(key, as written) of each. Looking takes milliseconds and a page looks at the same messages again and again, so what was
    found is remembered: as places in a text that is known by its hash, not as anybody's words.
    """
    remembered = _places.setdefault(knowledge, {})
    name = (language, hashlib.sha256(text.encode("utf-8", "replace")).digest())
    places = remembered.get(name)
    if places is None:
        terms = knowledge.term_index.in_question(text, language, exact=True)
        written = [(one.key, as_written(text, one.as_written)) for one in terms]
        if all(words in text for _, words in written):
            if len(remembered) >= REMEMBERED:
                remembered.clear()
            remembered[name] = tuple((key, text.index(words), len(words)) for key, words in written)
        return written
    return [(key, text[begin : begin + length]) for key, begin, length in places]


def as_written(text: str, folded: str) -> str:
    """The piece of the text that reads so when it is folded, as it stands there; the folded words when there is none."""
    words = list(re.finditer(r"\S+", text))
    for first, word in enumerate(words):
        for last in words[first : first + LONGEST]:
            piece = text[word.start() : last.end()]
            if fold(piece) == folded:
                return piece.strip(".,;:!?()\"'«»“”؟،؛")
    return folded


def needs(session: Session, rows: Iterable[Referral]) -> list[ServiceNeeds]:
    """For each referral whose service is still known."""
    knowledge = snapshot.current(session)

    def words(key: str, field: str) -> str:
        return knowledge.words("services", key, field, "en").text

    return [
        ServiceNeeds(
            reference=row.reference,
            service=row.service,
            name=service.name,
            who=words(row.service, "who"),
            bring=words(row.service, "bring"),
            how=words(row.service, "how"),
            languages=list(service.languages),
            interpreters=service.interpreters,
        )
        for row in rows
        if (service := knowledge.receivers.get(row.service)) is not None
    ]

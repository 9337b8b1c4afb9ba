"""Finding a case by its reference or by words of it, although its words are encrypted.

Each word is kept as a keyed pseudonym (bot/crypto.py) in its folded form. What a thief of the database without the key can
learn: how many different words a case has, which cases share a word, and which pseudonyms are frequent. Frequent words can
be guessed from that, as in any such index; a name or an address that stands in one case cannot. With the key everything is readable anyway.
"""

from __future__ import annotations

import re

from sqlalchemy import ColumnElement, Select, and_, exists, false, func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import InstrumentedAttribute, Session

from bot import crypto
from bot.cases.models import CaseNote, CaseWord, Handoff, Message, Referral
from bot.cases.references import ALPHABET
from bot.people.models import Chat
from engine.nlu.text import fold

LAST = 20  # messages of the person before they asked for a person
MOST_WORDS = 1_000  # different words kept of one case
MOST_ASKED = 8  # words of one search
FEW = 2_000  # cases
# with its hyphen, or with a digit: "rent" and "heart" are words
_REFERENCE = re.compile(rf"([HR])(?:-|(?=[^\d]*\d))([{ALPHABET}]{{1,5}})", re.IGNORECASE)
_AFTER_ALL = "Z"  # no reference has it, and every collation sorts it behind those that do


def index_opening(session: Session, handoff: Handoff) -> None:
    """The reason, and what the person wrote last."""
    last = session.scalars(_said(session, handoff).order_by(Message.id.desc()).limit(LAST))
    index(session, handoff.id, "\n".join([handoff.reason, *last]))


def index(session: Session, handoff_id: int, text: str) -> None:
    """Adds the words of a text to the case."""
    wanted = pseudonyms(text)
    if not wanted:
        return
    known = set(session.scalars(select(CaseWord.word).where(CaseWord.handoff_id == handoff_id)))
    fresh = [word for word in wanted if word not in known][: max(0, MOST_WORDS - len(known))]
    if fresh:  # a note and a message may bring the same word at the same time
        insert = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
        statement = insert(CaseWord).on_conflict_do_nothing()
        session.execute(statement, [{"handoff_id": handoff_id, "word": word} for word in fresh])


def rebuild(session: Session, handoff: Handoff) -> None:
    """Makes the words of a case anew from what is kept of it: after other words went, or with other pseudonyms."""
    for row in session.scalars(select(CaseWord).where(CaseWord.handoff_id == handoff.id)):
        session.delete(row)
    session.flush()
    notes = select(CaseNote.text).where(CaseNote.handoff_id == handoff.id)
    said = session.scalars(_said(session, handoff).order_by(Message.id.desc()))
    index(session, handoff.id, "\n".join([handoff.reason, *session.scalars(notes), *said]))


def _said(session: Session, handoff: Handoff) -> Select[str]:
    chats = list(session.scalars(select(Chat.id).where(Chat.person_id == handoff.person_id)))
    return select(Message.text).where(Message.chat_id.in_(chats), Message.sender == "person")


def pseudonyms(text: str) -> list[str]:
    """Of each different word, in the order in which they stand."""
    return [_pseudonym(word) for word in _words(text)]


def condition(session: Session, asked: str) -> ColumnElement[bool] | None:
    """What a hand-off must be to be found; None when nothing was asked.

    A reference or its beginning ("H-7K", "h7k3m9"; of a referral: its person's cases), else every word must be in the case.
    """
    asked = asked.strip()[:200]
    if not asked:
        return None
    if match := _REFERENCE.fullmatch(asked):
        return _by_reference(match[1].upper(), match[2].upper())
    words = [_pseudonym(word) for word in _words(asked)[:MOST_ASKED]]
    return and_(*(having(session, CaseWord.handoff_id, CaseWord.word == word) for word in words)) if words else false()


def having(session: Session, owner: InstrumentedAttribute[int], row: ColumnElement[bool]) -> ColumnElement[bool]:
    """Hand-offs that have such a row in another table. Where few have it they are looked up; where many have it the queue is
    walked in its order until a page is full: each is slow where the other is fast, and SQLite cannot know which it is."""
    some = select(owner).where(row).limit(FEW).subquery()
    if (session.scalar(select(func.count()).select_from(some)) or 0) < FEW:
        return Handoff.id.in_(select(owner).where(row))
    return exists().where(owner == Handoff.id, row)


def _by_reference(kind: str, beginning: str) -> ColumnElement[bool]:
    first = f"{kind}-{beginning}"
    if kind == "H":
        return Handoff.reference.between(first, first + _AFTER_ALL)
    people = select(Referral.person_id).where(Referral.reference.between(first, first + _AFTER_ALL))
    return Handoff.person_id.in_(people)


def _pseudonym(word: str) -> str:
    """64 bits: two words that share one are not to be expected, and a hundred thousand cases have millions of them."""
    return crypto.pseudonym("case word", word)[:16]


def _words(text: str) -> list[str]:
    return list(dict.fromkeys(fold(text).split()))

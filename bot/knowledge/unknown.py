"""What people asked and we did not know: masked words and a count for each week, never the person.

Of a message no more than MOST words are kept, folded and without small words; of a longer one, or of one that says who somebody is,
only that it came. Numbers, addresses of any kind and words that may be a name are never kept.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Collection
from functools import cache, lru_cache

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from bot.db.base import now
from bot.db.session import insert_new
from bot.knowledge import snapshot
from bot.knowledge.models import Unknown, UnknownWeek
from bot.settings import ROOT
from engine.nlu.language import small_words
from engine.nlu.text import fold

KINDS = ("word", "message", "profession", "need", "rated")
LONG = "*"  # stands for every message of which no words are kept
MOST = 4  # words kept; of a longer message none, because it may tell who somebody is
_ADDRESS = re.compile(r"\S*(?:@|://|www\.)\S*|\b\S+\.(?:com|org|net|uk|gov|me)\b\S*", re.IGNORECASE)


def record(session: Session, kind: str, language: str, words: str) -> None:
    """Counts the words once more. Nothing is counted when nothing but small words and numbers is left."""
    key = kept(words, _words_of_terms(snapshot.current(session)))
    if key:
        _count(session, kind, language, key, "")


def rated(session: Session, language: str, about: str, why: str = "") -> None:
    """An answer that did not help: `about` says which ("terms/council-tax", "intent/find_help"), `why` is a code of ours or ""."""
    if about:
        _count(session, "rated", language, why, about[:200])


def kept(words: str, known: Collection[str] = ()) -> str:
    """What may be kept of somebody's words: at most MOST of them, LONG for more, "" for nothing worth keeping.

    `known`: folded words of our terms, which written with a capital are no name.
    """
    plain = _ADDRESS.sub(" ", words)
    folded = fold(plain)
    found = [w for w in folded.split() if len(w) > 1 and w not in small_words() and not any(c.isdigit() for c in w)]
    if not found:
        return ""
    if len(found) > MOST or _says_who(folded) or _holds_a_name(plain, known):
        return LONG
    return " ".join(found)


def _says_who(folded: str) -> bool:
    return any(f" {phrase} " in f" {folded} " for phrase in _introductions())


def _holds_a_name(words: str, known: Collection[str]) -> bool:
    """Whether words stand together that are written as names are and of which we know none. A phone begins every message with a
    capital, so one word at the beginning says nothing."""
    run: list[str] = []
    for place, word in enumerate([*words.split(), ""]):
        letters = word.strip(".,;:!?\"'()")
        if letters[:1].isupper() and not letters.isupper():
            run.append(fold(letters))
        elif run:
            if (len(run) > 1 or place > 1) and _knows_none(run, known):
                return True
            run = []
    return False


def _knows_none(run: list[str], known: Collection[str]) -> bool:
    return not any(word in known for word in run)


@lru_cache(maxsize=1)
def _words_of_terms(knowledge: snapshot.Snapshot) -> frozenset[str]:
    names = (name for term in knowledge.terms.values() for name in (term.name, term.expansion or "", *term.aliases))
    return frozenset(word for name in names for word in fold(name).split() if len(word) > 2)


@cache
def _introductions() -> tuple[str, ...]:
    lines = (ROOT / "data/asked/introductions.txt").read_text(encoding="utf-8").splitlines()
    return tuple(fold(line) for line in lines if line and not line.startswith("#"))


def _count(session: Session, kind: str, language: str, words: str, about: str) -> None:
    """One more, in this week, too. What was dealt with and is asked again needs somebody again; what was dismissed does not."""
    at = now()
    place = (Unknown.kind == kind, Unknown.language == language, Unknown.words == words, Unknown.about == about)
    session.flush()
    number = insert_new(session, Unknown, kind=kind, language=language, words=words, about=about, times=0)
    number = number or session.scalars(select(Unknown.id).where(*place)).one()
    reopened = {"state": "open", "assigned_to": None, "settled_as": ""}
    session.execute(update(Unknown).where(Unknown.id == number).values(times=Unknown.times + 1, last_at=at))
    session.execute(update(Unknown).where(Unknown.id == number, Unknown.state == "done").values(**reopened))
    week = at.date() - dt.timedelta(days=at.weekday())
    insert_new(session, UnknownWeek, unknown_id=number, week=week, times=0)
    this = (UnknownWeek.unknown_id == number, UnknownWeek.week == week)
    session.execute(update(UnknownWeek).where(*this).values(times=UnknownWeek.times + 1))

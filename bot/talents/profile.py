"""Somebody's list: what they said is asked back, what they confirmed is kept, what they take away is gone.

Where the conversation stands is in the rows themselves, so a person can stay away for a week and go on with the same question.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Literal

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from bot.db.base import now
from bot.errors import RefusedError
from bot.talents.hearing import Candidate, Heard
from bot.talents.models import Talent

ASKED, SINGLY, HELD, RENAMING, NOT_SO = "asked", "singly", "held", "renaming", "not_so"
OPEN, THEIRS = (ASKED, SINGLY), (HELD, RENAMING)
MOST = 30  # things on a list; what is longer does not fit on one page, and nobody reads it
LONGEST_WORDS = 120  # characters of what somebody calls a thing themselves
Asks = Literal["rename", "one", "own", "said", "implied", "more", "first"]


@dataclass(frozen=True)
class Question:
    """What is asked next, and about which rows. `first`, `more`: nothing is open; tell us something."""

    asks: Asks
    rows: tuple[Talent, ...] = ()


def held(session: Session, person_id: int) -> list[Talent]:
    """What they have said yes to, in the order in which they said it."""
    return [row for row in _all(session, person_id) if row.state in THEIRS]


def take(session: Session, person_id: int, heard: Heard, language: str) -> int:
    """Puts what was heard up to be asked; how many there are to ask. Raises RefusedError (full) for a list that is full."""
    rows = _all(session, person_id)
    known = {(row.kind, row.key): row for row in rows}
    if len([row for row in rows if row.state != NOT_SO]) + len(heard.said) > MOST:
        raise RefusedError("the list of skills is full", "full")
    for candidate in (*heard.said, *heard.implied):
        row = known.get((candidate.kind, candidate.key))
        if row is None:
            session.add(_new(person_id, candidate, language))
        elif not candidate.implied_by:
            _said_again(row, candidate)
    session.flush()
    return len([row for row in _all(session, person_id) if row.state in OPEN])


def take_own_words(session: Session, person_id: int, words: str, language: str) -> None:
    """What the list does not know, to be asked whether it is kept as it was said. Raises RefusedError (full)."""
    if len([row for row in _all(session, person_id) if row.state != NOT_SO]) >= MOST:
        raise RefusedError("the list of skills is full", "full")
    own = Talent(person_id=person_id, kind="own", key="", words=shortened(words), language=language, state=ASKED)
    session.add(own)
    session.flush()


def question(session: Session, person_id: int) -> Question:
    """What is open longest and smallest first: a new name, one by one, own words, what was said, what was guessed."""
    rows = _all(session, person_id)
    renaming = [row for row in rows if row.state == RENAMING]
    single = [row for row in rows if row.state == SINGLY]
    asked = [row for row in rows if row.state == ASKED]
    own, said = [row for row in asked if row.kind == "own"], [row for row in asked if row.kind != "own" and not row.implied_by]
    guessed = [row for row in asked if row.implied_by]
    if renaming:
        return Question("rename", (renaming[0],))
    if single:
        return Question("one", (single[0],))
    if own:
        return Question("own", (own[0],))
    if said:
        return Question("said", tuple(said))
    if guessed:
        return Question("implied", tuple(row for row in guessed if row.implied_by == guessed[0].implied_by))
    return Question("more" if any(row.state in THEIRS for row in rows) else "first")


def confirm(session: Session, person_id: int, ids: Collection[int]) -> list[Talent]:
    """They said yes to these; of those that are still asked."""
    return _move(session, person_id, ids, HELD)


def deny(session: Session, person_id: int, ids: Collection[int]) -> list[Talent]:
    """They said no: own words go at once, the rest is not guessed again."""
    denied = _move(session, person_id, ids, NOT_SO)
    session.execute(delete(Talent).where(Talent.id.in_([row.id for row in denied if row.kind == "own"])))
    return denied


def ask_singly(session: Session, person_id: int, ids: Collection[int]) -> None:
    _move(session, person_id, ids, SINGLY)


def begin_renaming(session: Session, person_id: int, talent_id: int) -> bool:
    """Whether there is such a thing on their list; the next words are its name."""
    row = _mine(session, person_id, talent_id)
    if row is not None:
        for other in _all(session, person_id):
            other.state = HELD if other.state == RENAMING else other.state
        row.state = RENAMING
        session.flush()
    return row is not None


def rename(session: Session, row: Talent, words: str | None, language: str) -> None:
    """`words` None: it keeps its name."""
    row.state, row.updated_at = HELD, now()
    if words is not None:
        row.words, row.language = shortened(words), language
    session.flush()


def forget(session: Session, person_id: int, talent_id: int | None = None) -> int:
    """Takes one thing off the list, or all of it with what was asked and denied; how many."""
    mine = delete(Talent).where(Talent.person_id == person_id)
    done = session.execute(mine if talent_id is None else mine.where(Talent.id == talent_id, Talent.state.in_(THEIRS)))
    session.flush()
    return done.rowcount  # type: ignore[attr-defined,no-any-return]  # a CursorResult


def shortened(words: str) -> str:
    whole = " ".join(words.split())
    return whole if len(whole) <= LONGEST_WORDS else whole[: LONGEST_WORDS - 1].rstrip() + "…"


def _all(session: Session, person_id: int) -> Sequence[Talent]:
    return session.scalars(select(Talent).where(Talent.person_id == person_id).order_by(Talent.id)).all()


def _mine(session: Session, person_id: int, talent_id: int) -> Talent | None:
    return next((row for row in held(session, person_id) if row.id == talent_id), None)


def _new(person_id: int, candidate: Candidate, language: str) -> Talent:
    return Talent(
        person_id=person_id,
        kind=candidate.kind,
        key=candidate.key,
        language=language,
        years=candidate.years,
        implied_by=candidate.implied_by or None,
        state=ASKED,
    )


def _said_again(row: Talent, candidate: Candidate) -> None:
    """What was denied or guessed and is now said is asked; years that are new are noted."""
    row.years = candidate.years or row.years
    if row.state == NOT_SO or row.implied_by:
        row.state, row.implied_by = ASKED if row.state not in THEIRS else row.state, None


def _move(session: Session, person_id: int, ids: Collection[int], state: str) -> list[Talent]:
    rows = [row for row in _all(session, person_id) if row.id in ids and row.state in OPEN]
    for row in rows:
        row.state, row.updated_at = state, now()
        if state == HELD:
            row.implied_by = None
    session.flush()
    return rows

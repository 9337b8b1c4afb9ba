"""The English of what people suggest: our own gloss for everybody, the machine's where the person lets one read their words."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.orm import Session

from bot.db.base import now
from bot.db.session import Sessions, read_only
from bot.knowledge import snapshot
from bot.settings import Translating
from bot.suggestions.models import Suggestion
from bot.translation import permission
from bot.translation.desk import ENGLISH
from bot.translation.filling import GLOSS
from bot.translation.gloss import gloss, written
from bot.translation.permission import Listen
from bot.translation.port import Translated

AT_ONCE = 20
_FOREIGN: tuple[ColumnElement[bool], ...] = (Suggestion.language != ENGLISH,)


@dataclass(frozen=True)
class Wanted:
    """A suggestion that the machine is asked about now. `version`: more may be said meanwhile."""

    id: int
    version: int
    language: str
    words: str


def fill(sessions: Sessions) -> int:
    """Writes a gloss beside those that have no English. Takes its time before the transaction that writes."""
    with read_only(sessions) as session:
        rows = session.scalars(select(Suggestion).where(*_FOREIGN, Suggestion.english_by.is_(None)).limit(AT_ONCE)).all()
        if not rows:
            return 0
        knowledge = snapshot.current(session)
        made = [(row.id, row.version, written(gloss(row.words, row.language, knowledge)) if row.words else "") for row in rows]
    with sessions.begin() as session:
        for number, version, text in made:
            here = update(Suggestion).where(Suggestion.id == number, Suggestion.version == version)
            session.execute(here.values(english=text, english_by=GLOSS))
    return len(made)


def claim(sessions: Sessions, machine: Translating | None, listen: Listen) -> list[Wanted]:
    """Those that may be given to the machine and were not; each is asked about once."""
    if machine is None:
        return []
    with read_only(sessions) as session:
        waits = Suggestion.english_by == GLOSS, Suggestion.asked_machine_at.is_(None)
        rows = session.scalars(select(Suggestion).where(*_FOREIGN, *waits).order_by(Suggestion.id.desc()).limit(AT_ONCE)).all()
        against = permission.against_each(session, {row.person_id for row in rows}, machine)
        free = [
            row
            for row in rows
            if row.words and not against[row.person_id] and not permission.against_text(row.words, machine, listen)
        ]
        wanted = [Wanted(row.id, row.version, row.language, row.words) for row in free]
    taken = []
    for one in wanted:
        with sessions.begin() as session:
            unasked = update(Suggestion).where(Suggestion.id == one.id, Suggestion.asked_machine_at.is_(None))
            if session.execute(unasked.values(asked_machine_at=now())).rowcount == 1:  # type: ignore[attr-defined]  # a CursorResult
                taken.append(one)
    return taken


def note(session: Session, row: Wanted, made: Translated) -> None:
    here = update(Suggestion).where(Suggestion.id == row.id, Suggestion.version == row.version)
    session.execute(here.values(english=made.text, english_by=made.by))

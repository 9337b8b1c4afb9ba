"""A machine's translation of one of our own texts, as a suggestion for somebody who speaks the language.

Asked for in one request and made by the worker (bot/translation/worker.py). It is put nowhere by itself: whoever takes it over keeps
it as machine-drafted, until a person has read it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, delete, select, update
from sqlalchemy.orm import Session

from bot.db.base import now
from bot.errors import RefusedError
from bot.knowledge.models import TranslationFile
from bot.settings import Translating
from bot.translation.models import Suggestion

LEASE_SECONDS = 180  # longer than asking for every form may take
KEPT_DAYS, FILE_DAYS = 7, 1


@dataclass(frozen=True)
class Suggested:
    """`state`: wanted, working, ready, failed. `forms`: when it is ready. `failure`: why there is none (TranslationError.kind)."""

    state: str
    forms: tuple[str, ...]
    by: str
    failure: str


@dataclass(frozen=True)
class WantedText:
    """A text in hand. `english`: its forms; the same form is asked for once."""

    id: int
    language: str
    english: tuple[str, ...]


def ask(session: Session, language: str, place: str, english: Sequence[str], machine: Translating | None) -> None:
    """Wishes for one; again after a failure or when the English is another one, otherwise the one there is stays.

    Raises RefusedError (translate_off, translate_english).
    """
    if machine is None:
        raise RefusedError("there is no translator", "translate_off")
    if language == "en":
        raise RefusedError("this is English", "translate_english")
    row = session.scalar(_of(language, place).with_for_update())
    if row is not None and tuple(row.english) == tuple(english) and row.state != "failed":
        return
    if row is None:
        row = Suggestion(language=language, place=place)
        session.add(row)
    row.english, row.forms, row.state, row.failure, row.made_by = list(english), None, "wanted", None, None
    row.lease_until, row.at = None, now()
    session.flush()


def of(session: Session, language: str, place: str, english: Sequence[str]) -> Suggested | None:
    """The one for this English; None when there is none."""
    row = session.scalar(_of(language, place))
    if row is None or tuple(row.english) != tuple(english):
        return None
    return Suggested(row.state, tuple(row.forms or ()), row.made_by or "", row.failure or "")


def is_wanted(session: Session) -> bool:
    """Needs no right to write."""
    return session.scalar(select(Suggestion.id).where(_free(now())).limit(1)) is not None


def claim(session: Session, limit: int) -> list[WantedText]:
    """For the worker: the oldest first, leased."""
    at, found = now(), []
    query = select(Suggestion).where(_free(at)).order_by(Suggestion.id).limit(limit).with_for_update(skip_locked=True)
    for row in session.scalars(query):
        row.state, row.lease_until = "working", at + dt.timedelta(seconds=LEASE_SECONDS)
        found.append(WantedText(row.id, row.language, tuple(row.english)))
    return found


def note(session: Session, wanted: WantedText, forms: Sequence[str], by: str) -> None:
    _end(session, wanted, state="ready", forms=list(forms), made_by=by, failure=None)


def note_failure(session: Session, wanted: WantedText, kind: str) -> None:
    """It is not tried again unless somebody asks."""
    _end(session, wanted, state="failed", forms=None, made_by=None, failure=kind)


def forget_old(session: Session) -> None:
    """What nobody took over: suggestions after a week, translators' files (bot/console/translating_files.py) after a day."""
    session.execute(delete(Suggestion).where(Suggestion.at < now() - dt.timedelta(days=KEPT_DAYS)))
    session.execute(delete(TranslationFile).where(TranslationFile.at < now() - dt.timedelta(days=FILE_DAYS)))


def _end(session: Session, wanted: WantedText, **values: object) -> None:
    row = session.scalar(select(Suggestion).where(Suggestion.id == wanted.id).with_for_update())
    if row is None or row.state != "working" or tuple(row.english) != wanted.english:
        return  # wished for anew meanwhile, with other words
    session.execute(update(Suggestion).where(Suggestion.id == row.id).values(lease_until=None, **values))


def _of(language: str, place: str) -> Select[Suggestion]:
    return select(Suggestion).where(Suggestion.language == language, Suggestion.place == place)


def _free(at: dt.datetime) -> ColumnElement[bool]:
    return (Suggestion.state == "wanted") | ((Suggestion.state == "working") & (Suggestion.lease_until < at))

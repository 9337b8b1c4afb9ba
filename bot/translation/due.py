"""The lines for which a machine is to be asked: given out one after the other, and what became of each."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import Update, exists, select, update
from sqlalchemy.orm import Session

from bot.cases.models import Handoff, Message, Translation
from bot.cases.states import OPEN
from bot.db.base import now
from bot.errors import TranslationError
from bot.people.models import Chat
from bot.settings import Translating
from bot.translation import costs, permission
from bot.translation.port import Translated

LEASE_SECONDS = 180  # longer than asking may take
FIRST_WAIT, LONGEST_WAIT = 30.0, 3_600.0  # seconds, doubled while the machine is away
SETUP_WAIT = 900.0  # until somebody has perhaps changed a setting


@dataclass(frozen=True)
class Due:
    """A line of a message. `attempt`: the lease it was given out under."""

    id: int
    attempt: int
    language: str
    text: str


def is_due(session: Session) -> bool:
    """Needs no right to write."""
    return session.scalar(select(Translation.id).where(Translation.retry_at <= now()).limit(1)) is not None


def claim(session: Session, machine: Translating, limit: int) -> list[Due]:
    """Of open cases, the most urgent first and in each the newest, leased. What may no longer be sent is put aside."""
    at, found = now(), []
    query = (
        select(Translation, Message, Chat.person_id)
        .join(Message, Message.id == Translation.message_id)
        .join(Chat, Chat.id == Message.chat_id)
        .join(Handoff, (Handoff.person_id == Chat.person_id) & Handoff.state.in_(OPEN))
        .where(Translation.retry_at <= at)
        .order_by(Handoff.rank, Message.id.desc())
        .limit(limit)
        .with_for_update(of=Translation, skip_locked=True)
    )
    for row, message, person_id in session.execute(query):
        if failure := permission.against(session, person_id, machine):
            row.failure, row.retry_at = failure, None
            continue
        row.attempts, row.retry_at = row.attempts + 1, at + dt.timedelta(seconds=LEASE_SECONDS)
        found.append(Due(row.id, row.attempts, message.language, message.text))
    return found


def note(session: Session, due: Due, translated: Translated) -> None:
    """The machine's line takes the place of the rough one."""
    values = {"text": translated.text, "made_by": translated.by, "failure": None, "retry_at": None, "at": now()}
    session.execute(_mine(due).values(values))


def note_failure(session: Session, due: Due, error: TranslationError) -> None:
    """The rough line stays. It is tried again when that can help."""
    session.execute(_mine(due).values(failure=error.kind, retry_at=_again(error, due.attempt)))


def let_go(session: Session) -> None:
    """Of cases that have ended nothing is asked any more; should one be reopened, its lines are found again by who looks."""
    is_open = (
        exists()
        .where(Message.id == Translation.message_id, Chat.id == Message.chat_id)
        .where(Handoff.person_id == Chat.person_id, Handoff.state.in_(OPEN))
    )
    ended = update(Translation).where(Translation.retry_at.is_not(None), ~is_open)
    session.execute(ended.values(retry_at=None, failure=permission.OFF), execution_options={"synchronize_session": False})


def _mine(due: Due) -> Update:
    return update(Translation).where(Translation.id == due.id, Translation.attempts == due.attempt)


def _again(error: TranslationError, attempt: int) -> dt.datetime | None:
    if error.kind == "cap":
        return costs.tomorrow()
    if error.kind == "setup":
        return now() + dt.timedelta(seconds=SETUP_WAIT)
    if error.kind != "away":
        return None
    return now() + dt.timedelta(
        seconds=max(error.retry_after or 0.0, min(LONGEST_WAIT, FIRST_WAIT * 2.0 ** min(attempt - 1, 10)))
    )

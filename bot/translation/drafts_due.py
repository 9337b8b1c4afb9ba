"""The replies whose translation somebody waits for: given out to the worker, and what became of each."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import ColumnElement, delete, select, update
from sqlalchemy.orm import Session

from bot.cases.models import Handoff
from bot.db.base import now
from bot.settings import Translating
from bot.translation import permission
from bot.translation.desk import BothWays
from bot.translation.models import ReplyDraft

LEASE_SECONDS = 180  # longer than asking twice may take
KEPT_HOURS = 24


@dataclass(frozen=True)
class Wanted:
    """A draft in hand. `token`: when it has changed, these words are no longer wanted. `text`: changed by hand, only its way back is wanted."""

    id: int
    token: str
    language: str
    original: str
    text: str | None = None


def is_wanted(session: Session) -> bool:
    """Needs no right to write."""
    return session.scalar(select(ReplyDraft.id).where(_free(now())).limit(1)) is not None


def claim(session: Session, machine: Translating, limit: int) -> list[Wanted]:
    """For the worker: the oldest first, leased. Not for somebody who has said no meanwhile."""
    at, found = now(), []
    query = (
        select(ReplyDraft, Handoff.person_id)
        .join(Handoff, Handoff.id == ReplyDraft.handoff_id)
        .where(_free(at))
        .order_by(ReplyDraft.id)
        .limit(limit)
        .with_for_update(of=ReplyDraft, skip_locked=True)
    )
    for row, person_id in session.execute(query):
        if why := permission.against(session, person_id, machine):
            row.state, row.failure, row.lease_until = "failed", why, None
            continue
        row.state, row.lease_until = "working", at + dt.timedelta(seconds=LEASE_SECONDS)
        found.append(Wanted(row.id, row.token, row.language, row.original, row.text))
    return found


def note(session: Session, wanted: Wanted, made: BothWays) -> None:
    values = {"state": "ready", "text": made.text, "back": made.back, "made_by": made.by, "lease_until": None, "failure": None}
    session.execute(update(ReplyDraft).where(ReplyDraft.token == wanted.token).values(values))


def note_failure(session: Session, wanted: Wanted, kind: str) -> None:
    """Somebody waits for it: it is not tried again unless they ask."""
    failed = update(ReplyDraft).where(ReplyDraft.token == wanted.token, ReplyDraft.state == "working")
    session.execute(failed.values(state="failed", failure=kind, lease_until=None))


def forget_old(session: Session) -> None:
    """What nobody has sent within a day."""
    session.execute(delete(ReplyDraft).where(ReplyDraft.created_at < now() - dt.timedelta(hours=KEPT_HOURS)))


def _free(at: dt.datetime) -> ColumnElement[bool]:
    return (ReplyDraft.state == "wanted") | ((ReplyDraft.state == "working") & (ReplyDraft.lease_until < at))

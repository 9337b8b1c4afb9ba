"""E-mails on their way: written in the transaction that decided them, sent afterwards.

At least once, as in bot/conversation/outbox.py; a repeat has the same Message-ID. When a mail has left, its text and papers are
erased here: what is kept is whom it went to, under which subject, and when.
"""

from __future__ import annotations

import datetime as dt

import msgspec
from sqlalchemy import select, text, update
from sqlalchemy.orm import Session

from bot.cases import consents
from bot.cases.models import Mail, Referral
from bot.cases.states import REFERRAL_ENDED
from bot.db.base import now
from bot.db.session import insert_new
from bot.mail.message import Due, Message

LEASE_SECONDS = 180  # longer than sending may take
MAX_ATTEMPTS = 24
FIRST_WAIT, LONGEST_WAIT = 30.0, 3_600.0  # seconds; with them the last attempt is most of a day after the first
AT_ONCE = 5
CONSENT_OVER = "ConsentOver"
_UNSENT = text("state IN ('queued', 'sending')")  # word for word as in the index, or SQLite does not see that it fits


def enqueue(session: Session, message: Message, *, origin: str, referral_id: int | None = None) -> int | None:
    """The id of the mail; None when one of this origin is there already."""
    content = msgspec.to_builtins(message)
    return insert_new(session, Mail, origin=origin, content=content, referral_id=referral_id)


def claim(session: Session, limit: int = AT_ONCE) -> list[Due]:
    """What is due, marked `sending` for LEASE_SECONDS. The caller commits, then sends.

    A mail about somebody whose consent has ended meanwhile is not given out: it has failed, and its words are erased.
    """
    at = now()
    is_free = (Mail.state == "queued") | ((Mail.state == "sending") & (Mail.lease_until < at))
    is_due = Mail.not_before.is_(None) | (Mail.not_before <= at)
    query = select(Mail).where(_UNSENT, is_free, is_due).order_by(Mail.id).limit(limit)
    found = []
    for row in session.scalars(query.with_for_update(skip_locked=True)):
        message = msgspec.convert(row.content, Message)
        if message.personal and not _may_go(session, row):
            _end(row, "failed", CONSENT_OVER)
            row.content = without_words(row)
            continue
        row.state, row.lease_until, row.attempts = "sending", at + dt.timedelta(seconds=LEASE_SECONDS), row.attempts + 1
        found.append(Due(row.id, row.created_at, message))
    return found


def mark_sent(session: Session, number: int) -> None:
    row = session.get(Mail, number)
    if row is not None:  # else the person deleted everything while it was on its way
        _end(row, "sent", None)
        row.sent_at, row.content = now(), without_words(row)


def mark_retry(session: Session, number: int, failure: str) -> Mail | None:
    """Puts it back for later. Returns the row when that was the last attempt: it has failed."""
    row = session.get(Mail, number)
    if row is None:
        return None
    if row.attempts >= MAX_ATTEMPTS:
        _end(row, "failed", failure)
        return row
    wait = min(LONGEST_WAIT, FIRST_WAIT * 2.0 ** (row.attempts - 1))
    row.state, row.failure, row.lease_until = "queued", failure, None
    row.not_before = now() + dt.timedelta(seconds=wait)
    return None


def mark_failed(session: Session, number: int, failure: str) -> Mail | None:
    """It will not arrive. Its words stay, so that somebody may try again. Returns the row."""
    row = session.get(Mail, number)
    if row is not None:
        _end(row, "failed", failure)
    return row


def again(session: Session, row: Mail) -> bool:
    """Puts a failed mail on its way once more. False when there is nothing left to send, or it has not failed."""
    if row.state != "failed" or not row.content.get("text"):
        return False
    row.state, row.attempts, row.not_before, row.failure = "queued", 0, None, None
    return True


def cancel(session: Session, referral_id: int) -> None:
    """Nothing more about this referral leaves the house; what did not leave is erased. What is leaving now cannot be called back."""
    rows = select(Mail).where(Mail.referral_id == referral_id, Mail.state.in_(("queued", "failed")))
    for row in session.scalars(rows):
        if row.state == "queued":
            _end(row, "failed", CONSENT_OVER)
        row.content = without_words(row)


def told(session: Session, referral_id: int) -> list[str]:
    """Whom an e-mail about this referral has reached, or may have, each once."""
    rows = select(Mail).where(Mail.referral_id == referral_id, Mail.state.in_(("sent", "sending"))).order_by(Mail.id)
    return list(dict.fromkeys(row.content["to"] for row in session.scalars(rows)))


def last_of(session: Session, referral_id: int) -> Mail | None:
    return session.scalar(select(Mail).where(Mail.referral_id == referral_id).order_by(Mail.id.desc()).limit(1))


def release_abandoned(session: Session) -> None:
    """At the start of the only sender: what was left `sending` by a process that died is due again at once."""
    session.execute(update(Mail).where(Mail.state == "sending").values(state="queued", lease_until=None))


def without_words(row: Mail) -> dict[str, object]:
    return {**row.content, "text": "", "papers": []}


def _may_go(session: Session, row: Mail) -> bool:
    referral = session.get(Referral, row.referral_id) if row.referral_id is not None else None
    return referral is not None and referral.state not in REFERRAL_ENDED and consents.holds(session, referral)


def _end(row: Mail, state: str, failure: str | None) -> None:
    row.state, row.failure, row.lease_until = state, failure, None

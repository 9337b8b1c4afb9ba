"""A reply that a caseworker writes in English and a machine puts into the person's language: looked at, then sent as it was seen.

Asked for in one request, made by the worker (bot/translation/worker.py), looked at and sent in the next: no page waits for a machine.
"""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from bot import i18n
from bot.cases import answering, cleaning, handoffs, scheduling, telling
from bot.cases.models import Handoff, Message, Translation
from bot.conversation.models import Outbox
from bot.errors import RefusedError
from bot.replies import Button
from bot.settings import Translating
from bot.translation import permission
from bot.translation.desk import ENGLISH
from bot.translation.models import ReplyDraft
from engine.nlu.text import fold

LONGEST = 1_200  # characters of English: with its translation it is still one message
LONGEST_BY_HAND = 2_000  # of a translation: some languages need more room than English
FAR = 55.0  # of 100; what comes back differs so much that it must be read with care


@dataclass(frozen=True)
class Draft:
    """`state`: wanted, working, ready, failed. `is_far`: the way back reads quite differently from the original.

    `failure`: why there is none (console.refused.translate_<failure>).
    """

    token: str
    state: str
    language: str
    original: str
    text: str
    back: str
    by: str
    failure: str
    is_far: bool


def ask(session: Session, handoff: Handoff, staff_id: int, text: str, machine: Translating | None) -> Draft:
    """Wishes for a translation of these words; the ones wished for before are gone. The same words again change nothing.

    Raises RefusedError: text_empty, text_long, not_yours, translate_english (the person reads English), translate_off,
    translate_refused, translate_not_asked (bot/translation/permission.py).
    """
    original = cleaning.words(text, LONGEST)
    handoffs.lock(session, handoff)
    if handoff.claimed_by != staff_id or handoff.state == "closed":
        raise RefusedError("claim this hand-off before you write", "not_yours")
    language = telling.language(session, handoff)
    if language == ENGLISH:
        raise RefusedError("this person reads English", "translate_english")
    if why := permission.against(session, handoff.person_id, machine):
        raise RefusedError("this may not be given to a machine", f"translate_{why}")
    row = _of(session, handoff, staff_id)
    if row is not None and row.original == original and row.language == language and row.state != "failed":
        return _seen(row)
    if row is not None:
        session.delete(row)
        session.flush()
    row = ReplyDraft(
        handoff_id=handoff.id, staff_id=staff_id, token=secrets.token_urlsafe(18), language=language, original=original
    )
    session.add(row)
    session.flush()
    return _seen(row)


def change(session: Session, handoff: Handoff, staff_id: int, token: str, text: str) -> Draft:
    """The translation as a caseworker has changed it by hand; its way back is made anew before it can be sent.

    Raises RefusedError: draft_stale, not_yours, text_empty, text_long.
    """
    words = cleaning.words(text, LONGEST_BY_HAND)
    handoffs.lock(session, handoff)
    if handoff.claimed_by != staff_id or handoff.state == "closed":
        raise RefusedError("claim this hand-off before you write", "not_yours")
    row = _of(session, handoff, staff_id)
    if row is None or row.token != token or row.state != "ready":
        raise RefusedError("look at the translation once more", "draft_stale")
    if words != row.text:
        row.text, row.back, row.state, row.token = words, None, "wanted", secrets.token_urlsafe(18)
        session.flush()
    return _seen(row)


def of(session: Session, handoff: Handoff, staff_id: int) -> Draft | None:
    row = _of(session, handoff, staff_id)
    return _seen(row) if row is not None else None


def discard(session: Session, handoff: Handoff, staff_id: int) -> None:
    session.execute(delete(ReplyDraft).where(ReplyDraft.handoff_id == handoff.id, ReplyDraft.staff_id == staff_id))


def send(
    session: Session,
    handoff: Handoff,
    staff_id: int,
    token: str,
    *,
    once: str,
    awaits: bool = False,
    rows: Sequence[list[Button]] = (),
    due_at: dt.datetime | None = None,
) -> bool:
    """Sends the translation that was looked at, with a line that a machine made it, and the English under it. `rows`: buttons.
    `due_at`: not now but then (bot/cases/scheduling.py).

    `once`: the form's token; the same form sent twice sends once (False). Raises RefusedError: draft_stale (other words, another
    language or none by now), not_yours, closed, text_long; with `due_at` what `scheduling.schedule` refuses.
    """
    if _message(session, once) is not None or scheduling.is_scheduled(session, once):
        return False
    handoffs.lock(session, handoff)
    row = _of(session, handoff, staff_id)
    language = telling.language(session, handoff)
    if row is None or row.token != token or row.state != "ready" or row.language != language or not row.text:
        raise RefusedError("look at the translation once more", "draft_stale")
    said = f"{row.text}\n\n{i18n.t(language, 'case.machine_translated')}\n{row.original}"
    words = answering.prepared(session, handoff, said, language=language, rows=rows)
    if due_at is not None:
        scheduling.schedule(session, handoff, staff_id, words, due_at, once=once)
        session.delete(row)
        session.flush()
        return True
    if not answering.send(session, handoff, staff_id, words, once=once, awaits=awaits):
        return False
    message = _message(session, once)
    assert message is not None
    session.add(
        Translation(message_id=message, language=ENGLISH, text=row.original, made_by="person", put_by=row.made_by, attempts=0)
    )
    session.delete(row)
    session.flush()
    return True


def _of(session: Session, handoff: Handoff, staff_id: int) -> ReplyDraft | None:
    return session.scalar(select(ReplyDraft).where(ReplyDraft.handoff_id == handoff.id, ReplyDraft.staff_id == staff_id))


def _message(session: Session, once: str) -> int | None:
    sent = select(Message.id).join(Outbox, Outbox.id == Message.outbox_id).where(Outbox.origin == f"staff:{once}/0")
    return session.scalar(sent)


def _seen(row: ReplyDraft) -> Draft:
    is_far = row.back is not None and fuzz.token_set_ratio(fold(row.original), fold(row.back)) < FAR
    return Draft(
        row.token,
        row.state,
        row.language,
        row.original,
        row.text or "",
        row.back or "",
        row.made_by or "",
        row.failure or "",
        is_far,
    )

"""What a caseworker does with a hand-off that the person notices: taking it, answering, asking, giving back, closing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot import i18n
from bot.cases import cleaning, handoffs, telling
from bot.cases.hours import LONDON, Hours
from bot.cases.models import Handoff
from bot.cases.states import HELD, WAITING
from bot.conversation import attaching, outbox
from bot.conversation.models import Outbox
from bot.db.base import now
from bot.errors import RefusedError
from bot.replies import Button, Reply, payload

LONGEST = 3_500  # characters; one message on every channel
OUTCOMES = ("helped", "referred", "could_not_reach", "other")
TIMES = 3  # a person chooses among


def find(session: Session, reference: str, *, to_change: bool = False) -> Handoff | None:
    """Whoever may see it (bot/cases/queues.py tells that). `to_change`: nobody else moves it until this transaction ends."""
    found = session.scalar(select(Handoff).where(Handoff.reference == reference))
    if found is not None and to_change:
        handoffs.lock(session, found)
    return found


def claim(session: Session, handoff: Handoff, staff_id: int) -> bool:
    """False when it is theirs already. Raises RefusedError (taken, closed)."""
    if handoff.state == "closed":
        raise RefusedError("this hand-off is closed", "closed")
    if handoff.claimed_by == staff_id and handoff.state in HELD:
        return False
    handoffs.claim(session, handoff, staff_id)
    return True


def reply(
    session: Session,
    handoff: Handoff,
    staff_id: int,
    text: str,
    *,
    once: str,
    language: str | None = None,
    awaits: bool = False,
    rows: Sequence[list[Button]] = (),
) -> bool:
    """Puts the caseworker's words on their way. `once` is the form's token: the same form sent twice sends once (False).

    `language`: of the words, the person's when None; `awaits`: now it is the person's turn.
    Raises RefusedError: text_empty, text_long, not_yours, closed.
    """
    return send(
        session, handoff, staff_id, prepared(session, handoff, text, language=language, rows=rows), once=once, awaits=awaits
    )


def prepared(
    session: Session, handoff: Handoff, text: str, *, language: str | None = None, rows: Sequence[list[Button]] = ()
) -> Reply:
    """Words as they will go out, for `send` or `scheduling.schedule`. Raises RefusedError: text_empty, text_long."""
    spoken = language or telling.language(session, handoff)
    return Reply(text=cleaning.words(text, LONGEST), language=spoken, sender="staff", rows=list(rows))


def send(session: Session, handoff: Handoff, staff_id: int, words: Reply, *, once: str, awaits: bool = False) -> bool:
    """A ready message of the caseworker; see `reply`. Raises RefusedError: not_yours, closed."""
    if session.scalar(select(Outbox.id).where(Outbox.origin == f"staff:{once}/0")) is not None:
        return False
    _check_mine(handoff, staff_id)
    handoffs.answered(session, handoff, staff_id, awaits=awaits)
    outbox.enqueue(session, handoff.chat_id, [words], origin=f"staff:{once}", staff_id=staff_id)
    return True


def ask_document(session: Session, handoff: Handoff, staff_id: int, text: str, *, once: str, language: str | None = None) -> bool:
    """Asks whether the person has a paper; they answer with one tap. See `reply`."""
    rows = document_buttons(session, handoff)
    return reply(session, handoff, staff_id, text, once=once, language=language, awaits=True, rows=rows)


def ask_time(
    session: Session,
    handoff: Handoff,
    staff_id: int,
    text: str,
    times: Sequence[dt.datetime],
    *,
    once: str,
    language: str | None = None,
) -> bool:
    """Offers two or three times, and "none of these". See `reply`. Raises RefusedError also: times (too few, too many, past)."""
    rows = time_buttons(session, handoff, times)
    return reply(session, handoff, staff_id, text, once=once, language=language, awaits=True, rows=rows)


def document_buttons(session: Session, handoff: Handoff) -> list[list[Button]]:
    """Under a question for a paper."""
    spoken = telling.language(session, handoff)
    return [[_answer(handoff, i18n.t(spoken, f"case.answer.{name}"), name) for name in ("have", "have_not")]]


def time_buttons(session: Session, handoff: Handoff, times: Sequence[dt.datetime]) -> list[list[Button]]:
    """Under a question for a time: two or three, and "none of these". Raises RefusedError: times (too few, too many, past)."""
    chosen = sorted(set(times))
    if not 2 <= len(chosen) <= TIMES or chosen[0] <= now():
        raise RefusedError("offer two or three times that are to come", "times")
    spoken = telling.language(session, handoff)
    answers = [[_answer(handoff, _shown(spoken, at), at.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%MZ"))] for at in chosen]
    return [*answers, [_answer(handoff, i18n.t(spoken, "case.answer.no_time"), "no_time")]]


def attach(
    session: Session, handoff: Handoff, staff_id: int, kind: str, key: str, *, hours: Hours, once: str, need: str = ""
) -> bool:
    """Sends a term, step, service, card or consent question in the bot's own words, in the person's language.

    What it looks like before: `attaching.made`. Raises RefusedError: attachment, not_yours, closed.
    """
    words = attaching.made(session, handoff.chat_id, kind, key, hours=hours, need=need)
    return send(session, handoff, staff_id, words, once=once, awaits=kind == "consent")


def give_back(session: Session, handoff: Handoff, staff_id: int, why: str) -> bool:
    """Back to the queue; the person is told that the bot answers again. False when it is waiting already.

    Raises RefusedError: not_yours, closed.
    """
    if handoff.state in WAITING:
        return False
    _check_mine(handoff, staff_id)
    held_since = handoff.claimed_at.timestamp() if handoff.claimed_at else 0.0
    handoffs.release(session, handoff, staff_id, why)
    telling.tell(session, handoff, "handoff.released", origin=f"released:{handoff.id}:{held_since:.3f}", goes_on=True)
    return True


def close(session: Session, handoff: Handoff, staff_id: int, outcome: str) -> bool:
    """Ends it and tells the person. One that nobody has claimed may be closed too. False when it is closed already.

    Raises RefusedError: outcome, not_yours.
    """
    if outcome not in OUTCOMES:
        raise RefusedError("choose how it ended", "outcome")
    if handoff.state == "closed":
        return False
    if handoff.state in HELD:
        _check_mine(handoff, staff_id)
    handoffs.close(session, handoff, f"staff:{staff_id}", outcome)
    closed_at = handoff.closed_at.timestamp() if handoff.closed_at else 0.0  # it can be reopened and closed again
    telling.tell(session, handoff, "handoff.closed", origin=f"closed:{handoff.id}:{closed_at:.3f}", goes_on=True)
    return True


def _check_mine(handoff: Handoff, staff_id: int) -> None:
    if handoff.state == "closed":
        raise RefusedError("this hand-off is closed", "closed")
    if handoff.claimed_by != staff_id:
        raise RefusedError("this hand-off is not yours: claim it first", "not_yours")


def _answer(handoff: Handoff, label: str, answer: str) -> Button:
    return Button(label=label, payload=payload("case_answer", case=handoff.reference, answer=answer))


def _shown(language: str, at: dt.datetime) -> str:
    local = at.astimezone(LONDON)
    return i18n.t(language, "case.answer.time", day=i18n.weekday(language, local.date()), time=i18n.clock(language, local.time()))

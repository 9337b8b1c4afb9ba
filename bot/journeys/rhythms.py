"""When a person is asked how they are: at the rhythm they chose, at decent hours, and never when they have said stop."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.cases.follow_ups import DECENT
from bot.db.base import now
from bot.errors import RefusedError
from bot.journeys.models import CheckIn, CheckInRhythm
from bot.people.models import Chat
from bot.people.reminders import PLACE, due_in

NEVER, ENDED, ASKED, DAY_100 = "never", "ended", "asked", "day_100"
DAYS = {"two_weeks": 14, "month": 30}
RHYTHMS = ("two_weeks", "month", DAY_100, NEVER)
THE_100TH = 100
MOST_UNANSWERED = 3  # in a row; then it stops by itself
AT_ONCE = 50


def of(session: Session, person_id: int) -> CheckInRhythm | None:
    """None for somebody who has never chosen."""
    return session.scalar(select(CheckInRhythm).where(CheckInRhythm.person_id == person_id))


def choose(session: Session, chat: Chat, rhythm: str, at: dt.datetime) -> CheckInRhythm:
    """From now on, to this chat. Who had stopped all messages and asks for these wants them. Raises RefusedError (rhythm)."""
    if rhythm not in RHYTHMS:
        raise RefusedError("there is no such rhythm", "rhythm")
    row = of(session, chat.person_id)
    if row is None:
        row = CheckInRhythm(person_id=chat.person_id, chat_id=chat.id, rhythm=rhythm)
        session.add(row)
    row.rhythm, row.chat_id, row.unanswered, row.updated_at = rhythm, chat.id, 0, at
    row.next_at = _first(chat, rhythm, at)
    if row.next_at is not None:
        chat.stopped = False
    session.flush()
    return row


def stop(session: Session, person_id: int) -> None:
    """What was chosen ends; nobody who never chose is given a row."""
    if (row := of(session, person_id)) is not None:
        row.rhythm, row.next_at, row.updated_at = NEVER, None, now()


def take_due(session: Session, at: dt.datetime) -> list[tuple[CheckIn, Chat]]:
    """A new check-in for everybody whose time has come; the caller writes them to the outbox in this transaction.

    Nothing outside decent hours. Who speaks with a caseworker, cannot be reached or said stop is left as they are. After
    MOST_UNANSWERED in a row it ends without a word.
    """
    if at.astimezone(PLACE).hour not in DECENT:
        return []
    query = (
        select(CheckInRhythm, Chat)
        .join(Chat, Chat.id == CheckInRhythm.chat_id)
        .where(CheckInRhythm.next_at <= at, Chat.person_id == CheckInRhythm.person_id)
        .where(Chat.held_by_handoff.is_(None), Chat.unreachable_at.is_(None), ~Chat.stopped)
        .order_by(CheckInRhythm.next_at)
        .limit(AT_ONCE)
        .with_for_update(of=(CheckInRhythm, Chat), skip_locked=True)
    )
    return [(made, chat) for row, chat in session.execute(query).all() if (made := _ask(session, row, chat, at)) is not None]


def begin(session: Session, chat: Chat, at: dt.datetime) -> CheckIn:
    """Asked for by the person: the open one of the last day goes on."""
    recent = (CheckIn.person_id == chat.person_id) & (CheckIn.sent_at > at - dt.timedelta(days=1))
    query = select(CheckIn).where(recent, CheckIn.answered_at.is_(None)).order_by(CheckIn.id.desc()).limit(1)
    return session.scalar(query) or _new(session, chat, ASKED, at)


def _ask(session: Session, row: CheckInRhythm, chat: Chat, at: dt.datetime) -> CheckIn | None:
    row.updated_at = at
    if row.unanswered >= MOST_UNANSWERED:
        row.rhythm, row.next_at = ENDED, None
        return None
    row.unanswered += 1
    row.next_at = due_in(DAYS[row.rhythm], at) if row.rhythm in DAYS else None
    return _new(session, chat, row.rhythm, at)


def _new(session: Session, chat: Chat, rhythm: str, at: dt.datetime) -> CheckIn:
    made = CheckIn(person_id=chat.person_id, chat_id=chat.id, rhythm=rhythm, sent_at=at)
    session.add(made)
    session.flush()
    return made


def _first(chat: Chat, rhythm: str, at: dt.datetime) -> dt.datetime | None:
    """The 100th day counts from when they first came; for who has been here longer, from today."""
    if rhythm == DAY_100:
        here = (at - chat.person.created_at).days
        return due_in(THE_100TH - here if here < THE_100TH else THE_100TH, at)
    return due_in(DAYS[rhythm], at) if rhythm in DAYS else None

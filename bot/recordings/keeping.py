"""How long a recording can be heard: nothing of it stays unless the person said yes, and then for thirty days or until the case ends.

What is kept is where the channel has it, sealed; what is in it never comes to us before somebody plays it. Where the channel keeps
nothing (the web chat) we keep it ourselves, sealed, for exactly as long (bot/recordings/bodies.py).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence

from sqlalchemy import ColumnElement, delete, exists, select, update
from sqlalchemy.orm import Session

from bot.cases.models import Handoff
from bot.db.base import now
from bot.people.models import Chat
from bot.recordings import bodies
from bot.recordings.models import Recording

UNANSWERED = dt.timedelta(hours=1)  # that a question waits for its answer
KEPT_DAYS = 30
LARGEST = 20 * 2**20  # bytes; Telegram gives a bot no larger files


def ask(session: Session, chat_id: int, message_id: int, kind: str, seconds: int, media_id: str, *, for_story: bool) -> Recording:
    """Keeps where it is until the person has answered."""
    row = Recording(
        chat_id=chat_id, message_id=message_id, kind=kind, seconds=max(seconds, 0), media_id=media_id, for_story=for_story
    )
    session.add(row)
    session.flush()
    bodies.take_up(session, row)
    return row


def asked(session: Session, chat_id: int, last: int | None = None) -> list[Recording]:
    """What waits for an answer, oldest first. `last`: the newest one that the question was about."""
    waits = [Recording.chat_id == chat_id, Recording.state == "asked", Recording.came_at > now() - UNANSWERED]
    waits += [Recording.id <= last] if last is not None else []
    return list(session.scalars(select(Recording).where(*waits).order_by(Recording.id)))


def give(rows: Iterable[Recording], handoff: Handoff) -> None:
    """The person said yes: who may answer this case may hear them."""
    for row in rows:
        row.state, row.handoff_id, row.decided_at = "kept", handoff.id, now()


def refuse(session: Session, rows: Sequence[Recording], handoff: Handoff | None) -> None:
    """The person said no: nothing says any more where they are. In an open case it stays known that they said no."""
    for row in rows:
        if handoff is None:
            session.delete(row)
        else:
            row.media_id, row.state, row.handoff_id, row.decided_at = None, "refused", handoff.id, now()
    bodies.erase(session, [row.id for row in rows])
    session.flush()


def find(session: Session, number: int) -> Recording | None:
    return session.get(Recording, number)


def of_chat(session: Session, chat_id: int, number: int) -> Recording | None:
    """One that can be heard and came from this chat."""
    mine = (Recording.id == number) & (Recording.chat_id == chat_id) & (Recording.state == "kept")
    return session.scalar(select(Recording).where(mine))


def last_of(session: Session, handoff: Handoff) -> Recording | None:
    """The newest of a case about which the person has decided; a story is another question."""
    decided = (Recording.handoff_id == handoff.id) & Recording.decided_at.is_not(None) & ~Recording.for_story
    return session.scalar(select(Recording).where(decided).order_by(Recording.decided_at.desc(), Recording.id.desc()).limit(1))


def of_messages(session: Session, ids: Iterable[int]) -> dict[int, Recording]:
    """By the message that they came with."""
    rows = session.scalars(select(Recording).where(Recording.message_id.in_(list(ids))))
    return {row.message_id: row for row in rows}


def of_person(session: Session, person_id: int) -> list[Recording]:
    """Those of which we know where they are, oldest first."""
    theirs = select(Recording).join(Chat, Chat.id == Recording.chat_id)
    there = (Chat.person_id == person_id) & Recording.state.in_(("asked", "kept"))
    return list(session.scalars(theirs.where(there).order_by(Recording.id)))


def length(seconds: int) -> str:
    """Minutes and seconds as players show them: 0:34."""
    return f"{seconds // 60}:{seconds % 60:02d}"


def is_over(row: Recording, handoff: Handoff, at: dt.datetime) -> bool:
    """Whether nobody may hear it any more, also before the next run of the rules has erased it."""
    return row.state != "kept" or handoff.state == "closed" or row.came_at <= at - dt.timedelta(KEPT_DAYS)


def forget_unanswered(session: Session) -> int:
    """For the clock: what nobody answered within UNANSWERED. Returns how many."""
    late = (Recording.state == "asked") & (Recording.came_at <= now() - UNANSWERED)
    return session.execute(delete(Recording).where(late)).rowcount or 0  # type: ignore[attr-defined]  # a CursorResult


def over(at: dt.datetime) -> list[ColumnElement[bool]]:
    """Kept ones whose time is over, or whose case has ended."""
    ended = exists().where(Handoff.id == Recording.handoff_id, Handoff.state == "closed")
    return [Recording.state == "kept", (Recording.came_at <= at - dt.timedelta(KEPT_DAYS)) | ended]


def erase(session: Session, ids: Sequence[int]) -> None:
    """Where they are is forgotten, with what we kept ourselves; that there were any stays with the case."""
    bodies.erase(session, ids)
    session.execute(update(Recording).where(Recording.id.in_(ids)).values(state="gone", media_id=None))

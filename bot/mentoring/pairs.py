"""A pair from the proposal to the end. Whatever stops it stops it at once: nothing that waits to be sent is sent afterwards.

Whoever changes a pair locks it first and its rows later, and never waits for the chat of the other one: so no two wait for each other.
"""

from __future__ import annotations

import datetime as dt

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from bot.cases.models import Message
from bot.cases.states import check_move
from bot.conversation.models import Outbox
from bot.db.base import now
from bot.errors import RefusedError
from bot.mentoring import matching, post
from bot.mentoring.models import Mentor, MentorMessage, MentorPair, MentorWish, MentorWriting
from bot.mentoring.states import KNOWN_TO_BOTH, PAIR, PAIR_LIVE, SIDES, other

LATELY = dt.timedelta(days=2)  # what was sent before is not in the outbox any more, or has arrived


def lock(session: Session, pair_id: int) -> MentorPair | None:
    """The pair as it is now, nobody else's until the transaction ends; None when there is none (any more)."""
    found = select(MentorPair).where(MentorPair.id == pair_id)
    return session.scalar(found.with_for_update().execution_options(populate_existing=True))


def side_of(pair: MentorPair, person_id: int) -> str | None:
    """mentor or mentee; None for everybody else."""
    whose = {pair.mentor.person_id: "mentor", pair.wish.person_id: "mentee"}
    return whose.get(person_id)


def live_of(session: Session, *, mentor_id: int | None = None, wish_id: int | None = None) -> list[MentorPair]:
    """The pairs of a mentor or of a wish that are not over, each locked."""
    column, number = (MentorPair.mentor_id, mentor_id) if wish_id is None else (MentorPair.wish_id, wish_id)
    found = select(MentorPair).where(column == number, MentorPair.state.in_(PAIR_LIVE)).order_by(MentorPair.id)
    return list(session.scalars(found.with_for_update().execution_options(populate_existing=True)))


def of_person(session: Session, person_id: int) -> list[tuple[MentorPair, str]]:
    """Pairs that the person knows of and that are not over, with their side."""
    found = (
        select(MentorPair)
        .join(Mentor, Mentor.id == MentorPair.mentor_id)
        .join(MentorWish, MentorWish.id == MentorPair.wish_id)
        .where(MentorPair.state.in_(KNOWN_TO_BOTH), (Mentor.person_id == person_id) | (MentorWish.person_id == person_id))
        .order_by(MentorPair.id)
    )
    return [(pair, side) for pair in session.scalars(found) if (side := side_of(pair, person_id))]


def approve(session: Session, pair: MentorPair) -> None:
    """A caseworker lets both be asked. Raises RefusedError (move; mentor_self, when merging has made them one person)."""
    if pair.mentor.person_id == pair.wish.person_id:
        raise RefusedError("nobody is their own mentor", "mentor_self")
    if pair.mentor.state != "active" or pair.wish.state != "waiting":
        raise RefusedError("one of the two is not there any more", "move")
    move(pair, "asked")
    pair.wish.state = "met"
    for side in SIDES:
        post.put(session, pair, side, "asked")


def reject(session: Session, pair: MentorPair) -> None:
    """A caseworker does not think that these two should meet. Raises RefusedError (move)."""
    move(pair, "rejected")
    session.flush()
    matching.propose(session, pair.wish)


def choose(session: Session, wish: MentorWish, mentor: Mentor) -> MentorPair:
    """A caseworker picks this mentor for who waits, and lets both be asked. Raises RefusedError (mentor_match, move)."""
    match = next((match for match in matching.find(session, wish) if match.mentor.id == mentor.id), None)
    if match is None or wish.state != "waiting":
        raise RefusedError("these two do not fit, or not any more", "mentor_match")
    for pair in live_of(session, wish_id=wish.id):
        move(pair, "rejected")
    pair = matching.pair(session, match, wish)
    approve(session, pair)
    return pair


def answer(session: Session, pair: MentorPair, side: str, *, yes: bool) -> bool:
    """What one of the two said when asked. False when it is too late to say."""
    if pair.state != "asked":
        return False
    if not yes:
        move(pair, "declined", f"{side}_no")
        _quiet(session, pair)
        post.put(session, pair, other(side), "declined")
        pair.wish.state = "waiting" if side == "mentor" else "ended"
        session.flush()
        matching.propose(session, pair.wish)
        return True
    setattr(pair, f"{side}_agreed_at", getattr(pair, f"{side}_agreed_at") or now())
    if pair.mentor_agreed_at and pair.mentee_agreed_at:
        move(pair, "active")
        post.put(session, pair, other(side), "begun")
    return True


def end(session: Session, pair: MentorPair, by: str, why: str) -> None:
    """At once, for good. `by`: mentor, mentee or staff; the others are told without a reason. Also of one that was only proposed."""
    if pair.state == "proposed":
        move(pair, "rejected", why)
        return
    known = pair.state in KNOWN_TO_BOTH
    move(pair, "ended", why)
    pair.wish.state, pair.updated_at = "ended", now()
    _quiet(session, pair)
    for side in SIDES:
        if known and side != by:
            post.put(session, pair, side, "ended")


def pause(session: Session, pair: MentorPair, why: str, *, told: tuple[str, ...] = SIDES) -> None:
    """Nothing passes until it goes on. `why`: reported, threats, danger, unreachable, staff. No one-tap beside a caseworker's undoes
    the first three."""
    if pair.state == "paused" and why != "unreachable":
        pair.why = why  # else a chat that can be reached again would let them go on
    if pair.state == "active":
        move(pair, "paused", why)
        _quiet(session, pair)
        for side in told:
            post.put(session, pair, side, "paused")


def resume(session: Session, pair: MentorPair) -> None:
    """Raises RefusedError (move)."""
    move(pair, "active")
    pair.handled_at = pair.handled_at or (now() if pair.alarm_at else None)
    for side in SIDES:
        post.put(session, pair, side, "again")


def alarm(pair: MentorPair, kind: str, by: str) -> None:
    """From now on a caseworker may read what was written, until it is handled."""
    pair.alarm_at, pair.alarm, pair.alarm_by, pair.handled_at, pair.updated_at = now(), kind, by, None, now()


def handled(pair: MentorPair) -> None:
    """A caseworker has dealt with it: the words are closed again. Raises RefusedError (move)."""
    if pair.alarm_at is None or pair.handled_at is not None:
        raise RefusedError("there is nothing open", "move")
    pair.handled_at = pair.updated_at = now()


def wants_names(session: Session, pair: MentorPair, side: str) -> bool:
    """One of them would like names to be used; True when both do, and the other is then told so."""
    setattr(pair, f"{side}_names", True)
    if pair.names:
        post.put(session, pair, other(side), "names")
    return pair.names


def move(pair: MentorPair, becomes: str, why: str = "") -> None:
    """Raises RefusedError (move)."""
    check_move(PAIR, pair.state, becomes)
    pair.state, pair.why, pair.updated_at = becomes, why, now()


def _quiet(session: Session, pair: MentorPair) -> None:
    """Nobody writes to the other any more, and what has not left yet does not leave."""
    session.flush()
    session.execute(delete(MentorWriting).where(MentorWriting.pair_id == pair.id))
    take_back(session, pair)


def take_back(session: Session, pair: MentorPair) -> None:
    """Everything of this pair that waits, or stands in the outbox and has not been sent."""
    mine = MentorMessage.pair_id == pair.id
    waiting = update(MentorMessage).where(mine, MentorMessage.state == "waiting")
    session.execute(waiting.values(state="dropped", done_at=now()))  # first: who is delivering one now is waited for
    since = now() - LATELY
    sent = select(MentorMessage.id).where(mine, MentorMessage.state == "sent", MentorMessage.done_at > since)
    origins = {post.origin(number): number for number in session.scalars(sent)}
    rows = select(Outbox.id, Outbox.origin).where(Outbox.origin.in_(origins), Outbox.state == "queued").with_for_update()
    unsent = session.execute(rows).all()
    session.execute(delete(Message).where(Message.outbox_id.in_([row.id for row in unsent])))
    session.execute(delete(Outbox).where(Outbox.id.in_([row.id for row in unsent])))
    numbers = [origins[row.origin] for row in unsent]
    session.execute(update(MentorMessage).where(MentorMessage.id.in_(numbers)).values(state="dropped"))

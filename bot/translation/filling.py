"""Every message of an open case that is not English gets a line in English at once, from what we have ourselves; and the wish for
a machine's, where one may be asked. Found and made here, written in one short transaction, so that no page waits for it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import literal_column, select, update
from sqlalchemy.orm import Session

from bot.cases.models import Handoff, Message, Translation
from bot.db.base import now
from bot.db.session import insert_new
from bot.knowledge.snapshot import Snapshot
from bot.people.models import Chat
from bot.settings import Translating
from bot.translation import permission
from bot.translation.desk import ENGLISH, OWN
from bot.translation.gloss import gloss, written
from bot.translation.own_words import own_words

GLOSS = "gloss"
AT_ONCE = 40  # messages in one transaction
# why there is no machine's translation, where that can be otherwise the next time somebody looks
MAY_CHANGE = (permission.OFF, permission.REFUSED, permission.NOT_ASKED)


@dataclass(frozen=True)
class Missing:
    """A message without a line, or with one for which a machine was not asked; `row`: that line's id."""

    message_id: int
    person_id: int
    sender: str
    language: str
    text: str
    row: int | None


@dataclass(frozen=True)
class Made:
    """A line to write. `wanted`: a machine is to be asked."""

    missing: Missing
    text: str
    by: str
    failure: str
    wanted: bool


def people(session: Session, since: dt.datetime | None) -> list[int]:
    """Whose open case something was done with since then, the most urgent first."""
    cases = select(Handoff.person_id).where(
        Handoff.state != literal_column("'closed'")
    )  # said so, the index on open cases is used
    if since is not None:
        cases = cases.where(Handoff.updated_at >= since)
    return list(dict.fromkeys(session.scalars(cases.order_by(Handoff.rank, Handoff.updated_at.desc()))))


def missing(session: Session, people: Sequence[int], machine: Translating | None) -> list[Missing]:
    """Of these people, the newest first, AT_ONCE at most. Those whom a machine was not asked for count while one may be now."""
    against = permission.against_each(session, people, machine)
    allowed = [person for person in people if not against[person]]
    line = (Translation.message_id == Message.id) & (Translation.language == ENGLISH)
    may_now = Translation.failure.in_(MAY_CHANGE) & Translation.retry_at.is_(None) & Chat.person_id.in_(allowed)
    query = (
        select(Message, Chat.person_id, Translation.id)
        .join(Chat, Chat.id == Message.chat_id)
        .outerjoin(Translation, line)
        .where(Chat.person_id.in_(people), Message.language != ENGLISH, Message.text != "")
        .where(Translation.id.is_(None) | may_now)
        .order_by(Message.id.desc())
        .limit(AT_ONCE)
    )
    return [Missing(m.id, person, m.sender, m.language, m.text, row) for m, person, row in session.execute(query)]


def made(
    session: Session, found: Iterable[Missing], knowledge: Snapshot, machine: Translating | None, listen: permission.Listen
) -> list[Made]:
    """Takes its time; `session` is only read."""
    found, rows = list(found), []
    against = permission.against_each(session, {one.person_id for one in found}, machine)
    for one in found:
        ours = own_words(one.language, knowledge).english(one.text, gaps=one.sender == "bot")
        if ours is not None:
            rows.append(Made(one, ours, OWN, "", wanted=False))
            continue
        failure = against[one.person_id]
        if one.sender == "bot":  # a line of ours that has been changed since
            failure = OWN
        elif machine is not None and not failure:
            failure = permission.against_text(one.text, machine, listen)
        rows.append(Made(one, written(gloss(one.text, one.language, knowledge)), GLOSS, failure, wanted=not failure))
    return rows


def write(session: Session, rows: Iterable[Made]) -> None:
    """What somebody else wrote meanwhile stays. A line that is there already gets the wish for a machine's alone."""
    at = now()
    for row in rows:
        wish = {"failure": row.failure or None, "retry_at": at if row.wanted else None}
        if row.missing.row is not None:
            still = update(Translation).where(Translation.id == row.missing.row, Translation.made_by == GLOSS)
            session.execute(still.values(attempts=0, **wish))
        elif session.get(Message, row.missing.message_id) is not None:  # else the person has deleted it
            values = {"message_id": row.missing.message_id, "language": ENGLISH, "text": row.text, "made_by": row.by, "at": at}
            insert_new(session, Translation, attempts=0, **values, **wish)

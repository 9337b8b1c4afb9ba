"""Somebody on legal hold has everything deleted: what stays, and where.

What stays is what a claim or a court may ask for: the messages and their translations, the hand-offs and referrals with their
history and notes, the consents, and which e-mails left us. It is put away: into chats of their own that no channel
reaches, so the person's conversation begins anew and nothing of this is used in it. Everything else goes at once. When
the hold ends, the next run of the rules deletes the rest (bot/conversation/keeping.py).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from bot import crypto
from bot.cases import handoffs
from bot.cases.models import CaseEvent, CaseNote, Handoff, Mail, Message, Referral
from bot.cases.states import OPEN
from bot.db.base import Base
from bot.people.models import Chat, Person, Plan, Reminder

CHANNEL = "held"  # no channel has this name
OUTCOME = "deleted"
STAYS = frozenset({CaseEvent.__tablename__, CaseNote.__tablename__, Mail.__tablename__})  # of what hangs on a case


def put_away(session: Session, person: Person, chats: Iterable[Chat], at: dt.datetime) -> None:
    """Referrals have been withdrawn, and nobody else holds the chats. The chats themselves are the caller's to clear."""
    mine = select(Handoff.id).where(Handoff.person_id == person.id)
    for case in session.scalars(select(Handoff).where(Handoff.person_id == person.id, Handoff.state.in_(OPEN))).all():
        handoffs.close(session, case, "person", OUTCOME)
    for chat in chats:
        away = _away(session, person, chat)
        for moved in (Message, Handoff, Referral):
            session.execute(update(moved).where(moved.chat_id == chat.id).values(chat_id=away.id))
    session.execute(delete(Plan).where(Plan.person_id == person.id))
    session.execute(delete(Reminder).where(Reminder.person_id == person.id))
    referred = select(Referral.id).where(Referral.person_id == person.id)
    for table in Base.metadata.sorted_tables:  # whatever else hangs on a case: tags, words to search by, what was not sent
        for key in table.foreign_keys:
            if table.name not in STAYS and key.column.table in (Handoff.__table__, Referral.__table__):
                session.execute(delete(table).where(key.parent.in_(mine if key.column.table is Handoff.__table__ else referred)))
    session.execute(delete(Mail).where(Mail.referral_id.in_(referred), Mail.state != "sent"))
    person.source, person.forgotten_at, person.last_seen_at = None, at, at


def _away(session: Session, person: Person, chat: Chat) -> Chat:
    """A chat that holds what was said in this one. Where it was is kept with it, sealed: a court asks who."""
    address = f"{person.id}:{chat.channel}:{chat.address}"
    hashed = crypto.pseudonym(CHANNEL, address)
    away = Chat(channel=CHANNEL, address=address, address_hash=hashed, person_id=person.id, stopped=True)
    session.add(away)
    session.flush()
    return away

"""Deleting cases and people, with everything that hangs on them, down to counts.

Tables that name a case by a foreign key go with it (ON DELETE CASCADE). What names it otherwise is looked for here: notices by the
reference, consents by their purpose. The audit keeps references; with the case gone they lead to nobody.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from bot.cases.counting import Gone
from bot.cases.models import Handoff, Message, Notice, Referral, StaffAlert
from bot.people.models import Chat, Consent, Person
from bot.recordings.models import PURPOSE


def handoffs(session: Session, ids: Sequence[int], gone: Gone) -> None:
    """These hand-offs, with the consents to hear what came in them, whatever their state: who may go is the caller's matter."""
    about = select(Handoff.reference, Handoff.created_at, Handoff.language, Handoff.outcome).where(Handoff.id.in_(ids))
    rows = session.execute(about).all()
    for _, began, language, outcome in rows:
        gone.add(began, language, f"handoff.{outcome or 'open'}")
    references = [row.reference for row in rows]
    _notices(session, "handoff", references)
    session.execute(delete(Consent).where(Consent.purpose.in_([f"{PURPOSE}{reference}" for reference in references])))
    session.execute(delete(Handoff).where(Handoff.id.in_(ids)))


def referrals(session: Session, ids: Sequence[int], gone: Gone) -> None:
    """These referrals, with the consent to each."""
    about = select(Referral.reference, Referral.created_at, Referral.state, Referral.outcome, Person.language)
    rows = session.execute(about.join(Person, Person.id == Referral.person_id).where(Referral.id.in_(ids))).all()
    for row in rows:
        gone.add(row.created_at, row.language, f"referral.{row.state}")
        if row.outcome:
            gone.add(row.created_at, row.language, f"said.{row.outcome}")
    references = [row.reference for row in rows]
    _notices(session, "referral", references)
    session.execute(delete(Consent).where(Consent.purpose.in_([f"referral:{reference}" for reference in references])))
    session.execute(delete(Referral).where(Referral.id.in_(ids)))


def messages(session: Session, ids: Sequence[int], gone: Gone) -> None:
    """These messages, with their translations."""
    about = select(Message.at, Message.language, Message.sender).where(Message.id.in_(ids))
    for at, language, sender in session.execute(about):
        gone.add(at, language, f"message.{sender}")
    session.execute(delete(Message).where(Message.id.in_(ids)))


def person(session: Session, person_id: int, gone: Gone) -> None:
    """The person, their chats and everything about them."""
    row = session.get_one(Person, person_id)
    gone.add(row.created_at, row.language, "person")
    cases(session, person_id, gone)
    said = select(Message.at, Message.language, Message.sender).join(Chat, Chat.id == Message.chat_id)
    for at, language, sender in session.execute(said.where(Chat.person_id == person_id)):
        gone.add(at, language, f"message.{sender}")
    session.execute(delete(Person).where(Person.id == person_id))
    session.expunge(row)


def cases(session: Session, person_id: int, gone: Gone) -> None:
    """All hand-offs and referrals of a person."""
    referrals(session, list(session.scalars(select(Referral.id).where(Referral.person_id == person_id))), gone)
    handoffs(session, list(session.scalars(select(Handoff.id).where(Handoff.person_id == person_id))), gone)


def _notices(session: Session, kind: str, references: Iterable[str]) -> None:
    objects = [f"{kind}:{reference}" for reference in references]
    for table in (Notice, StaffAlert):
        session.execute(delete(table).where(table.object.in_(objects)))

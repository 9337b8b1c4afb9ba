"""What we hold about a person, and making it gone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Table, delete, func, select
from sqlalchemy.orm import Session

from bot.cases import after_moves, erasing, holds, notices, putting_away, referrals, watchers
from bot.cases.counting import Gone
from bot.cases.models import CaseNote, Handoff, Mail, Message, Referral
from bot.cases.states import REFERRAL_ENDED
from bot.conversation.models import Inbox
from bot.db.base import Base, now
from bot.journeys import keeping as journey_keeping
from bot.journeys import rhythms
from bot.journeys.models import CheckIn, Outcome
from bot.mentoring import leaving, own
from bot.people.models import Chat, Person, Plan, Reminder
from bot.recordings import keeping as recordings
from bot.stories import leaving as story_leaving
from bot.stories.models import ToldStory
from bot.suggestions import erasing as suggestion_erasing
from bot.suggestions import telling
from bot.suggestions.models import Suggestion
from bot.talents import keeping as talent_keeping
from bot.talents.models import Talent


@dataclass(frozen=True)
class Held:
    """Everything we keep about one person, counted. `on_hold`: a legal duty keeps part of it."""

    language: str
    source: str | None
    messages: int
    plans: list[str]
    referrals: list[str]
    handoffs: list[str]
    reminders: int
    notes: int
    on_hold: bool
    suggestions: int = 0
    news: bool = False  # they are told once a month what was done with suggestions
    talents: int = 0
    journey: int = 0  # answers to check-ins, and outcomes
    rhythm: str = ""  # how often they are asked; "" for who never chose
    mentoring: bool = False  # they offered to be a mentor, or asked for one
    stories: int = 0  # also those that are over, until they go
    recordings: int = 0  # voice messages and videos that somebody may hear, or about which they are asked
    recordings_here: int = 0  # those of them that we keep ourselves


@dataclass(frozen=True)
class Forgotten:
    """`kept`: the references of what a legal hold keeps for now; `services`: who was told about the person before, by key."""

    kept: list[str]
    services: list[str]


def held(session: Session, person: Person) -> Held:
    messages = select(func.count(Message.id)).join(Chat, Chat.id == Message.chat_id).where(Chat.person_id == person.id)
    mine = select(Handoff.id).where(Handoff.person_id == person.id)
    referred = select(Referral.id).where(Referral.person_id == person.id)
    heard = recordings.of_person(session, person.id)
    notes = select(func.count(CaseNote.id)).where(CaseNote.handoff_id.in_(mine) | CaseNote.referral_id.in_(referred))
    return Held(
        language=person.language,
        source=person.source,
        messages=session.scalar(messages) or 0,
        plans=list(session.scalars(select(Plan.pathway).where(Plan.person_id == person.id))),
        referrals=list(session.scalars(select(Referral.reference).where(Referral.person_id == person.id))),
        handoffs=list(session.scalars(select(Handoff.reference).where(Handoff.person_id == person.id))),
        reminders=session.scalar(select(func.count(Reminder.id)).where(Reminder.person_id == person.id)) or 0,
        notes=session.scalar(notes) or 0,
        on_hold=holds.active(session, person.id) is not None,
        suggestions=session.scalar(select(func.count(Suggestion.id)).where(Suggestion.person_id == person.id)) or 0,
        news=telling.wants_news(session, person.id),
        talents=session.scalar(select(func.count(Talent.id)).where(Talent.person_id == person.id)) or 0,
        journey=_journey(session, person.id),
        rhythm=row.rhythm if (row := rhythms.of(session, person.id)) else "",
        mentoring=bool(own.of(session, person.id)),
        stories=session.scalar(select(func.count(ToldStory.id)).where(ToldStory.person_id == person.id)) or 0,
        recordings=len(heard),
        recordings_here=sum(row.is_here for row in heard),
    )


def _journey(session: Session, person_id: int) -> int:
    rows = [select(func.count(table.id)).where(table.person_id == person_id) for table in (CheckIn, Outcome)]
    return sum(session.scalar(query) or 0 for query in rows)


def forget(session: Session, person: Person) -> Forgotten:
    """Deletes everything about the person; counts stay (bot/cases/counting.py).

    The chats go on, empty, with a new person: so that the answer can still be sent. A day later they go, too, unless the person
    writes again (bot/conversation/keeping.py). Services that were told of the person are told that it has ended, without a word about
    them. What a legal hold keeps is put away (bot/cases/putting_away.py).
    """
    at = now()
    chats = list(session.scalars(select(Chat).where(Chat.person_id == person.id).order_by(Chat.id).with_for_update()))
    on_hold = holds.active(session, person.id) is not None
    services = _end_referrals(session, person)
    leaving.goes(session, person.id)
    talent_keeping.erase(session, person.id)
    story_leaving.goes(session, person.id)
    _erase_journey(session, person.id)
    told = _who_is_told(session, person)
    kept = held(session, person) if on_hold else None
    fresh = Person(
        language=person.language,
        language_confirmed=person.language_confirmed,
        welcomed=True,
        created_at=at,
        last_seen_at=at,
        forgotten_at=at,
    )
    session.add(fresh)
    session.flush()
    if on_hold:
        putting_away.put_away(session, person, chats, at)
    else:
        _erase(session, person, [chat.id for chat in chats])
    _empty(session, [chat.id for chat in chats])
    for chat in chats:
        chat.person_id, chat.dialogue, chat.draft, chat.created_at = fresh.id, None, None, at
        chat.held_by_handoff, chat.misunderstood, chat.unreachable_at = None, 0, None
    session.flush()
    if not on_hold:
        session.execute(delete(Person).where(Person.id == person.id))
    session.expire_all()
    for staff_ids, about in told:
        notices.tell(session, staff_ids, "deleted", about)
    return Forgotten(kept.handoffs + kept.referrals if kept else [], services)


def _erase_journey(session: Session, person_id: int) -> None:
    gone = Gone()
    journey_keeping.erase(session, person_id, gone)
    gone.write(session)


def _end_referrals(session: Session, person: Person) -> list[str]:
    """Whoever was told by e-mail is told by e-mail; those e-mails outlive the referral, and name only its reference."""
    services = []
    rows = session.scalars(select(Referral).where(Referral.person_id == person.id).order_by(Referral.id)).all()
    for referral in rows:
        if referral.state not in REFERRAL_ENDED:
            referrals.move(session, referral, "withdrawn", "person", "deleted")
        else:
            after_moves.tell_service(session, referral)
        if referral.sent_at is not None:
            services.append(referral.service)
        ending = (Mail.referral_id == referral.id) & Mail.origin.startswith("ended:") & (Mail.state == "queued")
        for mail in session.scalars(select(Mail).where(ending)):
            mail.referral_id, mail.origin = None, f"ended:{referral.reference}:{mail.id}"
    session.flush()
    return list(dict.fromkeys(services))


def _who_is_told(session: Session, person: Person) -> list[tuple[list[int], str]]:
    """Who holds a case that is now gone, and who passed a referral on otherwise than by e-mail and has to say that it has ended."""
    found = []
    held_now = (Handoff.person_id == person.id) & (Handoff.state != "closed") & Handoff.claimed_by.is_not(None)
    for reference, staff_id in session.execute(select(Handoff.reference, Handoff.claimed_by).where(held_now)):
        found.append(([int(staff_id or 0)], f"handoff:{reference}"))
    for referral in session.scalars(select(Referral).where(Referral.person_id == person.id, Referral.sent_at.is_not(None))):
        if referral.sent_by != "email":
            found.append((watchers.of(session, referral), f"referral:{referral.reference}"))
    return found


def _erase(session: Session, person: Person, chat_ids: Sequence[int]) -> None:
    gone = Gone()
    gone.add(person.created_at, person.language, "person")
    erasing.cases(session, person.id, gone)
    suggestion_erasing.of_people(session, [person.id], gone)
    erasing.messages(session, list(session.scalars(select(Message.id).where(Message.chat_id.in_(chat_ids)))), gone)
    gone.write(session)


def _empty(session: Session, chat_ids: Sequence[int]) -> None:
    """Every row that names these chats, in whatever table, except what the person wrote and nobody has answered yet."""
    for table in reversed(Base.metadata.sorted_tables):
        for column in (key.parent for key in table.foreign_keys if key.column.table is Chat.__table__):
            rows = delete(table).where(column.in_(chat_ids))
            session.execute(rows.where(table.c.state != "open") if _is_inbox(table) else rows)


def _is_inbox(table: Table) -> bool:
    return table is Inbox.__table__

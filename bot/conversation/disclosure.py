"""Everything we hold about a person, for the person: as it is stored, in the order in which it came.

Left out: notes that staff wrote for each other, which may speak of others and are shown by a person (`Held.notes` counts them);
copies (what waits to be sent, translations by machines, words by which a case is found); and the person's place in our tables.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.cases.models import Handoff, Message, Referral
from bot.journeys import outcomes
from bot.journeys.models import CheckIn, Outcome
from bot.mentoring import own
from bot.people.models import Chat, Consent, Person, Plan, Reminder
from bot.recordings import keeping
from bot.recordings.models import Recording
from bot.stories.models import ToldStory
from bot.suggestions.models import Suggestion
from bot.talents.models import Talent

MOST_MESSAGES = 1_000


@dataclass(frozen=True)
class Everything:
    """`left_out`: how many messages are older than the newest MOST_MESSAGES."""

    plans: list[Plan]
    handoffs: list[Handoff]
    referrals: list[Referral]
    consents: list[Consent]
    reminders: list[Reminder]
    messages: list[Message]
    left_out: bool
    suggestions: list[Suggestion] = field(default_factory=list)
    talents: list[Talent] = field(default_factory=list)
    check_ins: list[CheckIn] = field(default_factory=list)
    outcomes: list[Outcome] = field(default_factory=list)
    mentoring: own.Mine = field(default_factory=own.Mine)
    stories: list[ToldStory] = field(default_factory=list)
    recordings: list[Recording] = field(default_factory=list)


def everything(session: Session, person: Person) -> Everything:
    said = select(Message).join(Chat, Chat.id == Message.chat_id).where(Chat.person_id == person.id)
    newest = list(session.scalars(said.order_by(Message.id.desc()).limit(MOST_MESSAGES + 1)))
    waiting = (Reminder.person_id == person.id) & (Reminder.state == "waiting")
    return Everything(
        plans=list(session.scalars(select(Plan).where(Plan.person_id == person.id).order_by(Plan.id))),
        handoffs=list(session.scalars(select(Handoff).where(Handoff.person_id == person.id).order_by(Handoff.id))),
        referrals=list(session.scalars(select(Referral).where(Referral.person_id == person.id).order_by(Referral.id))),
        consents=list(session.scalars(select(Consent).where(Consent.person_id == person.id).order_by(Consent.id))),
        reminders=list(session.scalars(select(Reminder).where(waiting).order_by(Reminder.due_at))),
        messages=newest[:MOST_MESSAGES][::-1],
        left_out=len(newest) > MOST_MESSAGES,
        suggestions=list(session.scalars(select(Suggestion).where(Suggestion.person_id == person.id).order_by(Suggestion.id))),
        talents=list(session.scalars(select(Talent).where(Talent.person_id == person.id).order_by(Talent.id))),
        check_ins=list(session.scalars(select(CheckIn).where(CheckIn.person_id == person.id).order_by(CheckIn.id))),
        outcomes=outcomes.of(session, person.id, only_confirmed=False),
        mentoring=own.of(session, person.id),
        stories=list(session.scalars(select(ToldStory).where(ToldStory.person_id == person.id).order_by(ToldStory.id))),
        recordings=keeping.of_person(session, person.id),
    )

"""What people need from us: hand-offs to a caseworker, referrals to a service, and the words that were exchanged."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.ext.hybrid import hybrid_property
from sqlalchemy.orm import InstrumentedAttribute, Mapped, mapped_column, validates

from bot.cases.states import URGENCIES
from bot.db.base import Base, SecretJson, SecretText, Typed, UtcDateTime, now


class Handoff(Base):
    """A person asks for a person. `state`, `urgency`: see bot/cases/states.py; `rank` is the urgency as a number, 0 the most urgent.

    `language`, `need`, `area` are copies that the queue filters by. `waiting_since`: from when we owe an answer, or owed the last one.
    `target_at`: by when somebody should have answered, None until the clock has reckoned it; `escalated_at`: a lead was told.
    """

    __tablename__ = "handoffs"

    id: Mapped[int] = mapped_column(primary_key=True)
    reference: Mapped[str] = mapped_column(unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), index=True)
    chat_id: Mapped[int] = mapped_column(ForeignKey("chats.id", ondelete="CASCADE"), index=True)
    kind: Mapped[str]  # asked, danger, immigration, not_understood, technical, mentor
    urgency: Mapped[str]
    rank: Mapped[int] = mapped_column(default=len(URGENCIES) - 1)
    reason: Mapped[str] = mapped_column(SecretText)
    reach: Mapped[str] = mapped_column(SecretText)  # how the person wants to be reached
    state: Mapped[str] = mapped_column(default="waiting")
    claimed_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    outcome: Mapped[str | None]
    team_id: Mapped[int | None] = mapped_column(ForeignKey("teams.id", ondelete="SET NULL"))
    language: Mapped[str] = mapped_column(default="en")
    need: Mapped[str | None]
    area: Mapped[str | None]
    snoozed_until: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    waiting_since: Mapped[dt.datetime] = mapped_column(UtcDateTime, default=now)
    target_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    first_answered_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    escalated_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    updated_at: Mapped[dt.datetime] = mapped_column(UtcDateTime, default=now)
    created_at: Mapped[dt.datetime] = mapped_column(UtcDateTime, default=now)
    claimed_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    closed_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)

    @validates("urgency")
    def _ranked(self, _: str, urgency: str) -> str:
        self.rank = URGENCIES.index(urgency)
        return urgency


class Referral(Base):
    """A service is asked to help, with consent. `state`: see bot/cases/states.py. `made_from`: the button, tapped once."""

    __tablename__ = "referrals"

    id: Mapped[int] = mapped_column(primary_key=True)
    reference: Mapped[str] = mapped_column(unique=True)
    made_from: Mapped[str] = mapped_column(unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), index=True)
    chat_id: Mapped[int] = mapped_column(ForeignKey("chats.id", ondelete="CASCADE"))
    service: Mapped[str]
    need: Mapped[str]
    state: Mapped[str]
    shared: Mapped[Any] = mapped_column(SecretJson)
    consent_until: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    team_id: Mapped[int | None] = mapped_column(ForeignKey("teams.id", ondelete="SET NULL"), index=True)
    sent_by: Mapped[str | None]  # email, link, phone
    sent_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    reminded_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    follow_up_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)  # when the person is asked how it went
    outcome: Mapped[str | None]  # what the person said came of it: got_help, no_place, could_not_reach, not_for_me
    reminders: Mapped[int] = mapped_column(default=0)  # how often the service was reminded, see service_reminders.py
    follow_ups: Mapped[int] = mapped_column(default=0)  # how often the person was asked how it went
    created_at: Mapped[dt.datetime] = mapped_column(UtcDateTime, default=now)
    updated_at: Mapped[dt.datetime] = mapped_column(UtcDateTime, default=now)


class CaseEvent(Base):
    """Every move of a hand-off or referral: who, when, from what to what, why: a code, or what somebody typed (`Typed`), sealed."""

    __tablename__ = "case_events"

    id: Mapped[int] = mapped_column(primary_key=True)
    handoff_id: Mapped[int | None] = mapped_column(ForeignKey("handoffs.id", ondelete="CASCADE"), index=True)
    referral_id: Mapped[int | None] = mapped_column(ForeignKey("referrals.id", ondelete="CASCADE"), index=True)
    at: Mapped[dt.datetime] = mapped_column(UtcDateTime, default=now)
    actor: Mapped[str]  # "person", "bot", "staff:<id>"
    was: Mapped[str | None]
    becomes: Mapped[str]
    code: Mapped[str] = mapped_column("why", default="")
    words: Mapped[str | None] = mapped_column(SecretText)

    @hybrid_property
    def why(self) -> str:
        """The words, else the code. In a query it is the code: nothing is looked for in sealed words."""
        return self.words or self.code or ""

    @why.inplace.setter
    def _set_why(self, why: str) -> None:
        self.code, self.words = ("", str(why)) if isinstance(why, Typed) and why else (str(why), None)

    @why.inplace.expression
    @classmethod
    def _code(cls) -> InstrumentedAttribute[str]:
        return cls.code


class CaseTag(Base):
    __tablename__ = "case_tags"

    handoff_id: Mapped[int] = mapped_column(ForeignKey("handoffs.id", ondelete="CASCADE"), primary_key=True)
    tag: Mapped[str] = mapped_column(primary_key=True, index=True)


class CaseNote(Base):
    """What staff write for each other; the person never sees it. `mentions`: ids of staff."""

    __tablename__ = "case_notes"

    id: Mapped[int] = mapped_column(primary_key=True)
    handoff_id: Mapped[int | None] = mapped_column(ForeignKey("handoffs.id", ondelete="CASCADE"), index=True)
    referral_id: Mapped[int | None] = mapped_column(ForeignKey("referrals.id", ondelete="CASCADE"), index=True)
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    at: Mapped[dt.datetime] = mapped_column(UtcDateTime, default=now)
    text: Mapped[str] = mapped_column(SecretText)
    mentions: Mapped[Any] = mapped_column(JSON, default=list)
    once: Mapped[str | None] = mapped_column(unique=True)  # the form's token, so that a form sent twice is one note


class CaseWord(Base):
    """A word of a case as a pseudonym, so that encrypted text can be searched (bot/cases/searching.py)."""

    __tablename__ = "case_words"

    handoff_id: Mapped[int] = mapped_column(ForeignKey("handoffs.id", ondelete="CASCADE"), primary_key=True)
    word: Mapped[str] = mapped_column(primary_key=True, index=True)


class SavedView(Base):
    """A caseworker's own filter of the queue, under a name."""

    __tablename__ = "saved_views"

    id: Mapped[int] = mapped_column(primary_key=True)
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id", ondelete="CASCADE"), index=True)
    name: Mapped[str]
    filters: Mapped[Any] = mapped_column(JSON)


class ScheduledMessage(Base):
    """A caseworker's words that go out later. `state`: waiting, sent, cancelled."""

    __tablename__ = "scheduled_messages"

    id: Mapped[int] = mapped_column(primary_key=True)
    handoff_id: Mapped[int] = mapped_column(ForeignKey("handoffs.id", ondelete="CASCADE"), index=True)
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    body: Mapped[Any] = mapped_column(SecretJson)
    due_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    state: Mapped[str] = mapped_column(default="waiting")
    once: Mapped[str | None] = mapped_column(unique=True)  # the form's token


class ServiceLink(Base):
    """A one-time link by which a service reads a referral and answers it without an account. Only the token's hash is kept."""

    __tablename__ = "service_links"

    token_hash: Mapped[str] = mapped_column(primary_key=True)
    referral_id: Mapped[int] = mapped_column(ForeignKey("referrals.id", ondelete="CASCADE"), index=True)
    created_at: Mapped[dt.datetime] = mapped_column(UtcDateTime, default=now)
    expires_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    opened_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    answered_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    answer: Mapped[str | None]  # see service_links.ANSWERS
    note: Mapped[str | None] = mapped_column(SecretText)  # what they wrote with their answer
    question: Mapped[str | None] = mapped_column(SecretText)


class ServiceFlag(Base):
    """A service that people are sent to last, because it had no place too often (service_quality.py)."""

    __tablename__ = "service_flags"

    service: Mapped[str] = mapped_column(primary_key=True)
    no_place: Mapped[int]
    answers: Mapped[int]
    since: Mapped[dt.datetime] = mapped_column(UtcDateTime, default=now)
    looked_at: Mapped[dt.datetime] = mapped_column(UtcDateTime, default=now)


class Mail(Base):
    """An e-mail on its way. `state`: queued, sending, sent, failed. `origin` makes it unique, as in the outbox."""

    __tablename__ = "mails"

    id: Mapped[int] = mapped_column(primary_key=True)
    origin: Mapped[str] = mapped_column(unique=True)
    content: Mapped[Any] = mapped_column(SecretJson)  # to, subject, text, papers
    referral_id: Mapped[int | None] = mapped_column(ForeignKey("referrals.id", ondelete="CASCADE"), index=True)
    state: Mapped[str] = mapped_column(default="queued")
    attempts: Mapped[int] = mapped_column(default=0)
    not_before: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    lease_until: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    failure: Mapped[str | None]
    created_at: Mapped[dt.datetime] = mapped_column(UtcDateTime, default=now)
    sent_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)


class Notice(Base):
    """Something a member of staff should see in the console: ids and codes, never a person's words.

    `mailed_at`: an e-mail named it to them, or they had seen it before one could (bot/cases/notifying.py).
    """

    __tablename__ = "notices"

    id: Mapped[int] = mapped_column(primary_key=True)
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id", ondelete="CASCADE"), index=True)
    kind: Mapped[str]  # waiting, danger, mention, assigned, escalated, service_answered, person_answered ...
    object: Mapped[str]  # e.g. "handoff:H-7K3M9"
    at: Mapped[dt.datetime] = mapped_column(UtcDateTime, default=now)
    seen_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    mailed_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)


class StaffAlert(Base):
    """A line for the team's own Telegram chat. `state`: queued, sending, sent, failed. The words are made when it is sent."""

    __tablename__ = "staff_alerts"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]  # one of bot/cases/alerts.py
    object: Mapped[str] = mapped_column(index=True)
    at: Mapped[dt.datetime] = mapped_column(UtcDateTime, default=now)
    state: Mapped[str] = mapped_column(default="queued")
    attempts: Mapped[int] = mapped_column(default=0)
    not_before: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    lease_until: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    failure: Mapped[str | None]


class Translation(Base):
    """A message in English; made once for each message.

    `made_by`: libretranslate, openai, gloss (rough, from our lists), own (the program's own words), person (a caseworker wrote this,
    and `put_by` put it into the language that was sent). `failure`: why no machine has translated it (bot/translation/filling.py);
    `retry_at`: when one is asked, or asked again.
    """

    __tablename__ = "message_translations"
    __table_args__ = (UniqueConstraint("message_id", "language"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    message_id: Mapped[int] = mapped_column(ForeignKey("messages.id", ondelete="CASCADE"), index=True)
    language: Mapped[str]
    text: Mapped[str] = mapped_column(SecretText)
    made_by: Mapped[str]
    put_by: Mapped[str | None]
    failure: Mapped[str | None]
    attempts: Mapped[int] = mapped_column(default=0)
    retry_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    at: Mapped[dt.datetime] = mapped_column(UtcDateTime, default=now)


class LegalHold(Base):
    """A person's data that must not be deleted for now, and why it began and ended (bot/cases/holds.py)."""

    __tablename__ = "legal_holds"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), index=True)
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    why: Mapped[str] = mapped_column(SecretText)
    at: Mapped[dt.datetime] = mapped_column(UtcDateTime, default=now)
    ended_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    ended_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    ended_why: Mapped[str | None] = mapped_column(SecretText)


class DeletedCount(Base):
    """How many there were of what is deleted: all that is left of it (bot/cases/counting.py).

    `month`: in which it began, "2026-11". `kind`: person, message.<sender>, handoff.<outcome>, referral.<state>, said.<outcome>,
    outcome.<kind>, check_in.<answered or unanswered>.
    """

    __tablename__ = "deleted_counts"

    month: Mapped[str] = mapped_column(primary_key=True)
    language: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(primary_key=True)
    times: Mapped[int]


class RetentionRun(Base):
    """One row: when the rules of keeping were last followed, and from when on they may delete (bot/cases/retention.py)."""

    __tablename__ = "retention_runs"

    id: Mapped[int] = mapped_column(primary_key=True)
    ran_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    deletes_from: Mapped[dt.datetime] = mapped_column(UtcDateTime)


class Message(Base):
    """What was said in a chat, kept for the time named in the privacy text. `sender`: person, bot, staff.

    `kind`: what came that was no words (voice, video, photo, ...), which `text` names in brackets before the words beside it; "" for
    words alone, also where somebody types such a bracket.
    """

    __tablename__ = "messages"

    id: Mapped[int] = mapped_column(primary_key=True)
    chat_id: Mapped[int] = mapped_column(ForeignKey("chats.id", ondelete="CASCADE"))
    at: Mapped[dt.datetime] = mapped_column(UtcDateTime, default=now)
    sender: Mapped[str]
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    language: Mapped[str]
    text: Mapped[str] = mapped_column(SecretText)
    kind: Mapped[str] = mapped_column(default="", server_default="")
    outbox_id: Mapped[int | None] = mapped_column(ForeignKey("outbox.id", ondelete="SET NULL"))


# The queue reads its order, its filters and its counts from the first two alone; a case itself is looked up for its page only. An
# index that begins with the state, team or holder would draw SQLite, which knows no statistics, away from them.
_FILTERS = (
    Handoff.state,
    Handoff.team_id,
    Handoff.claimed_by,
    Handoff.language,
    Handoff.need,
    Handoff.area,
    Handoff.snoozed_until,
)
_QUEUED, _ENDED = text("closed_at IS NULL"), text("closed_at IS NOT NULL")
_ORDER = (Handoff.rank, Handoff.waiting_since, Handoff.id)
Index(
    "ix_handoffs_open", *_ORDER, *_FILTERS, Handoff.updated_at, Handoff.closed_at, sqlite_where=_QUEUED, postgresql_where=_QUEUED
)
Index("ix_handoffs_closed", Handoff.closed_at, Handoff.id, Handoff.rank, *_FILTERS, sqlite_where=_ENDED, postgresql_where=_ENDED)
Index("ix_handoffs_target", Handoff.target_at, sqlite_where=_QUEUED, postgresql_where=_QUEUED)
_IS_OPEN = text("state != 'closed'")
_IS_SNOOZED = text("snoozed_until IS NOT NULL")
Index("ix_handoffs_snoozed", Handoff.snoozed_until, sqlite_where=_IS_SNOOZED, postgresql_where=_IS_SNOOZED)
_IS_SCHEDULED = text("state = 'waiting'")
Index("ix_scheduled_messages_due", ScheduledMessage.due_at, sqlite_where=_IS_SCHEDULED, postgresql_where=_IS_SCHEDULED)
Index("ix_handoffs_silent", Handoff.updated_at, sqlite_where=_IS_OPEN, postgresql_where=_IS_OPEN)
Index("ix_handoffs_created", Handoff.created_at)
Index("ix_referrals_state", Referral.state, Referral.updated_at)
Index("ix_referrals_service", Referral.service)
_IS_ASKED = text("follow_up_at IS NOT NULL")
Index("ix_referrals_follow_up", Referral.follow_up_at, sqlite_where=_IS_ASKED, postgresql_where=_IS_ASKED)
Index("ix_referrals_consent", Referral.state, Referral.consent_until)
_IS_UNSENT = text("state IN ('queued', 'sending')")
Index("ix_mails_unsent", Mail.id, sqlite_where=_IS_UNSENT, postgresql_where=_IS_UNSENT)
Index("ix_staff_alerts_unsent", StaffAlert.id, sqlite_where=_IS_UNSENT, postgresql_where=_IS_UNSENT)
_IS_UNTOLD = text("seen_at IS NULL AND mailed_at IS NULL")
Index("ix_notices_untold", Notice.staff_id, Notice.at, sqlite_where=_IS_UNTOLD, postgresql_where=_IS_UNTOLD)
_IS_UNSEEN = text("seen_at IS NULL")
Index("ix_notices_unseen", Notice.staff_id, Notice.id, sqlite_where=_IS_UNSEEN, postgresql_where=_IS_UNSEEN)
_IS_WANTED = text("retry_at IS NOT NULL")
Index("ix_message_translations_retry", Translation.retry_at, sqlite_where=_IS_WANTED, postgresql_where=_IS_WANTED)
Index("ix_case_events_at", CaseEvent.at)
Index("ix_messages_chat", Message.chat_id, Message.id)
Index("ix_messages_at", Message.at)
Index("ix_messages_outbox", Message.outbox_id)  # deleting from the outbox looks for what names it
Index("ix_referrals_chat", Referral.chat_id)
Index("ix_notices_object", Notice.object)
Index("ix_notices_at", Notice.at)

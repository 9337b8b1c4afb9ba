"""How long cases are kept, and the steps by which the rules are followed. bot/conversation/sweeping.py takes them.

A hand-off about which nobody wrote or did anything for `close` days is closed, and the person is told. Who holds it is told
WARNING days before, and it is not closed sooner than that after the notice, however late the notice was. The same goes for
deleting it, `delete` days after it was closed. An open hand-off is never deleted; one of somebody who may be in danger and waits
for us is not even closed. What is on legal hold is closed, and not deleted.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, bindparam, delete, exists, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from bot.cases import crew, erasing, handoffs, holds, notices, telling
from bot.cases.counting import Gone
from bot.cases.models import CaseEvent, CaseNote, Handoff, Mail, Notice, Referral, ScheduledMessage
from bot.cases.states import OWED, REFERRAL_ENDED
from bot.db.base import Base
from bot.people.models import Chat, Person
from bot.settings import Settings
from bot.staff.models import Invitation

WARNING = dt.timedelta(days=7)
NOTICE_DAYS = 30  # of notices, of e-mails that are about no referral, of invitations after they expired
CLOSES_SOON, DELETED_SOON = "closes_soon", "deleted_soon"  # case events and notices
SILENT, UNANSWERED = "silent", "unanswered"  # outcomes: it was the person's turn, or ours
# written into the statement: only so is it seen that the partial indexes hold the answer (bot/cases/queues.py)
_CLOSED: ColumnElement[str] = bindparam("closed", "closed", literal_execute=True, unique=True)


@dataclass(frozen=True)
class Rules:
    """In days: words, then silence of a case, then a closed case."""

    keep: int
    close: int
    delete: int

    @classmethod
    def of(cls, settings: Settings) -> Rules:
        return cls(settings.keep_days, settings.close_after_days, settings.delete_after_days)


Ids = list[Any]  # values of a table's key
Condition = Callable[[Rules, dt.datetime], list[ColumnElement[bool]]]
Act = Callable[[Session, Ids, Rules, dt.datetime], int]


@dataclass(frozen=True)
class Step:
    """What is done with rows of one table: `where` says which are due, `act` does it and returns how many it did.

    `act` gets ids that were due a moment ago and are locked by nobody else now; at most `at_once` in one transaction.
    """

    name: str
    of: type[Base]
    where: Condition
    act: Act
    at_once: int = 50

    @property
    def key(self) -> ColumnElement[Any]:
        (key,) = self.of.__table__.primary_key
        return key


def silent(before: dt.datetime, at: dt.datetime) -> list[ColumnElement[bool]]:
    """Open hand-offs on which nothing has happened since `before`, on either side, and nothing is planned."""
    noted = exists().where(CaseNote.handoff_id == Handoff.id, CaseNote.at >= before)
    planned = exists().where(ScheduledMessage.handoff_id == Handoff.id, ScheduledMessage.state == "waiting")
    seen = exists().where(Person.id == Handoff.person_id, Person.last_seen_at >= before).correlate(Handoff)
    in_danger = (Handoff.rank == 0) & Handoff.state.in_(OWED)
    awake = or_(Handoff.snoozed_until.is_(None), Handoff.snoozed_until <= at)
    return [Handoff.state != _CLOSED, Handoff.updated_at < before, awake, ~in_danger, ~noted, ~planned, ~seen]


def warned(kind: str, since: InstrumentedAttribute[Any], until: dt.datetime | None = None) -> ColumnElement[bool]:
    """Whether a notice of this kind was given after `since`; and before `until`."""
    given = [CaseEvent.handoff_id == Handoff.id, CaseEvent.becomes == kind, CaseEvent.at >= since]
    return exists().where(*given, *([CaseEvent.at <= until] if until else []))


def closed(before: dt.datetime) -> list[ColumnElement[bool]]:
    """Hand-offs closed before then that no legal hold keeps."""
    return [Handoff.state == _CLOSED, Handoff.closed_at < before, ~holds.on_person(Handoff.person_id)]


def ended(before: dt.datetime, at: dt.datetime) -> list[ColumnElement[bool]]:
    """Referrals with which nothing more can be done since then: they have ended, or the consent has."""
    over = Referral.state.in_(REFERRAL_ENDED) | (Referral.consent_until < before)
    asked = or_(Referral.follow_up_at.is_(None), Referral.follow_up_at < at)
    return [over, Referral.updated_at < before, asked, ~holds.on_person(Referral.person_id)]


def _close_soon(rules: Rules, at: dt.datetime) -> list[ColumnElement[bool]]:
    return [*silent(at - dt.timedelta(rules.close) + WARNING, at), ~warned(CLOSES_SOON, Handoff.updated_at)]


def _close(rules: Rules, at: dt.datetime) -> list[ColumnElement[bool]]:
    return [*silent(at - dt.timedelta(rules.close), at), warned(CLOSES_SOON, Handoff.updated_at, at - WARNING)]


def _delete_soon(rules: Rules, at: dt.datetime) -> list[ColumnElement[bool]]:
    return [*closed(at - dt.timedelta(rules.delete) + WARNING), ~warned(DELETED_SOON, Handoff.closed_at)]


def _delete(rules: Rules, at: dt.datetime) -> list[ColumnElement[bool]]:
    return [*closed(at - dt.timedelta(rules.delete)), warned(DELETED_SOON, Handoff.closed_at, at - WARNING)]


def _warn(kind: str) -> Act:
    def act(session: Session, ids: Ids, rules: Rules, at: dt.datetime) -> int:
        """Without `handoffs.note`: to say that it was silent does not end the silence."""
        for case in session.scalars(select(Handoff).where(Handoff.id.in_(ids))):
            told = [case.claimed_by] if case.claimed_by is not None else []
            if not told and kind == CLOSES_SOON:
                told = crew.leads(session, case.team_id)
            notices.tell(session, told, kind, f"handoff:{case.reference}")
            session.add(CaseEvent(handoff_id=case.id, at=at, actor="bot", was=case.state, becomes=kind))
        return len(ids)

    return act


def _close_them(session: Session, ids: Ids, rules: Rules, at: dt.datetime) -> int:
    """Whose chat is being answered right now is left for the next run."""
    found = session.execute(select(Handoff.id, Handoff.person_id).where(Handoff.id.in_(ids))).all()
    free = free_people(session, {row.person_id for row in found})
    mine = [row.id for row in found if row.person_id in free]
    query = select(Handoff, Chat).join(Chat, Chat.id == Handoff.chat_id).where(Handoff.id.in_(mine), *_close(rules, at))
    rows = session.execute(query.order_by(Handoff.id)).all()
    for case, chat in rows:
        ours = case.state in OWED
        handoffs.close(session, case, "bot", UNANSWERED if ours else SILENT)
        if not chat.stopped and chat.unreachable_at is None:
            origin = f"silent:{case.id}:{at.timestamp():.0f}"
            key = "handoff.unanswered" if ours else "handoff.silent"
            telling.tell(session, case, key, origin=origin, goes_on=True, days=rules.close, delete=rules.delete)
    return len(rows)


def free_people(session: Session, people: Collection[int]) -> set[int]:
    """Those of them whose chats nobody holds; nobody takes them before this transaction ends."""
    all_of_them = session.execute(select(Chat.id, Chat.person_id).where(Chat.person_id.in_(people))).all()
    locking = select(Chat.id).where(Chat.person_id.in_(people)).order_by(Chat.id).with_for_update(skip_locked=True)
    locked = set(session.scalars(locking))
    return set(people) - {row.person_id for row in all_of_them if row.id not in locked}


def _delete_handoffs(session: Session, ids: Ids, rules: Rules, at: dt.datetime) -> int:
    return _counted(session, ids, erasing.handoffs)


def _delete_referrals(session: Session, ids: Ids, rules: Rules, at: dt.datetime) -> int:
    return _counted(session, ids, erasing.referrals)


def _counted(session: Session, ids: list[int], erase: Callable[[Session, list[int], Gone], None]) -> int:
    gone = Gone()
    erase(session, ids, gone)
    gone.write(session)
    return len(ids)


def rows_of(table: type[Base]) -> Act:
    """Deletes rows that are worth no count."""
    (key,) = table.__table__.primary_key

    def act(session: Session, ids: Ids, rules: Rules, at: dt.datetime) -> int:
        session.execute(delete(table).where(key.in_(ids)))
        return len(ids)

    return act


STEPS = (
    Step(CLOSES_SOON, Handoff, _close_soon, _warn(CLOSES_SOON)),
    Step("closed", Handoff, _close, _close_them),
    Step(DELETED_SOON, Handoff, _delete_soon, _warn(DELETED_SOON)),
    Step("handoffs", Handoff, _delete, _delete_handoffs),
    Step("referrals", Referral, lambda rules, at: ended(at - dt.timedelta(rules.delete), at), _delete_referrals),
    Step("notices", Notice, lambda _, at: [Notice.at < at - dt.timedelta(NOTICE_DAYS)], rows_of(Notice), 500),
    Step(
        "mails",
        Mail,
        lambda _, at: [
            Mail.referral_id.is_(None),
            Mail.state.in_(("sent", "failed")),
            Mail.created_at < at - dt.timedelta(NOTICE_DAYS),
        ],
        rows_of(Mail),
    ),
    Step("invitations", Invitation, lambda _, at: [Invitation.expires_at < at - dt.timedelta(NOTICE_DAYS)], rows_of(Invitation)),
    Step(
        "scheduled",
        ScheduledMessage,
        lambda rules, at: [ScheduledMessage.state != "waiting", ScheduledMessage.due_at < at - dt.timedelta(rules.keep)],
        rows_of(ScheduledMessage),
    ),
)

"""What shorter times of keeping would delete and close, counted before anybody confirms them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.cases import holds, retention
from bot.cases.models import Handoff, LegalHold, Message, Referral
from bot.cases.retention import Rules
from bot.settings import Settings


@dataclass(frozen=True)
class Lost:
    """What is due with the new days and is not with those of now. Requests are closed and deleted a week after a notice, not at
    once. `on_hold`: people of whom nothing is deleted, whatever the days."""

    messages: int = 0
    closing: int = 0
    handoffs: int = 0
    referrals: int = 0
    on_hold: int = 0

    @property
    def any(self) -> bool:
        return bool(self.messages or self.closing or self.handoffs or self.referrals)


def counts(session: Session, before: Settings, after: Settings, at: dt.datetime) -> Lost:
    """Nothing where no time became shorter."""
    was, will = Rules.of(before), Rules.of(after)
    holding = select(func.count(func.distinct(LegalHold.person_id))).where(LegalHold.ended_at.is_(None))
    return Lost(
        messages=_messages(session, will, at) - _messages(session, was, at) if will.keep < was.keep else 0,
        closing=_closing(session, will, at) - _closing(session, was, at) if will.close < was.close else 0,
        handoffs=_handoffs(session, will, at) - _handoffs(session, was, at) if will.delete < was.delete else 0,
        referrals=_referrals(session, will, at) - _referrals(session, was, at) if will.delete < was.delete else 0,
        on_hold=session.scalar(holding) or 0,
    )


def _messages(session: Session, rules: Rules, at: dt.datetime) -> int:
    old = [Message.at < at - dt.timedelta(rules.keep), ~holds.on_chat(Message.chat_id)]
    return session.scalar(select(func.count(Message.id)).where(*old)) or 0


def _closing(session: Session, rules: Rules, at: dt.datetime) -> int:
    silent = retention.silent(at - dt.timedelta(rules.close), at)
    return session.scalar(select(func.count(Handoff.id)).where(*silent)) or 0


def _handoffs(session: Session, rules: Rules, at: dt.datetime) -> int:
    return session.scalar(select(func.count(Handoff.id)).where(*retention.closed(at - dt.timedelta(rules.delete)))) or 0


def _referrals(session: Session, rules: Rules, at: dt.datetime) -> int:
    return session.scalar(select(func.count(Referral.id)).where(*retention.ended(at - dt.timedelta(rules.delete), at))) or 0

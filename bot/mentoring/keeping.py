"""How long what belongs to mentoring is kept: steps as in bot/cases/retention.py, taken by bot/conversation/sweeping.py.

Words between two go WORDS after they were written, also unread ones; those that a caseworker still has to look at stay until they have.
"""

from __future__ import annotations

import datetime as dt

from sqlalchemy import ColumnElement, exists, or_

from bot.cases.retention import Rules, Step, rows_of
from bot.mentoring.models import Mentor, MentorMessage, MentorPair, MentorWish, MentorWriting
from bot.mentoring.states import MENTOR_OVER, PAIR_LIVE

WORDS = dt.timedelta(days=14)
DRAFTS = dt.timedelta(days=14)  # an offer whose rules nobody agreed to
PAIRS = dt.timedelta(days=365)  # that are over: so long these two do not meet again


def _words(rules: Rules, at: dt.datetime) -> list[ColumnElement[bool]]:
    is_open = exists().where(
        MentorPair.id == MentorMessage.pair_id, MentorPair.alarm_at.is_not(None), MentorPair.handled_at.is_(None)
    )
    return [MentorMessage.at < at - WORDS, ~is_open]


def _pairs(rules: Rules, at: dt.datetime) -> list[ColumnElement[bool]]:
    is_open = MentorPair.alarm_at.is_not(None) & MentorPair.handled_at.is_(None)
    return [MentorPair.state.not_in(PAIR_LIVE), MentorPair.updated_at < at - PAIRS, ~is_open]


def _offers(rules: Rules, at: dt.datetime) -> list[ColumnElement[bool]]:
    """Drafts, and offers that are over; these not while a pair of theirs is kept."""
    draft = (Mentor.state == "draft") & (Mentor.updated_at < at - DRAFTS)
    over = Mentor.state.in_(MENTOR_OVER) & (Mentor.updated_at < at - dt.timedelta(rules.delete))
    return [or_(draft, over), ~exists().where(MentorPair.mentor_id == Mentor.id)]


def _wishes(rules: Rules, at: dt.datetime) -> list[ColumnElement[bool]]:
    old = MentorWish.updated_at < at - dt.timedelta(rules.delete)
    return [MentorWish.state == "ended", old, ~exists().where(MentorPair.wish_id == MentorWish.id)]


STEPS = (
    Step("mentor_words", MentorMessage, _words, rows_of(MentorMessage), 500),
    Step(
        "mentor_writing",
        MentorWriting,
        lambda _, at: [MentorWriting.until < at - dt.timedelta(days=1)],
        rows_of(MentorWriting),
        500,
    ),
    Step("mentor_pairs", MentorPair, _pairs, rows_of(MentorPair)),
    Step("mentors", Mentor, _offers, rows_of(Mentor)),
    Step("mentor_wishes", MentorWish, _wishes, rows_of(MentorWish)),
)

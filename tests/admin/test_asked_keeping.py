"""How long what was asked is kept: what one person asked as long as words are, the rest a year after it was last asked."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import select

from bot.cases.models import RetentionRun
from bot.conversation.keeping import UNKNOWN_AGE
from bot.conversation.sweeping import sweep
from bot.db.base import now
from bot.house import House
from bot.knowledge import unknown
from bot.knowledge.models import Unknown, UnknownWeek
from bot.training.models import Example


def test_words_go_and_what_staff_adopted_stays(house: House) -> None:
    keep = dt.timedelta(days=house.settings.keep_days + 1)
    ages = {
        "once old": (1, keep),
        "once new": (1, dt.timedelta(1)),
        "twice old": (2, keep),
        "twice ancient": (2, UNKNOWN_AGE + dt.timedelta(1)),
    }
    with house.sessions.begin() as session:
        session.add(RetentionRun(id=1, ran_at=now() - dt.timedelta(hours=1), deletes_from=now() - dt.timedelta(days=2)))
        session.add(Example(language="en", intent="find_help", text="zorb the wickle", digest="x", who="staff:1"))
        for words, (times, _) in ages.items():
            for _ in range(times):
                unknown.record(session, "word", "en", words)
        session.flush()
        for row in session.scalars(select(Unknown)):
            row.last_at = now() - ages[row.words][1]
    assert sweep(house)["unknown"] == 2
    with house.sessions() as session:
        assert {row.words for row in session.scalars(select(Unknown))} == {"once new", "twice old"}
        assert len(session.scalars(select(UnknownWeek)).all()) == 2
        assert session.scalars(select(Example)).one().text == "zorb the wickle"

"""Whoever steals the disk and not the key reads nothing that anybody wrote."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.cases import answering, handoffs, holds, moving, notes, referrals, scheduling
from bot.cases.models import CaseEvent
from bot.conversation import inbox
from bot.db.base import now
from bot.db.session import truncate_log
from bot.house import House
from bot.people.models import Chat, Consent
from tests.cases import office
from tests.cases.office import AMINA, BEA, LENA
from tests.privacy.conftest import on_disk

WORDS = ("kettle", "teapot", "saucer", "spoon", "napkin", "pepper", "mustard", "butter", "crumpet", "marmalade", "scone")


def everything_that_can_be_written(session: Session) -> None:
    w = iter(WORDS)
    inbox.receive(session, "web", f"address {next(w)}", "1", {"text": next(w)})
    case = office.ask(session, reason=next(w), reach=f"ring {next(w)}")
    chat = session.get_one(Chat, case.chat_id)
    office.says(session, chat, next(w))
    chat.draft = {"words": next(w)}
    answering.claim(session, case, AMINA)
    notes.add(session, AMINA, case, next(w), once="n")
    scheduling.schedule(session, case, AMINA, answering.prepared(session, case, next(w)), now() + dt.timedelta(days=1), once="s")
    answering.give_back(session, case, AMINA, f"my shift ends, {next(w)}")
    referral = referrals.make(session, chat, service="hub", need="legal", shared={"contact": next(w)}, made_from="1:0", told=None)
    moving.move(session, referral, "sent", AMINA, "by phone")
    moving.move(session, referral, "not_eligible", AMINA, "spoke to the butler")
    holds.put(session, case, LENA, f"a claim about {next(w)}")


def test_no_word_stands_in_the_files_of_the_database(at_work: House) -> None:
    with at_work.sessions.begin() as session:
        everything_that_can_be_written(session)
    assert truncate_log(at_work.database)
    stored = on_disk(at_work)
    found = [word for word in (*WORDS, "butler", "shift") if word.encode() in stored]
    assert found == [] and b"H-" in stored  # a reference is no secret


def test_what_staff_typed_as_a_reason_is_read_again_and_codes_can_be_looked_for(at_work: House) -> None:
    with at_work.sessions.begin() as session:
        case = office.ask(session)
        answering.claim(session, case, AMINA)
        answering.give_back(session, case, AMINA, "my shift ends")
        answering.claim(session, case, BEA)
        handoffs.close(session, case, f"staff:{BEA}", "helped")
    with at_work.sessions() as session:
        assert [row.why for row in session.scalars(select(CaseEvent).order_by(CaseEvent.id))][2:] == [
            "my shift ends",
            "",
            "helped",
        ]
        assert session.scalars(select(CaseEvent.becomes).where(CaseEvent.why == "helped")).one() == "closed"
        assert session.scalar(select(Consent.id)) is None

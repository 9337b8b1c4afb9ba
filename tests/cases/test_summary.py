"""The summary says what somebody must know before they write: who, what, how far, what may be shared, what is at risk."""

from __future__ import annotations

import datetime as dt

from bot.cases import answering, both_sides, referrals
from bot.cases.models import Message
from bot.cases.summary import summary
from bot.db.base import now
from bot.house import House
from bot.knowledge import snapshot
from bot.people import plans
from bot.people.models import Chat
from tests.cases.office import AMINA, ask, chat_of, says


def test_everything_on_one_screen(at_work: House) -> None:
    with at_work.sessions.begin() as session:
        chat = chat_of(session)
        chat.dialogue = {"loop": None, "slots": {"need": "housing", "area": "B16"}}
        plan = plans.save(session, chat.person_id, snapshot.current(session).pathways["nurse"], {"profession": "nurse"})
        plans.mark(session, plan, "english", "done")
        says(session, chat, "ما هي ضريبة المجلس؟ I got a PIP letter")
        session.add(Message(chat_id=chat.id, sender="bot", language="ar", text="ضريبة سنوية."))
        row = ask(session, reason="السكن", hours=at_work.hours)
        made = referrals.make(session, chat, service="hub", need="housing", shared={"need": "housing"}, made_from="1", told=None)
        found = summary(session, row)
    assert (found.language_name, found.need, found.area, found.team, found.asked) == ("Arabic", "housing", "B16", "Hub", "السكن")
    assert found.target_at is not None and not found.overdue
    assert found.plan is not None and (found.plan.step, found.plan.title, found.plan.profession) == (
        2,
        "Apply to the NMC",
        "nurse",
    )
    assert [message.text for message in found.said_last] == ["ضريبة سنوية."]
    assert [(one.purpose, one.shared, one.ended) for one in found.agreed] == [
        (f"referral:{made.reference}", {"need": "housing"}, False)
    ]
    (needs,) = found.needs
    assert (needs.who, needs.bring, needs.how, needs.languages) == ("People in B16.", "Your letters.", "Ring first.", ["ar"])
    assert [(one.as_written, one.name, one.meaning, one.confusion) for one in found.words] == [
        ("ضريبة المجلس", "Council Tax", "A yearly tax.", "Not rent."),
        ("PIP", "PIP", "Help.", ""),
    ]
    assert not found.risk.now and not found.risk.before and not found.risk.adviser


def test_risk_is_seen_also_when_it_was_before(at_work: House) -> None:
    with at_work.sessions.begin() as session:
        row = ask(session, urgency="danger", kind="danger")
        assert summary(session, row).risk.now
        answering.claim(session, row, AMINA)
        answering.close(session, row, AMINA, "helped")
        row.closed_at = now() - dt.timedelta(days=1)
        session.flush()
        ask(session, urgency="any", reason="thanks, one more question")
        found = summary(session, row).risk
        assert not found.now and found.before
        assert summary(session, ask(session, "other", kind="immigration")).risk.adviser


def test_the_words_are_the_persons_own_and_no_guess(at_work: House) -> None:
    with at_work.sessions.begin() as session:
        row = ask(session, reason="counsil tax and COUNCIL   TAX, please")
        assert [one.as_written for one in both_sides.recognised(session, row)] == ["COUNCIL   TAX"]
        says(session, session.get_one(Chat, row.chat_id), "nothing of that kind")
        assert len(both_sides.recognised(session, row)) == 1
    assert both_sides.as_written("«PIP»?", "pip") == "PIP" and both_sides.as_written("nothing", "pip") == "pip"

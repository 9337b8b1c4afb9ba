"""A whole referral: agreed to, sent by a real mail server, opened by the service, answered, followed up, ended."""

from __future__ import annotations

import asyncio
import re

import pytest

from bot.cases import consents, follow_ups, sending_out
from bot.cases.models import Referral
from bot.conversation import due_referrals
from bot.house import House
from bot.mail.sender import MailSender
from bot.mail.smtp import SmtpPost
from bot.staff.audit import verify
from tests.sendout import people
from tests.sendout.mailbox import Mailbox
from tests.sendout.people import NOON
from tests.sendout.site import Desk


@pytest.mark.parametrize("key", ["shelter", "wholly"])
def test_from_yes_to_got_help(house: House, amina: int, mailbox: Mailbox, runner: asyncio.Runner, key: str) -> None:
    with house.sessions.begin() as session:
        number = people.agreed(session, key).id
        people.send(session, house, session.get_one(Referral, number), amina)
    assert runner.run(MailSender(house, SmtpPost(mailbox.settings())).some()) == 1
    (mail,) = mailbox.taken
    body = mail.get_body()
    assert body is not None
    token = re.findall(r"/service/([A-Za-z0-9_-]{43,64})", body.get_content())[0]
    with house.sessions() as session:
        delivery = sending_out.delivery(session, session.get_one(Referral, number))
        assert delivery is not None and delivery.state == "sent" and not delivery.again

    desk = Desk(house, runner, token)
    assert desk.get().status_code == 200  # a scanner was here first
    assert "Somali" in desk.post("open").text
    assert "Thank you" in desk.post("answer", answer="accepted", note="Monday at ten").text
    assert desk.get().status_code == 404

    with house.sessions.begin() as session:
        referral = session.get_one(Referral, number)
        assert referral.state == "accepted" and [notice[1] for notice in people.noticed(session)] == ["service_answered"]
        referral.follow_up_at = NOON
    with house.sessions.begin() as session:
        assert due_referrals.due(session, house, NOON) == 1
    with house.sessions.begin() as session:
        referral = session.get_one(Referral, number)
        assert follow_ups.answer(session, referral, "got_help") == "noted"
        assert [(actor.partition(":")[0], becomes) for actor, becomes, _ in people.moves(session, referral)] == [
            ("person", "consent_given"),
            ("staff", "sent"),
            ("service", "opened"),
            ("service", "accepted"),
            ("bot", "follow_up"),
            ("person", "completed"),
        ]
        assert consents.holds(session, referral) and verify(session) is None
    assert runner.run(MailSender(house, SmtpPost(mailbox.settings())).some()) == 0 and len(mailbox.taken) == 1

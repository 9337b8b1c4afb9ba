"""An e-mail leaves once, later when it must, never after the consent has ended; nobody's words reach a log or stay behind."""

from __future__ import annotations

import asyncio
import datetime as dt
import logging

import pytest

from bot.cases import consents, sending_out
from bot.cases.models import Mail, Referral
from bot.db.base import now
from bot.house import House
from bot.mail import queue
from bot.mail.folder import FolderPost
from bot.mail.message import Message
from bot.mail.sender import MailSender, post_of
from bot.mail.smtp import SmtpPost
from bot.settings import Settings
from tests.sendout import people
from tests.sendout.mailbox import Mailbox

PLAIN = Message(to="desk@shelter.example", subject="a subject", text="some words")


def write(house: House, origin: str = "test:1", message: Message = PLAIN) -> int | None:
    with house.sessions.begin() as session:
        return queue.enqueue(session, message, origin=origin)


def send(house: House, mailbox: Mailbox) -> int:
    return asyncio.run(MailSender(house, SmtpPost(mailbox.settings(), step_seconds=2.0)).some())


def make_due(house: House) -> None:
    with house.sessions.begin() as session:
        for row in people.mails(session):
            row.not_before = row.lease_until = now() - dt.timedelta(seconds=1) if row.state != "sent" else None


def rows(house: House) -> list[Mail]:
    with house.sessions() as session:
        return people.mails(session)


def test_one_origin_is_one_mail_that_is_sent_once_and_then_erased(house: House, mailbox: Mailbox) -> None:
    assert write(house) is not None and write(house) is None
    assert [send(house, mailbox), send(house, mailbox)] == [1, 0]
    assert len(mailbox.taken) == 1
    (row,) = rows(house)
    assert row.state == "sent" and row.sent_at is not None
    assert row.content == {"to": PLAIN.to, "subject": PLAIN.subject, "text": "", "papers": [], "personal": False}


def test_what_is_refused_for_now_waits_longer_each_time_and_then_fails(house: House, mailbox: Mailbox) -> None:
    mailbox.answers = {"data": "451 try again"}
    write(house)
    waits = []
    for _ in range(queue.MAX_ATTEMPTS):
        assert send(house, mailbox) == 1 and send(house, mailbox) == 0  # not before its time
        (row,) = rows(house)
        if row.state == "queued" and row.not_before is not None:
            waits.append(round((row.not_before - now()) / dt.timedelta(minutes=1)))
        make_due(house)
    assert rows(house)[0].state == "failed" and "451" in (rows(house)[0].failure or "") and send(house, mailbox) == 0
    assert waits == sorted(waits) and 12 * 60 < sum(waits) < 24 * 60


def test_what_is_refused_for_good_fails_at_once_and_can_be_tried_again(house: House, amina: int, mailbox: Mailbox) -> None:
    mailbox.answers = {"rcpt": "550 no such mailbox"}
    with house.sessions.begin() as session:
        referral = people.agreed(session)
        people.send(session, house, referral, amina)
    assert send(house, mailbox) == 1
    with house.sessions.begin() as session:
        again = session.get_one(Referral, referral.id)
        found = sending_out.delivery(session, again)
        assert found is not None and (found.state, found.to, found.again) == ("failed", "desk@shelter.example", True)
        assert "550" in found.failure and "shelter" not in found.failure
        assert again.follow_up_at is None  # nobody is asked how it went with a service that never heard of them
        assert people.noticed(session) == [(amina, "mail_failed", f"referral:{referral.reference}")]
        assert sending_out.try_again(session, again, amina)
        assert again.follow_up_at is not None and not sending_out.try_again(session, again, amina)
    mailbox.answers = {}
    assert send(house, mailbox) == 1 and len(mailbox.taken) == 1


def test_a_mail_whose_consent_ended_while_it_waited_does_not_go(house: House, amina: int, mailbox: Mailbox) -> None:
    mailbox.answers = {"data": "451 try again"}
    with house.sessions.begin() as session:
        referral = people.agreed(session)
        people.send(session, house, referral, amina)
    assert send(house, mailbox) == 1
    with house.sessions.begin() as session:
        consents.withdraw(session, session.get_one(Referral, referral.id))  # even where nobody has called the mail back
    mailbox.answers = {}
    make_due(house)
    assert send(house, mailbox) == 0 and mailbox.taken == []
    (row,) = rows(house)
    assert (row.state, row.failure, row.content["text"]) == ("failed", queue.CONSENT_OVER, "")


def test_deleting_the_person_deletes_the_mail_also_while_it_is_being_sent(house: House, amina: int) -> None:
    with house.sessions.begin() as session:
        referral = people.agreed(session)
        people.send(session, house, referral, amina)
    with house.sessions.begin() as session:
        (due,) = queue.claim(session)
    with house.sessions.begin() as session:
        session.delete(session.get_one(Referral, referral.id))
    with house.sessions.begin() as session:
        assert people.mails(session) == []
        queue.mark_sent(session, due.number)
        assert queue.mark_retry(session, due.number, "x") is None and queue.mark_failed(session, due.number, "x") is None


def test_what_a_dead_sender_left_is_sent_when_its_lease_ends(house: House, mailbox: Mailbox) -> None:
    write(house)
    with house.sessions.begin() as session:
        assert len(queue.claim(session)) == 1
    assert send(house, mailbox) == 0
    with house.sessions.begin() as session:
        queue.release_abandoned(session)
    assert send(house, mailbox) == 1


def test_no_log_holds_an_address_a_subject_or_a_word(house: House, mailbox: Mailbox, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    for number, answers in enumerate(({"rcpt": "550 desk@shelter.example: some words"}, {"data": "451 a subject"}, {})):
        mailbox.answers = answers
        write(house, f"test:{number}")
        send(house, mailbox)
    write(house, "test:bad", Message(to="desk@shelter.example\nBcc: x@y.example", subject="a subject", text="some words"))
    send(house, mailbox)
    ours = "\n".join(record.getMessage() for record in caplog.records if record.name.startswith("bot"))
    assert ours.count("was not sent") == 3
    assert not any(word in ours for word in ("shelter", "a subject", "some words", "Bcc"))


def test_stopping_leaves_a_server_that_hangs(house: House, mailbox: Mailbox) -> None:
    mailbox.silent = "data"
    write(house)

    async def run() -> None:
        stop = asyncio.Event()
        running = asyncio.create_task(MailSender(house, SmtpPost(mailbox.settings(), step_seconds=1.0)).run(stop))
        await asyncio.to_thread(mailbox.is_silent.wait, 10)
        stop.set()
        await asyncio.wait_for(running, 5)

    asyncio.run(run())
    assert rows(house)[0].state == "sending"  # and due again at the next start


def test_without_a_server_mails_go_into_the_folder(settings: Settings, environ: dict[str, str], mailbox: Mailbox) -> None:
    assert isinstance(post_of(settings), FolderPost)
    assert isinstance(post_of(Settings.read(environ | mailbox.environ())), SmtpPost)

"""Killed in the middle of sending, an e-mail still arrives; when it arrives twice, both have the same Message-ID."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import func, select

from bot.cases.models import Mail
from bot.house import House
from bot.mail import queue
from bot.mail.message import Message
from bot.settings import ROOT
from tests.sendout.mailbox import Mailbox

MAILS = 60
PROGRAM = """
import asyncio
from bot.house import House
from bot.mail import queue
from bot.mail.sender import MailSender, post_of
from bot.settings import Settings

house = House.open(Settings.read())
with house.sessions.begin() as session:
    queue.release_abandoned(session)
print("ready", flush=True)
asyncio.run(MailSender(house, post_of(house.settings)).run(asyncio.Event()))
"""


@contextmanager
def program(environ: dict[str, str]) -> Iterator[None]:
    """A sender in a process of its own, killed at the end: no handler, no flush, no goodbye."""
    process = subprocess.Popen(
        [sys.executable, "-c", PROGRAM],
        env={**os.environ, **environ, "PYTHONPATH": str(ROOT), "PYTHONWARNINGS": "ignore"},
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None and process.stdout.readline() == "ready\n"
    try:
        yield
    finally:
        process.send_signal(signal.SIGKILL)
        process.wait()


def unsent(house: House) -> int:
    with house.sessions() as session:
        return session.scalar(select(func.count(Mail.id)).where(Mail.state != "sent")) or 0


def wait_until(house: House, wanted: int) -> None:
    until = time.monotonic() + 60
    while unsent(house) > wanted:
        assert time.monotonic() < until, f"{unsent(house)} mails are not sent"
        house.outbox_bell.wait(0.01)


@pytest.fixture
def many(house: House) -> House:
    with house.sessions.begin() as session:
        for number in range(MAILS):
            message = Message(to="desk@shelter.example", subject=f"number {number}", text="hello")
            queue.enqueue(session, message, origin=f"test:{number}")
    return house


def test_killed_while_the_server_keeps_it_waiting_it_is_sent_after_the_restart(
    house: House, environ: dict[str, str], mailbox: Mailbox
) -> None:
    mailbox.silent = "data"
    with house.sessions.begin() as session:
        queue.enqueue(session, Message(to="desk@shelter.example", subject="x", text="hello"), origin="test:1")
    with program(environ | mailbox.environ()):
        assert mailbox.is_silent.wait(30)
    assert mailbox.taken == [] and unsent(house) == 1
    mailbox.silent = ""
    with program(environ | mailbox.environ()):
        wait_until(house, 0)
    assert len(mailbox.taken) == 1


def test_killed_again_and_again_every_mail_arrives(many: House, environ: dict[str, str], mailbox: Mailbox) -> None:
    for left in (45, 30, 15, 0):
        with program(environ | mailbox.environ()):
            wait_until(many, left)
    arrived = Counter(mail["Message-ID"] for mail in mailbox.taken)
    assert len(arrived) == MAILS and {mail["Subject"] for mail in mailbox.taken} == {f"number {n}" for n in range(MAILS)}
    assert sum(arrived.values()) <= MAILS + 3 * queue.AT_ONCE  # what was in the air at each kill

"""A scheduled message goes out once, in order, at its time, whoever is killed; or its writer hears that it did not."""

from __future__ import annotations

import datetime as dt
import os
import signal
import subprocess
import sys
import threading

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from bot.cases import answering, scheduling
from bot.cases.models import Handoff, ScheduledMessage
from bot.conversation import clock
from bot.conversation.clock import Clock
from bot.conversation.models import Outbox
from bot.db.base import now
from bot.house import House
from bot.people.models import Chat
from bot.settings import ROOT
from tests.cases.office import AMINA, BEA, ask, case, going_out, history, refused, told

SOON = dt.timedelta(minutes=5)
DIES = """
import os, signal, sys
from bot.cases import scheduling
from bot.house import House
from bot.settings import Settings

house = House.open(Settings.read())
session = house.sessions()
session.begin()
assert scheduling.due(session) == int(sys.argv[1])
session.flush()
print("written", flush=True)
os.kill(os.getpid(), signal.SIGKILL)  # before the commit
"""


def put_by(session: Session, row: Handoff, text: str, *, once: str, after: dt.timedelta = SOON) -> bool:
    return scheduling.schedule(session, row, AMINA, answering.prepared(session, row, text), now() + after, once=once)


def promised(house: House, *texts: str) -> str:
    with house.sessions.begin() as session:
        row = ask(session)
        answering.claim(session, row, AMINA)
        for number, text in enumerate(texts):
            assert put_by(
                session, row, text, once=f"form-token-{number}", after=SOON * (len(texts) - number)
            )  # the last is due first
        return row.reference


def time_passes(house: House) -> None:
    with house.sessions.begin() as session:
        for row in session.scalars(select(ScheduledMessage)):
            row.due_at -= dt.timedelta(days=1)


def texts(house: House) -> list[str]:
    return [reply.text for reply in going_out(house) if reply.sender == "staff"]


def test_it_goes_out_at_its_time_in_order_and_once(at_work_on_each: House) -> None:
    house = at_work_on_each
    promised(house, "third", "second", "first")
    assert Clock(house).tick() == 0 and texts(house) == []
    time_passes(house)
    assert [Clock(house).tick(), Clock(house).tick()] == [3, 0]
    assert texts(house) == ["first", "second", "third"]


def test_two_clocks_at_once_send_each_once_and_keep_the_order(at_work_on_each: House) -> None:
    house = at_work_on_each
    promised(house, "third", "second", "first")
    time_passes(house)
    barrier, written = threading.Barrier(4), []

    def tick() -> None:
        barrier.wait()
        written.append(Clock(house).tick())

    threads = [threading.Thread(target=tick) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(written) == 3 and texts(house) == ["first", "second", "third"]


def test_killed_while_it_writes_nothing_is_lost_and_nothing_goes_twice(at_work_on_each: House, environ: dict[str, str]) -> None:
    house = at_work_on_each
    promised(house, "second", "first")
    time_passes(house)
    process = subprocess.run(
        [sys.executable, "-c", DIES, "2"],
        env={**os.environ, **environ, "PYTHONPATH": str(ROOT), "PYTHONWARNINGS": "ignore"},
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert (process.stdout.strip(), process.returncode) == ("written", -signal.SIGKILL), process.stderr
    assert texts(house) == []
    assert [Clock(house).tick(), Clock(house).tick()] == [2, 0]
    assert texts(house) == ["first", "second"]


def test_a_double_click_schedules_once(at_work: House) -> None:
    with at_work.sessions.begin() as session:
        row = ask(session)
        answering.claim(session, row, AMINA)
        assert [put_by(session, row, "hello", once="form-token-1") for _ in range(2)] == [True, False]
        assert [scheduling.reply_of(one).text for one in scheduling.waiting(session, row)] == ["hello"]


def test_it_can_be_taken_back_until_it_went_out(at_work: House) -> None:
    reference = promised(at_work, "hello")
    with at_work.sessions.begin() as session:
        row = case(session, reference)
        number = scheduling.waiting(session, row)[0].id
        assert [scheduling.cancel(session, row, AMINA, number) for _ in range(2)] == [True, False]
        other = ask(session, "other")
        assert not scheduling.cancel(session, other, AMINA, number)  # of another case
    time_passes(at_work)
    assert Clock(at_work).tick() == 0


def test_not_to_who_said_stop_and_not_in_a_case_that_ended_and_the_writer_hears(at_work: House) -> None:
    reference = promised(at_work, "hello")
    with at_work.sessions.begin() as session:
        session.execute(update(Chat).values(stopped=True))
        other = ask(session, "other")
        answering.claim(session, other, AMINA)
        put_by(session, other, "hello", once="form-token-9")
        answering.close(session, other, AMINA, "helped")
    time_passes(at_work)
    Clock(at_work).tick()
    assert texts(at_work) == []
    with at_work.sessions.begin() as session:
        row = case(session, reference)
        assert history(session, row)[-1] == ("bot", "claimed", "not_sent", "stopped")
        assert history(session, case(session, other.reference))[-1] == ("bot", "closed", "not_sent", "closed")
        assert told(session, AMINA).count(("not_sent", "handoff")) == 2
        assert session.scalars(select(ScheduledMessage.state)).all() == ["cancelled", "cancelled"]


def test_only_who_holds_it_within_bounds(at_work: House) -> None:
    with at_work.sessions.begin() as session:
        row = ask(session)
        words = answering.prepared(session, row, "hello")
        assert refused(scheduling.schedule, session, row, AMINA, words, now() + SOON, once="form-token-1") == "not_yours"
        answering.claim(session, row, BEA)
        for wrong in (now() - SOON, now() + dt.timedelta(days=181)):
            assert refused(scheduling.schedule, session, row, BEA, words, wrong, once="form-token-1") == "until"
        for number in range(scheduling.MOST):
            scheduling.schedule(session, row, BEA, words, now() + SOON, once=f"form-token-{number}")
        assert refused(scheduling.schedule, session, row, BEA, words, now() + SOON, once="form-token-99") == "scheduled_many"


def test_a_job_that_stumbles_stops_no_other(at_work: House) -> None:
    promised(at_work, "hello")
    time_passes(at_work)

    def stumbles(session: Session, house: House) -> int:
        raise ValueError

    before = dict(clock.JOBS)
    clock.JOBS.clear()
    clock.JOBS.update({"nothing": stumbles, **before})
    try:
        assert Clock(at_work).tick() == 1
    finally:
        clock.JOBS.clear()
        clock.JOBS.update(before)
    with at_work.sessions() as session:
        assert session.scalar(select(func.count()).select_from(Outbox).where(Outbox.origin.startswith("scheduled:"))) == 1

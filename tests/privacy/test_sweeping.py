"""What runs beside everything else: stops when it is told to, keeps the folder of e-mails as the database is, survives trouble."""

from __future__ import annotations

import asyncio
import datetime as dt
import os
from pathlib import Path

import pytest
from sqlalchemy import select, text

from bot.cases.models import Mail, RetentionRun
from bot.conversation import sweeping
from bot.conversation.personal_data import forget
from bot.conversation.sweeping import Sweeper
from bot.db.base import now
from bot.house import House
from bot.mail import queue
from bot.mail.composing import name_of
from bot.mail.folder import FolderPost
from bot.mail.message import Due, Message
from bot.mail.sweeping import UNFINISHED_SECONDS, sweep
from bot.people.models import Person
from tests.cases import office
from tests.privacy.test_forgetting import sent_out


def run_once(house: House) -> None:
    """Starts it and tells it to stop at once: it ends after what it is doing."""

    async def story() -> None:
        stop = asyncio.Event()
        running = asyncio.create_task(Sweeper(house).run(stop))
        await asyncio.sleep(0)
        stop.set()
        await asyncio.wait_for(running, 30)

    asyncio.run(story())


def test_it_looks_at_once_and_stops_when_it_is_told_to(house: House) -> None:
    run_once(house)
    with house.sessions() as session:
        assert session.scalars(select(RetentionRun)).one().deletes_from > now()


def test_what_was_deleted_is_out_of_the_log_after_a_look(house: House) -> None:
    with house.sessions.begin() as session:
        office.furnish(session)
    run_once(house)
    assert (house.settings.var / "useit.db-wal").stat().st_size == 0


def test_it_outlives_a_database_that_does_not_answer(house: House) -> None:
    with house.sessions.begin() as session:
        session.execute(text("DROP TABLE retention_runs"))
    run_once(house)


def test_it_stops_between_two_pieces(house: House) -> None:
    asked = iter([False, True])
    step = sweeping.STEPS[0]
    with house.sessions.begin() as session:
        session.add(RetentionRun(id=1, ran_at=now(), deletes_from=now()))
    assert sweeping.sweep(house, steps=(step,), stopping=lambda: next(asked)) == {step.name: 0}


def write_all(house: House) -> Path:
    """Each queued e-mail becomes a file, as without a mail server."""
    folder = house.settings.var / "mail"
    with house.sessions() as session:
        due = [Due(row.id, row.created_at, Message(to="", subject="", text="")) for row in session.scalars(select(Mail))]
    for one in due:
        FolderPost(folder)._write(name_of(one), b"somebody's words")
    return folder


def test_the_files_of_e_mails_go_with_their_rows(at_work: House) -> None:
    with at_work.sessions.begin() as session:
        person = session.get_one(Person, sent_out(session, "1:0", by="email").person_id)
        kept = queue.enqueue(session, Message(to="a@b.example", subject="s", text="t"), origin="about nobody")
    folder = write_all(at_work)
    (folder / "list of services.eml").write_text("ours")
    assert len(list(folder.iterdir())) == 3 and sweep(at_work.sessions, folder) == 0
    with at_work.sessions.begin() as session:
        forget(session, session.get_one(Person, person.id))
    assert sweep(at_work.sessions, folder) == 1
    names = [path.name for path in folder.iterdir()]
    assert len(names) == 2 and "list of services.eml" in names and any(name.endswith(f"-{kept}.eml") for name in names)


def test_an_id_that_was_given_again_saves_no_file(at_work: House) -> None:
    with at_work.sessions.begin() as session:
        number = queue.enqueue(session, Message(to="a@b.example", subject="s", text="t"), origin="first")
    folder = write_all(at_work)
    with at_work.sessions.begin() as session:
        session.delete(session.get_one(Mail, number))
        session.flush()
        again = Mail(id=number, origin="second", content={}, created_at=now() + dt.timedelta(seconds=1))
        session.add(again)
    assert sweep(at_work.sessions, folder) == 1 and list(folder.iterdir()) == []


@pytest.mark.parametrize(("age", "left"), [(UNFINISHED_SECONDS + 60, 0), (60, 1)])
def test_what_a_killed_program_left_half_written_goes(at_work: House, age: float, left: int) -> None:
    folder = at_work.settings.var / "mail"
    folder.mkdir()
    half = folder / ".20261126-100000-000000-1.new"
    half.write_text("half of somebody's words")
    then = now().timestamp() - age
    os.utime(half, (then, then))
    sweep(at_work.sessions, folder)
    assert len(list(folder.iterdir())) == left

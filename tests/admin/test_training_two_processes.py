"""A model that one process switches in is the one that the others answer with: two workers on one PostgreSQL."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.house import House
from bot.settings import ROOT, Settings
from bot.training import examples, own_models
from bot.training.models import Run
from engine import model
from tests.admin.flowing import (
    each_is_answered_once_and_in_order,
    listening,
    newest_message,
    open_messages,
    people_who_send,
    until,
)

# `./useit work`, which also writes down which model it answered which message with
WORK = """
import os, sys
from bot import cli
from bot.conversation import answering

answer, log = answering.answer, open(sys.argv[1], "a", buffering=1)

async def noted(house, engine, session, row, *rest):
    await answer(house, engine, session, row, *rest)
    print(os.getpid(), row.id, engine.archive.parent.name, engine.archive.name, file=log)

answering.answer = noted
sys.exit(cli.main(["work"]))
"""
NAME = "c" * 16
STARTING = 120.0


@dataclass(frozen=True)
class Answered:
    process: int
    message: int
    own: bool  # with the model that was trained here


@dataclass(frozen=True)
class Bureau:
    """Two workers, and what they wrote down."""

    house: House
    log: Path

    def answered(self, since: int = 0, to: int = sys.maxsize) -> list[Answered]:
        """By either worker, of the messages with these numbers."""
        lines = [line.split() for line in self.log.read_text().splitlines()]
        found = [
            Answered(int(pid), int(number), (folder, name) == ("own", f"{NAME}.tar.gz")) for pid, number, folder, name in lines
        ]
        return [one for one in found if since < one.message <= to]

    def both_answer(self, since: int) -> bool:
        return len({one.process for one in self.answered(since)}) == 2

    def switch_in(self) -> None:
        """As the console and `./useit model use` do it, in this third process."""
        with self.house.sessions.begin() as session:
            own_models.switch_in(session, self.house.settings, session.get_one(Run, 1), "staff:1")

    def switch_back(self) -> None:
        with self.house.sessions.begin() as session:
            own_models.switch_back(session, self.house.settings, own_models.SHIPPED, "staff:1")

    def all_use(self, name: str) -> bool:
        return listening(self.house) == [(name, None)] * 2


@contextmanager
def worker(environ: dict[str, str], log: Path) -> Iterator[None]:
    process = subprocess.Popen([sys.executable, "-c", WORK, str(log)], cwd=ROOT, env=environ, stderr=subprocess.DEVNULL)
    try:
        yield
        assert process.poll() is None, "a worker has ended"
    finally:
        process.kill()
        process.wait()


@pytest.fixture
def bureau(environ: dict[str, str], postgresql: str, archive: Path, tmp_path: Path) -> Iterator[Bureau]:
    """The shipped model is there, and one that a training has just made: the same under another name."""
    models, log = tmp_path / "models", tmp_path / "answered.log"
    for name, folder in ((archive.name.removesuffix(".tar.gz"), models), (NAME, models / "own")):
        folder.mkdir()
        copy = folder / f"{name}.tar.gz"
        shutil.copy(archive, copy)
        shutil.copy(model.seal_of(archive), model.seal_of(copy))
        shutil.copytree(model.hearing_of(archive), model.hearing_of(copy))
    given = {**environ, "USEIT_DATABASE_URL": postgresql, "USEIT_MODELS": str(models)}
    house = House.open(Settings.read(given))
    with house.sessions.begin() as session:
        mark = examples.tests_mark(examples.tests(session))
        run = Run(state="done", active=None, who="staff:1", model=NAME, against="", refused=[], tests_mark=mark)
        session.add(run)
        session.flush()
        own_models.keep(session, house.settings, NAME, run, 1)
    log.touch()
    everything = {**os.environ, **given, "PYTHONPATH": str(ROOT), "PYTHONWARNINGS": "ignore"}
    with worker(everything, log), worker(everything, log):
        made = Bureau(house, log)
        until(lambda: made.all_use(own_models.SHIPPED), STARTING)
        yield made
    house.database.dispose()


@pytest.mark.long
def test_what_one_process_switches_in_and_back_both_others_answer_with_and_no_message_is_lost(bureau: Bureau) -> None:
    house = bureau.house
    with people_who_send(house):
        until(lambda: bureau.both_answer(0))
        before_it = newest_message(house)
        until(lambda: open_messages(house, before_it) == 0)
        bureau.switch_in()
        until(lambda: bureau.all_use(NAME))
        since_it = newest_message(house)
        until(lambda: bureau.both_answer(since_it))
        before_back = newest_message(house)
        until(lambda: open_messages(house, before_back) == 0)
        bureau.switch_back()
        until(lambda: bureau.all_use(own_models.SHIPPED))
        since_back = newest_message(house)
        until(lambda: bureau.both_answer(since_back))
    each_is_answered_once_and_in_order(house)
    numbers = [one.message for one in bureau.answered()]
    assert len(set(numbers)) == len(numbers)  # not even tried twice
    assert {one.own for one in bureau.answered(0, before_it)} == {False}
    assert {one.own for one in bureau.answered(since_it, before_back)} == {True}
    assert {one.own for one in bureau.answered(since_back)} == {False}

"""From examples to a model in use: trained beside the conversation, judged, switched in, switched back, nothing lost."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from bot.app import load_engine
from bot.channels.cli import CommandLineChannel
from bot.conversation.worker import Worker
from bot.errors import RefusedError
from bot.house import House
from bot.knowledge.models import Unknown
from bot.training import examples, own_models, runs, trainer
from bot.training.models import ModelInUse, OwnModel, Run
from bot.training.serving import Serving
from engine import model
from tests.admin.flowing import each_is_answered_once_and_in_order, listening, open_messages, people_who_send, say, until
from tests.admin.tiny_project import LANGUAGES, tiny, tiny_models, tiny_root
from tests.console.desk import Desk
from tests.staff.people import Colleague

__all__ = ["tiny", "tiny_models", "tiny_root"]
ASKED = ("zorb wickle", "wickle zorbing grumbly")


def teach(house: House, *texts: str, intent: str = "find_help") -> None:
    with house.sessions.begin() as session:
        for text in texts:
            examples.add(session, house.settings.root, LANGUAGES, language="en", intent=intent, text=text, who="staff:1")


@contextlib.contextmanager
def answering(house: House) -> Iterator[Serving]:
    """A worker in a thread, and the thread that watches for another model: as bot.app.serve has them."""
    shipped = model.current(house.settings.root, house.settings.models)
    assert shipped is not None
    serving = Serving(house, load_engine(house, shipped), lambda archive: load_engine(house, archive))
    worker = Worker(house, serving.engine, {"cli": CommandLineChannel()}, newest=serving.newest)
    threads = [threading.Thread(target=part.run, daemon=True) for part in (worker, serving)]
    for thread in threads:
        thread.start()
    try:
        yield serving
    finally:
        for part, thread in zip((worker, serving), threads, strict=True):
            part.stop()
            thread.join(20)


def want_a_broken_one(house: House) -> int:
    """As if an archive had been made by a process that writes rubbish with a good seal. The number of the switch."""
    archive = own_models.archive_of(house.settings, "f" * 16)
    archive.write_bytes(b"rubbish")
    seal = model._sha256(archive)
    model.seal_of(archive).write_text(seal)
    with house.sessions.begin() as session:
        row = session.get_one(ModelInUse, 1)
        session.add(OwnModel(name="f" * 16, sha256=seal, base=model.fingerprint(house.settings.root), examples=0))
        row.number, row.name, row.sha256 = row.number + 1, "f" * 16, seal
        return row.number


def step_of(house: House, number: int) -> str:
    with house.sessions() as session:
        return session.get_one(Run, number).step


def meaning(house: House, archive: Path, text: str) -> str | None:
    return asyncio.run(load_engine(house, archive).parse(text)).intent


def test_two_messages_that_were_not_understood_become_a_model_that_is_switched_in_while_messages_flow(
    tiny: House, runner: asyncio.Runner
) -> None:
    desk = Desk(tiny, runner).log_in(Colleague.join(tiny, "bea", "admin"))
    with answering(tiny):
        for text in ASKED:
            say(tiny, "newcomer", text)
        until(lambda: open_messages(tiny) == 0)
    desk.get("/asked?kind=message")
    assert all(text in desk.text for text in ASKED)
    with tiny.sessions() as session:
        numbers = {row.words: row.id for row in session.scalars(select(Unknown).where(Unknown.kind == "message"))}
    for text in ASKED:
        desk.get(f"/asked/{numbers[text]}")
        desk.send(f"/asked/{numbers[text]}/example", text=f"please {text}", language="en", intent="find_help", use="teach")
        assert "The example is added" in desk.text
    desk.get("/training")
    given = {"language": "en", "intent": "find_help", "use": "test", "must": "yes"}
    desk.send("/training/examples", text="zorb wickle now", **given)
    desk.send("/training/examples", text="hello there", language="en", intent="greet", use="test")
    desk.send("/training/runs")
    assert "Waiting to begin" in desk.text
    assert trainer.once(tiny)
    desk.get("/training/runs/1")
    assert "Ready" in desk.text and "zorb wickle now" in desk.text and "Nothing important got worse" in desk.text
    with tiny.sessions() as session:
        run = session.get_one(Run, 1)
    assert (run.state, run.percent, run.refused, run.examples, run.active) == ("done", 100, [], 2, None), run.failure
    found = trainer.comparison(run)
    assert found is not None and found.own is not None
    assert (found.own.all.count, found.own.all.new.first) == (2, 1.0)
    assert {pair.name for pair in found.shipped.languages} == set(LANGUAGES)
    assert [(c.message.text, c.new, c.better) for c in found.changed if c.message.own] == [("zorb wickle now", "find_help", True)]
    assert not (tiny.settings.var / "training").exists()  # the lines do not stay there as plain text

    with answering(tiny) as serving, people_who_send(tiny):
        first = serving.engine
        desk.send("/training/runs/1/use")
        until(lambda: listening(tiny) == [(run.model, None)])
        second = serving.engine
        number = want_a_broken_one(tiny)
        until(lambda: [failure for _, failure in listening(tiny)] != [None])
        assert serving.engine is second  # it goes on answering
        desk.get("/training")
        assert "Not switched" in desk.text and "cannot be loaded" in desk.text and "still uses: Trained here" in desk.text
        desk.send("/training/back", model="")
        until(lambda: listening(tiny) == [(own_models.SHIPPED, None)])
    assert second.archive == own_models.archive_of(tiny.settings, str(run.model))
    assert serving.engine.archive == first.archive
    each_is_answered_once_and_in_order(tiny)
    with tiny.sessions() as session:
        assert own_models.wanted(session).number == number + 1
    assert meaning(tiny, second.archive, "zorb wickle now") == "find_help"


def test_killed_in_the_middle_it_is_failed_and_can_be_begun_anew(tiny: House) -> None:
    teach(tiny, "wickle zorber")
    with tiny.sessions.begin() as session:
        number = runs.begin(session, "staff:1").id
    thread = threading.Thread(target=trainer.once, args=(tiny,), daemon=True)
    thread.start()

    def children() -> list[int]:
        mine = (Path("/proc") / str(os.getpid()) / "task").glob("*/children")
        found = [int(pid) for path in mine for pid in path.read_text().split()]
        return [pid for pid in found if b"bot.training.child" in Path(f"/proc/{pid}/cmdline").read_bytes()]

    with tiny.sessions.begin() as session, pytest.raises(RefusedError) as refused:
        runs.begin(session, "staff:2")
    assert refused.value.reason == "training_runs"
    until(lambda: step_of(tiny, number) == "ears")
    assert os.getpriority(os.PRIO_PROCESS, children()[0]) > os.getpriority(os.PRIO_PROCESS, 0)  # it gives way
    os.kill(children()[0], signal.SIGKILL)
    thread.join(20)
    with tiny.sessions.begin() as session:
        run = session.get_one(Run, number)
        assert (run.state, run.failure, run.active) == ("failed", "killed", None)
        assert session.scalars(select(OwnModel)).all() == []
        assert runs.begin(session, "staff:1").state == "waiting"
    assert not (tiny.settings.var / "training").exists()

"""Trains, judges and writes down what came of it, while the conversation goes on: the work is done by a child that gives way.

Killed at any moment, nothing is in use that was not before; the run is marked failed, and can be begun anew.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
from sqlalchemy.exc import DBAPIError

from bot.db.session import read_only
from bot.errors import PermanentError, TransientError, UseItError
from bot.house import House
from bot.training import comparing, examples, messages, own_models, processes, runs, workshop
from bot.training.comparing import Comparison, Heard, Message
from bot.training.models import Run
from engine.errors import ModelError

log = logging.getLogger(__name__)
LOOK_SECONDS = 2.0
NEEDED_MB = 900  # what training takes at its height (docs/admins.md), and a little
Stopping = Callable[[], bool]


class Trainer:
    """One a process, in a thread: takes the run that waits."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._stop = threading.Event()

    def run(self) -> None:
        """Until `stop`. Survives a database that is away."""
        while not self._stop.wait(LOOK_SECONDS):
            try:
                once(self._house, self._stop.is_set)
            except DBAPIError as error:
                log.warning("the database does not answer: %s", type(error.orig).__name__)
            except Exception as error:  # the thread must outlive anything
                log.error("the trainer stumbled: %s", type(error).__name__)

    def stop(self) -> None:
        self._stop.set()


def once(house: House, stopping: Stopping = lambda: False) -> bool:
    """Carries out the run that waits; False when there is none. What fails is written into the run."""
    with read_only(house.sessions) as session:
        if not any(run.active for run in runs.newest(session, 1)):
            return False
    with house.sessions.begin() as session:
        runs.end_lost(session)
        run = runs.take(session)
    if run is None:
        return False
    try:
        _carry_out(house, run, stopping)
    except (UseItError, ModelError, OSError) as error:
        log.warning("training %d ended: %s", run.id, error)
        with house.sessions.begin() as session:
            runs.fail(session, run.id, str(error))
    return True


def _carry_out(house: House, run: Run, stopping: Stopping) -> None:
    if (free := free_megabytes()) is not None and free < NEEDED_MB:
        raise TransientError(f"memory: {free} MB are free and {NEEDED_MB} are needed")
    with read_only(house.sessions) as session:
        house.refresh(session)
        settings = house.settings
        taught, probes, against = examples.active(session), examples.tests(session), own_models.wanted(session)
        old = own_models.locate(session, settings, against)
    asked = messages.asked(settings.root, settings.languages, probes)
    with workshop.made(settings.root, settings.var / "training", taught) as folder:
        work = _Work(house, run.id, settings.var / "training.log", folder / "tmp", stopping)
        name = work.train(folder)
        new = work.judge(own_models.archive_of(settings, name), asked, "judging_new")
        before = work.judge(old, asked, "judging_old")
    found = comparing.compare(asked, before, new)
    with house.sessions.begin() as session:
        own_models.keep(session, settings, name, run, len(taught))
        runs.finish(
            session,
            run.id,
            **_columns(found),
            model=name,
            against=against.name,
            examples=len(taught),
            tests_mark=examples.tests_mark(probes),
        )
        own_models.prune(session, settings)


def _columns(found: Comparison) -> dict[str, Any]:
    return {"refused": found.refused, "result": msgspec.to_builtins(found)}


def comparison(run: Run) -> Comparison | None:
    """What a run that is done has found."""
    return msgspec.convert(run.result, Comparison) if run.result else None


class _Work:
    """The child's two kinds of work, with the run's signs of life."""

    def __init__(self, house: House, number: int, log: Path, tmp: Path, stopping: Stopping) -> None:
        self._house, self._number, self._stopping = house, number, stopping
        log.write_bytes(b"")
        self._where = {"log": log, "tmp": tmp}

    def train(self, folder: Path) -> str:
        """The name of the model. Raises what `processes.heard` raises."""
        settings = self._house.settings
        own_models.folder(settings).mkdir(parents=True, exist_ok=True)
        to = (own_models.folder(settings), *filter(None, (settings.encoder,)))
        for told in self._hear("train", folder, *to):
            if "step" in told:
                self._report(told["step"])
            if "made" in told:
                return str(told["made"]).removesuffix(".tar.gz")
        raise PermanentError("no model was made")

    def judge(self, archive: Path, asked: list[Message], step: str) -> list[Heard]:
        self._report(step)
        given = {"languages": self._house.settings.languages, "texts": [message.text for message in asked]}
        for told in self._hear("judge", archive, given=given):
            if "answers" in told:
                return [_heard(parse) for parse in told["answers"]]
        raise PermanentError("nothing was judged")

    def _hear(self, *arguments: str | Path, given: Any = None) -> Any:
        return processes.heard(arguments, **self._where, beat=self._report, stopping=self._stopping, given=given)

    def _report(self, step: str | None = None) -> None:
        runs.report(self._house.sessions, self._number, step)


def _heard(parse: dict[str, Any]) -> Heard:
    near = tuple(str(ranked["intent"]) for ranked in parse["ranking"])
    return Heard(str(parse["intent"]), float(parse["confidence"]), str(parse["lang"]), near)


def free_megabytes() -> int | None:
    """Memory a new process may take, with what may be swapped out; None where the system does not say."""
    try:
        lines = Path("/proc/meminfo").read_text(encoding="ascii").splitlines()
    except OSError:
        return None
    kilobytes = {line.partition(":")[0]: int(line.split()[1]) for line in lines}
    return (kilobytes.get("MemAvailable", 0) + kilobytes.get("SwapFree", 0)) // 1024

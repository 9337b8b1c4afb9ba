"""The office of tests/cases, and commands as real processes beside the test."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest

from bot import cli, crypto
from bot.house import House
from bot.settings import ROOT
from tests.cases.conftest import at_work, at_work_on_each

__all__ = ["at_work", "at_work_on_each"]
Run = Callable[..., "Done"]


@pytest.fixture(autouse=True)
def keys_of_this_test() -> Iterator[None]:
    """The keys are the process's: the next test puts its own in place, and must not find ours."""
    before = crypto._Here.ring, crypto._Here.again
    yield
    crypto._Here.ring, crypto._Here.again = before


@dataclass(frozen=True)
class Done:
    """What a command wrote and returned."""

    returncode: int
    stdout: str
    stderr: str


@pytest.fixture
def keys(environ: dict[str, str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """`./useit keys ...` in the environment of this test. This process keeps the keys it had, as one that runs beside it."""

    def run(*arguments: str, **more: str) -> Done:
        mine = crypto._Here.ring, crypto._Here.again, crypto._Here.looked
        with monkeypatch.context() as patch:
            for name, value in (environ | more).items():
                patch.setenv(name, value)
            returned = cli.main(["keys", *arguments])
        crypto._Here.ring, crypto._Here.again, crypto._Here.looked = mine
        said = capsys.readouterr()
        return Done(returned, said.out, said.err)

    return run


def command(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "bot.cli", "keys", *arguments]


def surrounding(environ: dict[str, str]) -> dict[str, str]:
    return {**os.environ, **environ, "PYTHONPATH": str(ROOT), "PYTHONWARNINGS": "ignore"}


def on_disk(house: House) -> bytes:
    """Everything that stands in the files of the SQLite database."""
    folder = house.settings.var
    return b"".join(path.read_bytes() for path in sorted(folder.glob("useit.db*")))

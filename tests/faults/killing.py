"""A world to kill in: the program as real processes, a person's side that only talks to the database, as the edges do."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

from bot.settings import ROOT

PROGRAM = """
import asyncio, sys, threading
from pathlib import Path
from bot import app
from bot.conversation.sender import Sender
from bot.conversation.worker import Worker
from bot.house import House
from bot.settings import Settings
from tests.faults.recording import RecordingChannel

house = House.open(Settings.read())
engine = app.load_engine(house, Path(sys.argv[1]))
app.recover(house)
channels = {"record": RecordingChannel(house.settings.var / "delivered.log")}
threading.Thread(target=Worker(house, engine, channels).run, daemon=True).start()
print("ready", flush=True)
asyncio.run(Sender(house, channels).run(asyncio.Event()))
"""


class Program:
    """The conversation worker and the sender in a process that can be killed."""

    def __init__(self, environ: dict[str, str], archive: Path) -> None:
        self._environ = {**os.environ, **environ, "PYTHONPATH": str(ROOT), "PYTHONWARNINGS": "ignore"}
        self._archive = archive
        self.starts = 0
        self._process: subprocess.Popen[str] | None = None

    def start(self) -> None:
        """Returns when the program is ready."""
        self._process = subprocess.Popen(
            [sys.executable, "-c", PROGRAM, str(self._archive)],
            env=self._environ,
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        self.starts += 1
        assert self._process.stdout is not None
        assert self._process.stdout.readline().strip() == "ready"

    def kill(self) -> None:
        """SIGKILL: no handler, no flush, no goodbye."""
        if self._process is not None:
            self._process.send_signal(signal.SIGKILL)
            self._process.wait()
            self._process = None

"""A world to kill in: the program as real processes, a person's side that only talks to the database, as the edges do."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

from bot.settings import ROOT

# people who talk while processes die. CI has minutes; `USEIT_KILLED_CONVERSATIONS=200 ./useit test tests/faults` is the long form
CONVERSATIONS = int(os.environ.get("USEIT_KILLED_CONVERSATIONS", "24"))
IS_LONG = CONVERSATIONS >= 200

PROGRAM = """
import asyncio, sys, threading
from pathlib import Path
from bot import app
from bot.db.session import read_only
from bot.knowledge import snapshot
from bot.conversation.sender import Sender
from bot.conversation.worker import Worker
from bot.house import House
from bot.settings import Settings
from tests.faults.recording import RecordingChannel

house = House.open(Settings.read())
engine = app.load_engine(house, Path(sys.argv[1]))
channels = {"record": RecordingChannel(house.settings.var / "delivered.log")}
with read_only(house.sessions) as session:
    assert snapshot.current(session).term_index  # as `./useit up` does: no turn holds the database while it is made
worker = Worker(house, engine, channels)
if sys.argv[2] == "worker":
    print("ready", flush=True)
    worker.run()
app.recover(house)
threading.Thread(target=worker.run, daemon=True).start()
print("ready", flush=True)
asyncio.run(Sender(house, channels).run(asyncio.Event()))
"""


class Program:
    """A process that can be killed: a worker with the sender (`what` "both"), one more worker ("worker"), or `./useit up` ("up")."""

    def __init__(self, environ: dict[str, str], archive: Path, what: str = "both") -> None:
        self._environ = {**os.environ, **environ, "PYTHONPATH": str(ROOT), "PYTHONWARNINGS": "ignore"}
        self._command = ["-m", "bot.cli", "up"] if what == "up" else ["-c", PROGRAM, str(archive), what]
        self._ready = "Stop with Ctrl-C." if what == "up" else "ready"
        self._process: subprocess.Popen[str] | None = None

    def start(self) -> None:
        """Returns when the program is ready."""
        self._process = subprocess.Popen(
            [sys.executable, *self._command],
            env=self._environ,
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        assert self._process.stdout is not None
        assert any(line.strip() == self._ready for line in self._process.stdout), "it did not start"

    def kill(self) -> None:
        """SIGKILL: no handler, no flush, no goodbye."""
        if self._process is not None:
            self._process.send_signal(signal.SIGKILL)
            self._process.wait()
            self._process = None

"""Starting a child, hearing its lines, and ending it with all that it started."""

from __future__ import annotations

import contextlib
import json
import os
import queue
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from bot.errors import PermanentError, TransientError
from bot.settings import ROOT

BEAT = 2.0  # seconds between two looks at whether it is to stop
# nothing else of our surroundings, in which keys and tokens stand, is needed to train
PASSED_ON = ("PATH", "LANG", "LC_ALL", "LD_LIBRARY_PATH", "VIRTUAL_ENV", "HOME")


def heard(
    arguments: Sequence[str | Path],
    *,
    log: Path,
    tmp: Path,
    beat: Callable[[], None],
    stopping: Callable[[], bool],
    given: Any = None,
) -> Iterator[dict[str, Any]]:
    """What `bot.training.child` tells, line by line. `beat` is called every BEAT seconds while it works; what it raises ends the child.

    Raises TransientError ("stopped", when `stopping` said so; "killed", when somebody or the system ended it) and PermanentError
    with the last line of its log.
    """
    with log.open("ab") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "bot.training.child", *map(str, arguments)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=output,
            cwd=ROOT,
            env=_surroundings(tmp),
            start_new_session=True,
        )
    assert process.stdin is not None and process.stdout is not None
    try:
        with contextlib.suppress(BrokenPipeError), process.stdin as line:
            line.write(json.dumps(given).encode())
        lines: queue.Queue[bytes] = queue.Queue()
        threading.Thread(target=_read, args=(process.stdout, lines), daemon=True).start()
        while True:
            try:
                told = lines.get(timeout=BEAT)
            except queue.Empty:
                told = None
            if stopping():
                raise TransientError("stopped")
            beat()
            if told == b"":
                break
            if told is not None:
                yield json.loads(told)
        if code := process.wait():
            if code < 0:
                raise TransientError("killed")
            raise PermanentError(_last_line(log))
    finally:
        if process.returncode != 0:  # what it started may live on without it
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        process.stdout.close()


def _read(stream: Any, lines: queue.Queue[bytes]) -> None:
    with contextlib.suppress(ValueError):  # closed under us
        for told in stream:
            lines.put(told)
    lines.put(b"")


def _surroundings(tmp: Path) -> dict[str, str]:
    found = {name: os.environ[name] for name in PASSED_ON if name in os.environ}
    quiet = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MALLOC_ARENA_MAX": "1", "PYTHONWARNINGS": "ignore"}
    return found | quiet | {"TMPDIR": str(tmp)}


def _last_line(log: Path) -> str:
    lines = log.read_text(encoding="utf-8", errors="replace").strip().splitlines()
    return lines[-1][:300] if lines else "no output"

"""The reading process as the program holds it: started when a photo is there, ended when none has come for a while.

Reading takes 700 MB that Python would keep; a process gives them back when it ends.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import sys
import time
from asyncio.subprocess import DEVNULL, PIPE, Process

import msgspec

from bot.errors import TransientError
from bot.photos import frames
from bot.photos.frames import Answer
from bot.settings import ROOT

IDLE_SECONDS = 60.0
LONGEST_SECONDS = 90.0  # starting and reading one photo; on two busy cores a page takes ten
GOODBYE_SECONDS = 5.0
# nothing else of our surroundings, in which keys and tokens stand, is for a process that opens strangers' files
PASSED_ON = ("PATH", "LANG", "LC_ALL", "LD_LIBRARY_PATH", "VIRTUAL_ENV")


class ReadingProcess:
    """One process, one photo at a time. Belongs to one event loop."""

    def __init__(
        self, megabytes: int, *, longest: float = LONGEST_SECONDS, idle: float = IDLE_SECONDS, module: str = "bot.photos.child"
    ) -> None:
        """`megabytes`: how much memory it may ask for; more makes it fail and not the machine."""
        self._command = [sys.executable, "-m", module, str(megabytes)]
        self._longest, self._idle = longest, idle
        self._process: Process | None = None
        self._used = 0.0

    @property
    def pid(self) -> int | None:
        """Of the process that runs now; None between photos."""
        return self._process.pid if self._process is not None and self._process.returncode is None else None

    async def read(self, photo: bytes) -> Answer:
        """What stands in the photo. Raises TransientError when the process ended or took too long; it is then gone.

        Cancelled in the middle, the process is gone too.
        """
        try:
            async with asyncio.timeout(self._longest):
                return await self._ask(photo)
        except TimeoutError:
            await self.kill()
            raise TransientError("reading a photo took too long") from None
        except (OSError, asyncio.IncompleteReadError, msgspec.MsgspecError) as error:
            await self.kill()
            raise TransientError(f"the reading process ended ({type(error).__name__})") from None
        except asyncio.CancelledError:
            await self.kill()
            raise
        finally:
            self._used = time.monotonic()

    async def rest(self) -> None:
        """Ends the process when nothing was read for a while. Call it now and then."""
        if self.pid is not None and time.monotonic() - self._used > self._idle:
            await self.end()

    async def end(self) -> None:
        """Lets it go: its input ends, and it with it. Safe to repeat."""
        if self._process is None:
            return
        assert self._process.stdin is not None
        self._process.stdin.close()
        try:
            async with asyncio.timeout(GOODBYE_SECONDS):
                await self._process.wait()
        except TimeoutError:
            await self.kill()
        self._process = None

    async def kill(self) -> None:
        """SIGKILL, and waits until it is gone."""
        process, self._process = self._process, None
        if process is not None:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
            await process.wait()

    async def _ask(self, photo: bytes) -> Answer:
        if self.pid is None:
            self._process = await self._start()
        assert self._process is not None and self._process.stdin is not None and self._process.stdout is not None
        self._process.stdin.write(frames.packed(photo))
        await self._process.stdin.drain()
        (length,) = frames.HEAD.unpack(await self._process.stdout.readexactly(frames.HEAD.size))
        if length > frames.LARGEST_ANSWER:
            raise OSError("an answer larger than any page")
        return msgspec.json.decode(await self._process.stdout.readexactly(length), type=Answer)

    async def _start(self) -> Process:
        environ = {name: os.environ[name] for name in PASSED_ON if name in os.environ}
        environ |= {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "PYTHONWARNINGS": "ignore"}
        return await asyncio.create_subprocess_exec(
            *self._command, stdin=PIPE, stdout=PIPE, stderr=DEVNULL, cwd=ROOT, env=environ
        )

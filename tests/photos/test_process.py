"""The reading process starts when it is needed, gives its memory back, and nothing that happens to it happens to us."""

from __future__ import annotations

import asyncio
import io
import os
import signal
import subprocess
import sys
from collections.abc import Awaitable, Callable
from typing import TypeVar

import psutil  # type: ignore[import-untyped]  # it has no types
import pytest

from bot.errors import TransientError
from bot.photos import frames
from bot.photos.process import ReadingProcess
from bot.settings import ROOT
from tests.photos import pictures
from tests.photos.marks import reads
from tests.photos.test_pictures import bomb
from tests.telegram.peer import until

T = TypeVar("T")
MB = 1500


def with_process(process: ReadingProcess, work: Callable[[], Awaitable[T]]) -> T:
    async def whole() -> T:
        try:
            return await work()
        finally:
            await process.end()

    return asyncio.run(whole())


def children() -> set[int]:
    return {child.pid for child in psutil.Process().children(recursive=True)}


@reads
def test_one_process_reads_photo_after_photo_and_its_memory_is_ours_again_when_it_is_let_go() -> None:
    process, before = ReadingProcess(MB, idle=0.0), psutil.Process().memory_info().rss

    async def work() -> tuple[int, int]:
        assert process.pid is None  # nothing is started before a photo is there
        assert pictures.SHORT_WORDS in (await process.read(pictures.short())).text
        first = process.pid
        assert "Outpatient" in (await process.read(pictures.photo(pictures.HOSPITAL, pictures.upper_part))).text
        assert process.pid == first is not None
        used = psutil.Process(first).memory_info().rss
        await process.rest()
        assert process.pid is None and not psutil.pid_exists(first)
        return first, used

    _, used = with_process(process, work)
    assert used > 200 * 2**20  # it was the process that held the models
    assert psutil.Process().memory_info().rss - before < 100 * 2**20
    assert children() == set()


@reads
def test_it_stays_while_photos_keep_coming() -> None:
    process = ReadingProcess(MB, idle=600.0)

    async def work() -> None:
        await process.read(b"no photo")
        await process.rest()
        assert process.pid is not None

    with_process(process, work)


@reads
def test_a_killed_process_is_told_as_such_and_the_next_photo_gets_a_new_one() -> None:
    process = ReadingProcess(MB)

    async def work() -> None:
        await process.read(b"no photo")
        pid = process.pid
        assert pid is not None
        reading = asyncio.ensure_future(process.read(pictures.photo(pictures.TENANCY)))
        await asyncio.to_thread(until, lambda: psutil.Process(pid).cpu_percent(0.05) > 5, "it reads")
        os.kill(pid, signal.SIGKILL)
        with pytest.raises(TransientError):
            await reading
        assert process.pid is None
        assert pictures.SHORT_WORDS in (await process.read(pictures.short())).text

    with_process(process, work)


@reads
def test_a_process_that_ended_between_two_photos_is_started_anew() -> None:
    process = ReadingProcess(MB)

    async def work() -> None:
        await process.read(b"no photo")
        pid = process.pid
        assert pid is not None
        os.kill(pid, signal.SIGKILL)
        await asyncio.to_thread(until, lambda: process.pid is None, "its end is seen")
        assert (await process.read(b"no photo")).refused == "wrong_type"

    with_process(process, work)


def test_a_process_that_takes_too_long_is_killed() -> None:
    process = ReadingProcess(MB, longest=1.0, module="tests.photos.stuck")

    async def work() -> None:
        with pytest.raises(TransientError, match="too long"):
            await process.read(b"a photo")
        assert process.pid is None and children() == set()

    with_process(process, work)


def test_a_reading_that_is_called_off_leaves_no_process() -> None:
    process = ReadingProcess(MB, module="tests.photos.stuck")

    async def work() -> None:
        reading = asyncio.ensure_future(process.read(b"a photo"))
        await asyncio.to_thread(until, lambda: process.pid is not None, "it is started")
        reading.cancel()
        with pytest.raises(asyncio.CancelledError):
            await reading
        assert process.pid is None and children() == set()

    with_process(process, work)


def test_a_process_that_cannot_even_start_is_a_failure_that_may_pass() -> None:
    process = ReadingProcess(MB, module="tests.photos.does_not_exist")

    async def work() -> None:
        with pytest.raises(TransientError):
            await process.read(bytes(300_000))

    with_process(process, work)


@reads
def test_files_that_harm_end_in_a_refusal_and_the_process_goes_on() -> None:
    process = ReadingProcess(MB)
    harmful = {
        bomb(50_000, 50_000): "too_large",
        pictures.short()[:5_000]: "unreadable",
        b"\xff\xd8\xff" + os.urandom(5_000): "unreadable",
        b"GIF89a": "wrong_type",
        b"": "wrong_type",
    }

    async def work() -> list[str]:
        refusals = [(await process.read(body)).refused for body in harmful]
        assert pictures.SHORT_WORDS in (await process.read(pictures.short())).text
        return refusals

    assert with_process(process, work) == list(harmful.values())


@reads
def test_a_process_that_wants_more_memory_than_it_may_have_ends_and_nothing_else() -> None:
    process = ReadingProcess(300)

    async def work() -> None:
        with pytest.raises(TransientError):
            await process.read(pictures.photo(pictures.TENANCY))

    with_process(process, work)


@reads
def test_the_process_gets_no_secret_of_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("USEIT_SECRET_KEY", "ab" * 32)
    process = ReadingProcess(MB)

    async def work() -> None:
        await process.read(b"no photo")
        assert process.pid is not None
        environ = psutil.Process(process.pid).environ()
        assert not [name for name, value in environ.items() if name.startswith("USEIT") or value == "ab" * 32]

    with_process(process, work)


@reads
def test_when_the_program_is_killed_its_reading_process_goes_too() -> None:
    program = (
        "import asyncio\nfrom bot.photos.process import ReadingProcess\n"
        "async def main():\n    process = ReadingProcess(1500)\n    await process.read(b'no photo')\n"
        "    print(process.pid, flush=True)\n    await asyncio.Event().wait()\nasyncio.run(main())"
    )
    running = subprocess.Popen([sys.executable, "-c", program], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert running.stdout is not None
    child = int(running.stdout.readline())
    assert psutil.pid_exists(child)
    running.kill()
    running.wait()
    until(lambda: not psutil.pid_exists(child) or psutil.Process(child).status() == psutil.STATUS_ZOMBIE, "the child ends")


def test_half_a_frame_is_the_end() -> None:
    assert frames.read(io.BytesIO(frames.packed(b"abc"))) == b"abc"
    for broken in (b"", b"\x00\x00", frames.packed(b"abc")[:-1]):
        assert frames.read(io.BytesIO(broken)) is None

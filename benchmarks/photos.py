"""What reading a photo of a letter costs, and how much of it is read.

    python -m benchmarks.photos

Five generated letters, each photographed in six ways (tests/photos/pictures.py), read by the process that the program uses. Prints
for each way: seconds (median, longest), letters wrong; then the memory of the process at its largest, and what of it stays with
the program when the process is let go. Needs the extra `photo`.
"""

from __future__ import annotations

import asyncio
import statistics
import sys
import time
from pathlib import Path

import psutil  # type: ignore[import-untyped]  # it has no types
from rapidfuzz.distance import Levenshtein

from bot.conversation import photos
from bot.photos.process import ReadingProcess
from tests.photos import pictures

MEGABYTES = 1500


async def main() -> None:
    if lacking := photos.missing():
        sys.exit(f"the extra `photo` is not installed: no {', '.join(lacking)}")
    process, before = ReadingProcess(MEGABYTES), psutil.Process().memory_info().rss
    start = time.perf_counter()
    await process.read(b"")
    print(f"start of the process, models loaded: {time.perf_counter() - start:.1f} s")
    print(f"{'':12} {'median s':>9} {'longest s':>10} {'letters wrong':>14}")
    for name, way in pictures.WAYS.items():
        times, wrong, letters = [], 0, 0
        for letter in pictures.LETTERS.values():
            photo = pictures.photo(letter, way)
            start = time.perf_counter()
            read = await process.read(photo)
            times.append(time.perf_counter() - start)
            wanted = " ".join(letter.split())
            wrong += Levenshtein.distance(" ".join(read.text.split()), wanted)
            letters += len(wanted)
        print(f"{name:12} {statistics.median(times):9.1f} {max(times):10.1f} {wrong:6} ({100 * wrong / letters:.2f} %)")
    child = process.pid
    assert child is not None
    print(f"memory of the process: {most(child)} MB at its largest, {psutil.Process(child).memory_info().rss >> 20} MB now")
    await process.end()
    grown = (psutil.Process().memory_info().rss - before) >> 20
    print(f"when it is let go: process gone: {not psutil.pid_exists(child)}; the program has grown by {grown} MB")


def most(pid: int) -> int:
    """Megabytes that the process has had in memory at once."""
    status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    return int(status.split("VmHWM:")[1].split()[0]) >> 10


if __name__ == "__main__":
    asyncio.run(main())

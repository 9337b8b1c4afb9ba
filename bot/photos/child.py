"""The reading process: photos in, words out, one after the other, until the program closes its end.

    python -m bot.photos.child <MB of address space>

It opens files that strangers sent, so it gets as little as it needs: no settings, no keys, no database, a limit of memory. It has
no life of its own: when the program is gone its input ends, and so does it.
"""

from __future__ import annotations

import os
import resource
import sys
from typing import BinaryIO

import msgspec

from bot.errors import RefusedError
from bot.photos import frames, pictures
from bot.photos.frames import Answer
from bot.photos.recognising import Recogniser

NICE = 5  # the conversation goes first


def main() -> None:
    megabytes = int(sys.argv[1])
    resource.setrlimit(resource.RLIMIT_AS, (megabytes * 2**20,) * 2)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # a picture of memory would hold a letter
    os.nice(NICE)
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # what a library prints must not look like an answer
    serve(sys.stdin.buffer, answers)


def serve(photos: BinaryIO, answers: BinaryIO) -> None:
    """Until `photos` ends. What goes wrong in a library ends the process: the program sees it and says so."""
    recogniser = Recogniser()
    while (body := frames.read(photos)) is not None:
        answers.write(frames.packed(msgspec.json.encode(answer(recogniser, body))))
        answers.flush()


def answer(recogniser: Recogniser, body: bytes) -> Answer:
    try:
        reading = recogniser.read(pictures.opened(body))
    except RefusedError as refused:
        return Answer(refused=refused.reason)
    return Answer(reading.text, reading.score)


if __name__ == "__main__":
    main()

"""What trains and judges, in a process of its own that gives way to everybody else and gives its memory back.

    python -m bot.training.child train ROOT MODELS [ENCODER]
    python -m bot.training.child judge ARCHIVE

One JSON line on stdout for each step. `judge` reads {"languages": [...], "texts": [...]} and ends with {"answers": [...]}.
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
import threading
import time
import warnings
from pathlib import Path
from typing import Any

NICE = 15
EVERY = 100  # messages judged between two signs of life


def main(arguments: list[str]) -> int:
    """Exit 0, or 1 with the reason as the last line of stderr."""
    os.nice(NICE)
    warnings.simplefilter("ignore")
    threading.Thread(target=_die_with, args=(os.getppid(),), daemon=True).start()
    out = os.fdopen(os.dup(1), "w", buffering=1)
    os.dup2(2, 1)  # Rasa prints to stdout
    from engine.errors import EngineError

    def say(**told: Any) -> None:
        print(json.dumps(told), file=out, flush=True)

    try:
        if arguments[0] == "train":
            _train([Path(given) for given in arguments[1:]], say)
        else:
            asyncio.run(_judge(Path(arguments[1]), json.load(sys.stdin), say))
    except (EngineError, OSError, ValueError) as error:
        sys.stderr.write(" ".join(str(error).split())[:300] + "\n")
        return 1
    return 0


def _train(where: list[Path], say: Any) -> None:
    from engine import model
    from engine.errors import ModelError

    root, models, *encoder = where
    try:
        archive = model.current(root, models, encoder[0] if encoder else None)
    except ModelError:  # it is there and damaged: nobody else can mend it
        archive = None
    if archive is None:
        archive = model.train(root, models, encoder[0] if encoder else None, lambda step: say(step=step))
    say(made=archive.name)


async def _judge(archive: Path, asked: dict[str, Any], say: Any) -> None:
    """By the whole understanding but the knowledge: terms do not change with a model."""
    from bot.conversation import parsing
    from bot.knowledge.snapshot import Snapshot
    from engine.agent import Engine

    engine, nothing, answers = Engine.listening(archive), Snapshot(0), []
    for place, text in enumerate(asked["texts"]):
        answers.append(await parsing.parse(engine, nothing, text, None, tuple(asked["languages"])))
        if place % EVERY == 0:
            say(judged=place)
    say(answers=answers)


def _die_with(parent: int) -> None:
    """Whoever started us was killed: so is what we are doing, with what we started."""
    while os.getppid() == parent:
        time.sleep(1.0)
    os.killpg(0, signal.SIGKILL)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""One side: trains on the lines given, parses the messages given, writes ranking and times.

    python side.py CONFIG.yml LINES_FOLDER MESSAGES.json OUT.json [--ours]

Runs under published Rasa (Python 3.10) and, with --ours, under this program's stand-ins.
"""

from __future__ import annotations

import asyncio
import json
import resource
import sys
import tempfile
import time
import warnings
from pathlib import Path

warnings.simplefilter("ignore")
ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))
if "--ours" in sys.argv:
    from engine import compat

    compat.install()

from rasa.core.agent import Agent  # noqa: E402  # imports come after the path or the stand-ins are set
from rasa.core.channels.channel import UserMessage  # noqa: E402  # imports come after the path or the stand-ins are set
from rasa.model_training import train_nlu  # noqa: E402  # imports come after the path or the stand-ins are set


def peak() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


async def main(config, lines, messages, out):
    with tempfile.TemporaryDirectory() as folder:
        start = time.perf_counter()
        trained = train_nlu(config=config, nlu_data=lines, output=folder)
        training = time.perf_counter() - start
        training_memory = peak()
        agent = Agent.load(trained)
        rows = []
        for text in json.loads(Path(messages).read_text(encoding="utf-8")):
            start = time.perf_counter()
            data = await agent.processor.parse_message(UserMessage(text))
            seconds = time.perf_counter() - start
            names = [r["name"] for r in data.get("intent_ranking", []) if r["name"] != "nlu_fallback"]
            rows.append({"ranking": names[:3], "seconds": seconds})
    found = {"training": training, "training_memory": training_memory, "rows": rows}
    Path(out).write_text(json.dumps(found), encoding="utf-8")


if __name__ == "__main__":
    asyncio.run(main(*[a for a in sys.argv[1:] if not a.startswith("--")]))

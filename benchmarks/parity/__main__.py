"""The same files under published Rasa and under this program: same intents, same actions, confidences within 1e-3.

    python -m benchmarks.parity PYTHON310     PYTHON310: a Python 3.10 environment with rasa==3.6.21, babel and pycld2

Exit 1 when anything differs.
"""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import tempfile
from pathlib import Path

from bot.settings import KNOWN_LANGUAGES
from engine.nlu.examples import lines_of

HERE, ROOT = Path(__file__).parent, Path(__file__).resolve().parents[2]
MESSAGES, CLOSE = 500, 1e-3
PAYLOADS = [
    "/menu",
    "/start",
    '/inform{"value": "doctor"}',
    '/set_language{"language": "ar"}',
    "/use_qualification",
    "/find_help",
    "/talk_to_person",
]


def main(published: str) -> int:
    lines = [text for language in KNOWN_LANGUAGES for _, _, text in lines_of(ROOT / "data/nlu" / language)]
    chosen = random.Random(3).sample(lines, MESSAGES - len(PAYLOADS)) + PAYLOADS
    with tempfile.TemporaryDirectory() as folder:
        given = Path(folder) / "messages.json"
        given.write_text(json.dumps(chosen, ensure_ascii=False), encoding="utf-8")
        sides = []
        for python, more in ((published, []), (sys.executable, ["--ours"])):
            out = Path(folder) / f"{len(more)}.json"
            environ = {**os.environ, "PYTHONPATH": str(ROOT), "TF_CPP_MIN_LOG_LEVEL": "3", "LOG_LEVEL": "ERROR"}
            with (Path(folder) / "log").open("w") as log:
                command = [python, str(HERE / "side.py"), str(out), str(given), *more]
                subprocess.run(command, check=True, env=environ, cwd=folder, stdout=log, stderr=subprocess.STDOUT)
            sides.append(json.loads(out.read_text(encoding="utf-8")))
    theirs, ours = sides
    intents = sum(a["intent"] != b["intent"] for a, b in zip(theirs, ours, strict=True))
    actions = sum(a["actions"] != b["actions"] for a, b in zip(theirs, ours, strict=True))
    entities = sum(a["entities"] != b["entities"] for a, b in zip(theirs, ours, strict=True))
    furthest = max(abs(a["confidence"] - b["confidence"]) for a, b in zip(theirs, ours, strict=True))
    print(f"{len(ours)} messages: {intents} other intents, {actions} other actions, {entities} other entities,")
    print(f"confidences at most {furthest:.1e} apart")
    return int(bool(intents or actions or entities or furthest > CLOSE))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))

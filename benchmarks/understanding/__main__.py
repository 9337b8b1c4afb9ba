"""Our intent classifier beside stock Rasa (default pipeline with DIET), trained on the same lines, asked the same messages.

    python -m benchmarks.understanding PYTHON310 MESSAGES.tsv [LINES_PER_LANGUAGE]

PYTHON310: the python of an environment with rasa==3.6.21, babel and pycld2. MESSAGES.tsv: as `./useit evaluate` reads it. DIET's time to train
grows with the lines (eight languages with all lines: hours on two cores), so a sample can be asked for; both sides get the same.
The safety layer is not part of this comparison.
"""

from __future__ import annotations

import csv
import json
import os
import random
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import mean, median
from typing import Any

import yaml

from engine.nlu.examples import lines_of

HERE, ROOT = Path(__file__).parent, Path(__file__).resolve().parents[2]


def main(published: str, messages: str, per_language: str = "1000000") -> None:
    with Path(messages).open(encoding="utf-8", newline="") as handle:
        rows = list(csv.DictReader(handle, delimiter="\t", quoting=csv.QUOTE_NONE))
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        count = write_lines(folder / "lines", int(per_language))
        (folder / "messages.json").write_text(json.dumps([row["text"] for row in rows]), encoding="utf-8")
        (folder / "ours.yml").write_text(yaml.safe_dump(nlu_of(ROOT / "config.yml")), encoding="utf-8")
        print(f"{count} lines, {len(rows)} messages", flush=True)
        for side, python, config, more in (
            ("ours", sys.executable, folder / "ours.yml", ["--ours"]),
            ("stock", published, HERE / "stock.yml", []),
        ):
            out = folder / f"{side}.json"
            environ = {**os.environ, "PYTHONPATH": str(ROOT), "TF_CPP_MIN_LOG_LEVEL": "3", "LOG_LEVEL": "ERROR"}
            command = [python, HERE / "side.py", config, folder / "lines", folder / "messages.json", out, *more]
            with (folder / "log").open("w") as log:
                subprocess.run([str(c) for c in command], check=True, env=environ, cwd=folder, stdout=log, stderr=log)
            show(side, rows, json.loads(out.read_text(encoding="utf-8")))


def nlu_of(path: Path) -> dict[str, Any]:
    return {key: value for key, value in yaml.safe_load(path.read_text(encoding="utf-8")).items() if key != "policies"}


def write_lines(folder: Path, per_language: int) -> int:
    """A sample of data/nlu with every intent's share kept."""
    folder.mkdir()
    chance, count = random.Random(1), 0
    for language in sorted(p for p in (ROOT / "data/nlu").iterdir() if p.is_dir()):
        lines = [(intent, text) for _, intent, text in lines_of(language)]
        chosen = chance.sample(lines, min(per_language, len(lines)))
        count += len(chosen)
        blocks = [
            {"intent": intent, "examples": "".join(f"- {text}\n" for i, text in chosen if i == intent)}
            for intent in sorted({intent for intent, _ in chosen})
        ]
        content = {"version": "3.1", "nlu": blocks}
        (folder / f"{language.name}.yml").write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")
    return count


def show(side: str, rows: list[dict[str, str]], found: dict[str, Any]) -> None:
    answers = found["rows"]
    first: dict[str, list[bool]] = {}
    three: dict[str, list[bool]] = {}
    for row, answer in zip(rows, answers, strict=True):
        first.setdefault(row["lang"], []).append(answer["ranking"][:1] == [row["intent"]])
        three.setdefault(row["lang"], []).append(row["intent"] in answer["ranking"])
    cells = "  ".join(f"{lang} {mean(first[lang]):.3f}/{mean(three[lang]):.3f}" for lang in sorted(first))
    means = f"mean {mean(map(mean, first.values())):.3f}/{mean(map(mean, three.values())):.3f}"
    cost = f"trained in {found['training']:.0f} s with {found['training_memory']} MB, {median(a['seconds'] for a in answers) * 1000:.1f} ms"
    print(f"{side:6} {means}  {cost} a message\n       {cells}", flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])

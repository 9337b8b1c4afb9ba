"""The commands that others script keep their shapes, and give one answer a line whatever the line."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from bot.settings import ROOT

LINES = [
    '{"text": "I am a nurse from Syria", "lang": "en"}',
    "not json",
    '{"no": "text"}',
    '{"text": 5}',
    '{"text": ""}',
    '{"text": "hel\\ud800lo"}',
    "[1]",
    '{"text": "شو يعني Band 5"}',
    '{"text": "my husband beats me"}',
]


def run(var: Path, archive: Path, *arguments: str, given: str = "") -> list[str]:
    environ = {**os.environ, "USEIT_VAR": str(var), "PYTHONPATH": str(ROOT), "PYTHONWARNINGS": "ignore"}
    done = subprocess.run(
        [sys.executable, "-m", "bot.cli", *arguments],
        input=given,
        capture_output=True,
        text=True,
        env=environ,
        cwd=ROOT,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr[-500:]
    return done.stdout.splitlines()


def test_parse_gives_the_whole_understanding(installation: Path, archive: Path) -> None:
    answers = [json.loads(line) for line in run(installation, archive, "parse", "--jsonl", given="\n".join(LINES) + "\n")]
    assert len(answers) == len(LINES)
    first = answers[0]
    assert set(first) == {"lang", "intent", "confidence", "ranking", "slots"}
    assert first["lang"] == "en" and first["slots"]["profession"] == "nurse" and first["slots"]["country"] == "SY"
    assert len(first["ranking"]) == 3 and first["ranking"][0]["intent"] == first["intent"]
    assert all("error" in answers[n] for n in (1, 2, 3, 6))
    assert answers[7]["lang"] == "ar" and answers[7]["slots"]["term"] == "Band 5"
    assert answers[8]["intent"] == "urgent_danger"


def test_explain_and_decode_keep_their_shapes(installation: Path, archive: Path) -> None:
    explained = json.loads(run(installation, archive, "explain", "--jsonl", given='{"text": "what is DBS", "lang": "so"}\n')[0])
    assert set(explained) == {"terms", "answer"} and explained["terms"][0]["key"] == "dbs"
    assert explained["terms"][0]["expansion"] == "Disclosure and Barring Service" and "DBS" in explained["answer"]
    letter = "You must pay your Council Tax arrears by 14 December 2026."
    decoded = json.loads(run(installation, archive, "decode", "--jsonl", given=json.dumps({"text": letter}) + "\n")[0])
    assert decoded["dates"] == ["2026-12-14"]
    assert {"key", "name", "as_written"} == set(decoded["terms"][0])


def test_say_goes_the_whole_way(installation: Path, archive: Path) -> None:
    said = json.loads(run(installation, archive, "say", "--lang", "ar", "--json", "شو يعني DBS")[-1])
    assert "DBS" in said["replies"][0]["text"] and said["replies"][0]["language"] == "ar"
    assert all({"label", "token"} == set(b) or {"label", "url"} == set(b) for r in said["replies"] for b in r["buttons"])


@pytest.mark.parametrize(("name", "value"), [("USEIT_PORT", "x"), ("USEIT_HOURS", "never")])
def test_a_wrong_setting_stops_with_one_line(tmp_path: Path, name: str, value: str) -> None:
    environ = {**os.environ, "USEIT_VAR": str(tmp_path), name: value, "PYTHONPATH": str(ROOT)}
    done = subprocess.run([sys.executable, "-m", "bot.cli", "train"], capture_output=True, text=True, env=environ, cwd=ROOT)
    assert done.returncode == 2 and name in done.stderr and len(done.stderr.strip().splitlines()) == 1

"""`useit evaluate`: counts what it cannot use, refuses what it does not know, and draws a page."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from bot.errors import RefusedError
from bot.evaluation import examples, measures
from bot.evaluation.examples import Example
from bot.evaluation.measures import Answered
from bot.settings import ROOT
from engine.nlu.examples import INTENTS


def write(path: Path, *lines: str) -> Path:
    path.write_text("\n".join(("lang\tintent\ttext\tterm", *lines)) + "\n", encoding="utf-8")
    return path


def test_malformed_lines_are_named_and_the_others_are_used(tmp_path: Path) -> None:
    path = write(
        tmp_path / "x.tsv", "en\tgreet\thello\t", "en\tgreet", "xx\tgreet\thi\t", "", "ar\tmenu\t\t", "en\tmenu\ta\tb\tc\td"
    )
    read = examples.read(path, INTENTS)
    assert [e.text for e in read.examples] == ["hello"]
    assert [p.partition(":")[0] for p in read.problems] == ["line 3", "line 4", "line 6", "line 7"]


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("lang\tintent\ttext\nen\tfly_away\thello\n", "'fly_away' is none of greet"),
        ("a\tb\n1\t2\n", "header with lang, intent and text"),
        ("lang\tintent\ttext\n", "no line could be used"),
    ],
)
def test_a_file_that_cannot_be_used_is_refused_in_one_line(tmp_path: Path, content: str, says: str) -> None:
    path = tmp_path / "x.tsv"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(RefusedError, match=says) as refused:
        examples.read(path, INTENTS)
    assert "\n" not in str(refused.value)


def test_a_file_in_another_encoding_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "x.tsv"
    path.write_bytes("lang\tintent\ttext\nar\tgreet\tمرحبا\n".encode("cp1256"))
    with pytest.raises(RefusedError, match="UTF-8"):
        examples.read(path, INTENTS)


def answered(meant: str, taken: str, confidence: float) -> Answered:
    ranking = [{"intent": taken, "confidence": confidence}]
    return Answered(
        Example("en", meant, "x"), {"lang": "en", "intent": taken, "confidence": confidence, "ranking": ranking, "slots": {}}, 0.0
    )


def test_recall_and_false_alarms_of_danger_are_counted_apart() -> None:
    answers = [
        answered("urgent_danger", "urgent_danger", 1.0),
        answered("urgent_danger", "greet", 0.5),
        answered("greet", "urgent_danger", 1.0),
        answered("greet", "greet", 1.0),
        answered("menu", "greet", 0.5),
    ]
    row = measures.row("all", answers)
    assert (row.first, row.danger_heard, row.false_alarms) == (2 / 5, 1 / 2, 1 / 3)
    assert measures.confusions(answers)[("greet", "urgent_danger")] == 1


def test_confidence_that_is_honest_has_no_calibration_error() -> None:
    honest = [answered("greet", "greet", 0.75)] * 3 + [answered("menu", "greet", 0.75)]
    assert measures.calibration_error(honest) == pytest.approx(0.0)
    assert measures.calibration_error([answered("menu", "greet", 1.0)]) == pytest.approx(1.0)


def test_the_command_prints_tables_and_writes_the_page(tmp_path: Path, installation: Path, archive: Path) -> None:
    path = write(tmp_path / "x.tsv", "en\texplain_term\twhat does DBS mean\tDBS", "so\tgreet\tsalaan\t", "en\tgreet")
    environ = {**os.environ, "USEIT_VAR": str(installation), "PYTHONPATH": str(ROOT), "PYTHONWARNINGS": "ignore"}
    command = [sys.executable, "-m", "bot.cli", "evaluate", str(path)]
    done = subprocess.run(command, capture_output=True, text=True, env=environ, cwd=ROOT, timeout=120)
    assert done.returncode == 0, done.stderr[-500:]
    assert "2 messages, 1 lines left out" in done.stdout and "line 4" in done.stdout
    page = (installation / "evaluation.html").read_text(encoding="utf-8")
    assert "explain_term" in page and "<script" not in page


@pytest.mark.long
def test_the_command_gives_its_figures_as_json(tmp_path: Path, installation: Path, archive: Path) -> None:
    path = write(tmp_path / "x.tsv", "en\texplain_term\twhat does DBS mean\tDBS")
    environ = {**os.environ, "USEIT_VAR": str(installation), "PYTHONPATH": str(ROOT), "PYTHONWARNINGS": "ignore"}
    command = [sys.executable, "-m", "bot.cli", "evaluate", str(path), "--json"]
    done = subprocess.run(command, capture_output=True, text=True, env=environ, cwd=ROOT, timeout=120)
    assert json.loads(done.stdout)["term_found"] == 1.0

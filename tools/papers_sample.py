"""Draws papers from the real knowledge and catalogues, to look at: a nurse's plan and cards for the desk.

Usage: python tools/papers_sample.py FOLDER. Every paper is written as a PDF and as a picture.
"""

from __future__ import annotations

import datetime as dt
import resource
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import msgspec

from bot.answers import papers
from bot.conversation.turn import Turn
from bot.db import migrate
from bot.house import House
from bot.knowledge import loading, reading, snapshot
from bot.papers.rendering import render
from bot.people.models import Chat, Person, Plan, PlanStep
from bot.replies import Paper
from bot.settings import ROOT, Settings

PLANS = ("ar", "fa", "uk", "en")
CARDS = {"ar": "gp", "ps": "council", "ur": "jobcentre", "so": "any", "en": "gp"}
STATES = ("done", "doing", "not_for_me", "todo")


def drawn(folder: Path) -> None:
    with tempfile.TemporaryDirectory() as var:
        house = House.open(Settings.read({"USEIT_VAR": var}))
        migrate.create(house.database)
        with house.sessions.begin() as session:
            loading.load(session, reading.read_loosely(ROOT / "data/knowledge"))
        with house.sessions() as session:
            knowledge = snapshot.current(session)
            for language in PLANS:
                turn = Turn(session, _chat(language), knowledge, language, "", "sample", house.hours, dt.datetime.now(dt.UTC))
                steps = knowledge.pathways["nurse"].steps
                made = Plan(pathway="nurse", answers={}, steps=[])
                made.steps = [PlanStep(step=s.key, position=n, state=STATES[min(n, 3)]) for n, s in enumerate(steps)]
                _write(folder, f"plan-{language}", papers.plan(turn, made, "pdf").paper)
            for language, desk in CARDS.items():
                turn = Turn(session, _chat(language), knowledge, language, "", "sample", house.hours, dt.datetime.now(dt.UTC))
                _write(folder, f"card-{language}", papers.desk(turn, desk).paper)
        house.database.dispose()


def _chat(language: str) -> Chat:
    return Chat(channel="cli", address="", address_hash="", person=Person(language=language))


def _write(folder: Path, name: str, paper: Paper | None) -> None:
    assert paper is not None
    for form in ("pdf", "png"):
        began = time.perf_counter()
        body = render(msgspec.structs.replace(paper, form=form))
        (folder / f"{name}.{form}").write_bytes(body)
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(f"{name}.{form}: {len(body):,} bytes, {time.perf_counter() - began:.2f} s, peak memory {peak:.0f} MB")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    target = Path(sys.argv[1])
    target.mkdir(parents=True, exist_ok=True)
    drawn(target)

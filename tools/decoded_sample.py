"""Draws what is said of five letters, and three plans, as they stand in docs/pictures.

Usage: python tools/decoded_sample.py FOLDER. The letters are invented ones of tests/data/letters.
"""

from __future__ import annotations

import datetime as dt
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bot.answers import letters as said
from bot.answers import papers
from bot.conversation.turn import Turn
from bot.db import migrate
from bot.house import House
from bot.knowledge import letters, loading, plans, reading, snapshot
from bot.papers.rendering import render
from bot.people.models import Chat, Person, Plan, PlanStep
from bot.replies import Block, Paper
from bot.settings import ROOT, Settings

LETTERS = {"01": "ar", "04": "so", "08": "uk", "10": "fr", "16": "fa"}
PLANS = {"pharmacist": "ar", "electrician": "uk", "general": "so"}
AT = dt.datetime(2026, 11, 26, 10, tzinfo=dt.UTC)


def drawn(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as var:
        house = House.open(Settings.read({"USEIT_VAR": var}))
        migrate.create(house.database)
        with house.sessions.begin() as session:
            loading.load(session, reading.read(ROOT / "data/knowledge"))
        with house.sessions() as session:
            knowledge = snapshot.current(session)

            def turn(language: str) -> Turn:
                chat = Chat(channel="cli", address="", address_hash="", person=Person(language=language))
                return Turn(session, chat, knowledge, language, "", "sample", house.hours, AT)

            for number, language in LETTERS.items():
                (path,) = (ROOT / "tests/data/letters").glob(f"{number}-*.txt")
                read = letters.read(path.read_text(encoding="utf-8"), knowledge.term_index, AT.date(), knowledge.letters.values())
                reply = said.letter(turn(language), read)[0]
                blocks = [Block(kind="text", text=part, language=language) for part in reply.text.split("\n\n")]
                paper = Paper(name=path.stem, form="png", language=language, blocks=blocks)
                (folder / f"letter-{path.stem}-{language}.png").write_bytes(render(paper))
            for key, language in PLANS.items():
                steps = plans.steps_for(knowledge.pathways[key], {"english": "none", "country": "other"})
                made = Plan(pathway=key, answers={}, steps=[])
                made.steps = [PlanStep(step=s.key, position=n, state="done" if n == 0 else "todo") for n, s in enumerate(steps)]
                paper = papers.plan(turn(language), made, "png").paper
                assert paper is not None
                (folder / f"plan-{key}-{language}.png").write_bytes(render(paper))
        house.database.dispose()


if __name__ == "__main__":
    drawn(Path(sys.argv[1]))

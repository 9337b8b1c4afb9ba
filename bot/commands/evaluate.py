"""`useit evaluate FILE.tsv`: how well the whole understanding does on messages whose meaning is known."""

from __future__ import annotations

import argparse
import asyncio
import sys
import time
from pathlib import Path

from bot.conversation import parsing
from bot.evaluation import examples, report
from bot.evaluation.measures import Answered
from bot.house import House
from bot.knowledge import snapshot
from bot.settings import KNOWN_LANGUAGES, Settings
from engine.nlu.examples import INTENTS


def evaluate(options: argparse.Namespace) -> int:
    """Prints the tables and writes the page. The language of each message is found without help from the file."""
    from bot import app, prepare
    from bot.cli import tell

    house = House.open(Settings.read())
    engine = app.engine_in_use(house, prepare.everything(house, tell))
    read = examples.read(Path(options.file), INTENTS)
    with house.sessions() as session:
        knowledge = snapshot.current(session)
    answers = []
    with asyncio.Runner() as runner:
        runner.run(parsing.parse(engine, knowledge, "warm up", None, KNOWN_LANGUAGES))
        for example in read.examples:
            start = time.perf_counter()
            parse = runner.run(parsing.parse(engine, knowledge, example.text, None, KNOWN_LANGUAGES))
            answers.append(Answered(example, parse, time.perf_counter() - start))
    found = report.collect(answers, read.problems)
    if options.wrong:
        for answer in answers:
            if not answer.is_right:
                e = answer.example
                print(f"{e.language}\t{e.intent}\t{answer.intent}\t{answer.parse['confidence']:.2f}\t{e.text}", file=sys.stderr)
    print(report.as_json(found) if options.json else report.as_text(found))
    page = Path(options.html) if options.html else house.settings.var / "evaluation.html"
    report.write_html(found, page)
    tell(f"The page with the confusion matrix: {page}")
    return 0

"""`useit parse|explain|decode --jsonl`: one JSON object a line in, one a line out, in order; a bad line gets an `error`."""

from __future__ import annotations

import argparse
import asyncio
import datetime as dt
import json
import sys
from collections.abc import Callable, Iterator
from typing import Any

from bot.conversation import parsing
from bot.conversation.turn import Turn
from bot.conversation.understanding import read_text
from bot.db.base import now
from bot.house import House
from bot.knowledge import letters, snapshot
from bot.knowledge.snapshot import Snapshot
from bot.people.models import Chat, Person
from bot.settings import KNOWN_LANGUAGES, Settings
from engine.ears import Ears

Answer = Callable[[str, str | None], dict[str, Any]]


def parse(options: argparse.Namespace) -> int:
    """The whole understanding: language, safety layer, intent, slots."""
    from bot import app, prepare
    from bot.cli import tell

    house = House.open(Settings.read())
    engine = app.engine_in_use(house, prepare.everything(house, tell))
    knowledge = _knowledge(house)
    with asyncio.Runner() as runner:

        def answer(text: str, language: str | None) -> dict[str, Any]:
            return runner.run(parsing.parse(engine, knowledge, text, language, house.settings.languages))

        return _each(options, answer)


def explain(options: argparse.Namespace) -> int:
    """The terms a question asks about, and the words of the answer."""
    from bot import prepare
    from bot.answers import terms
    from bot.cli import tell

    house = House.open(Settings.read())
    ears = Ears.load(prepare.everything(house, tell))
    knowledge = _knowledge(house)

    def answer(text: str, language: str | None) -> dict[str, Any]:
        heard = read_text(text, language, house.settings.languages, ears)
        turn = _nobody(house, knowledge, heard.text, language or heard.language)
        found = knowledge.term_index.in_question(heard.text, language or heard.language)
        replies = terms.choose(turn, found) if found else [terms.unknown(turn)]
        entries = [knowledge.terms[f.key] for f in found]
        return {
            "terms": [{"key": e.key, "name": e.name, "expansion": e.expansion} for e in entries],
            "answer": "\n\n".join(reply.text for reply in replies),
        }

    return _each(options, answer)


def decode(options: argparse.Namespace) -> int:
    """The terms and dates of a letter."""
    from bot import prepare
    from bot.cli import tell

    house = House.open(Settings.read())
    ears = Ears.load(prepare.everything(house, tell))
    knowledge = _knowledge(house)

    def answer(text: str, language: str | None) -> dict[str, Any]:
        heard = read_text(text, language, house.settings.languages, ears)
        read = letters.read(heard.text, knowledge.term_index, dt.date.today())
        return {
            "terms": [{"key": f.key, "name": knowledge.terms[f.key].name, "as_written": f.as_written} for f in read.terms],
            "dates": [deadline.day.isoformat() for deadline in read.dates],
        }

    return _each(options, answer)


def _knowledge(house: House) -> Snapshot:
    with house.sessions() as session:
        return snapshot.current(session)


def _nobody(house: House, knowledge: Snapshot, text: str, language: str) -> Turn:
    """A turn outside any conversation: for what is only looked up."""
    chat = Chat(channel="cli", address="", address_hash="", person=Person(language=language))
    return Turn(house.sessions(), chat, knowledge, language, text, "command", house.hours, now())


def _each(options: argparse.Namespace, answer: Answer) -> int:
    if not options.jsonl:
        print(json.dumps(answer(" ".join(options.text), options.lang), ensure_ascii=False, indent=2))
        return 0
    sys.stdout.reconfigure(encoding="utf-8", errors="replace")  # type: ignore[union-attr]  # a TextIOWrapper here
    for line in _lines():
        print(json.dumps(_one(line, answer), ensure_ascii=False), flush=True)
    return 0


def _lines() -> Iterator[bytes]:
    yield from (line for line in sys.stdin.buffer if line.strip())


def _one(line: bytes, answer: Answer) -> dict[str, Any]:
    try:
        given = json.loads(line)
        text = given["text"]
        if not isinstance(text, str):
            return {"error": "text must be a string"}
        language = given.get("lang") or None
        if language is not None and language not in KNOWN_LANGUAGES:
            return {"error": f"lang must be one of {', '.join(KNOWN_LANGUAGES)}"}
        return answer(text, language)
    except (ValueError, KeyError, TypeError) as error:
        return {"error": f"not a line with a text: {type(error).__name__}"}
    except Exception as error:  # a promise of the command: one answer a line, whatever the line
        return {"error": type(error).__name__}

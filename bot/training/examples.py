"""The installation's own examples: lines that the next model is taught, and its test messages, which it is only asked."""

from __future__ import annotations

import hashlib
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.db.session import insert_new
from bot.errors import RefusedError
from bot.training import texts
from bot.training.models import Example, Probe
from engine.nlu.examples import lines_of
from engine.nlu.text import fold


def add(session: Session, root: Path, languages: tuple[str, ...], *, language: str, intent: str, text: str, who: str) -> Example:
    """A line to be taught. Raises RefusedError: what `texts.checked` refuses, example_test (it is a test message),
    example_there, and example_shipped or example_other (the shipped lines have it with this or another meaning)."""
    line, mark = _fresh(session, languages, language, intent, text)
    for _, meant, shipped in lines_of(root / "data/nlu" / language):
        if fold(shipped) == fold(line):
            raise RefusedError("the bot is taught this line already", "example_shipped" if meant == intent else "example_other")
    number = insert_new(session, Example, language=language, intent=intent, text=line, digest=mark, who=who)
    if number is None:
        raise RefusedError("this line is among the examples", "example_there")
    return session.get_one(Example, number)


def add_test(
    session: Session, languages: tuple[str, ...], *, language: str, intent: str, text: str, must: bool, who: str
) -> Probe:
    """A test message. Raises RefusedError: what `texts.checked` refuses, example_test, example_there."""
    line, mark = _fresh(session, languages, language, intent, text)
    if session.scalar(select(Example.id).where(Example.digest == mark)) is not None:
        raise RefusedError("this line is among the examples", "example_there")
    number = insert_new(session, Probe, language=language, intent=intent, text=line, digest=mark, must=must, who=who)
    if number is None:
        raise RefusedError("this line is a test message", "example_test")
    return session.get_one(Probe, number)


def use_as_test(session: Session, example: Example, who: str) -> Probe:
    """The line is not taught any more: it is asked instead."""
    kept = {"language": example.language, "intent": example.intent, "text": example.text, "digest": example.digest}
    session.delete(example)
    session.flush()
    probe = Probe(**kept, must=False, who=who)
    session.add(probe)
    session.flush()
    return probe


def listed(session: Session) -> list[Example]:
    """Newest first."""
    return list(session.scalars(select(Example).order_by(Example.id.desc())))


def active(session: Session) -> list[Example]:
    """Those that the next model is taught."""
    return list(session.scalars(select(Example).where(Example.state == "active").order_by(Example.id)))


def require(session: Session) -> None:
    """Raises RefusedError (training_nothing) without examples: what would be trained is the shipped model."""
    if not active(session):
        raise RefusedError("there are no examples to learn from", "training_nothing")


def tests(session: Session) -> list[Probe]:
    """Newest first."""
    return list(session.scalars(select(Probe).order_by(Probe.id.desc())))


def tests_mark(probes: list[Probe]) -> str:
    """Changes when a test message comes, goes, or means something else."""
    state = sorted((probe.digest, probe.intent, probe.must) for probe in probes)
    return hashlib.sha256(repr(state).encode()).hexdigest()[:20]


def _fresh(session: Session, languages: tuple[str, ...], language: str, intent: str, text: str) -> tuple[str, str]:
    line = texts.checked(language, intent, text, languages)
    mark = texts.digest(language, line)
    if session.scalar(select(Probe.id).where(Probe.digest == mark)) is not None:
        raise RefusedError("this line is a test message", "example_test")
    return line, mark

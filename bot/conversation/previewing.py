"""A draft answered by the conversation itself, for the eyes of whoever writes it: nothing is kept, nothing goes out.

Everything happens in a transaction that is rolled back, with a person who exists only in it.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from sqlalchemy.orm import Session

from bot.answers import letters, more, opportunities, plans, services, steps, terms
from bot.conversation import answering, inbox, safety
from bot.conversation.rehearsals import WAIT_SECONDS, Done, Wanted
from bot.conversation.turn import Turn
from bot.house import House
from bot.knowledge import overlay, snapshot
from bot.knowledge.letter_kinds import Guess
from bot.knowledge.letters import Letter
from bot.knowledge.services import Found, Match
from bot.knowledge.snapshot import Snapshot
from bot.people import plans as kept
from bot.people.models import Chat
from bot.replies import Reply
from engine.agent import Engine

CHANNEL = "cli"  # whose chat it is while it lasts


def entry(house: House, wanted: Wanted) -> list[Reply]:
    """What the bot says of the entry; nothing for a kind that is only found by asking. Raises RefusedError (shape)."""
    with _rehearsal(house) as session:
        knowledge = overlay.laid_over(snapshot.current(session), wanted.kind, wanted.key, wanted.document, wanted.checked)
        say = _SAID.get(wanted.kind)
        this = _turn(house, session, wanted.language, knowledge)
        said = say(this, wanted) if say else []
        return [one for reply in said for one in (reply, *more.behind(this, reply))]  # what waits for "more" wants to be read too


def _term(turn: Turn, wanted: Wanted) -> list[Reply]:
    return [terms.term(turn, wanted.key)]


def _service(turn: Turn, wanted: Wanted) -> list[Reply]:
    found = turn.knowledge.services[wanted.key]
    match = Match(found, (), 1.0)
    return services.results(turn, found.needs[0], Found([match])) if found.needs else [services.service(turn, match, "")]


def _opportunity(turn: Turn, wanted: Wanted) -> list[Reply]:
    return [opportunities.preview(turn, wanted.key)]


def _safety(turn: Turn, wanted: Wanted) -> list[Reply]:
    return safety.danger(turn, tuple(turn.knowledge.safety[wanted.key].dangers[:1]), "")


def _letter(turn: Turn, wanted: Wanted) -> list[Reply]:
    kind = turn.knowledge.letters[wanted.key]
    return letters.letter(turn, Letter([], [], [], kind.regulated, Guess(kind, True)))


def _pathway(turn: Turn, wanted: Wanted) -> list[Reply]:
    """The plan of somebody who skipped every question, or one of its steps; a step of no such plan is shown among all."""
    pathway = turn.knowledge.pathways[wanted.key]
    plan = kept.save(turn.session, turn.person.id, pathway, {})
    if not wanted.part:
        return plans.overview(turn, plan)
    if wanted.part not in {row.step for row in plan.steps}:
        only = next((step for step in pathway.steps if step.key == wanted.part), None)
        answers = {question: allowed[0] for question, allowed in only.when.items() if allowed} if only else {}
        plan = kept.save(turn.session, turn.person.id, pathway, answers)
    return [steps.step(turn, plan, wanted.part)] if wanted.part in {row.step for row in plan.steps} else []


def _reply(turn: Turn, wanted: Wanted) -> list[Reply]:
    words = turn.knowledge.words("replies", wanted.key, "text", turn.language)
    return [Reply(text=words.text, language=words.language, sender="staff")]


_SAID: dict[str, Callable[[Turn, Wanted], list[Reply]]] = {
    "terms": _term,
    "services": _service,
    "opportunities": _opportunity,
    "safety": _safety,
    "letters": _letter,
    "pathways": _pathway,
    "replies": _reply,
}


async def said(house: House, engine: Engine, wanted: Wanted, done: Sequence[Done]) -> list[list[Reply]]:
    """What the bot says of the entry, and its answer to each thing that somebody then did, as one conversation from its beginning:
    nothing is kept between two questions of the page. In the thread that has the engine. Raises what the engine raises."""
    with _rehearsal(house) as session:
        knowledge = overlay.laid_over(snapshot.current(session), wanted.kind, wanted.key, wanted.document, wanted.checked)
        chat, say = _chat(session, wanted.language), _SAID.get(wanted.kind)
        conversation = [say(answering.staged(house, session, chat, knowledge), wanted) if say else []]
        async with asyncio.timeout(WAIT_SECONDS):
            for one in done:
                conversation.append(await answering.rehearse(house, engine, session, chat, one.words, knowledge, one.payload))
        return conversation


@contextmanager
def _rehearsal(house: House) -> Iterator[Session]:
    """A session whose work is never kept."""
    session = house.sessions()
    try:
        yield session
    finally:
        session.rollback()
        session.close()


def _turn(house: House, session: Session, language: str, knowledge: Snapshot) -> Turn:
    return answering.staged(house, session, _chat(session, language), knowledge)


def _chat(session: Session, language: str) -> Chat:
    """Of somebody who knows the bot already."""
    chat = inbox.chat_for(session, CHANNEL, f"preview-{secrets.token_hex(8)}")
    chat.person.language, chat.person.language_confirmed, chat.person.welcomed = language, True, True
    session.flush()
    return chat

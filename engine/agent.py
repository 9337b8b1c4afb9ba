"""Rasa, loaded once: parse a message, or take one turn of a conversation.

The only door to Rasa for the rest of the program. A turn has an answer or raises; nothing is kept between turns.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import msgspec

from engine import compat

compat.install()

import structlog  # noqa: E402  rasa and what it brings come after compat.install()
from rasa.core.agent import Agent  # noqa: E402  # imports come after the path or the stand-ins are set
from rasa.core.channels.channel import CollectingOutputChannel, UserMessage  # noqa: E402  # imports come after the path or the stand-ins are set
from rasa.core.lock_store import InMemoryLockStore  # noqa: E402  # imports come after the path or the stand-ins are set
from rasa_sdk import Action  # noqa: E402  # imports come after the path or the stand-ins are set

from engine import model, speed  # noqa: E402  # imports come after the path or the stand-ins are set
from engine.actions import InProcessActions  # noqa: E402  # imports come after the path or the stand-ins are set
from engine.dialogue import DialogueState, OneTurnStore  # noqa: E402  # imports come after the path or the stand-ins are set
from engine.ears import Ears  # noqa: E402  # imports come after the path or the stand-ins are set
from engine.errors import ModelError, TurnFailedError  # noqa: E402  # imports come after the path or the stand-ins are set

_NO_INTENT = (None, "nlu_fallback")  # the conversation's word for "not sure", not a meaning


class Ranked(msgspec.Struct, frozen=True):
    intent: str
    confidence: float


class Parse(msgspec.Struct, frozen=True):
    """What Rasa understands of one message: intents from likeliest to least, and entity -> values in order."""

    intent: str | None
    ranking: list[Ranked]
    entities: dict[str, list[str]]


class Engine:
    """A loaded model with its actions, and the ears that were trained with it.

    One turn at a time per conversation is the caller's promise.
    """

    def __init__(self, agent: Agent, actions: InProcessActions, store: OneTurnStore, ears: Ears, archive: Path) -> None:
        self._agent, self._actions, self._store, self.ears, self.archive = agent, actions, store, ears, archive

    @classmethod
    def load(cls, archive: Path, actions: Iterable[Action], seconds: float = 8.0) -> Engine:
        """Raises ModelError when the archive is missing, not ours, or lacks an action that its domain names."""
        endpoint = InProcessActions(actions, seconds)
        made = cls._of(archive, endpoint)
        assert made._agent.processor is not None
        named = made._agent.processor.domain.user_actions
        missing = {name for name in named if name.startswith(("action_", "validate_"))} - endpoint.names
        if missing:
            raise ModelError(f"domain.yml names actions that actions/ lacks: {', '.join(sorted(missing))}")
        return made

    @classmethod
    def listening(cls, archive: Path) -> Engine:
        """One that understands and cannot answer: it has no actions. Raises ModelError."""
        return cls._of(archive, InProcessActions(()))

    @classmethod
    def _of(cls, archive: Path, endpoint: InProcessActions) -> Engine:
        model.check(archive)
        quiet()
        speed.install()
        agent = Agent(action_endpoint=endpoint, lock_store=InMemoryLockStore())
        try:
            agent.load_model(archive)
        except Exception as error:
            raise ModelError(f"{archive.name} cannot be loaded: {' '.join(str(error).split())[:200]}") from error
        assert agent.processor is not None
        store = OneTurnStore(agent.processor.domain)
        agent.tracker_store = agent.processor.tracker_store = store
        return cls(agent, endpoint, store, Ears.load(archive), archive)

    async def parse(self, text: str) -> Parse:
        """The understanding of one message, outside any conversation."""
        assert self._agent.processor is not None
        data = await self._agent.processor.parse_message(UserMessage(text or " "))
        entities: dict[str, list[str]] = {}
        for entity in data.get("entities", []):
            values = entities.setdefault(entity["entity"], [])
            if str(entity["value"]) not in values:
                values.append(str(entity["value"]))
        ranking = [
            Ranked(r["name"], float(r["confidence"])) for r in data.get("intent_ranking", []) if r["name"] not in _NO_INTENT
        ]
        return Parse(intent=ranking[0].intent if ranking else None, ranking=ranking, entities=entities)

    async def turn(self, conversation: str, text: str, state: DialogueState) -> tuple[list[dict[str, Any]], DialogueState]:
        """Answers one message: what the actions said, in order, and where the conversation stands then.

        Raises TurnFailedError when an action raised or hung, or nothing was said: the answer is then worth nothing.
        """
        processor = self._agent.processor
        assert processor is not None
        self._store.states[conversation] = state
        channel = CollectingOutputChannel()
        try:
            await processor.handle_message(UserMessage(text, channel, sender_id=conversation, input_channel="useit"))
            failure = self._actions.failures.pop(conversation, None)
            if failure is not None:
                raise TurnFailedError(f"an action failed: {type(failure).__name__}") from failure
            said = [message["custom"] for message in channel.messages if "custom" in message]
            if not said:
                raise TurnFailedError("the turn had no answer")
            return said, self._store.states[conversation]
        finally:
            self._actions.failures.pop(conversation, None)
            self._store.states.pop(conversation, None)


def quiet() -> None:
    """Rasa's logs hold the person's words: only warnings pass, without structlog's events."""
    logging.getLogger("rasa").setLevel(logging.WARNING)
    logging.getLogger("rasa.core.processor").setLevel(logging.CRITICAL)  # logs the text of a failed turn
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))

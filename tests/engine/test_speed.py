"""Remembering gives the same results as working it out anew."""

from __future__ import annotations

import asyncio
import inspect
from pathlib import Path
from typing import Any

import pytest
from jsonschema import ValidationError

from engine.agent import Engine
from engine.dialogue import DialogueState

TEXTS = ["hello", "what is DBS", "/menu", "waad mahadsan tahay", "شكرا", "/find_help", "tell me a joke", ""]


def test_the_straight_runner_gives_what_dask_gives(engine: Engine) -> None:
    from rasa.core.channels.channel import UserMessage
    from rasa.engine.runner.dask import DaskGraphRunner

    processor = engine._agent.processor
    assert processor is not None
    runner = processor.graph_runner

    def parsed(text: str) -> Any:
        data = asyncio.run(processor.parse_message(UserMessage(text or " ")))
        return data["intent"]["name"], data["entities"]

    straight = [parsed(text) for text in TEXTS]
    ours = type(runner).run
    type(runner).run = DaskGraphRunner.run
    try:
        assert [parsed(text) for text in TEXTS] == straight
    finally:
        type(runner).run = ours


def test_remembered_rules_are_those_that_fit(engine: Engine) -> None:
    from rasa.core.policies.rule_policy import RulePolicy

    processor = engine._agent.processor
    assert processor is not None
    policy = next(
        node._component for node in processor.graph_runner._instantiated_nodes.values() if isinstance(node._component, RulePolicy)
    )
    lookup = policy.lookup["rules"]
    states = [{"user": {"intent": "menu"}, "prev_action": {"action_name": "action_listen"}}]
    first, second = policy._get_possible_keys(lookup, states), policy._get_possible_keys(lookup, states)
    fitting = {key for key in lookup if policy._is_rule_applicable(key, 0, states[0])}
    assert first == second == fitting


def test_an_answer_that_breaks_the_schema_is_still_refused(archive: Path, engine: Engine) -> None:
    from rasa.core.actions.action import RemoteAction

    with pytest.raises(ValidationError):
        RemoteAction("x", None)._validate_action_result({"events": "none", "responses": []})


def test_all_subclasses_is_what_the_class_tree_says(engine: Engine) -> None:
    import rasa.shared.utils.common as common
    from rasa.shared.core.events import Event

    def walk(cls: type) -> set[type]:
        return {cls for sub in cls.__subclasses__() for cls in {sub} | walk(sub)}

    assert set(common.all_subclasses(Event)) == {cls for cls in walk(Event) if not inspect.isabstract(cls)}


def test_the_state_between_turns_does_not_grow() -> None:
    state = DialogueState(loop="help_form", slots={"need": "legal"})
    assert DialogueState.parse(state.dump()) == state and len(state.dump()) < 100
    assert DialogueState.parse(None) == DialogueState()


def test_merging_without_copies_gives_the_same_examples() -> None:
    """In a process of its own: the patch is for training only."""
    import subprocess
    import sys

    script = """
import sys
from engine import compat, speed
compat.install()
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
if sys.argv[1] == "patched":
    speed.install_for_training()
lines = [("hello", "greet"), ("thanks", "thanks"), ("hello", "greet"), ("bye", "goodbye"), ("hello", "thanks")]
one, other = (TrainingData([Message.build(text=t, intent=i) for t, i in part]) for part in (lines[:3], lines[2:]))
merged = one.merge(other, TrainingData())
print([(m.get("text"), m.get("intent")) for m in merged.training_examples], len(one.training_examples))
"""
    said = [
        subprocess.run([sys.executable, "-W", "ignore", "-c", script, how], capture_output=True, text=True, check=True).stdout
        for how in ("plain", "patched")
    ]
    assert said[0] == said[1] and "hello" in said[0]

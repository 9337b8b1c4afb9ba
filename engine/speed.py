"""Work that Rasa does again at every event or call and that has the same result each time.

Each patch keeps the result and only remembers it; `tests/engine/test_speed.py` compares with the unpatched function.
"""

from __future__ import annotations

import copy
from typing import Any


def install() -> None:
    """Applies every patch once."""
    _remember_subclasses()
    _validate_with_one_validator()
    _do_not_copy_what_is_not_logged()
    _run_in_a_straight_line()
    _remember_which_rules_fit()


def _remember_subclasses() -> None:
    """`all_subclasses` walks the class tree once per event that is read; the tree does not change after start."""
    import rasa.shared.utils.common as common

    original = common.all_subclasses
    if hasattr(original, "remembered"):
        return
    known: dict[type, list[type]] = {}

    def all_subclasses(cls: type) -> list[type]:
        if cls not in known:
            known[cls] = original(cls)
        return known[cls]

    all_subclasses.remembered = True  # type: ignore[attr-defined]  # marks the patch for the check above
    common.all_subclasses = all_subclasses


def _validate_with_one_validator() -> None:
    """`jsonschema.validate` checks the schema itself at each call: three quarters of a turn with an action."""
    from jsonschema.validators import validator_for
    from rasa.core.actions.action import RemoteAction

    schema = RemoteAction.action_response_format_spec()
    validator = validator_for(schema)(schema)

    def _validate_action_result(self: Any, result: dict[str, Any]) -> bool:
        validator.validate(result)
        return True

    RemoteAction._validate_action_result = _validate_action_result


def _do_not_copy_what_is_not_logged() -> None:
    """The processor deep-copies events for debug lines that are never written (level: engine/agent.py `quiet`)."""
    import rasa.core.processor as processor

    class NoCopies:
        @staticmethod
        def deepcopy(value: Any) -> Any:
            return value

        copy = staticmethod(copy.copy)

    processor.copy = NoCopies


def _run_in_a_straight_line() -> None:
    """See engine/runner.py."""
    import rasa.core.processor as processor

    from engine.runner import StraightGraphRunner

    processor.DaskGraphRunner = StraightGraphRunner


MOST_STATES = 20_000  # remembered; there are intents x actions x forms of them, because slots do not influence rules


def _remember_which_rules_fit() -> None:
    """RulePolicy compares every rule with every state of the turn, three times a turn; the same states fit the same rules."""
    from rasa.core.policies.rule_policy import RulePolicy

    original = RulePolicy._get_possible_keys
    if hasattr(original, "remembered"):
        return

    def _get_possible_keys(self: Any, lookup: dict[str, str], states: list[dict[str, Any]]) -> set[str]:
        known = self.__dict__.setdefault("_fitting", {})
        key = (id(lookup), repr(states))
        if key not in known:
            if len(known) >= MOST_STATES:
                known.clear()
            known[key] = frozenset(original(self, lookup, states))
        return set(known[key])

    _get_possible_keys.remembered = True  # type: ignore[attr-defined]  # marks the patch for the check above
    RulePolicy._get_possible_keys = _get_possible_keys


def install_for_training() -> None:
    """Rasa looks for equal examples by an MD5 of all that each holds, and copies every example, at every merge of files.

    Equal messages have equal text and intent, so a hash of those finds the same ones; and nothing changes a merged example, so the
    lists are copied and not what they hold (tests/engine/test_speed.py compares). A quarter of the time, 200 MB.
    """
    import rasa.shared.nlu.training_data.training_data as training_data
    from rasa.shared.nlu.training_data.message import Message

    class OnlyLists:
        copy = deepcopy = staticmethod(copy.copy)

    training_data.copy = OnlyLists
    Message.__hash__ = _hash_of_message


def _hash_of_message(message: Any) -> int:
    return hash((str(message.data.get("text")), str(message.data.get("intent"))))

"""Danger is heard in every language, and ordinary messages do not call an ambulance."""

from __future__ import annotations

import csv
from collections.abc import Iterator

import pytest

from bot.settings import KNOWN_LANGUAGES as LANGUAGES
from bot.settings import ROOT
from engine.agent import Engine
from engine.nlu.examples import lines_of
from engine.safety import KINDS, Listener
from tests.amount import some

# floors a little below what was measured (docs/understanding.md)
DANGERS_HEARD, KIND_KNOWN, CASES_HEARD = 0.78, 0.85, 0.8
HARD_ALARMS, ORDINARY_ALARMS = 0.1, 0.02


def examples(language: str) -> Iterator[tuple[str, str]]:
    with (ROOT / f"tests/data/safety_{language}.tsv").open(encoding="utf-8", newline="") as handle:
        for row in csv.reader(handle, delimiter="\t", quoting=csv.QUOTE_NONE):
            if len(row) == 2 and row[0] != "expect":
                yield row[0], row[1]


def share(hits: list[bool]) -> float:
    return sum(hits) / len(hits)


@pytest.mark.parametrize("language", LANGUAGES)
def test_dangers_are_heard_and_their_kind_is_known(language: str, engine: Engine) -> None:
    """Lines that no pattern and no model was written from (but for en, ar and so, whose patterns were)."""
    dangers = [(kind, engine.ears.listen(text).dangers) for kind, text in examples(language) if kind in KINDS]
    assert share([bool(heard) for _, heard in dangers]) >= DANGERS_HEARD
    assert share([kind in heard for kind, heard in dangers if heard]) >= KIND_KNOWN


@pytest.mark.parametrize("language", LANGUAGES)
def test_questions_about_a_case_of_ones_own_are_heard(language: str, engine: Engine) -> None:
    cases = [engine.ears.listen(text).immigration for kind, text in examples(language) if kind == "immigration"]
    assert share(cases) >= CASES_HEARD


@pytest.mark.parametrize("language", LANGUAGES)
def test_messages_that_only_look_like_danger_raise_few_alarms(language: str, engine: Engine) -> None:
    alarms = [bool(engine.ears.listen(text).dangers) for kind, text in examples(language) if kind == "none"]
    assert share(alarms) <= HARD_ALARMS


@pytest.mark.parametrize("intent", ["greet", "thanks", "find_help", "explain_term", "my_plan", "out_of_scope"])
def test_ordinary_messages_raise_almost_none(intent: str, engine: Engine) -> None:
    lines = [text for language in LANGUAGES for _, its, text in lines_of(ROOT / "data/nlu" / language) if its == intent][::7]
    assert share([bool(engine.ears.listen(text).dangers) for text in lines]) <= ORDINARY_ALARMS


@pytest.mark.parametrize(
    "text",
    [
        "Thank you for the answer about council tax. I will pay on Friday. And by the way my husband hits me. Also what is a P45?",
        "thanks for the course it was good and by the way my husband hits me and I do not know where to go with my two children tonight",
    ],
)
def test_danger_is_heard_inside_a_long_message(text: str, engine: Engine) -> None:
    assert "violence" in engine.ears.listen(text).dangers


@pytest.mark.parametrize(
    "text",
    [
        "I'm dying to learn English",
        "what does self-harm mean",
        "domestic abuse معنى",
        "c'est quoi modern slavery",
        "detention centre چه معنا",
    ],
)
def test_idioms_and_questions_about_a_word_call_no_ambulance(text: str, engine: Engine) -> None:
    assert not engine.ears.listen(text).dangers


def test_without_a_model_the_patterns_are_still_heard() -> None:
    assert Listener().listen("my husband hits me").dangers == ("violence",)


@pytest.mark.parametrize("language", LANGUAGES)
def test_looking_for_needed_words_first_changes_no_result(language: str) -> None:
    from engine.nlu.text import fold
    from engine.safety.patterns import _compiled, _finder, _rules

    for _, text in some(examples(language), 5):
        sentence = fold(text)
        words = _finder().words_in(sentence)
        for rule in _rules():
            for pattern in (*rule.say, *rule.unless):
                assert pattern.found_in(sentence, words) == bool(_compiled(pattern.source).search(sentence)), (
                    pattern.source,
                    text,
                )

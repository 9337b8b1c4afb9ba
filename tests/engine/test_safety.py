"""Danger is heard in every language, and ordinary messages do not call an ambulance."""

from __future__ import annotations

import csv
from collections.abc import Iterator

import pytest

from bot.settings import KNOWN_LANGUAGES as LANGUAGES
from bot.settings import ROOT
from engine.agent import Engine


def examples(language: str) -> Iterator[tuple[str, str]]:
    with (ROOT / f"tests/data/safety_{language}.tsv").open(encoding="utf-8", newline="") as handle:
        for row in csv.reader(handle, delimiter="\t", quoting=csv.QUOTE_NONE):
            if len(row) == 2 and row[0] != "expect":
                yield row[0], row[1]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_danger_is_heard(language: str) -> None:
    missed = [text for kind, text in examples(language) if kind not in ("none", "immigration") and not listen(text).dangers]
    assert missed == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_question_about_a_case_of_ones_own_is_heard(language: str) -> None:
    assert [text for kind, text in examples(language) if kind == "immigration" and not listen(text).immigration] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_ordinary_messages_raise_no_alarm(language: str) -> None:
    wrong = [text for kind, text in examples(language) if kind == "none" and (listen(text).dangers or listen(text).immigration)]
    assert wrong == []


def test_danger_is_heard_inside_a_long_message() -> None:
    long = (
        "Thank you for the answer about council tax. I will pay on Friday. And by the way my husband hits me. Also what is a P45?"
    )
    assert "violence" in listen(long).dangers


def test_being_eager_is_not_dying() -> None:
    assert not listen("I'm dying to learn English").dangers


@pytest.mark.parametrize("language", LANGUAGES)
def test_looking_for_needed_words_first_changes_no_result(language: str) -> None:
    from engine.nlu.text import fold
    from engine.safety.patterns import _compiled, _finder, _rules

    for _, text in examples(language):
        sentence = fold(text)
        words = _finder().words_in(sentence)
        for rule in _rules():
            for pattern in (*rule.say, *rule.unless):
                assert pattern.found_in(sentence, words) == bool(_compiled(pattern.source).search(sentence)), (
                    pattern.source,
                    text,
                )

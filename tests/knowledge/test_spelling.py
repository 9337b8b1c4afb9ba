"""Looking at few forms finds what looking at all of them finds."""

from __future__ import annotations

import random

import pytest
from rapidfuzz import fuzz, process

from bot.knowledge.forms import compact
from bot.knowledge.seed import Seed
from bot.knowledge.spelling import CUTOFF, SHORTEST, Spellings, _digits
from tests.amount import IS_LONG


@pytest.fixture(scope="module")
def forms(content: Seed) -> list[str]:
    every = {compact(form) for term in content.terms for form in (term.name, *term.aliases, *term.misspellings)}
    return sorted(form for form in every if len(form) >= SHORTEST)


def brute(forms: list[str], written: str) -> float:
    spread = 1 + len(written) // 12
    near = [f for f in forms if abs(len(f) - len(written)) <= spread and _digits(f) == _digits(written)]
    found = process.extractOne(written, near, scorer=fuzz.ratio, score_cutoff=CUTOFF)
    return found[1] if found else 0.0


def mistyped(form: str, draw: random.Random) -> str:
    letters = list(form)
    for _ in range(draw.randint(1, 2)):
        at = draw.randrange(len(letters))
        match draw.randrange(4):
            case 0:
                letters[at] = draw.choice("aeioustrn")
            case 1:
                letters.insert(at, draw.choice("aeioustrn"))
            case 2 if len(letters) > 4:
                del letters[at]
            case _ if at:
                letters[at - 1], letters[at] = letters[at], letters[at - 1]
    return "".join(letters)


def test_the_nearest_form_is_the_one_a_full_search_finds(forms: list[str]) -> None:
    draw, spellings, missed = random.Random(11), Spellings(forms), []
    written = [mistyped(draw.choice(forms), draw) for _ in range(1_500 if IS_LONG else 300)]
    for word in written:
        found = spellings.nearest(word)
        if abs((found[1] if found else 0.0) - brute(forms, word)) > 0.01:
            missed.append(word)
    assert len(missed) <= len(written) // 100, missed


def test_a_short_or_far_word_is_near_nothing(forms: list[str]) -> None:
    spellings = Spellings(forms)
    assert [spellings.nearest(word) for word in ("", "abcd", "zzzzzzzzzz")] == [None, None, None]
    assert Spellings([]).nearest("council") is None

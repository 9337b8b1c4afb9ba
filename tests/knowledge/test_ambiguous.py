"""An abbreviation with several meanings gives the likeliest by the words around it, and the others on a tap."""

from __future__ import annotations

import pytest

from bot.house import House
from bot.knowledge import snapshot
from bot.knowledge.snapshot import Snapshot


@pytest.fixture
def knowledge(stocked: House) -> Snapshot:
    with stocked.sessions() as session:
        return snapshot.current(session)


@pytest.mark.parametrize(
    ("asked", "key"),
    [
        ("I applied for PIP, is it a disability benefit?", "pip"),
        ("my manager wants me on a PIP because of my performance", "performance-improvement-plan"),
        ("what is a PCN, I parked my car", "penalty-charge-notice"),
    ],
)
def test_the_words_around_decide(knowledge: Snapshot, asked: str, key: str) -> None:
    found = next(f for f in knowledge.term_index.in_question(asked) if f.others)
    assert found.key == key


def test_the_others_are_kept(knowledge: Snapshot) -> None:
    (found,) = knowledge.term_index.in_question("what is PIP")
    assert {found.key, *found.others} >= {"pip", "performance-improvement-plan"}

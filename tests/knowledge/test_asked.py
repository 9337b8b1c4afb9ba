"""Which English words a question is about, when the knowledge has no entry for them."""

from __future__ import annotations

import pytest

from bot.knowledge.asked import asked_about, may_be_a_name


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("مدرسة ابني ذكرت QZXT في الرسالة شو يعني", "QZXT"),
        ("نامه از council آمده نوشته quiet enjoyment clause یعنی چی", "quiet enjoyment clause"),
        ("the form says QZXT, what is it", "QZXT"),
        ('what does "snagging list" mean', "snagging list"),
        ("що таке snagging list", "snagging list"),
        ("letter в листі", None),
        ("WHAT IS THIS", None),
        ("waa maxay", None),
        ("", None),
    ],
)
def test_the_english_part_is_what_is_asked_about(text: str, asked: str | None) -> None:
    assert asked_about(text, None) == asked


def test_what_is_written_as_a_name_is_not_noted() -> None:
    assert may_be_a_name("John Smith") and may_be_a_name("dear John")
    assert not may_be_a_name("QZXT") and not may_be_a_name("snagging list")

"""An auditor sees the shape of what was written, and no letter or digit of it."""

from __future__ import annotations

import pytest

from bot.cases.showing import LONG, MEDIUM, MOST_WORDS, SHORT, masked, words

SAID = "Ahmed Al-Masri, 12 High St., B16 9PA: ahmed@example.org?\nهاتفي ٠٧٧٠٠ ٩٠٠١٢٣ 🏠"


def test_no_letter_or_digit_is_left() -> None:
    assert not [character for character in masked(SAID) if character.isalnum() or character in "@-🏠"]


def test_lines_words_and_the_signs_at_their_ends_stay() -> None:
    assert masked("Is it my rent?\nNo.") == f"{SHORT} {SHORT} {SHORT} {MEDIUM}?\n{SHORT}."
    assert masked(SAID).count("\n") == 1 and masked(SAID).splitlines()[0].endswith("?")
    assert masked("") == "" and masked("?!") == "?!"


@pytest.mark.parametrize(
    ("word", "shape"), [("a", SHORT), ("rat", SHORT), ("rent", MEDIUM), ("Ibrahim", MEDIUM), ("landlord", LONG)]
)
def test_only_the_class_of_a_words_length_is_seen(word: str, shape: str) -> None:
    assert masked(word) == shape
    assert masked("x" * 10_000) == LONG


def test_a_very_long_text_looks_like_a_long_one() -> None:
    long, longer = masked("word " * (MOST_WORDS + 1)), masked("word " * 10_000)
    assert long == longer and long.endswith("…") and masked("word " * MOST_WORDS) != long


@pytest.mark.parametrize(
    ("role", "shown"), [("caseworker", "rent"), ("lead", "rent"), ("auditor", MEDIUM), ("admin", ""), ("nobody", "")]
)
def test_each_role_reads_what_it_may(role: str, shown: str) -> None:
    assert words("rent", role) == shown

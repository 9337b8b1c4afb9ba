"""A letter is read as it is photographed: askew, in bad light, on its side, on its head."""

from __future__ import annotations

import pytest
from rapidfuzz.distance import Levenshtein

from bot.photos.child import answer
from bot.photos.frames import Answer
from bot.photos.recognising import Recogniser
from bot.photos.words import judged
from tests.photos import pictures
from tests.photos.marks import reads

pytestmark = reads
MOST_WRONG = 0.01  # of the letters of a page


@pytest.fixture(scope="module")
def recogniser() -> Recogniser:
    return Recogniser()


def wrong(read: Answer, letter: str) -> float:
    """The share of letters that are wrong, missing or too many."""
    want = " ".join(letter.split())
    return Levenshtein.distance(" ".join(read.text.split()), want) / len(want)


@pytest.mark.parametrize("way", [way if way == "skewed" else pytest.param(way, marks=pytest.mark.long) for way in pictures.WAYS])
def test_a_letter_is_read_however_it_was_photographed(recogniser: Recogniser, way: str) -> None:
    read = answer(recogniser, pictures.photo(pictures.UNIVERSAL_CREDIT, pictures.WAYS[way]))
    assert wrong(read, pictures.UNIVERSAL_CREDIT) <= MOST_WRONG
    paragraphs = read.text.split("\n")
    assert any("8 December 2026" in p and p.startswith("We are writing") and "bank statement with you." in p for p in paragraphs)
    found = judged(read)
    assert found.masked == ["nino"] and "12 34 56" not in found.words


@pytest.mark.long
def test_small_print_is_read(recogniser: Recogniser) -> None:
    small = pictures.skewed(pictures.page(pictures.HOSPITAL, size=22))
    assert wrong(answer(recogniser, pictures.encoded(small)), pictures.HOSPITAL) <= MOST_WRONG


@pytest.mark.parametrize(("letter", "way"), [(pictures.TENANCY, "blurred"), pytest.param("", "clean", marks=pytest.mark.long)])
def test_a_photo_out_of_focus_and_an_empty_page_are_unreadable(recogniser: Recogniser, letter: str, way: str) -> None:
    assert judged(answer(recogniser, pictures.photo(letter, getattr(pictures, way)))).failure == "unreadable"


def test_a_french_letter_is_foreign_and_an_arabic_one_is_not_taken_for_english(recogniser: Recogniser) -> None:
    assert judged(answer(recogniser, pictures.photo(pictures.FRENCH))).failure == "foreign"
    arabic = pictures.page(
        "السيد المحترم\nنود إعلامكم بأن موعدكم يوم الاثنين. يرجى إحضار هذه الرسالة.", str(pictures.ARABIC_FONT)
    )
    assert judged(answer(recogniser, pictures.encoded(arabic))).failure in ("unreadable", "foreign")

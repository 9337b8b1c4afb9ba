"""Replies in Telegram's terms."""

from __future__ import annotations

import pytest

from bot.channels.telegram import writing
from bot.conversation.incoming import Outgoing
from bot.replies import Button, Reply

MARK = "\u200f"


def outgoing(text: str, language: str = "en", rows: list[list[Button]] | None = None, id: int = 7) -> Outgoing:
    return Outgoing(id=id, reply=Reply(text=text, language=language, rows=rows or []))


def same(one: str, other: str) -> bool:
    return one.split() == other.split()


def test_a_short_text_is_one_part_as_it_is() -> None:
    assert writing.parts(outgoing("Band 5 is a pay level.\n\nChecked: May")) == ["Band 5 is a pay level.\n\nChecked: May"]


def test_a_long_text_is_split_after_a_sentence() -> None:
    text = " ".join(f"This is sentence number {n}." for n in range(600))
    parts = writing.parts(outgoing(text))
    assert len(parts) > 3
    assert all(part.endswith(".") and part.startswith("This") and writing.units(part) < 4096 for part in parts)
    assert same(" ".join(parts), text)


@pytest.mark.parametrize("end", ["؟ ", "! ", "۔ ", "…\n", ".) ", "\n"])
def test_sentences_end_in_many_scripts(end: str) -> None:
    parts = writing.parts(outgoing(("كلمة" * 10 + end) * 200))
    assert len(parts) > 1
    assert all(part.endswith(end.strip() or "ة") for part in parts)


def test_a_text_without_sentences_is_split_between_words() -> None:
    text = "word " * 3000
    parts = writing.parts(outgoing(text))
    assert all(writing.units(part) < 4096 and set(part.split()) == {"word"} for part in parts)
    assert same(" ".join(parts), text)


def test_a_text_without_spaces_is_cut_but_no_character_is() -> None:
    family = "👩‍👩‍👧"
    parts = writing.parts(outgoing(family * 1500))
    assert "".join(parts) == family * 1500
    assert all(writing.units(part) < 4096 and part.startswith("👩") and not part.startswith("\u200d") for part in parts)


def test_length_is_counted_in_utf16_code_units() -> None:
    assert writing.units("😀") == 2
    assert [writing.units(part) for part in writing.parts(outgoing("😀" * 2048))] == [4094, 2]


@pytest.mark.parametrize("text", ["a" * 4095, "a" * 4096, "a" * 4095 + ". b", "é" * 4095 + " " + "b" * 4095, "e\u0301" * 4000])
def test_every_part_stays_below_the_limit(text: str) -> None:
    parts = writing.parts(outgoing(text))
    assert all(0 < writing.units(part) < 4096 for part in parts)
    assert same("".join(parts).replace(" ", ""), text.replace(" ", ""))


def test_half_a_character_does_not_make_the_message_unsendable() -> None:
    assert writing.parts(outgoing("a\ud800b")) == ["a?b"]


def test_nothing_to_say_gives_no_part() -> None:
    assert writing.parts(outgoing(" \n ")) == []


def test_arabic_lines_that_begin_with_latin_words_read_right_to_left() -> None:
    text = "DBS check هو فحص\nهذا سطر عربي فيه DBS\n1. NMC هي الهيئة\n\nhttps://www.gov.uk"
    [part] = writing.parts(outgoing(text, "ar"))
    assert part.split("\n") == [
        MARK + "DBS check هو فحص",
        "هذا سطر عربي فيه DBS",
        MARK + "1. NMC هي الهيئة",
        "",
        MARK + "https://www.gov.uk",
    ]


def test_a_part_that_begins_with_a_latin_word_in_the_middle_of_a_line_is_marked_too() -> None:
    text = "DBS كلمة كلمة. " * 500
    parts = writing.parts(outgoing(text, "ar"))
    assert len(parts) > 1
    assert all(part.startswith(MARK + "DBS") and writing.units(part) < 4096 for part in parts)


def test_left_to_right_languages_get_no_mark() -> None:
    assert MARK not in writing.parts(outgoing("DBS waa baaritaan", "so"))[0]


def test_buttons_carry_the_token_of_their_place_over_all_rows() -> None:
    rows = [
        [Button(label="A", payload="/a"), Button(label="Map", url="https://maps.example/?q=B1")],
        [Button(label="C", payload="/c")],
    ]
    keyboard = writing.keyboard(outgoing("x", rows=rows, id=41))
    assert keyboard is not None
    found = [[(b.text, b.callback_data, b.url) for b in row] for row in keyboard.inline_keyboard]
    assert found == [[("A", "41:0", None), ("Map", None, "https://maps.example/?q=B1")], [("C", "41:2", None)]]


def test_callback_data_fits_64_bytes_whatever_the_payload() -> None:
    rows = [[Button(label="x", payload="/intent" + "ش" * 5000)] for _ in range(100)]
    keyboard = writing.keyboard(outgoing("x", rows=rows, id=2**63))
    assert keyboard is not None
    assert all(len(str(b.callback_data).encode()) <= 64 for row in keyboard.inline_keyboard for b in row)


def test_a_link_that_telegram_takes_for_no_button_stands_in_the_text() -> None:
    out = outgoing("Call:", rows=[[Button(label="Police", url="tel:999")]])
    assert writing.parts(out) == ["Call:\nPolice: tel:999"]
    assert writing.keyboard(out) is None


def test_no_buttons_no_keyboard() -> None:
    assert writing.keyboard(outgoing("x")) is None

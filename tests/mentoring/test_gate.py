"""No telephone number, address, link or account passes between two people of a pair, however it is written; ordinary talk does."""

from __future__ import annotations

import re

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.mentoring import gate, words
from bot.mentoring.gate import look

SCRIPTS = (
    "0123456789",
    "٠١٢٣٤٥٦٧٨٩",
    "۰۱۲۳۴۵۶۷۸۹",
    "०१२३४५६७८९",
    "০১২৩৪৫৬৭৮৯",
    "０１２３４５６７８９",
    "𝟎𝟏𝟐𝟑𝟒𝟓𝟔𝟕𝟖𝟗",
    "⓪①②③④⑤⑥⑦⑧⑨",
)
BETWEEN = ("", " ", "-", ".", " . ", "/", "_", "\n", "·", "\u200b", "\u200c", "️⃣", "  -  ", "|", "…", " 🙂 ", "*", "^")
AROUND = (("", ""), ("call me ", " please"), ("رقم ", " شكرا"), ("waa ", "!"), ("(", ")"), ("x:", ""), ("my mum said ", " ok"))
SAID = [
    [lists["digits"][n][0] for n in range(10)] for lists in words._content().values() if "digits" in lists
]  # one language each


@st.composite
def telephone_numbers(draw: st.DrawFn) -> str:
    """One of a mobile's or landline's length, each digit in a script or as a word, with anything between."""
    numbers = draw(st.lists(st.integers(0, 9), min_size=7, max_size=12))
    spoken = draw(st.sampled_from([None, *SAID]))
    script = draw(st.sampled_from(SCRIPTS))
    between = draw(st.sampled_from([gap for gap in BETWEEN if gap] if spoken else BETWEEN))
    mixed = draw(st.booleans())
    pieces = [spoken[n] if spoken and (not mixed or place % 2) else script[n] for place, n in enumerate(numbers)]
    before, after = draw(st.sampled_from(AROUND))
    return f"{before}{(between if not spoken else f' {between} ').join(pieces)}{after}"


@settings(max_examples=400, deadline=None)
@given(telephone_numbers())
@example("07384 466181")
@example("+44 (0)7384-466-181")
@example("oh seven three eight four double six one")
@example("zeroseventhreeeightfourfoursix")
@example("07384 and then 466 then 181")
@example("O7384 466l8l")
def test_no_telephone_number_passes(written: str) -> None:
    assert "number" in look(written).kinds, written


@settings(max_examples=150, deadline=None)
@given(st.lists(st.integers(0, 9), min_size=10, max_size=11), st.integers(2, 4))
def test_none_passes_in_pieces_either(numbers: list[int], size: int) -> None:
    """Each message alone would pass; the one that completes a number does not, and so the number never arrives."""
    text = "".join(map(str, numbers))
    pieces = [text[n : n + size] for n in range(0, len(text), size)]
    passed: list[str] = []
    for piece in pieces:
        if look(piece, before=passed).passes:
            passed.append(piece)
    assert len("".join(passed)) <= 5, passed


@settings(max_examples=200, deadline=None)
@given(
    st.from_regex(re.compile(r"[a-z][a-z0-9._]{2,12}"), fullmatch=True),
    st.sampled_from(["gmail.com", "nhs.net", "mail.example.org", "posteo.de", "uni.ac.uk"]),
    st.sampled_from(["@", " @ ", "(at)", " at ", "[at]", "＠"]),
    st.sampled_from([".", " . ", " dot ", "(dot)"]),
)
def test_no_e_mail_address_passes(name: str, host: str, at: str, dot: str) -> None:
    assert not look(f"write to {name}{at}{host.replace('.', dot)} ok").passes


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("see https://example.org/x", "link"),
        ("go to www example", "link"),
        ("nmc dot org", "link"),
        ("t.me/selam", "link"),
        ("@selam_h", "account"),
        ("I am on WhatsApp", "account"),
        ("أنا على واتساب", "account"),
        ("عالواتس أسهل", "account"),
        ("пиши мені в телеграм", "account"),
        ("واټساپ لرې؟", "account"),
        ("میں واٹس ایپ پر ہوں", "account"),
        ("B16 8QQ", "address"),
        ("b168qq", "address"),
        ("12 St Marks Road", "address"),
        ("I live at the church", "private"),
        ("flat 7 upstairs", "address"),
        ("أسكن في شارع الملك", "address"),
        ("QQ 12 34 56 C", "identifier"),
        ("[nino]", "identifier"),
        ("4111 1111 1111 1111", "identifier"),
        ("GB33 BUKB 2020 1555 5555 55", "identifier"),
        ("my name is Selam", "name"),
        ("اسمي سلام", "name"),
        ("magacaygu waa Sahra", "name"),
        ("نوم مې سلام دی", "name"),
        ("where do you live?", "private"),
        ("come to my flat tonight", "private"),
        ("gurigayga kaalay", "private"),
        ("send me money please", "money"),
        ("ابعتي لي فلوس", "money"),
        ("پیسې راکړه", "money"),
        ("I will kill you", "threats"),
        ("بعرف وين ساكنة", "threats"),
        ("waan ku dili", "threats"),
        ("I know where you live", "threats"),
        ("a" * 1_001, "long"),
    ],
)
def test_what_may_not_pass_is_named(text: str, kind: str) -> None:
    assert kind in look(text).kinds, look(text).kinds


@pytest.mark.parametrize(
    "text",
    [
        "Hello! I passed the second exam on 14/12/2026 with 7.5 in listening.",
        "It took me three years. I did 2 exams in 2021 and 2022, and 12 weeks of practice.",
        "The fee was £1,835 and the course began at 10:30.",
        "Do you have two small children? I have one.",
        "Ask for Band 5. In B16 there is a good English class on Tuesday evenings.",
        "كيف قدمت على الامتحان؟ انتظرت ستة أشهر",
        "Sidee baad u baratay Ingiriisiga? Laba sano ayaan qaatay.",
        "چند ماه طول کشید؟ من دو سال منتظر ماندم",
        "Я чекала три місяці, потім здала іспит",
        "J'ai attendu deux ans et passé un examen",
        "You can do it. I cried, too, and one year later I worked on a ward.",
        "",
        "🙂",
    ],
)
def test_ordinary_talk_passes(text: str) -> None:
    assert look(text).passes, look(text).kinds


def test_threats_and_money_are_for_a_caseworker_and_the_rest_is_for_the_writer() -> None:
    assert look("I will kill you, send me money").held == "threats"
    assert look("send me money").held == "money"
    assert look("call me on 07384 466181").held == ""


def test_names_pass_when_both_want_them() -> None:
    assert look("my name is Selam", names=True).passes
    assert not look("my name is Selam, 07384 466181", names=True).passes


@pytest.mark.parametrize(("text", "good"), [("Selam", True), ("أم أحمد", True), ("Selam 07384466181", False), ("@selam", False),
    ("", False), ("selam.com", False), ("I am a nurse from Asmara", False), ("B16 8QQ", False)])  # fmt: skip
def test_what_somebody_is_called_is_a_name_and_no_way_to_reach_them(text: str, good: bool) -> None:
    assert gate.is_a_name(text) is good


@pytest.mark.parametrize(
    "text",
    ["Selam", "Marie-Claire", "O'Neil", "Umm Sara", "أم أحمد", "عبد الرحمن", "سَلْمى", "می‌نا", "Сніжана", "Abdul Rahman", "Bird"],
)
def test_one_name_may_be_what_a_mentee_is_called(text: str) -> None:
    assert gate.is_a_nickname(text)


@pytest.mark.parametrize(
    "text",
    ["Selam Tesfaye", "سلام تسفاي", "SelamTesfaye", "Selam.Tesfaye", "selam_tesfaye", "@selam", "Selam 07384 466181", "07384466181", "selam@nhs.net", "selam(at)nhs.net",
     "٠٧٣٨٤٤٦٦١٨١", "WhatsApp", "B16 8QQ", "Abu Selam Tesfaye", "my name is Selam", "", " ", "🙂", "zeroseventhreeeightfourfoursix", "whore"],
)  # fmt: skip
def test_no_full_name_and_no_way_to_reach_them_may(text: str) -> None:
    assert not gate.is_a_nickname(text)


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=200))
def test_it_never_raises(text: str) -> None:
    look(text, before=[text])
    gate.is_a_name(text)
    gate.is_a_nickname(text)

"""Left or right: our reading of UAX #9 against two others, fpdf2's and the browser's."""

from __future__ import annotations

import random
import re

import pytest
from fpdf.bidi import BidiParagraph
from fpdf.enums import TextDirection
from playwright.sync_api import Page

from bot.papers import bidi
from bot.papers.cleaning import paragraphs
from bot.papers.links import linked
from bot.papers.runs import is_rtl
from tests.papers.seeing import browser_letters, browser_line, seen, text, visual

EVERY_KIND = "abאבعل12٣٤+-,.:/%$#()[]{} \u0651\u0300\u2066\u2067\u2068\u2069\u200e\u200f\u061c !&\t"
COLUMN = 487.28  # points, of a page on A4
MIXED = {
    "a term and its meaning": ("ar", "DBS check (Disclosure and Barring Service) هو فحص يطلبه صاحب العمل"),
    "a term in brackets": ("ar", "يجب أن يكون اسمك في سجل مجلس التمريض (NMC)، ثم اختبار عملي (OSCE)."),
    "a fee and a date": ("fa", "هزینه‌ی IELTS از £195 تا £210 است (23 نوامبر 2026)؛ بعد ثبت نام کنید"),
    "per cent and a range": ("ur", "فیس 20% کم ہے، 10-12 ہفتے لگتے ہیں، Band 5 سے £31,049 تک"),
    "an address": ("ps", "رسمي پاڼه: https://www.gov.uk/dbs-check#top دلته ده"),
    "digits of the language": ("fa", "از ۱۲ تا ۱۵ هفته، شماره ۰۳۰۰ را بگیرید"),
    "words in Ukrainian": ("uk", "Складіть тест (OET), потім العربية і знову українською: £1 170."),
    "an Arabic name in English": ("en", "I speak العربية (Arabic). Please write: محمد 12, not 21."),
}
WRAPPED = {
    "ar": "أكثر الناس يثبتون لغتهم الإنجليزية (IELTS أو OET)، ويتم التحقق من دراستهم، وينجحون في اختبار Computer Based Test (CBT) "
    "واختبار عملي Objective Structured Clinical Examination (OSCE)، ثم يدفعون 153 جنيها.",
    "ur": "زیادہ تر لوگ اپنی انگریزی ثابت کرتے ہیں (IELTS یا OET)، ان کی تعلیم کی جانچ ہوتی ہے، پھر Computer Based Test (CBT) اور "
    "Objective Structured Clinical Examination (OSCE) پاس کر کے 153 پاؤنڈ دیتے ہیں۔",
}


@pytest.mark.parametrize("rtl", [False, True])
def test_levels_are_those_of_another_implementation(rtl: bool) -> None:
    choose = random.Random(9)
    for _ in range(6_000):
        words = "".join(choose.choice(EVERY_KIND) for _ in range(choose.randint(1, 14)))
        theirs = BidiParagraph(words, TextDirection.RTL if rtl else TextDirection.LTR).get_characters()
        assert bidi.levels(words, rtl=rtl) == [c.embedding_level for c in theirs], ascii(words)


def test_a_joiner_stays_in_the_run_of_its_letters() -> None:
    assert bidi.levels("a می\u200cخواهم", rtl=False) == [0, 0, *[1] * 8]


def test_pieces_are_turned_over_from_the_deepest_level_outwards() -> None:
    assert bidi.visual([0, 0, 0]) == [0, 1, 2]
    assert bidi.visual([1, 2, 1]) == [2, 1, 0]
    assert bidi.visual([0, 1, 2, 2, 1, 0]) == [0, 4, 2, 3, 1, 5]
    assert bidi.visual([2, 2]) == [0, 1] and bidi.visual([]) == []


@pytest.mark.browser
@pytest.mark.parametrize("name", MIXED)
def test_a_mixed_line_is_in_the_order_of_the_browser(browser_page: Page, name: str) -> None:
    language, words = MIXED[name]
    marked = re.sub(r"£[\d,]+", "\u200e\\g<0>\u200e", words)  # so that the browser keeps an amount in order too
    browser_line(browser_page, marked, language, "rtl" if is_rtl(words, language) else "ltr")
    expected = visual(browser_letters(browser_page), 20)
    assert len(expected) == 1 and visual(list(seen(text(words, language), language=language).letters())) == expected


@pytest.mark.browser
@pytest.mark.parametrize("language", WRAPPED)
def test_each_line_of_a_paragraph_is_cut_and_ordered_like_the_browser_s(browser_page: Page, language: str) -> None:
    browser_line(browser_page, WRAPPED[language], language, "rtl", COLUMN)
    expected = visual(browser_letters(browser_page), 20)
    assert len(expected) > 2
    assert visual(list(seen(text(WRAPPED[language], language), language=language).letters())) == expected


@pytest.mark.parametrize(
    ("words", "piece"),
    [
        ("اتصل 0300 020 0190 الآن", "0300 020 0190"),
        ("اتصل +44 121 496 0000", "+44 121 496 0000"),
        ("الصفحة: https://www.gov.uk/a-b/", "https://www.gov.uk/a-b/"),
        ("الصفحة www.nhs.uk/?q=1&r=2/ هنا", "www.nhs.uk/?q=1&r=2/"),
        ("اكتب إلى info@useit.org.uk.", "info@useit.org.uk"),
        ("حوالي £1,365 إلى £1,549.50 معًا", "£1,365"),
        ("حوالي £1,365 إلى £1,549.50 معًا", "£1,549.50"),
    ],
)
def test_a_number_or_address_runs_left_to_right_in_one_piece(words: str, piece: str) -> None:
    [line] = visual(list(seen(text(words, "ar"), language="ar").letters()))
    assert piece.replace(" ", "") in line


@pytest.mark.parametrize(
    ("line", "target"),
    [
        ("See https://www.gov.uk/a, and more", "https://www.gov.uk/a"),
        ("(www.nhs.uk)", "https://www.nhs.uk"),
        ("Call 0300 020 0190.", "tel:03000200190"),
        ("on 23 November 2026 for £1,365", ""),
        ("0300 020", ""),
        ("ftp://x javascript:alert(1)", ""),
        ("https://x.uk/" + "a" * 3_000, ""),
    ],
)
def test_what_can_be_tapped_is_found_and_nothing_else(line: str, target: str) -> None:
    assert {found for found in linked(line).targets if found} == ({target} if target else set())


@pytest.mark.parametrize(
    ("words", "language", "expected"),
    [
        ("DBS هو فحص", "ar", True),
        ("I speak اردو. I need an interpreter, please.", "ur", False),
        ("Work as a nurse", "ar", False),
        ("2026", "ar", True),
        ("2026", "en", False),
        ("العربية and English", "en", True),
        ("الصفحة الرسمية: https://www.nmc.org.uk/registration/joining-the-register/", "ar", True),
    ],
)
def test_a_text_has_the_direction_of_its_words(words: str, language: str, expected: bool) -> None:
    assert is_rtl(words, language) is expected


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("💷 Cost: £5 ✅", ["Cost: £5"]),
        ("👩‍👩‍👧 family 👧\u200d", ["family"]),
        ("می\u200cخواهم", ["می\u200cخواهم"]),
        ("\u202egnp.exe\u202c\x00\x1b[31m", ["gnp.exe[31m"]),
        ("a\u0301" + "\u0301" * 50, ["á" + "\u0301" * 4]),
        ("one\r\n\n two \u2028three\tfour", ["one", "two", "three four"]),
        ("\ud800x → y", ["?x › y"]),
        ("\u2067\u200f \n🎓", []),
    ],
)
def test_any_text_is_made_fit_to_be_drawn(words: str, expected: list[str]) -> None:
    assert paragraphs(words) == expected

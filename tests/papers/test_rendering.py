"""Papers as they are seen: shaped letters, sides, marks, links, pages, and any text at all."""

from __future__ import annotations

import gc
import re
from pathlib import Path
from typing import Any

import pytest
from babel.messages.pofile import read_po
from playwright.sync_api import Page

from bot import i18n
from bot.errors import PermanentError
from bot.papers import picture
from bot.papers.cleaning import JOINERS, paragraphs
from bot.papers.faces import FILES, INVISIBLE, Faces
from bot.papers.rendering import LARGEST, render
from bot.papers.titles import title_of
from bot.replies import Block
from bot.settings import KNOWN_LANGUAGES
from tests.papers.seeing import browser_line, browser_picture, ink, likeness, paper, seen, text

LINES = {
    "en": "I want to register with this GP surgery, please.",
    "ar": "تعمل ممرضةً في السجل المهني لمجلس التمريض وتُثبت لغتها أولًا",
    "fa": "برای کار به عنوان پرستار باید می‌توانید نام خانه‌ها",
    "ps": "ښوونکی د ګټې لپاره ژبه ډېره ټینګه ړومبی ږغ څنګه ځای ڼ پوهېږۍ",
    "ur": "مجھے یہاں نوکری ڈھونڈنے میں بہت ٹھیک مدد چاہیے ہے کہاں پڑھنے",
    "uk": "Щоб працювати медсестрою, ґанок їжак є комп’ютерний",
    "so": "Waxaan u baahanahay turjumaan, fadlan",
    "fr": "Où êtes-vous né ? Œuvre, ça, naïve",
}
LETTERS = "ېۍټډړږښګڼےٹڈڑںہھپچژگکیۀآأإؤئءةىٱ٠١٩۰۹،؛؟٪۔«»ҐґЄєІіЇї’ʼ–—…•£€№œŒçÇéèêëàâîïôûùÿ"
NASTY = {
    "an endless word": "x" * 10_000,
    "an endless Arabic word": "ع" * 10_000,
    "10,000 spaces": "a " * 5_000,
    "marks piled up": "ا\u0651\u0650" * 3_000 + "e\u0301\u0302\u0303" * 500,
    "overrides and controls": "\u202eabc\u202d\u0000\x1b[31m\x7f" * 800,
    "isolates never closed": "\u2067\u2066" * 4_000 + "end",
    "only marks of direction": "\u200e\u200f\u2069" * 300,
    "brackets": "(" * 5_000 + ")" * 5_000,
    "unknown letters": "漢字 ไทย 한국어 ᚠᚢᚦ \ue000 \U0001f9ff" * 400,
    "half characters": "\ud800\udc00\udfff x" * 200,
    "many lines": "a\n" * 1_500,
    "nothing": "",
    "syntax of PDF": "(\\) >> endobj stream {nb} **b** __i__ [a](b) %\\r" * 100,
    "a long address": "https://example.org/" + "a/b-c?d=" * 1_000,
    "numbers": "0300 020 0190 " * 500,
}


@pytest.mark.browser
@pytest.mark.parametrize("language", KNOWN_LANGUAGES)
def test_every_language_is_shaped_as_in_a_browser(browser_page: Page, language: str) -> None:
    words, direction = LINES[language], i18n.direction(language)
    browser_line(browser_page, words, language, direction)
    drawn, expected = seen(text(words, language), language=language).picture(), browser_picture(browser_page)
    assert likeness(drawn, expected) > 0.93
    ours, theirs = ink(drawn), ink(expected)
    assert ours and theirs and abs((ours[2] - ours[0]) - (theirs[2] - theirs[0])) < 8  # of more than a thousand pixels
    # the measure tells: letters that do not join, or stand in the other order, are not alike
    apart = "\u200c".join(words) if direction == "rtl" else words[::-1]
    browser_line(browser_page, apart, language, direction)
    assert likeness(drawn, browser_picture(browser_page)) < 0.6


def test_no_letter_of_our_languages_and_no_sentence_of_the_catalogues_is_missing_from_the_fonts() -> None:
    faces, said = Faces(), LETTERS
    for path in i18n.LOCALES.glob("*/LC_MESSAGES/*.po"):
        with path.open("rb") as handle:
            for message in read_po(handle):
                strings = message.string if isinstance(message.string, tuple | list) else [message.string]
                said += "\n".join([str(s) for s in (message.id, *strings) if isinstance(s, str)]) + "\n"
    drawn = set("".join(paragraphs(said))) - INVISIBLE - set(JOINERS)
    assert [c for c in sorted(drawn) if not faces.family(c, rtl=False)] == []
    for family in ("sans", "naskh"):
        assert set(faces._faces[family, True].unicodes) == set(faces._faces[family, False].unicodes)


def test_the_fonts_are_small_and_carry_their_licence() -> None:
    folder = Path(__file__).parents[2] / "data/fonts"
    assert sum((folder / name).stat().st_size for name in FILES.values()) < 1_500_000
    assert "SIL OPEN FONT LICENSE" in (folder / "OFL.txt").read_text("utf-8")


@pytest.mark.parametrize(
    "kind", ["text", pytest.param("step", marks=pytest.mark.long), pytest.param("pair", marks=pytest.mark.long)]
)
@pytest.mark.parametrize("name", NASTY)
def test_any_text_is_drawn_and_stays_on_the_paper(name: str, kind: str) -> None:
    words = NASTY[name]
    other = {"other": words, "other_language": "ur"} if kind == "pair" else {}
    title = text(words.split("\n")[0][:20] if kind == "pair" else words[:300], "ar", kind="title")
    found = seen(title, text(words, "en", kind=kind, mark="todo", number=7, **other), language="ar")
    assert 1 <= len(found) < 100
    for page in {0, len(found) // 2, len(found) - 1}:
        image = found.picture(page, 1)
        box = ink(image.crop((0, 100, *image.size)))  # below the band of a title, which reaches the edges
        assert box is None or (box[0] > 20 and box[2] < image.width - 20 and box[3] < image.height - 100 - 8), (page, box)


def test_a_title_without_end_is_drawn_too() -> None:
    title = text("word " * 2_000, kind="title", other="كلمة " * 2_000, other_language="ar")
    assert 1 < len(seen(title, text("x", kind="pair", other="س", other_language="ar"), language="ar")) < 60


@pytest.mark.parametrize("name", ["an endless word", "unknown letters", "many lines", "nothing"])
def test_any_text_becomes_a_picture(name: str) -> None:
    body = render(paper(text(NASTY[name], "ar"), form="png", language="ar"))
    width, height = picture.size(body)
    assert width <= picture.WIDTH and 50 < height <= picture.TALLEST and len(body) < 2_000_000


def test_a_paper_that_is_longer_than_any_of_ours_is_refused() -> None:
    with pytest.raises(PermanentError):
        render(paper(text("a" * LARGEST), text("a")))


def test_a_pair_stands_side_by_side_english_left_and_the_other_at_the_right_edge() -> None:
    words = {"other": "أحتاج إلى مترجم من فضلك", "other_language": "ar"}
    found = seen(text("I need an interpreter, please.", kind="pair", **words), language="ar")
    letters, (width, _) = list(found.letters()), found.size()
    english = [letter for letter in letters if letter.character.isascii()]
    arabic = [letter for letter in letters if not letter.character.isascii()]
    assert max(letter.right for letter in english) < width / 2 < min(letter.left for letter in arabic)
    assert min(letter.left for letter in english) == pytest.approx(30, abs=2)
    assert max(letter.right for letter in arabic) == pytest.approx(width - 30, abs=2)


@pytest.mark.parametrize(("language", "other"), [("uk", "Мені потрібен перекладач"), ("so", "Waxaan u baahanahay turjumaan")])
def test_a_left_to_right_language_begins_at_the_middle(language: str, other: str) -> None:
    found = seen(text("x", kind="pair", other=other, other_language=language), language=language)
    right = [letter.left for letter in found.letters() if letter.left > found.size()[0] / 2]
    assert min(right) == pytest.approx(found.size()[0] / 2 + 12, abs=2)


def test_a_card_is_big_and_as_small_a_sheet_as_holds_it() -> None:
    def card(words: str) -> Any:
        return seen(text("Doctor", kind="title"), text(words, kind="pair", other=words, other_language="so"), language="so")

    short, long = card("I need help, please. " * 3), card("I need help, please. " * 25)
    assert [round(v) for v in short.size()] == [595, 420] and [round(v) for v in long.size()] == [595, 842]
    assert len(short) == len(long) == 1
    for found in (short, long):
        heights = [found.document[0].get_textpage().get_charbox(n, loose=True) for n in range(20, 40)]
        # the height of Noto Sans is 1.362 of its size; what PDFium puts in at the end of a line has none
        assert min(top - bottom for _, bottom, _, top in heights if top > bottom) >= 16 * 1.36


def test_the_four_states_of_a_step_look_different() -> None:
    def mark(state: str) -> bytes:
        image = seen(text("Pass a test", kind="step", mark=state, number=1)).picture()
        return image.crop((200, 200, 290, 320)).tobytes()

    drawn = {state: mark(state) for state in ("todo", "doing", "done", "not_for_me")}
    assert len(set(drawn.values())) == 4
    dark = {state: sum(value < 128 for value in pixels) for state, pixels in drawn.items()}
    assert dark["not_for_me"] < dark["todo"] < dark["doing"] < dark["done"]


@pytest.mark.parametrize("language", ["en", "ar"])
def test_steps_begin_with_mark_number_and_words_and_say_what_the_marks_mean(language: str) -> None:
    found = seen(
        text("open an account", language, kind="step", mark="done", number=12),
        text("NMC", language, kind="note"),
        text("the end", language, kind="note"),
        language=language,
    )
    number = [letter for letter in found.letters() if letter.character in "12"]
    words = [letter for letter in found.letters() if letter.character in "openacut"][:5]
    ahead = max(n.right for n in number) < min(w.left for w in words)
    behind = min(n.left for n in number) > max(w.right for w in words)
    assert (ahead, behind) == ((True, False) if language == "en" else (False, True))
    assert i18n.t(language, "button.step_done").replace("✅ ", "") in found.words()
    assert "NMC" in found.words() and "the end" in found.words()


def test_links_can_be_tapped_in_the_pdf() -> None:
    words = "انظر https://www.gov.uk/check أو اتصل 0300 020 0190"
    body = render(paper(text(words, "ar"), language="ar"))
    assert set(re.findall(rb"/URI \(([^)]*)\)", body)) == {b"https://www.gov.uk/check", b"tel:03000200190"}


def test_a_long_page_is_numbered_and_a_short_one_is_not() -> None:
    long, short = seen(text("Some words. " * 900)), seen(text("Some words."))
    assert [f"{n} / {len(long)}" in long.words(n - 1) for n in range(1, len(long) + 1)] == [True] * len(long) and len(long) > 1
    assert len(short) == 1 and "/" not in short.words()


def test_a_step_is_not_parted_from_its_note_by_the_end_of_a_page() -> None:
    blocks: list[Block] = []
    for number in range(1, 60):
        blocks += [text(f"step{number}", kind="step", mark="todo", number=number), text(f"note{number}", kind="note")]
    found = seen(*blocks)
    assert len(found) > 1
    for page in range(len(found)):
        on_it = re.findall(r"(step|note)(\d+)", found.words(page))
        assert {n for kind, n in on_it if kind == "step"} == {n for kind, n in on_it if kind == "note"}


def test_a_document_tells_its_title_and_language() -> None:
    title = text("Doctor (GP)", kind="title", other="🩺 الطبيب", other_language="ar")
    made = paper(title, text("x", kind="pair", other="س", other_language="ar"), language="ar")
    assert title_of(made) == "الطبيب" == seen(*made.blocks, language="ar").title
    assert b"/Lang (ar)" in render(made)
    assert title_of(paper(text("x"), name="plan-nurse")) == "plan-nurse"


def test_what_was_written_can_be_searched_in_the_pdf() -> None:
    words = "می‌توانید در امتحان انگلیسی قبول شوید"
    assert words in seen(text(words, "fa"), language="fa").words().replace("\r\n", " ")


def test_a_picture_is_one_page_as_tall_as_its_words() -> None:
    def size(words: str) -> tuple[int, int]:
        return picture.size(render(paper(text(words), form="png")))

    assert size("Short.")[0] == size("Words. " * 900)[0] == 1_080
    assert size("Short.")[1] < 250 and size("Words. " * 900)[1] > 4_000


@pytest.mark.long
def test_drawing_leaves_no_memory_behind() -> None:
    made = paper(
        *(text("مرحبا DBS 12 " * 6, "ar", kind="step", mark="todo", number=n) for n in range(12)), form="png", language="ar"
    )
    for _ in range(4):
        render(made)
    gc.collect()
    before = _resident()
    for _ in range(16):
        render(made)
    gc.collect()
    assert _resident() - before < 6_000_000


def _resident() -> int:
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4_096

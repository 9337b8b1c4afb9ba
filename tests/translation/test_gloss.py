"""Without a translator a caseworker still sees, in English, what a message is about; and that it is no translation."""

from __future__ import annotations

import time

import pytest
import yaml

from bot.knowledge.snapshot import Snapshot
from bot.settings import KNOWN_LANGUAGES, ROOT
from bot.translation.gloss import GAP, gloss, written
from engine.nlu.text import fold

# a message, what it is about, and words that must stand in the line in this order
MESSAGES = [
    (
        "ar",
        "مرحبا انا ممرضة من سوريا ساكنة في سبارك هيل وصلتني رسالة council tax ما فهمتها ولازم ادفع £250 قبل ١٢ آذار",
        {"council tax", "nurse", "Syria", "B11"},
        "hello I nurse from Syria I live in B11 came to me letter council tax not to pay £250 before 12 March",
    ),
    ("ar", "صاحب البيت طردنا انا واولادي وما عندي مكان انام اليوم", set(), "landlord put us out I children not to sleep today"),
    ("ar", "زوجي بيضربني وانا خايفة", set(), "husband hits me I am afraid"),
    ("fa", "سلام من داکتر هستم از کابل، در هوتل زندگی می‌کنم، یک نامه از Home Office برایم آمد نمی‌فهمم", {"doctor", "Afghanistan"}, "hello I doctor from Afghanistan in hotel I live letter from home office I did not understand"),
    ("fa", "شوهرم مرا لت میکند و می‌ترسم، سه طفل دارم", set(), "husband hits and I am afraid three child have"),
    ("ps", "سلام زه انجنیر یم له کابل څخه، دلته کار غواړم", {"engineer", "Afghanistan", "Work"}, "hello I engineer from Afghanistan (Work)"),
    ("ps", "خاوند مې ما وهي او ماشومان لرم مرسته وکړئ", set(), "husband hits and children have help"),
    ("ur", "السلام علیکم، میں ٹیچر ہوں پاکستان سے، مجھے کونسل ٹیکس کا خط ملا ہے سمجھ نہیں آئی", {"Council Tax", "teacher", "Pakistan"}, "hello I teacher Pakistan to me Council Tax letter came I did not understand"),
    ("ur", "mera shohar mujhe marta hai, mujhe madad chahiye aaj", set(), "my husband to me hits to me help want today"),
    ("so", "Waxaan ahay kalkaaliye ka timid Muqdisho, warqad baa ii timid oo ku saabsan council tax ma fahmin", {"council tax", "nurse", "Somalia"}, "I nurse came Somalia letter came council tax I did not understand"),
    ("so", "ninkayga ayaa i garaaca waan baqayaa, caawimaad degdeg ah ayaan u baahanahay", set(), "husband hits me I afraid help urgent I need"),
    ("uk", "Добрий день, я вчителька з Харкова, отримала лист про council tax на £340, не розумію, чи треба платити до 15 березня?", {"council tax", "teacher", "Ukraine"}, "hello I teacher from Ukraine I got letter about council tax £340 I do not understand need pay to 15 March"),
    ("uk", "чоловік мене б'є, мені страшно, маю двох дітей", set(), "husband hits to me afraid have children"),
    ("fr", "Bonjour, je suis infirmier du Cameroun, j'ai reçu une lettre de la mairie et je ne comprends pas, rendez-vous le 12/03/2026 à 10h30", {"nurse", "Cameroon"}, "hello am nurse from Cameroon I got letter from I did not understand appointment 12/03/2026 in 10h30"),
    ("fr", "mon mari me frappe, j'ai peur, j'ai deux enfants", set(), "my husband hits me afraid have two children"),
]  # fmt: skip


@pytest.mark.parametrize(("language", "text", "about", "words"), MESSAGES)
def test_a_message_reads_sensibly(knowledge: Snapshot, language: str, text: str, about: set[str], words: str) -> None:
    found = gloss(text, language, knowledge)
    assert about <= set(found.about)
    left = " ".join(found.words).lower()
    for word in words.lower().split():
        assert word in left, (word, written(found))
        left = left[left.index(word) + len(word) :]
    assert found.known * 2 > found.total
    shown = written(found)
    assert f"({found.known} of {found.total})" in shown


@pytest.mark.parametrize(("language", "said"), [(code, word) for code, word in {
    "ar": "نعم", "fa": "بله", "ps": "هو", "ur": "جی ہاں", "so": "haa", "uk": "так", "fr": "oui"}.items()])  # fmt: skip
def test_yes_is_yes_in_every_language(knowledge: Snapshot, language: str, said: str) -> None:
    assert written(gloss(said, language, knowledge)) == "Yes."


def test_nothing_known_is_said_so_and_not_made_up(knowledge: Snapshot) -> None:
    assert written(gloss("ቤት እፈልጋለሁ", "fr", knowledge)) == "None of these words is in our lists."
    assert gloss("xyz", "so", knowledge).words == (GAP,)
    assert written(gloss("😀 !!!", "ar", knowledge)) == "None of these words is in our lists."


@pytest.mark.parametrize(
    "text", ["", "\u202e" * 50, "a" * 10_000, "<script>alert(1)</script> " * 300, "٩" * 500, "\ud800 x", "XQ1Z"]
)
def test_whatever_people_write_is_glossed_in_a_moment(knowledge: Snapshot, text: str) -> None:
    gloss("نعم لا", "ar", knowledge)
    began = time.process_time()
    found = gloss(text, "ar", knowledge)
    assert time.process_time() - began < 1.0
    assert len(written(found)) < 4_000


@pytest.mark.parametrize("language", [code for code in KNOWN_LANGUAGES if code != "en"])
def test_the_word_lists_give_each_form_one_meaning(language: str) -> None:
    listed = yaml.safe_load((ROOT / "data/gloss" / f"{language}.yml").read_text(encoding="utf-8"))
    seen: dict[str, str] = {}
    for english, forms in listed.items():
        assert isinstance(english, str) and forms
        for form in forms:
            assert isinstance(form, str) and fold(form), (english, form)
            key = fold(form) + ("*" if form.endswith("*") else "")
            assert seen.setdefault(key, english) == english, (form, seen[key], english)
    assert len(listed) > 130

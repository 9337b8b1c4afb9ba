"""What a machine must not change comes back as it was, or the answer is refused; and it never leaves the house."""

from __future__ import annotations

import asyncio
import random
import re
import string

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.errors import TranslationError
from bot.knowledge.snapshot import Snapshot
from bot.settings import KNOWN_LANGUAGES
from bot.translation import glossary
from bot.translation.desk import Desk
from bot.translation.protection import Guarded, protect, restore
from tests.amount import IS_LONG
from tests.translation.asking import translator
from tests.translation.machine import SENTENCES, Machine

EMPTY = Snapshot(0)
ARABIC_DIGITS = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")


def as_machines_give_back(guarded: Guarded, chance: random.Random) -> str:
    """Every token once, in another order, as machines are seen to write them."""
    tokens = [match[0] for match in guarded.pattern.finditer(guarded.text)]
    chance.shuffle(tokens)
    ways = (str, str.lower, lambda t: t.translate(ARABIC_DIGITS), lambda t: re.sub(r"(\d+)", r" \1 ", t))
    return " و ".join(chance.choice(ways)(token) for token in tokens)


@pytest.mark.parametrize("language", KNOWN_LANGUAGES)
def test_every_term_of_the_glossary_comes_back(knowledge: Snapshot, language: str) -> None:
    chance, lost, met = random.Random(7), [], 0
    before, after = SENTENCES[language].split()[:2], SENTENCES[language].split()[2:4]
    for key, term in list(knowledge.terms.items())[
        KNOWN_LANGUAGES.index(language) :: 8 if IS_LONG else 32
    ]:  # in a long run every term in one language
        for form in (term.name, *term.aliases[:1], *knowledge.all_names.get(language, {}).get(key, [])[:1]):
            text = f"{' '.join(before)} {form} {' '.join(after)} £1,250.50"
            guarded = protect(text, language, "en", knowledge)
            back = restore(guarded, as_machines_give_back(guarded, chance))
            met += any(keep.is_term for keep in guarded.kept)
            values = [keep.value for keep in guarded.kept]
            lost += [(form, values)] if not all(value in back for value in values) or "£1,250.50" not in back else []
    assert lost == []
    assert met > 80


def test_terms_of_the_persons_own_language_come_back_in_english(knowledge: Snapshot) -> None:
    guarded = protect("وصلتني رسالة ضريبة البلدية ولا أفهم", "ar", "en", knowledge)
    assert [keep.value for keep in guarded.kept] == ["Council Tax"]
    assert restore(guarded, "I got a XQ1Z letter") == "I got a Council Tax letter"


def test_terms_stay_english_on_the_way_out(knowledge: Snapshot) -> None:
    guarded = protect("Ask for Council Tax Reduction before 12 March.", "en", "ar", knowledge)
    assert restore(guarded, "اطلب XQ1Z قبل XQ٢Z مارس") == "اطلب Council Tax Reduction قبل 12 مارس"


def test_english_words_that_are_abbreviations_too_are_left_alone(knowledge: Snapshot) -> None:
    assert protect("please send it, it is nice and safe in the past", "en", "ar", knowledge).kept == ()


TEXTS = {
    "My number is QQ123456C and my NHS number 943 476 5919": ["QQ123456C", "943 476 5919"],
    "Ring 0121 303 1234 or write to amina.b@example.org": ["0121 303 1234", "amina.b@example.org"],
    "See https://www.gov.uk/council-tax, then www.example.org.": ["https://www.gov.uk/council-tax", "www.example.org"],
    "Your case H-7K3M9 and referral R-ACD34": ["H-7K3M9", "R-ACD34"],
    "Dear {name}, [nino] came, form HC2 and P45, B16 8AA": ["{name}", "[nino]", "HC2", "P45", "B16 8AA"],
    "Pay £1,250.50 or 12% by 12/03/2026 at 10:30, £5 now": ["£1,250.50", "12%", "12/03/2026", "10:30", "£5"],
    "عندي ٢٥٠ جنيه وموعد ١٢/٣/٢٠٢٦": ["250", "12/3/2026"],
    "جواز السفر 123456789": ["123456789"],
}


@pytest.mark.parametrize("text", TEXTS)
def test_numbers_links_and_identifiers_are_taken_out(text: str) -> None:
    guarded = protect(text, "en", "ar", EMPTY)
    assert [keep.value for keep in guarded.kept] == TEXTS[text]
    assert not re.search(r"\d\d", re.sub(guarded.pattern, "", guarded.text))
    assert restore(guarded, guarded.text) == text.translate(str.maketrans("٠١٢٣٤٥٦٧٨٩", "0123456789"))


@pytest.mark.parametrize("answer", ["", "XQ1Z", "XQ1Z XQ2Z XQ2Z", "XQ1Z XQ2Z XQ3Z", "XQ1Z and 45", "XQ12Z"])
def test_a_token_that_is_lost_doubled_or_made_up_is_noticed(answer: str) -> None:
    guarded = protect("between 23 and 45", "en", "ar", EMPTY)
    with pytest.raises(TranslationError) as error:
        restore(guarded, answer)
    assert error.value.kind == "lost"


def test_a_text_with_our_own_tokens_in_it_gets_other_ones() -> None:
    guarded = protect("XQ1Z is what I saw on page 12", "en", "ar", EMPTY)
    assert restore(guarded, guarded.text) == "XQ1Z is what I saw on page 12"
    with pytest.raises(TranslationError):
        protect("XQ1Z QX1J ZQ1X JX1Q and 12", "en", "ar", EMPTY)


@given(st.text(alphabet=st.one_of(st.sampled_from(string.printable + "٠١٢٣اهمض؟،۔£€"), st.characters()), max_size=120))
@settings(max_examples=400, deadline=None)
def test_whatever_is_written_comes_back_when_nothing_is_changed(text: str) -> None:
    from bot.conversation.masking import DIGITS

    try:
        guarded = protect(text, "en", "ar", EMPTY)
    except TranslationError:
        return
    spoken = restore(guarded, guarded.text)
    assert spoken.translate(DIGITS) == text.translate(DIGITS)


def test_a_machine_that_loses_a_term_is_asked_once_more_with_the_term_as_a_word(
    runner: asyncio.Runner, model: Machine, knowledge: Snapshot
) -> None:
    model.says = lambda text, *_: "I got a letter about council tax and must pay " + "".join(re.findall(r"XQ\dZ(?=$)", text))
    counted: list[int] = []

    async def count(characters: int) -> bool:
        counted.append(characters)
        return True

    desk = Desk(translator(model), count)
    text = "وصلتني رسالة عن ضريبة البلدية ولازم ادفع £250"
    found = runner.run(desk.translated(text, "ar", "en", knowledge))
    assert found.text == "I got a letter about council tax and must pay £250"
    assert "XQ" in model.questions[0].text and "ضريبة البلدية" in model.questions[1].text
    assert "250" not in model.questions[0].text + model.questions[1].text
    assert counted == [len(one.text) for one in model.questions]  # both were sent, both count


def test_a_machine_that_loses_a_number_is_refused(runner: asyncio.Runner, model: Machine, knowledge: Snapshot) -> None:
    model.says = lambda *_: "I got a letter from them and must pay"

    async def count(_: int) -> bool:
        return True

    with pytest.raises(TranslationError) as error:
        runner.run(Desk(translator(model), count).translated("وصلتني رسالة ولازم ادفع £250", "ar", "en", knowledge))
    assert error.value.kind == "lost" and len(model.questions) == 1


def test_long_texts_are_searched_for_terms_in_a_moment(knowledge: Snapshot) -> None:
    import time

    glossary.terms_in("warm", "ar", knowledge)
    began = time.process_time()
    glossary.terms_in("وصلتني رسالة من البلدية عن ضريبة البلدية " * 150, "ar", knowledge)
    assert time.process_time() - began < 2.0

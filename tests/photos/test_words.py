"""What was read is taken for a letter only when it is one, in English, and without the numbers that identify somebody."""

from __future__ import annotations

import pytest

from bot.photos.frames import Answer
from bot.photos.words import judged
from tests.photos import pictures

POLISH = (
    "Szanowny Panie, uprzejmie informujemy, że Pana wniosek został przyjęty. Prosimy o stawienie się w urzędzie w poniedziałek "
    "14 grudnia 2026 roku o godzinie dziesiątej z paszportem. Z poważaniem"
)
SOMALI = (
    "Mudane, Waxaan kuu soo qoraynaa inaad ballan leedahay isniinta 14 December 2026. Fadlan soo qaado baasaboorkaaga iyo "
    "warqaddan. Haddii aadan iman karin fadlan na soo wac."
)
CHINESE = "尊敬的先生 您的申请已经收到 请于十二月十四日星期一上午十点携带护照前往 办公室 登记 NHS GP 谢谢 您的 合作 再见"


@pytest.mark.parametrize("text", pictures.LETTERS.values(), ids=list(pictures.LETTERS))
def test_english_letters_are_taken(text: str) -> None:
    read = judged(Answer(text, 0.98))
    assert not read.failure and len(read.words) > 200


@pytest.mark.parametrize("text", [pictures.FRENCH, POLISH, SOMALI, CHINESE])
def test_a_letter_in_another_language_is_foreign(text: str) -> None:
    assert judged(Answer(text, 0.98)).failure == "foreign"


def test_a_letter_with_an_english_part_is_worth_explaining() -> None:
    assert not judged(Answer(POLISH + "\n" + pictures.TENANCY, 0.98)).failure


@pytest.mark.parametrize(
    "answer", [Answer(), Answer(",\n, . 1 ,\n3 no", 0.85), Answer("GP NHS 12", 0.99), Answer(pictures.TENANCY, 0.4)]
)
def test_too_few_words_and_guesses_are_unreadable(answer: Answer) -> None:
    assert judged(answer).failure == "unreadable"


@pytest.mark.parametrize("reason", ["wrong_type", "too_large", "unreadable"])
def test_why_a_picture_was_refused_is_passed_on(reason: str) -> None:
    assert judged(Answer(refused=reason)).failure == reason


def test_identifiers_are_taken_out_and_named() -> None:
    read = judged(Answer("\n".join(pictures.LETTERS.values()), 0.98))
    assert read.masked == ["nhs", "nino", "reference"]
    assert not any(number in read.words for number in ("12 34 56", "943 476 5919", "A1234567"))
    assert "3 December 2026" in read.words and "£142.50" in read.words and "0121 303 1113" in read.words

"""What the program itself said is shown in its own English, and is never given to a machine."""

from __future__ import annotations

import pytest

from bot import i18n
from bot.answers import general, steps, terms
from bot.conversation.turn import Turn
from bot.db.base import now
from bot.house import House
from bot.knowledge.snapshot import Snapshot
from bot.people.models import Chat, Person, Plan, PlanStep
from bot.settings import KNOWN_LANGUAGES
from bot.translation.own_words import GAP, own_words
from tests.amount import some

FOREIGN = [code for code in KNOWN_LANGUAGES if code != "en"]


def turn(house: House, knowledge: Snapshot, language: str) -> Turn:
    chat = Chat(id=1, channel="web", address="", address_hash="", person_id=1, person=Person(id=1, language=language))
    return Turn(house.sessions(), chat, knowledge, language, "", "test", house.hours, now())


def said(house: House, knowledge: Snapshot, language: str) -> list[str]:
    """What the bot says about terms, steps and itself."""
    this = turn(house, knowledge, language)
    texts = [general.welcome(this).text, general.languages(this).text]
    texts += [terms.meaning(this, key) for key in list(knowledge.terms)[:120]]
    key, pathway = next(iter(knowledge.pathways.items()))
    rows = [PlanStep(step=step.key, position=place, state="todo") for place, step in enumerate(pathway.steps)]
    plan = Plan(id=1, person_id=1, pathway=key, answers={}, steps=rows)
    return [*texts, *(steps.step(this, plan, step.key).text for step in pathway.steps)]


@pytest.mark.parametrize("language", some(FOREIGN, 2))
def test_what_the_bot_says_is_known_in_english(house: House, knowledge: Snapshot, language: str) -> None:
    texts, english = said(house, knowledge, language), said(house, knowledge, "en")
    found = [own_words(language, knowledge).english(text, gaps=True) for text in texts]
    assert None not in found
    assert sum(GAP in str(text) for text in found) <= len(texts) * 0.05
    same = [ours == theirs for ours, theirs in zip(found, english, strict=True)]
    assert sum(same) > len(texts) * 0.8, next((o, t) for o, t in zip(found, english, strict=True) if o != t)


def test_values_are_put_into_the_english_sentence(knowledge: Snapshot) -> None:
    ours = own_words("ar", knowledge)
    closed = i18n.t("ar", "handoff.closed", reference="H-7K3M9")
    assert ours.english(closed) == i18n.t("en", "handoff.closed", reference="H-7K3M9")
    state = i18n.t("ar", "referral.news", reference="R-7K3M9", service="Law Centre", state=i18n.t("ar", "referral.state.sent"))
    assert "Law Centre" in str(ours.english(state)) and "R-7K3M9" in str(ours.english(state))


def test_a_tapped_button_is_known(knowledge: Snapshot) -> None:
    label, english = i18n.t("fa", "need.housing"), i18n.t("en", "need.housing")
    assert own_words("fa", knowledge).english(label) == english
    assert own_words("fa", knowledge).english(f"2. {label}") == f"2. {english}"  # in a list


def test_marks_for_photos_letters_and_commands_stay(knowledge: Snapshot) -> None:
    ours = own_words("uk", knowledge)
    assert [ours.english(text) for text in ("[photo]", "[letter]", "/menu")] == ["[photo]", "[letter]", "/menu"]


@pytest.mark.parametrize("text", ["مرحبا انا ممرضة من حلب", "H-7K3M9 وصلتني", "كيف حالك\n/menu"])
def test_what_a_person_writes_is_not_taken_for_ours(knowledge: Snapshot, text: str) -> None:
    assert own_words("ar", knowledge).english(text) is None


def test_a_line_that_has_changed_since_is_a_gap_in_what_the_bot_said(knowledge: Snapshot) -> None:
    text = f"{i18n.t('ar', 'case.answer.noted')}\nسطر لم نعد نقوله"
    assert own_words("ar", knowledge).english(text) is None
    assert own_words("ar", knowledge).english(text, gaps=True) == f"{i18n.t('en', 'case.answer.noted')}\n{GAP}"

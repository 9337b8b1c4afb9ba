"""Whole conversations through real Rasa, in every language."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from bot.cases import handoffs
from bot.cases.models import Handoff, Message, Referral
from bot.conversation import inbox
from bot.db.base import now
from bot.i18n import t
from bot.knowledge.models import Unknown
from bot.people.models import Person, Plan
from bot.settings import KNOWN_LANGUAGES
from tests.talking import Talk

LANGUAGES = KNOWN_LANGUAGES
BAND_5 = {
    "en": "what does Band 5 mean",
    "ar": "شو يعني Band 5",
    "so": "waa maxay Band 5",
    "fa": "Band 5 یعنی چی",
    "ps": "Band 5 څه مانا لري",
    "ur": "Band 5 کا کیا مطلب ہے",
    "uk": "що таке Band 5",
    "fr": "c'est quoi Band 5",
}
TWO_WORDS = {
    "en": "what is DBS and what is OSCE",
    "ar": "شو هو DBS وشو هو OSCE",
    "so": "waa maxay DBS iyo waa maxay OSCE",
    "fa": "DBS چیه و OSCE چیه",
    "ps": "DBS څه دی او OSCE څه دی",
    "ur": "DBS کیا ہے اور OSCE کیا ہے",
    "uk": "що таке DBS і що таке OSCE",
    "fr": "c'est quoi DBS et c'est quoi OSCE",
}
NURSE = {
    "en": "I am a nurse from Syria",
    "ar": "انا ممرضة من سوريا",
    "so": "waxaan ahay kalkaaliso caafimaad oo Suuriya ka timid",
    "fa": "من پرستارم از افغانستان و میخوام اینجا کار کنم",
    "ps": "زه نرسه یم له افغانستان نه غواړم دلته په خپل مسلک کار وکړم",
    "ur": "میں پاکستان سے نرس ہوں اور یہاں رجسٹر ہونا چاہتی ہوں",
    "uk": "я медсестра з України, хочу працювати тут за фахом",
    "fr": "je suis infirmière du Cameroun et je veux exercer ici",
}
DANGER = {
    "en": "thanks, and by the way my husband hits me",
    "ar": "شكرا، وبالمناسبة زوجي يضربني",
    "so": "mahadsanid, ninkaygu wuu i garaacaa",
    "fa": "ممنون، راستی شوهرم منو میزنه",
    "ps": "مننه، خاوند مې ما وهي",
    "ur": "شکریہ، ویسے میرا شوہر مجھے مارتا ہے",
    "uk": "дякую, до речі чоловік мене б'є",
    "fr": "merci, au fait mon mari me frappe",
}
IMMIGRATION = {
    "en": "my asylum claim was refused, should I appeal",
    "ar": "رفضوا طلب لجوئي هل استأنف",
    "so": "codsigaygii magangalyada waa la diiday, ma rafcaan baan qaataa",
    "fa": "پناهندگیم رد شد، اعتراض بزنم؟",
    "ps": "زما د پناه غوښتنه رد شوه، اپیل وکړم؟",
    "ur": "میری پناہ کی درخواست مسترد ہو گئی، کیا اپیل کروں",
    "uk": "мені відмовили у притулку, чи подавати апеляцію",
    "fr": "ma demande d'asile est refusée, est-ce que je fais appel",
}

ABOUT_A_LETTER = {
    "en": "a letter about my flat",
    "ar": "رسالة عن شقتي",
    "so": "warqad ku saabsan gurigayga",
    "fa": "نامه درباره خانه ام",
    "ps": "زما د کور په اړه لیک",
    "ur": "میرے گھر کے بارے میں خط",
    "uk": "лист про мою квартиру",
    "fr": "une lettre sur mon appartement",
}
NURSE_AND_WORD = {
    "en": "I'm a nurse from Eritrea, and what is an OSCE?",
    "ar": "انا ممرضة من اريتريا، وشو يعني OSCE؟",
    "so": "kalkaaliso baan ahay Eritrea ka timid, OSCE waa maxay?",
    "fa": "من پرستارم از اریتره. OSCE یعنی چی؟",
    "ps": "زه نرسه یم له اریټریا. OSCE څه مانا لري؟",
    "ur": "میں اریٹیریا سے نرس ہوں۔ OSCE کا مطلب کیا ہے؟",
    "uk": "я медсестра з Еритреї. що таке OSCE?",
    "fr": "je suis infirmière d'Érythrée, c'est quoi OSCE ?",
}


@pytest.fixture(params=LANGUAGES)
def language(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def test_first_contact_asks_the_language_then_says_who_this_is(talk: Talk, language: str) -> None:
    talk.say("/start gp-surgery")
    assert {t(code, "language.own_name") for code in LANGUAGES} <= set(talk.buttons)
    answer = talk.tap(t(language, "language.own_name"))
    assert t(language, "welcome", days=90) in answer
    assert t(language, "menu.title") in answer
    with talk.house.sessions() as session:
        person = session.get_one(Person, talk.chat.person_id)
        assert (person.language, person.source) == (language, "gp-surgery")


def test_a_word_is_explained_with_the_english_term_kept(talk: Talk, language: str) -> None:
    answer = talk.speaks(language).say(BAND_5[language])
    assert "Band 5" in answer
    assert "2026" in answer or "٢٠٢٦" in answer
    assert t(language, "button.helpful_yes") in talk.buttons


def test_two_words_in_one_message_are_both_answered(talk: Talk, language: str) -> None:
    answer = talk.speaks(language).say(TWO_WORDS[language])
    assert "Disclosure and Barring Service" in answer and "Objective Structured Clinical Examination" in answer


def test_a_qualification_becomes_a_plan_that_is_kept(talk: Talk, language: str) -> None:
    talk.speaks(language).say(NURSE[language])
    answer = ""
    for _ in range(8):
        if t(language, "button.skip") not in talk.buttons:
            break
        answer = talk.tap(t(language, "button.skip"))
    assert t(language, "button.next_step") in talk.buttons, answer
    step = talk.tap(t(language, "button.next_step"))
    assert t(language, "plan.link", link="").strip() in step or "http" in step
    talk.tap(t(language, "button.step_done"))
    later = talk.say("/plan")
    assert "✅ 1." in later
    with talk.house.sessions() as session:
        assert session.scalars(select(Plan)).one().pathway == "nurse"


def test_a_word_asked_in_the_middle_of_the_form_is_answered_and_the_form_goes_on(talk: Talk, language: str) -> None:
    talk.speaks(language).say("/menu")
    asked = talk.tap(t(language, "menu.qualification"))
    assert t(language, "ask.profession") in asked
    answer = talk.say(BAND_5[language])
    assert "Band 5" in answer and t(language, "ask.profession") in answer


def test_help_is_found_and_a_referral_is_made_once_with_consent(talk: Talk, language: str) -> None:
    talk.speaks(language).say("/menu")
    talk.tap(t(language, "menu.help"))
    talk.tap(t(language, "need.language"))
    talk.say("B16")
    found = talk.tap(t(language, "button.nothing_special"))
    assert t(language, "service.contact") in found
    asked = talk.tap(t(language, "button.refer_me"))
    assert t(language, "need.language") in asked
    yes = talk.token(t(language, "button.consent_yes"))
    done = talk.tap(t(language, "button.consent_yes"))
    talk._send({"button": yes})  # the same tap again, later
    with talk.house.sessions() as session:
        referral = session.scalars(select(Referral)).one()
        assert referral.reference in done
        assert set(referral.shared) == {"need", "language", "contact"}
    assert referral.reference in talk.say("/menu") + talk.tap(t(language, "menu.referrals"))


def test_no_to_consent_sends_nothing(talk: Talk) -> None:
    talk.speaks("en").say("/menu")
    talk.tap("Find free help")
    talk.tap("Legal advice")
    talk.tap("Anywhere")
    talk.tap("Nothing special")
    talk.tap("Refer me")
    assert t("en", "consent.refused") in talk.say("no")
    with talk.house.sessions() as session:
        assert session.scalar(select(func.count(Referral.id))) == 0


def test_a_person_is_asked_for_and_answers_while_the_bot_is_silent(talk: Talk, language: str) -> None:
    talk.speaks(language).say("/person")
    talk.say(ABOUT_A_LETTER[language])
    talk.tap(t(language, "answer.handoff_reach.chat"))
    done = talk.tap(t(language, "answer.handoff_urgency.week"))
    with talk.house.sessions.begin() as session:
        handoff = session.scalars(select(Handoff)).one()
        assert handoff.reference in done and handoff.urgency == "week" and handoff.reason
        handoff.state = "claimed"
        inbox.chat_for(session, "cli", talk.address).held_by_handoff = handoff.id
    assert talk.say(BAND_5[language]) == ""
    with talk.house.sessions() as session:
        assert session.scalars(select(Message.text).order_by(Message.id.desc())).first() == BAND_5[language]


def test_danger_gets_numbers_first_and_an_urgent_hand_off(talk: Talk, language: str) -> None:
    answer = talk.speaks(language).say(DANGER[language])
    assert answer.startswith(t(language, "danger.first"))
    assert "999" in answer.split("\n\n")[1]
    with talk.house.sessions() as session:
        assert session.scalars(select(Handoff)).one().urgency == "danger"


def test_danger_is_heard_in_the_middle_of_a_form(talk: Talk) -> None:
    talk.speaks("en").say("/menu")
    talk.tap("Use my qualification")
    assert "999" in talk.say("he locked me in and took my passport, I am afraid he will kill me")


def test_an_immigration_case_gets_no_advice_but_who_may_advise(talk: Talk, language: str) -> None:
    answer = talk.speaks(language).say(IMMIGRATION[language])
    assert t(language, "immigration.no_advice") in answer
    assert "https://www.gov.uk/find-an-immigration-adviser" in answer


def test_a_letter_is_decoded(talk: Talk, language: str) -> None:
    letter = (
        "Dear tenant, Our ref 12. We are writing about your Council Tax account. You have arrears of 210 pounds. You must pay "
        "by 14 December 2026 or call us to make an arrangement. If you do not reply we may ask the court for a liability order "
        "and use an enforcement agent. You may be able to get Council Tax Reduction. Please contact us. Yours sincerely, the team"
    )
    answer = talk.speaks(language).say(letter)
    assert t(language, "letter.dates") in answer and "2026" in answer
    assert "Council Tax Reduction" in answer and "Arrears" in answer
    explained = answer.count("\n• ")
    while (more := t(language, "button.more_words")) in talk.buttons:
        answer = talk.tap(more)
        assert t(language, "letter.words") in answer
        explained += answer.count("\n• ")
    assert explained > 8 and t(language, "letter.more_words").split("{")[0] not in answer


def test_an_unknown_word_is_counted_without_the_person(talk: Talk) -> None:
    answer = talk.speaks("en").say("what does flurbozzle mean")
    assert t("en", "term.unknown") in answer
    with talk.house.sessions() as session:
        row = session.scalars(select(Unknown)).one()
        assert (row.kind, row.language, row.times) == ("word", "en", 1) and "flurbozzle" in row.words


def test_after_two_misunderstandings_a_person_is_offered_first(talk: Talk) -> None:
    talk.speaks("en")
    for _ in range(2):
        answer = talk.say("qzx vvk wpl")
        talk.say("zzkj qwv")
    assert t("en", "not_understood.again") in answer or t("en", "button.person") in talk.buttons


def test_an_answer_comes_in_the_language_of_the_message_with_one_tap_to_switch(talk: Talk) -> None:
    answer = talk.speaks("en").say("شو يعني council tax وكيف بدفعها")
    assert t("ar", "button.helpful_yes") in talk.buttons
    assert any(t("ar", "language.own_name") in label for label in talk.buttons), answer


def test_the_language_changes_at_any_moment_without_losing_the_step(talk: Talk) -> None:
    talk.speaks("en").say("/menu")
    talk.tap("Use my qualification")
    talk.say("/language")
    answer = talk.tap(t("ar", "language.own_name"))
    assert t("ar", "ask.profession") in answer


def test_everything_is_deleted_on_request(talk: Talk, language: str) -> None:
    talk.speaks(language).say(DANGER[language])
    talk.say("/delete")
    answer = talk.tap(t(language, "button.delete_yes"))
    assert t(language, "data.deleted") in answer
    with talk.house.sessions() as session:
        assert session.scalar(select(func.count(Handoff.id))) == 0
        texts = list(session.scalars(select(Message.text)))
        assert texts == [t(language, "data.deleted")]


def test_a_returning_person_goes_on_with_the_plan(talk: Talk) -> None:
    talk.speaks("en").say("I am a doctor from Sudan")
    while "Skip" in talk.buttons:
        talk.tap("Skip")
    with talk.house.sessions.begin() as session:
        session.get_one(Person, talk.chat.person_id).last_seen_at = now()
    assert "Doctor" in talk.say("what is my next step")


def test_closing_gives_the_chat_back_to_the_bot(talk: Talk) -> None:
    talk.speaks("en").say(DANGER["en"])
    with talk.house.sessions.begin() as session:
        chat = inbox.chat_for(session, "cli", talk.address)
        handoff = handoffs.open_of(session, chat)
        assert handoff is not None
        chat.held_by_handoff = handoff.id
    assert talk.say("hello") == ""
    with talk.house.sessions.begin() as session:
        inbox.chat_for(session, "cli", talk.address).held_by_handoff = None
    assert talk.say("hello") != ""


def test_two_things_in_one_message_are_both_answered(talk: Talk, language: str) -> None:
    answer = talk.speaks(language).say(NURSE_AND_WORD[language])
    assert "Objective Structured Clinical Examination" in answer
    assert t(language, "button.skip") in talk.buttons, "the question that opens the plan is asked last"


def test_an_unsure_answer_offers_the_other_meanings(talk: Talk, monkeypatch: pytest.MonkeyPatch) -> None:
    from bot.conversation import answering

    monkeypatch.setattr(answering, "SURE", 1.1)  # no answer is sure
    talk.speaks("en").say("who can help me with my rent arrears")
    assert t("en", "button.meant_other") in talk.buttons
    others = talk.tap(t("en", "button.meant_other"))
    assert t("en", "not_understood.choose") in others
    offered = {label.partition(". ")[2] for label in talk.buttons}
    assert offered & {t("en", "offer.immigration_question"), t("en", "offer.talk_to_person")}
    talk.say("who can help me with my rent arrears")
    again = talk.tap(t("en", "button.meant_other"))
    assert t("en", "not_understood.again") in again and t("en", "button.person") in talk.buttons


@pytest.mark.parametrize(("language", "said"), [("en", "English classes in Sparkbrook"), ("ar", "بدي تعلم انكليزي بسباركبروك")])
def test_an_area_that_was_said_with_the_need_is_not_asked_again(talk: Talk, language: str, said: str) -> None:
    talk.speaks(language).say("/menu")
    talk.tap(t(language, "menu.help"))
    answer = talk.say(said)
    assert t(language, "ask.area") not in answer and t(language, "ask.access") in answer

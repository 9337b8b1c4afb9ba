"""For those who do not read much, through real Rasa: numbers instead of words, short answers with more on a tap."""

from __future__ import annotations

import re
import uuid

import pytest
from sqlalchemy import select

from bot.answers import short_first
from bot.conversation import outbox
from bot.conversation.models import Outbox
from bot.i18n import t
from bot.knowledge import cutting, editing, snapshot
from bot.knowledge.seed import Term
from bot.people.models import Plan
from bot.replies import Button, Reply, payload
from tests.talking import Talk

HELP = {"en": "I need help with housing", "ar": "أحتاج مساعدة في السكن", "so": "waxaan u baahanahay caawimaad guri"}
DIGIT = {"en": "2", "ar": "٢", "so": "2."}
MORE = '/tell_more{"kind":"%s"'


@pytest.fixture(params=["en", "ar", "so"])
def language(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def replies(talk: Talk) -> list[Reply]:
    return [message.reply for message in talk.last]


def offers(reply: Reply, sends: str) -> bool:
    return any(button.payload.startswith(sends) for row in reply.rows for button in row)


def chose_a_service(talk: Talk) -> bool:
    """Whether one service alone was shown."""
    return len(replies(talk)) == 1 and offers(replies(talk)[0], "/ask_consent")


def behind(talk: Talk, number: int, list_of: str) -> str:
    """What the number stands for."""
    found = replies(talk)[-1].numbered
    assert found and all(payload.startswith(list_of) for payload in found)
    return found[number - 1]


def asked_about(talk: Talk, key: str) -> str:
    """The answer to the button of a word."""
    button = Button(label="word", payload=payload("explain_key", key=key))
    with talk.house.sessions.begin() as session:
        outbox.enqueue(
            session, talk.chat.id, [Reply(text="x", language="en", rows=[[button]])], origin=f"test:{uuid.uuid4().hex}"
        )
    talk.hear()
    return talk.tap("word")


def services_of(talk: Talk, language: str) -> None:
    talk.say(HELP[language])
    for key in ("button.anywhere", "button.nothing_special"):
        talk.tap(t(language, key))


def test_a_number_chooses_a_service_and_the_list_stays_open(talk: Talk, language: str) -> None:
    services_of(talk.speaks(language), language)
    entries = [reply.text.split("\n")[0] for reply in replies(talk) if re.match(r"\d\. ", reply.text)]
    assert len(entries) >= 2 and [int(entry[0]) for entry in entries] == list(range(1, len(entries) + 1))
    second = behind(talk, 2, MORE % "services")
    answer = talk.say(DIGIT[language])
    assert answer.startswith(entries[1].removeprefix("2. "))
    assert talk.say("1").startswith(entries[0].removeprefix("1. "))  # who has read one may choose another
    assert behind(talk, 2, MORE % "services") == second
    assert t(language, "button.refer_me") in talk.buttons and t(language, "service.contact") in answer


def test_a_plan_is_chosen_and_walked_by_numbers_and_a_step_says_the_rest_on_a_tap(talk: Talk, language: str) -> None:
    talk.speaks(language).say("/menu")
    talk.tap(t(language, "menu.qualification"))
    numbers = [label for label in talk.buttons if re.match(r"\d+\. ", label)]
    nurse = next(place for place, payload in enumerate(replies(talk)[-1].numbered, 1) if '"nurse"' in payload)
    assert numbers[nurse - 1].startswith(f"{nurse}. ")
    talk.say(str(nurse))
    while t(language, "button.skip") in talk.buttons:
        assert replies(talk)[-1].numbered == []  # no question of the form takes a number for an entry of an older list
        talk.tap(t(language, "button.skip"))
    with talk.house.sessions() as session:
        assert session.scalars(select(Plan.pathway)).one() == "nurse"
    behind(talk, 3, '/show_step{"step":"nurse/')
    numbered = replies(talk)[-1].numbered
    short = talk.say("۳")
    more = talk.tap(t(language, "button.more"))
    assert replies(talk)[-1].numbered == numbered  # a tap on "more" leaves the list open, too
    who = t(language, "plan.who", text="").strip()
    assert t(language, "plan.step_title", number=3, total=0, title="").split("3")[0] in short and who not in short
    assert t(language, "plan.trap", text="").strip() in short and t(language, "plan.cost", text="").strip() in short
    assert who in more and t(language, "plan.trap", text="").strip() not in more
    assert (t(language, "note.machine_drafted") in more) == (language != "en")


def test_more_is_also_a_word_and_says_honestly_when_there_is_none(talk: Talk, language: str) -> None:
    more = t(language, "button.more")
    assert talk.speaks(language).say(more) == t(language, "more.nothing")
    services_of(talk, language)
    newest = [reply.text for reply in replies(talk) if offers(reply, MORE % "services")][-1]
    for _ in range(6):  # the button is far above by now
        talk.say("/privacy")
    answer = talk.say(more)
    name = newest.split("\n")[0].partition(". ")[2]
    assert answer.startswith(name) and answer not in newest and t(language, "service.contact") not in answer


def test_a_short_source_is_said_at_once_and_a_long_one_on_a_tap(talk: Talk, language: str) -> None:
    talk.speaks(language)
    with talk.house.sessions.begin() as session:
        known = snapshot.current(session)

        def words(term: Term, field: str, spoken: str = language) -> str:
            return known.words("terms", term.key, field, spoken).text

        plain = [term for term in known.terms.values() if not term.figure and not term.change]
        waits = [
            term for term in plain if cutting.may_wait(words(term, "confusion", "en")) and len(words(term, "confusion")) >= 60
        ]
        one = max(waits, key=lambda term: len(words(term, "meaning")) + len(words(term, "confusion")))
    for address, at_once in (("https://www.gov.uk/x", True), ("https://www.gov.uk/" + "x" * 60, False)):
        with talk.house.sessions.begin() as session:
            entry = editing.find(session, "terms", one.key)
            assert entry is not None
            fact = {**entry.data["fact"], "source": address, "sure": "V"}
            editing.edit_data(session, entry, {"fact": fact}, "staff:1", "checked")
        said = asked_about(talk, one.key)
        assert offers(replies(talk)[-1], MORE % "terms") and (address in said) == at_once
        assert (t(language, "note.machine_drafted") in said) == (language != "en")
        assert (address in talk.tap(t(language, "button.more"))) == (not at_once)


def test_a_number_is_not_taken_where_it_may_mean_something_else(talk: Talk) -> None:
    services_of(talk.speaks("en"), "en")
    with talk.house.sessions.begin() as session:  # a check-in comes unasked, and wants a face
        outbox.enqueue(session, talk.chat.id, [Reply(text=t("en", "check_in.hello"), language="en")], origin="check-in:1")
    talk.say("2")
    assert not chose_a_service(talk)
    talk.say(HELP["en"])
    talk.tap(t("en", "button.anywhere"))
    talk.say("1")  # a question of a form is open
    assert not chose_a_service(talk)
    services_of(talk, "en")
    assert talk.say("999") and not chose_a_service(talk)
    services_of(talk, "en")
    with talk.house.sessions.begin() as session:  # rows of before there were lists
        for row in session.scalars(select(Outbox)):
            row.body = {name: value for name, value in row.body.items() if name != "numbered"}
    talk.say("2")
    assert not chose_a_service(talk)


@pytest.mark.parametrize(("spoken", "unclear"), [("en", "the paper from the man"), ("ar", "ما هذا الشيء هنا")])
def test_did_you_mean_is_chosen_by_number_also_while_a_question_is_open(talk: Talk, spoken: str, unclear: str) -> None:
    talk.speaks(spoken).say(HELP[spoken])
    question = replies(talk)[-1]
    talk.say(unclear)
    meant, asked = replies(talk)
    assert meant.numbered[1] in ("/about_bot", "/explain_term") and (asked.text, asked.numbered) == (question.text, [])
    talk.say(DIGIT[spoken])
    by_number = [reply.text for reply in replies(talk)]
    assert len(by_number) > 1 and by_number[-1] == question.text  # the question is still open
    talk.say(unclear)
    talk.tap("2. ")
    assert [reply.text for reply in replies(talk)] == by_number
    talk.say(unclear)
    talk.say("B16")  # and it can still be answered
    assert t(spoken, "ask.access") in replies(talk)[-1].text


def test_nothing_that_warns_or_dates_waits_in_any_language() -> None:
    harmless = "It is a paper. The council gives it to you. It is green. Many people have one."
    cut = short_first.begins(harmless, harmless)
    assert cut.first == "It is a paper. The council gives it to you."
    for warning in ("You must not use it for work.", "It ends on 6 April.", "It costs £20.", "Only adults may ask.", "Call 999."):
        whole = f"It is a paper. The council gives it to you. {warning}"
        assert short_first.begins(whole, whole).first == whole
        assert short_first.begins("هذه ورقة. يعطيها المجلس. تحذير.", whole).first == "هذه ورقة. يعطيها المجلس. تحذير."
    arabic = "هذه ورقة. يعطيها المجلس. وهي خضراء."  # one sentence less than the English: it cannot be known what would wait
    assert short_first.begins(arabic, harmless).first == arabic
    said, waiting = short_first.halves([short_first.stays("x" * 290), short_first.waits("y" * 80)])
    assert (said, waiting) == (["x" * 290], ["y" * 80])
    assert short_first.halves([short_first.stays("x" * 200), short_first.waits("y" * 80)])[1] == []

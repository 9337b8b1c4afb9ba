"""Check-ins and the way so far through real Rasa, in three languages: asked, answered with taps, told back, stopped."""

from __future__ import annotations

import datetime as dt

import msgspec
import pytest
from sqlalchemy import select

from bot.conversation import due_check_ins
from bot.conversation.incoming import Outgoing
from bot.db.base import now
from bot.i18n import t
from bot.journeys.models import CheckIn, CheckInRhythm, Outcome
from bot.papers.rendering import render
from tests.amount import some
from tests.talking import Talk

LANGUAGES = some(("en", "so", "ar"), 2)
NURSE = {
    "en": "I was a nurse in Sudan and want to work as a nurse again",
    "ar": "كنت ممرضة في السودان، هل أقدر أشتغل هنا؟",
    "so": "Waxaan ahaa kalkaaliye caafimaad, ma ka shaqayn karaa halkan?",
}
WORDS = {"en": "I found a flat near the school", "ar": "لقيت بيت جنب المدرسة", "so": "Waxaan helay guri u dhow dugsiga"}
DANGER = {"en": "I want to kill myself", "ar": "بدي أموت حالي", "so": "waxaan rabaa inaan is dilo"}


def payloads(sent: list[Outgoing]) -> list[str]:
    return [button.payload for one in sent for row in one.reply.rows for button in row]


def token(talk: Talk, begins: str, **entities: str) -> str:
    for message in reversed(talk.last):
        for place, button in enumerate(b for row in message.reply.rows for b in row):
            intent, _, rest = button.payload.removeprefix("/").partition("{")
            named = msgspec.json.decode("{" + rest) if rest else {}
            if intent == begins and entities.items() <= named.items():
                return f"{message.id}:{place}"
    raise AssertionError(f"no button {begins} {entities} among {payloads(talk.last)}")


def tap(talk: Talk, begins: str, **entities: str) -> str:
    return talk._send({"button": token(talk, begins, **entities)})


def asked(talk: Talk, days: int = 15) -> str:
    """The clock looks so many days later, at noon; what the person then reads."""
    at = dt.datetime.combine(now().date() + dt.timedelta(days), dt.time(12), dt.UTC)
    with talk.house.sessions.begin() as session:
        due_check_ins.due(session, talk.house, at)
    return talk.hear()


def outcomes(talk: Talk) -> list[Outcome]:
    with talk.house.sessions() as session:
        return list(session.scalars(select(Outcome).order_by(Outcome.id)))


def choose(talk: Talk, language: str, rhythm: str = "two_weeks") -> None:
    """By the button below the plan."""
    talk.speaks(language)._send({"text": "/plan"})
    talk._send({"text": NURSE[language]})
    while "my_journey" not in " ".join(payloads(talk.last)):
        tap(talk, "skip")
    tap(talk, "check_in_rhythm")
    tap(talk, "check_in_rhythm", choice=rhythm)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_whole_check_in_is_three_taps_and_words_if_they_want(talk: Talk, language: str) -> None:
    choose(talk, language)
    assert t(language, "check_in.hello") in asked(talk)
    tap(talk, "check_in", what="feeling", value="4")
    tap(talk, "check_in", what="belonging", value="3")
    tap(talk, "happened", kind="test")
    assert t(language, "outcome.test") in talk.last[-1].reply.text
    tap(talk, "happened", answer="ask")
    tap(talk, "happened", answer="B1")
    assert t(language, "outcome.with_level", what=t(language, "outcome.test"), level="B1") in talk.last[-1].reply.text
    tap(talk, "happened", kind="other")
    talk.say(WORDS[language])
    assert [(row.kind, row.words) for row in outcomes(talk)] == [("test", None), ("other", WORDS[language])]
    tap(talk, "my_journey")
    told = talk.last[-1].reply.text
    assert t(language, "outcome.test") in told and WORDS[language] in told
    assert t(language, "journey.english.test", level="B1") in told and t(language, "mydata.outcome_how.person") in told
    tap(talk, "my_journey", kind="png")
    paper = talk.last[-1].reply.paper
    assert paper is not None and paper.language == language and render(paper).startswith(b"\x89PNG")


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_hard_answer_is_met_with_care_and_a_person(talk: Talk, language: str) -> None:
    choose(talk, language)
    asked(talk)
    tap(talk, "check_in", what="feeling", value="1")
    care = talk.last[0].reply
    assert care.text == t(language, "check_in.care") and "/talk_to_person" in payloads(talk.last[:1])
    tap(talk, "check_in", what="belonging", value="5")
    tap(talk, "happened", kind="other")
    talk.say(DANGER[language])
    assert any("999" in one.reply.text or "116 123" in one.reply.text for one in talk.last)
    assert all(row.words is None for row in outcomes(talk))  # the words went to a person


@pytest.mark.parametrize("language", LANGUAGES)
def test_one_tap_ends_it(talk: Talk, language: str) -> None:
    choose(talk, language)
    asked(talk)
    tap(talk, "check_in_rhythm", choice="never")
    assert t(language, "check_in.will_not_ask") in talk.last[-1].reply.text
    assert [asked(talk, days) for days in (30, 60, 90)] == ["", "", ""]


def test_the_button_of_the_first_counts_for_the_first_also_after_a_month(talk: Talk) -> None:
    choose(talk, "en")
    asked(talk)
    first = token(talk, "check_in", what="feeling", value="2")
    asked(talk, 45)
    talk._send({"button": first})
    with talk.house.sessions() as session:
        one, two = session.scalars(select(CheckIn).order_by(CheckIn.id)).all()
        assert (one.feeling, two.feeling) == (2, None)


def test_an_old_button_does_nothing_once_everything_is_deleted(talk: Talk) -> None:
    """And nothing comes any more, whenever the clock looks."""
    choose(talk, "en")
    asked(talk)
    old = token(talk, "check_in", what="feeling", value="2")
    talk._send({"text": "/delete"})
    tap(talk, "confirm_delete")
    talk._send({"button": old})
    with talk.house.sessions() as session:
        assert not session.scalars(select(CheckIn)).all() and not session.scalars(select(CheckInRhythm)).all()
    assert [asked(talk, days) for days in (15, 30, 100, 200)] == ["", "", "", ""]


def test_stop_ends_check_ins_and_choosing_again_begins_them(talk: Talk) -> None:
    choose(talk, "en")
    talk._send({"text": "/stop"})
    assert asked(talk) == ""
    talk._send({"text": "/plan"})
    tap(talk, "check_in_rhythm")
    tap(talk, "check_in_rhythm", choice="month")
    assert t("en", "check_in.hello") in asked(talk, 31)


def test_a_step_that_is_done_is_written_down_only_with_a_tap(talk: Talk) -> None:
    choose(talk, "en", "never")
    talk._send({"text": "/plan"})
    while "mark_step" not in " ".join(payloads(talk.last)):
        tap(talk, "show_step")
    for _ in range(12):
        tap(talk, "mark_step", state="done")
        if any("happened" in one for one in payloads(talk.last)):
            break
    assert [row.state for row in outcomes(talk)] == ["proposed"]
    tap(talk, "happened", answer="yes")
    assert [(row.state, row.how) for row in outcomes(talk)] == [("confirmed", "person")]


def test_somebody_sees_what_is_held_of_it_and_gets_it_as_a_file(talk: Talk) -> None:
    choose(talk, "en")
    asked(talk)
    tap(talk, "check_in", what="feeling", value="2")
    tap(talk, "check_in", what="belonging", value="4")
    tap(talk, "happened", kind="other")
    talk.say(WORDS["en"])
    talk._send({"text": "/privacy"})
    tap(talk, "my_data")
    assert "How often I ask: Every two weeks" in talk.last[-1].reply.text
    tap(talk, "my_data", form="pdf")
    paper = talk.last[0].reply.paper
    assert paper is not None
    texts = [block.text for block in paper.blocks]
    assert WORDS["en"] in texts and any("Bad" in text and "Good" in text for text in texts)

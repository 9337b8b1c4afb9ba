"""Answering from the page: by hand, ready-made, translated, attached, asked, later; nothing twice, nothing lost."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from sqlalchemy import select

from bot.cases import answering
from bot.cases.models import ScheduledMessage
from bot.conversation import outbox
from bot.conversation.models import Outbox
from bot.db.base import now
from bot.house import House
from tests.console.bureau import Bureau
from tests.console.desk import Desk
from tests.translation import machine
from tests.translation.asking import settings as translating
from tests.translation.machine import SENTENCES, Machine


@pytest.fixture
def mine(bureau: Bureau, desk: Desk) -> str:
    """A case that Amina holds, its page open."""
    reference = bureau.ask()
    bureau.claim(reference)
    desk.log_in(bureau.join("amina")).get(f"/cases/{reference}")
    return reference


@pytest.fixture
def libre() -> Iterator[Machine]:
    with machine.running("libretranslate") as running:
        yield running


@pytest.fixture
def settings(settings: object, request: pytest.FixtureRequest) -> object:
    """With a translator in the house, for the tests that start one."""
    if "libre" not in request.fixturenames:
        return settings
    return replace(settings, translating=translating(request.getfixturevalue("libre")))  # type: ignore[type-var]  # Settings


def test_an_answer_goes_out_once_however_often_it_is_sent(desk: Desk, bureau: Bureau, mine: str) -> None:
    form = {**desk.form(f"/cases/{mine}/answer"), "text": "مرحبا"}
    for _ in range(3):
        assert desk.post(f"/cases/{mine}/answer", form).status_code == 303
    assert [(reply.text, reply.language) for reply in bureau.going_out()] == [("مرحبا", "ar")]
    desk.follow()
    assert "Your answer is on its way" in desk.text and "Not sent yet" in desk.text


def test_a_stale_form_is_told_and_keeps_its_words(desk: Desk, open_desk: Callable[..., Desk], bureau: Bureau, mine: str) -> None:
    form = {**desk.form(f"/cases/{mine}/answer"), "text": "I was too slow"}
    with bureau.house.sessions.begin() as session:
        answering.close(session, bureau.case(session, mine), bureau.join("amina").id, "helped")
    desk.post(f"/cases/{mine}/answer", form)
    assert desk.page.status_code == 409 and "closed" in desk.text and "I was too slow" in desk.text
    assert bureau.going_out() == []


def test_what_the_person_wrote_meanwhile_is_read_before_the_answer_goes(desk: Desk, bureau: Bureau, mine: str) -> None:
    form = {**desk.form(f"/cases/{mine}/answer"), "text": "See you on Monday"}
    bureau.write(mine, "لا أستطيع يوم الاثنين")
    desk.post(f"/cases/{mine}/answer", form)
    assert desk.page.status_code == 409 and "has written something since you began" in desk.text
    again = desk.form(f"/cases/{mine}/answer")
    assert again["text"] == "See you on Monday" and again["once"] == form["once"] and "لا أستطيع يوم الاثنين" in desk.text
    desk.send(f"/cases/{mine}/answer", text="See you on Tuesday")
    assert [reply.text for reply in bureau.going_out()] == ["See you on Tuesday"]


def test_a_failed_message_says_why_and_is_tried_again(desk: Desk, bureau: Bureau, mine: str) -> None:
    desk.send(f"/cases/{mine}/answer", text="hello")
    with bureau.house.sessions.begin() as session:
        number = session.scalars(select(Outbox.id).where(Outbox.origin.startswith("staff:"))).one()
        outbox.mark_failed(session, number, "PermanentError")
    desk.get(f"/cases/{mine}")
    assert "Not delivered: the channel refused it" in desk.text
    desk.send(f"/cases/{mine}/retry")
    assert "It is tried again" in desk.text and "Not sent yet" in desk.text


def test_a_ready_made_reply_comes_in_the_persons_language_with_its_places_filled(desk: Desk, bureau: Bureau, mine: str) -> None:
    desk.send(f"/cases/{mine}/fill", reply="meet", at="2026-12-24T14:30", link="https://example.org/room")
    filled = desk.form(f"/cases/{mine}/answer")["text"]
    assert "نلتقي" in filled and "https://example.org/room" in filled and bureau.going_out() == []
    desk.send(f"/cases/{mine}/answer")
    assert [reply.text for reply in bureau.going_out()] == [filled]
    desk.send(f"/cases/{mine}/fill", reply="meet")
    assert desk.page.status_code == 409 and desk.form(f"/cases/{mine}/fill")["reply"] == "meet"


def test_a_term_is_looked_at_before_it_is_sent_in_the_bots_words(desk: Desk, bureau: Bureau, mine: str) -> None:
    desk.send(f"/cases/{mine}/preview", what="term:council-tax")
    assert "The person gets this" in desk.text and "ضريبة سنوية" in desk.text and bureau.going_out() == []
    desk.send(f"/cases/{mine}/attach")
    sent = bureau.going_out()
    assert len(sent) == 1 and "ضريبة سنوية" in sent[0].text and sent[0].language == "ar"
    form = desk.form(f"/cases/{mine}/preview")
    assert desk.post(f"/cases/{mine}/preview", {**form, "what": "consent:hub"}).status_code == 404  # by a referral only
    desk.get(f"/cases/{mine}")
    desk.send(f"/cases/{mine}/preview", what="term:no-such-term")
    assert desk.page.status_code == 409


def test_a_card_for_the_desk_is_sent_as_a_picture(desk: Desk, bureau: Bureau, mine: str) -> None:
    desk.send(f"/cases/{mine}/preview", what="card:gp")
    assert "With the file" in desk.text and "PNG" in desk.text
    desk.send(f"/cases/{mine}/attach")
    assert bureau.going_out()[0].paper is not None


def test_a_question_for_a_time_has_buttons_and_waits_for_the_person(desk: Desk, bureau: Bureau, mine: str) -> None:
    days = [(now() + dt.timedelta(days=day)).strftime("%Y-%m-%dT14:00") for day in (2, 3)]
    desk.send(f"/cases/{mine}/answer", text="متى؟", ask="time", time1=days[0], time2=days[1])
    sent = bureau.going_out()[0]
    assert len(sent.rows) == 3 and all("case_answer" in row[0].payload for row in sent.rows)
    with bureau.house.sessions() as session:
        assert bureau.case(session, mine).state == "waiting_for_person"
    desk.send(f"/cases/{mine}/answer", text="متى؟", ask="time", time1=days[0])
    form = desk.form(f"/cases/{mine}/answer")
    assert desk.page.status_code == 409 and form["time1"] == days[0] and form["ask"] == "time"


def test_a_question_for_a_paper_has_two_buttons(desk: Desk, bureau: Bureau, mine: str) -> None:
    desk.send(f"/cases/{mine}/answer", text="هل عندك الرسالة؟", ask="document")
    assert [len(row) for row in bureau.going_out()[0].rows] == [2]


def test_a_message_for_later_waits_and_can_be_taken_back(desk: Desk, bureau: Bureau, mine: str) -> None:
    later = (now() + dt.timedelta(days=1)).strftime("%Y-%m-%dT09:00")
    desk.send(f"/cases/{mine}/answer", text="Tomorrow then", later=later)
    assert "Goes out tomorrow" in desk.text and bureau.going_out() == []
    desk.send(f"/cases/{mine}/unschedule")
    assert "Taken back" in desk.text
    with bureau.house.sessions() as session:
        assert session.scalars(select(ScheduledMessage.state)).all() == ["cancelled"]
    desk.send(f"/cases/{mine}/answer", text="Then?", later="2001-01-01T09:00")
    assert desk.page.status_code == 409 and desk.form(f"/cases/{mine}/answer")["later"] == "2001-01-01T09:00"
    desk.send(f"/cases/{mine}/answer", text="Both?", later=later, ask="document")
    assert desk.page.status_code == 409 and "goes out at once" in desk.text


def test_without_a_translator_nothing_offers_to_translate(desk: Desk, bureau: Bureau, mine: str) -> None:
    assert f"/console/cases/{mine}/translate" not in desk.page.text
    desk.post(f"/cases/{mine}/translate", {**desk.form(f"/cases/{mine}/answer"), "text": "hello"})
    assert desk.page.status_code == 409 and "No translator has been set up" in desk.text
    assert desk.form(f"/cases/{mine}/answer")["text"] == "hello"


def test_a_translation_is_read_back_and_sent_as_it_was_seen(libre: Machine, desk: Desk, bureau: Bureau, mine: str) -> None:
    words = " ".join(SENTENCES["en"].split()[:12])
    desk.post(f"/cases/{mine}/translate", {**desk.form(f"/cases/{mine}/answer"), "text": words})
    desk.follow()
    assert "Nothing has been sent" in desk.text and bureau.going_out() == []
    bureau.translate()
    desk.get(f"/cases/{mine}")
    assert "Read back in English" in desk.text and SENTENCES["ar"].split()[0] in desk.text
    desk.send(f"/cases/{mine}/answer")
    sent = bureau.going_out()[0]
    assert sent.language == "ar" and sent.text.startswith(SENTENCES["ar"].split()[0]) and words in sent.text
    desk.get(f"/cases/{mine}")
    assert "Written in English by the caseworker" in desk.text


def test_a_translation_can_be_put_back_into_ones_own_words(libre: Machine, desk: Desk, bureau: Bureau, mine: str) -> None:
    desk.post(f"/cases/{mine}/translate", {**desk.form(f"/cases/{mine}/answer"), "text": "Come and see me on Monday please"})
    desk.follow()
    form = desk.form(f"/cases/{mine}/answer")
    desk.post(f"/cases/{mine}/discard", form)
    assert desk.form(f"/cases/{mine}/answer")["text"] == "Come and see me on Monday please" and bureau.going_out() == []


def test_a_referral_is_prepared_and_the_person_asked_first(desk: Desk, bureau: Bureau, mine: str) -> None:
    desk.send(f"/cases/{mine}/refer", service="hub", need="housing")
    assert "Nothing is sent to the service before they say yes" in desk.text
    assert [row.state for row in bureau.referrals()] == ["draft"] and "give_consent" in bureau.going_out()[0].rows[0][0].payload
    desk.send(f"/cases/{mine}/refer", service="", need="")
    assert desk.page.status_code == 409 and "Choose a service" in desk.text


def test_of_two_tabs_of_one_colleague_the_second_sends_nothing_twice(desk: Desk, bureau: Bureau, mine: str, house: House) -> None:
    first = {**desk.form(f"/cases/{mine}/answer"), "text": "same words"}
    desk.get(f"/cases/{mine}")
    second = {**desk.form(f"/cases/{mine}/answer"), "text": "other words"}
    desk.post(f"/cases/{mine}/answer", first)
    desk.post(f"/cases/{mine}/answer", second)
    desk.post(f"/cases/{mine}/answer", first)
    assert [reply.text for reply in bureau.going_out()] == ["same words", "other words"]

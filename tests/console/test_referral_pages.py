"""Referrals as pages: whose, what was agreed, passing it on by each way, what the service said."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from sqlalchemy import select

from bot.cases import consents, referrals, service_links
from bot.cases.models import Mail
from bot.db.base import now
from bot.mail import queue
from bot.people.models import Chat
from tests.cases.office import OTHERS
from tests.console.bureau import Bureau
from tests.console.desk import Desk

SHARED = {"need": "housing", "language": "ar", "contact": "chat web"}


@pytest.fixture
def case(bureau: Bureau) -> str:
    return bureau.ask()


@pytest.fixture
def referred(bureau: Bureau, case: str) -> str:
    with bureau.house.sessions.begin() as session:
        chat = session.get_one(Chat, bureau.case(session, case).chat_id)
        return referrals.make(session, chat, service="hub", need="housing", shared=SHARED, made_from="1:0", told=None).reference


def state(bureau: Bureau) -> str:
    return bureau.referrals()[0].state


def test_the_list_is_narrowed_down_and_holds_no_words(desk: Desk, bureau: Bureau, referred: str) -> None:
    desk.log_in(bureau.join("amina"))
    for query, there in (
        ("", True),
        ("state=consent_given", True),
        ("state=sent", False),
        ("need=housing", True),
        ("service=hub&reference=r-", True),
        ("show=ended", False),
    ):
        desk.get(f"/referrals?{query}")
        assert (referred in desk.text) is there, query


def test_another_teams_referral_does_not_exist(desk: Desk, bureau: Bureau, referred: str) -> None:
    desk.log_in(bureau.join("otto", team=OTHERS))
    assert referred not in desk.get("/referrals").text and desk.get(f"/referrals/{referred}").status_code == 404
    desk.get("/referrals")
    csrf = desk.form("/logout")
    for act in ("move", "send", "send-again", "note"):
        assert desk.post(f"/referrals/{referred}/{act}", {**csrf, "once": "x" * 24}).status_code == 404


def test_by_link_it_is_shown_once_and_the_service_answers(desk: Desk, bureau: Bureau, referred: str) -> None:
    desk.log_in(bureau.join("amina")).get(f"/referrals/{referred}")
    form = {**desk.form(f"/referrals/{referred}/send"), "by": "link"}
    links = set()
    for _ in range(2):  # a double click
        page = desk.post(f"/referrals/{referred}/send", form)
        links |= set(re.findall(r'value="[^"]*/service/([A-Za-z0-9_-]+)"', page.text))
    assert page.status_code == 200 and len(links) == 1 and state(bureau) == "sent"
    token = links.pop()
    assert token not in desk.get(f"/referrals/{referred}").text
    with bureau.house.sessions.begin() as session:
        found = service_links.find(session, token)
        assert found is not None
        service_links.ask(session, *found, "Which floor?")
        service_links.answer(session, token, "accepted", "Ask for Noor")
    desk.get(f"/referrals/{referred}")
    assert "Which floor?" in desk.text and "Ask for Noor" in desk.text and "Accepted" in desk.text


def test_by_telephone_there_is_a_script_of_what_was_agreed(desk: Desk, bureau: Bureau, referred: str) -> None:
    desk.log_in(bureau.join("amina")).get(f"/referrals/{referred}")
    assert "Do not say" in desk.text and referred in desk.text
    desk.post(f"/referrals/{referred}/send", {**desk.form(f"/referrals/{referred}/send"), "by": "phone"})
    desk.follow()
    assert "passed on by phone" in desk.text and state(bureau) == "sent"


def test_by_e_mail_it_says_where_it_is_and_can_be_tried_again(desk: Desk, bureau: Bureau, referred: str) -> None:
    desk.log_in(bureau.join("amina")).get(f"/referrals/{referred}")
    form = desk.form(f"/referrals/{referred}/send")
    desk.post(f"/referrals/{referred}/send", {**form, "by": "email", "contact": "not an address"})
    assert desk.page.status_code == 409 and state(bureau) == "consent_given"
    desk.post(f"/referrals/{referred}/send", {**form, "by": "email", "contact": "desk@hub.example"})
    desk.follow()
    assert "To desk@hub.example: on its way" in desk.text
    with bureau.house.sessions.begin() as session:
        queue.mark_failed(session, session.scalars(select(Mail.id)).one(), "the address was refused")
    desk.get(f"/referrals/{referred}")
    assert "did not arrive" in desk.text and "the address was refused" in desk.text
    desk.send(f"/referrals/{referred}/send-again")
    assert "on its way" in desk.text


def test_what_is_no_longer_agreed_to_cannot_be_passed_on(desk: Desk, bureau: Bureau, referred: str) -> None:
    desk.log_in(bureau.join("amina")).get(f"/referrals/{referred}")
    form = {**desk.form(f"/referrals/{referred}/send"), "by": "link"}
    with bureau.house.sessions.begin() as session:
        row = bureau.referrals()[0]
        consent = consents.of(session, row)
        assert consent is not None
        consent.withdrawn_at = now()
    assert desk.post(f"/referrals/{referred}/send", form).status_code == 409
    desk.get(f"/referrals/{referred}")
    assert f'action="/console/referrals/{referred}/send"' not in desk.page.text and "took it back on" in desk.text


def test_a_note_on_a_referral(desk: Desk, open_desk: Callable[..., Desk], bureau: Bureau, referred: str, case: str) -> None:
    desk.log_in(bureau.join("amina")).get(f"/referrals/{referred}")
    desk.send(f"/referrals/{referred}/note", note="They close at four.")
    assert "They close at four." in desk.text and case in desk.text

"""One story from end to end: a person asks in Arabic (real Rasa), a caseworker answers through a translator (real HTTP) and refers, the
service accepts by a link, the person says that they got help, and a lead sees it in the numbers. Three people, one Chromium.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import TypeVar
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, expect
from sqlalchemy import select

from bot.cases.models import Referral
from bot.conversation import due_referrals
from bot.i18n import t
from bot.knowledge import snapshot
from bot.staff.audit import verify
from bot.staff.models import Team, TeamMember
from tests.browser.chromium import shot, started
from tests.browser.console import log_in, opening
from tests.console import site
from tests.console.bureau import Bureau
from tests.staff.people import Colleague
from tests.talking import Talk
from tests.translation import machine
from tests.translation.asking import settings as translating
from tests.translation.machine import SENTENCES, Machine

pytestmark = pytest.mark.browser
T = TypeVar("T")
NOON = dt.datetime(2027, 1, 6, 12, tzinfo=dt.UTC)
ASKS = "وصلتني رسالة من البلدية عن البيت ولا أفهمها"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with started() as running:
        yield running


@pytest.fixture
def libre() -> Iterator[Machine]:
    with machine.running("libretranslate") as running:
        yield running


@pytest.fixture
def apart() -> Iterator[Callable[[Callable[[], T]], T]]:
    """Does something in a thread of its own: Chromium's loop runs in this one, the conversation's cannot run beside it."""
    with ThreadPoolExecutor(1) as thread:
        yield lambda act: thread.submit(act).result()


def test_from_a_question_in_arabic_to_help(
    talk: Talk, libre: Machine, browser: Browser, apart: Callable[[Callable[[], object]], object]
) -> None:
    talk.house = replace(talk.house, settings=replace(talk.house.settings, translating=translating(libre)))
    house, bureau = talk.house, Bureau(talk.house)
    amina, lena = Colleague.join(house, "amina", "caseworker"), Colleague.join(house, "lena", "lead")
    with house.sessions.begin() as session:
        session.add(Team(id=1, name="Ladywood", closed=[]))
        session.flush()
        session.add_all(TeamMember(team_id=1, staff_id=one.id) for one in (amina, lena))
        known = snapshot.current(session).services
        key = next(key for key, service in known.items() if "housing" in service.needs and service.takes_links)
        service = known[key].name

    with site.served(house, whole=True) as base, opening(browser, base) as open_page:
        page = log_in(open_page(), amina)
        expect(page.get_by_text("Nobody is waiting.")).to_be_visible()

        # a person asks
        talk.speaks("ar")
        apart(lambda: talk.say("/person"))
        apart(lambda: talk.say(ASKS))
        apart(lambda: talk.tap(t("ar", "answer.handoff_reach.chat")))
        apart(lambda: talk.tap(t("ar", "answer.handoff_urgency.week")))

        # the case appears by itself, is claimed, and its words stand in both languages
        expect(page.locator(".queue .case")).to_have_count(1)
        page.keyboard.press("j")
        page.keyboard.press("c")
        expect(page.get_by_text("It is yours.")).to_be_visible()
        expect(page.locator("blockquote").first).to_contain_text(ASKS)
        bureau.translate()
        expect(page.locator(".from-person .english .text").first).to_be_visible()
        assert apart(lambda: talk.say("هل أنت هنا؟")) == ""  # the bot is silent
        expect(page.locator(".from-person .original .text").last).to_contain_text("هل أنت هنا")
        shot(page, "console-story-claimed")

        # an answer, translated, read back, sent
        words = " ".join(SENTENCES["en"].split()[:12])
        page.get_by_label("Your answer").fill(words)
        page.get_by_role("button", name="Translate into Arabic").click()
        expect(page.get_by_text("Nothing has been sent.")).to_be_visible()
        bureau.translate()
        expect(page.get_by_text("Read back in English")).to_be_visible()
        page.get_by_role("button", name="Send the translation").click()
        expect(page.get_by_text("Your answer is on its way.")).to_be_visible()
        heard = str(apart(talk.hear))
        assert SENTENCES["ar"].split()[0] in heard and t("ar", "case.machine_translated") in heard and words in heard
        expect(page.locator(".from-staff .delivery-sent")).to_be_visible()  # seen to have arrived

        # a referral, when the person says yes
        page.get_by_text("New referral").click()
        page.get_by_label("Service").select_option(label=service)
        page.get_by_label("Need").select_option("housing")
        page.get_by_role("button", name="Ask the person").click()
        expect(page.get_by_text("Nothing is sent to the service before they say yes.")).to_be_visible()
        assert service in str(apart(talk.hear))
        apart(lambda: talk.tap(t("ar", "button.consent_yes")))
        expect(page.locator(".work").get_by_text("To be sent")).to_be_visible()
        page.locator(".work").get_by_role("link", name=re.compile("^R-")).click()
        page.get_by_text("By a link that you pass on").click()
        page.get_by_role("button", name="Make the link").click()
        link = page.get_by_label("It is shown only now:").input_value()

        # the service opens the link and accepts
        desk = open_page()
        desk.goto(urlsplit(link).path)
        desk.get_by_role("button").first.click()
        expect(desk.get_by_text("Arabic").first).to_be_visible()
        assert ASKS not in desk.content()  # only what was agreed to
        desk.locator("#accepted").check()
        desk.locator("#note").fill("Monday at ten")
        desk.locator("form:has(#accepted) button").click()
        expect(desk.get_by_role("heading").first).to_be_visible()
        page.reload()
        expect(page.get_by_text("Monday at ten")).to_be_visible()
        assert t("ar", "referral.state.accepted") in str(apart(talk.hear))

        # the person says how it went
        with house.sessions.begin() as session:
            session.scalars(select(Referral)).one().follow_up_at = NOON
        page.goto("/console/cases?show=mine")
        page.locator(".queue a.reference").first.click()
        page.locator("summary", has_text="Close").click()
        page.get_by_label("How did it end?").select_option("referred")
        page.get_by_role("button", name="Close", exact=True).click()
        expect(page.get_by_text("Closed. The person has been told.")).to_be_visible()
        with house.sessions.begin() as session:
            assert due_referrals.due(session, house, NOON) == 1
        apart(talk.hear)
        apart(lambda: talk.tap(t("ar", "button.got_help")))
        with house.sessions() as session:
            referral = session.scalars(select(Referral)).one()
            assert (referral.state, referral.outcome) == ("completed", "got_help")
        page.goto(f"/console/referrals/{referral.reference}")
        expect(page.get_by_text(t("en", "console.outcome.got_help")).first).to_be_visible()
        shot(page, "console-story-helped", full_page=True)

        # and the numbers know, without naming anybody
        numbers = log_in(open_page(), lena)
        numbers.get_by_role("link", name="Numbers").click()
        expect(numbers.get_by_role("heading").first).to_be_visible()
        expect(numbers.get_by_text("fewer than 5").first).to_be_visible()
        shot(numbers, "console-story-numbers", full_page=True)
        for one in (page, numbers):
            assert one.complaints == []  # type: ignore[attr-defined]  # set by tests/browser/chromium.py
    with house.sessions() as session:
        assert verify(session) is None

"""A caseworker vets a mentor, introduces two people and deals with a report, in Chromium: on a desktop and a phone, light and dark."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from bot.house import House
from bot.mentoring import offers, pairs, post
from bot.mentoring.models import Mentor, MentorPair, MentorWish
from tests.browser.chromium import started
from tests.browser.console import Open, check, log_in, looks, opening, sizes
from tests.console import site
from tests.mentoring import pairing
from tests.staff.people import Colleague

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with started() as running:
        yield running


@pytest.fixture
def open_page(browser: Browser, house: House) -> Iterator[Open]:
    with site.served(house) as base, opening(browser, base) as opened:
        yield opened


@pytest.fixture
def amina(house: House) -> Colleague:
    return Colleague.join(house, "amina", "caseworker")


@pytest.fixture
def offered(house: House, amina: Colleague) -> int:
    """Somebody who writes Arabic offers an hour."""
    with house.sessions.begin() as session:
        words = "تدربت سنتين في مستشفى ثم عملت ممرضة"
        said = offers.Offer("nurse", ["ti", "en"], ["evenings", "sundays"], "fortnight", "own_words", words, "woman", "سلام")
        made = offers.make(session, pairing.chat_of(session, "offering", "ar"), said)
        offers.agree(session, made)
        pairing.wish(session, "asking", languages=["ti"], gender="woman")
        return made.id


def step(page: Page, becomes: str, why: str) -> None:
    page.get_by_label("The offer becomes").select_option(label=becomes)
    page.get_by_label("Why", exact=True).fill(why)
    page.get_by_role("button", name="Take this step").click()
    expect(page.get_by_text("The step is taken.")).to_be_visible()


@pytest.mark.parametrize("size", sizes("phone"))
def test_from_the_offer_to_two_people_in_touch(size: str, house: House, open_page: Open, amina: Colleague, offered: int) -> None:
    page = log_in(open_page(size), amina)
    page.goto("/console/mentors")
    page.get_by_role("link", name=f"Mentor {offered}").click()
    expect(page.get_by_text("تدربت سنتين")).to_have_attribute("dir", "rtl")
    step(page, "Asked for references", "Spoke on the telephone, friendly and clear")
    page.get_by_label("The offer becomes").select_option(label="Checked")
    page.get_by_label("Why", exact=True).fill("Good")
    page.get_by_role("button", name="Take this step").click()
    expect(page.get_by_text("Note the references first: whom you asked and what they said.")).to_be_visible()
    page.get_by_label("Whom you asked, when, and what they said").fill("The hub, on 3 December: helps there every week")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Noted.")).to_be_visible()
    step(page, "Checked", "Good")
    step(page, "Active", "Welcome")
    expect(page.get_by_text("To be checked again on")).to_be_visible()

    page.get_by_role("link", name="Introductions").click()
    expect(page.get_by_text("both speak Tigrinya; both have time: weekday evenings")).to_be_visible()
    page.get_by_role("button", name="Ask both").click()
    expect(page.get_by_text("Both will be asked.")).to_be_visible()
    with house.sessions() as session:
        pair = session.query(MentorPair).one()
        assert (pair.state, pair.mentor_id) == ("asked", offered) and session.get_one(MentorWish, pair.wish_id).state == "met"
    complaints = [said for said in page.complaints if "409" not in said]  # type: ignore[attr-defined]  # the refusal above
    assert complaints == []


def test_a_report_is_read_and_dealt_with_by_keyboard(house: House, open_page: Open, amina: Colleague) -> None:
    two = pairing.paired(house)
    with house.sessions.begin() as session:
        pair = session.get_one(MentorPair, two.pair)
        post.put(session, pair, "mentee", "words", "أين تسكنين؟ تعالي إلى بيتي", "ar", state="held")
        pairs.alarm(pair, "threats", "mentor")
        pairs.pause(session, pair, "threats")
    page = log_in(open_page(), amina)
    page.goto("/console/mentors/pairs")
    page.get_by_role("link", name=f"Contact {two.pair}").press("Enter")
    expect(page.get_by_text("أين تسكنين؟")).to_have_attribute("dir", "rtl")
    page.get_by_role("button", name="Dealt with").press("Enter")
    expect(page.get_by_text("There is nothing to look at, so the words of these two are closed.")).to_be_visible()
    page.get_by_role("button", name="End this contact").press("Enter")
    expect(page.get_by_text("The contact has ended.")).to_be_visible()


@pytest.mark.parametrize(("size", "scheme"), looks("phone-light"))
def test_axe_finds_nothing_on_any_of_these_pages(
    size: str, scheme: str, house: House, open_page: Open, amina: Colleague, offered: int
) -> None:
    with house.sessions.begin() as session:
        pairing.mentor(session, "second"), pairing.mentor(session, "third", times=["saturdays"])
        pairing.wish(session, "nobody fits", languages=["uk"])
    two = pairing.paired(house)
    with house.sessions.begin() as session:
        pair = session.get_one(MentorPair, two.pair)
        for number in range(3):
            post.put(session, pair, "mentee" if number else "mentor", "words", f"كيف حالك؟ {number}", "ar", state="sent")
        pairs.alarm(pair, "reported", "mentee")
        pairs.pause(session, pair, "reported")
        active = session.query(Mentor).filter(Mentor.state == "active").first()
        assert active is not None
        number = active.id
    page, name = log_in(open_page(size, scheme, look=True), amina), f"{size}-{scheme}"
    places = {
        "mentors": "/mentors", "mentors-active": "/mentors?state=active", "mentor-offer": f"/mentors/{offered}",
        "mentor": f"/mentors/{number}", "introductions": "/mentors/introductions", "contacts": "/mentors/pairs",
        "contact": f"/mentors/pairs/{two.pair}",
    }  # fmt: skip
    for place, path in places.items():
        page.goto(f"/console{path}")
        check(page, f"{place}-{name}")
    page.goto(f"/console/mentors/{offered}")
    page.get_by_label("The offer becomes").select_option(label="Refused")
    page.get_by_label("Why", exact=True).fill(" ")
    page.get_by_role("button", name="Take this step").click()
    expect(page.get_by_text("Write why. It stays in the history.")).to_be_visible()
    check(page, f"mentor-refused-{name}")

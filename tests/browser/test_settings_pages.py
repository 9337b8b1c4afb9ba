"""The pages of settings and suggestions in Chromium: nothing for axe to say, on a phone and on a desk, light and dark."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from bot.conversation import inbox
from bot.house import House
from bot.installation import changing
from bot.knowledge import loading
from bot.suggestions import making, news
from tests.browser.chromium import started
from tests.browser.console import Open, check, log_in, looks, opening
from tests.console.site import served
from tests.knowledge.test_editing import SEED
from tests.staff.people import Colleague

WORDS = "السعر الآن أعلى من المكتوب، سألتهم يوم الاثنين في DBS وقالوا إنه تغيّر"


@pytest.fixture
def admin(house: House) -> Colleague:
    made = Colleague.join(house, "bea", "admin")
    with house.sessions.begin() as session:
        loading.load(session, SEED)
        for number, (what, words) in enumerate((("price", WORDS), ("price", "it is more"), ("place", "Café Hope, food, B66"))):
            chat = inbox.chat_for(session, "web", f"person {number}")
            about = ("terms", "band-5") if what == "price" else ("", "")
            language = "ar" if number == 0 else "en"
            making.make(session, chat, what=what, kind=about[0], key=about[1], words=words, language=language)
        changing.change(session, "hours", "mon-thu 10:00-15:00", who=f"staff:{made.id}")
        changing.change(session, "greeting.ar", "أهلاً بكم", who=f"staff:{made.id}")
        item = news.make(session, said="Fees were old", did="We asked all and changed them", number=3, staff_id=made.id)
        news.publish(session, item, made.id)
    return made


@pytest.fixture
def browse(house: House, admin: Colleague) -> Iterator[Open]:
    with served(house) as base, started() as browser, opening(browser, base) as opened:
        address = dataclasses.replace(house.settings, public_url=base)
        house.settings = house.base = address
        yield opened


@pytest.mark.parametrize(("size", "scheme"), looks("desktop-light"))
def test_every_page_stands(browse: Open, admin: Colleague, house: House, size: str, scheme: str) -> None:
    page: Page = log_in(browse(size, scheme, look=True), admin)
    for path in ("settings", "suggestions", "suggestions/1", "suggestions/3", "we-did"):
        page.goto(f"/console/{path}")
        check(page, f"{path.replace('/', '-')}-{size}")
    with house.sessions.begin() as session:
        changing.stop(session, reason="The advice on fees was wrong", until=None, who=f"staff:{admin.id}")
    page.goto("/console/settings")
    expect(page.get_by_role("status").first).to_contain_text("The bot is stopped")
    check(page, f"stopped-{size}")
    assert page.complaints == []  # type: ignore[attr-defined]  # ours

"""What needs care, files in and out, and feeds in Chromium: on a phone and a desktop, light and dark, axe with nothing to say."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect
from sqlalchemy import select

from bot.db.base import now
from bot.house import House
from bot.knowledge import editing, loading
from bot.knowledge.models import Entry
from bot.upkeep import arrivals, backup, feeds, looking, restoring
from bot.upkeep.found import KINDS, Found
from bot.upkeep.models import Link
from tests.browser.chromium import started
from tests.browser.console import Open, check, log_in, looks, opening
from tests.console import site
from tests.openreferral.samples import SEED, record
from tests.staff.people import Colleague

pytestmark = pytest.mark.browser
SAYS = {
    "day": "2026-11-01", "source": "https://www.example.org/a/long/address/of/a/page/that/does/not/end", "url": "https://gone.example/page",
    "result": "error 500", "this": "Card fee about £36", "other": "Card fee £40", "there": "pathways/vet/pay", "no_place": "4", "answers": "5",
    "what": "price", "language": "ar", "texts": "2", "word": "ضريبة البلدية", "age": "19", "days": "90", "times": "3",
}  # fmt: skip


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with started() as running:
        yield running


@pytest.fixture
def base(house: House) -> Iterator[str]:
    with site.served(house) as address:
        object.__setattr__(house, "settings", dataclasses.replace(house.settings, public_url=address))
        yield address


@pytest.fixture
def open_page(browser: Browser, base: str) -> Iterator[Open]:
    with opening(browser, base) as opened:
        yield opened


@pytest.fixture
def stocked_pages(house: House, admin: Colleague) -> list[str]:
    """Something of everything; the pages by path."""
    with house.sessions.begin() as session:
        loading.load(session, SEED)
        old = backup.make(session)
        found = [Found(kind, "terms", "council-tax", "Council Tax", str(n), SAYS) for n, kind in enumerate(KINDS)]
        looking.store(session, found)
        session.add(Link(url=SAYS["url"], result="error 500", checked_at=now()))
        row = feeds.subscribe(session, "https://council.example/api", 24)
        row.problems, row.read_at = ["services/3#/name: must be a text", "services/7#: has no way to reach it"], now()
        both = json.dumps([record(1), record(2, name="Clothes")]).encode()
        arrivals.apply(session, arrivals.bring(session, "oruk", "c.json", both), "staff:1", seen=restoring.revision(session))
    return ["/upkeep", "/exchange", "/feeds", f"/feeds/{row.id}", *more(house, admin, old)]


def more(house: House, admin: Colleague, old: bytes) -> list[str]:
    """A file with a conflict, and a backup."""
    with house.sessions.begin() as session:
        keys = [one.key for one in session.scalars(select(Entry)) if one.data.get("hsds")]
        entry = editing.find(session, "services", keys[0])
        assert entry is not None
        editing.change(session, entry, who="staff:1", why="", data={"email": "ours@example.org"})
        three = json.dumps(
            [record(1, email="theirs@example.org", description="طعام للعائلات كل يوم"), record(3, name="New one")]
        ).encode()
        made = [arrivals.bring(session, "oruk", "council.json", three, staff_id=admin.id)]
        made.append(arrivals.bring(session, "backup", "yesterday.zip", old, staff_id=admin.id))
        return [f"/exchange/{row.id}" for row in made]


@pytest.mark.parametrize(("size", "scheme"), looks("desktop-dark"))
def test_the_pages_can_be_read_and_used(
    open_page: Open, stocked_pages: list[str], admin: Colleague, size: str, scheme: str
) -> None:
    page = log_in(open_page(size, scheme, look=True), admin)
    for path in stocked_pages:
        page.goto(f"/console{path}")
        check(page, f"upkeep{path.replace('/', '-')}-{size}-{scheme}")
    assert page.complaints == []  # type: ignore[attr-defined]  # tests/browser/console.py


def test_a_choice_is_made_by_keyboard_and_done(open_page: Open, stocked_pages: list[str], admin: Colleague, house: House) -> None:
    page = log_in(open_page(), admin)
    page.goto(f"/console{stocked_pages[4]}")
    email = page.get_by_role("group", name="email")
    expect(email.get_by_role("radio", name="Ours")).to_be_checked()
    email.get_by_role("radio", name="Ours").focus()
    page.keyboard.press("ArrowDown")
    expect(email.get_by_role("radio", name="Theirs")).to_be_checked()
    page.get_by_role("button", name="Do all of it now").press("Enter")
    expect(page.get_by_role("status")).to_contain_text("The bot says it from the next message on")
    with house.sessions() as session:
        emails = {one.data["email"] for one in session.scalars(select(Entry)) if one.data.get("hsds")}
    assert "theirs@example.org" in emails and "ours@example.org" not in emails

"""What people asked and teaching, in Chromium: wide and narrow, light and dark, nothing for axe to say, and a run that shows how far it is."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterator

import msgspec
import pytest
from playwright.sync_api import Browser, expect

from bot.db.base import now
from bot.house import House
from bot.knowledge import loading, unknown
from bot.knowledge.models import Unknown, UnknownWeek
from bot.training import comparing, runs
from bot.training.comparing import Heard, Message
from bot.training.models import Example, Listening, ModelInUse, OwnModel, Probe, Run
from tests.browser.chromium import started
from tests.browser.console import Open, check, log_in, looks, opening
from tests.console import site
from tests.knowledge.test_editing import SEED
from tests.staff.people import Colleague

pytestmark = pytest.mark.browser
ARABIC = "وين ألاقي دورات إنجليزي قريبة من بيتي"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with started() as running:
        yield running


@pytest.fixture
def open_page(browser: Browser, taught: House) -> Iterator[Open]:
    with site.served(taught) as address:
        object.__setattr__(taught, "settings", dataclasses.replace(taught.settings, public_url=address))
        with opening(browser, address) as opened:
            yield opened


@pytest.fixture
def bea(house: House) -> Colleague:
    return Colleague.join(house, "bea", "admin")


@pytest.fixture
def taught(house: House, bea: Colleague) -> House:
    """Words in three languages with some weeks behind them, examples, tests, a model in use and a run that found something."""
    with house.sessions.begin() as session:
        loading.load(session, SEED)
        for language, words, times in (
            ("ar", "flurbozzle tax", 9),
            ("so", "flurbozle tax", 2),
            ("ar", "إيجار مدعوم", 3),
            ("en", "wickle", 1),
        ):
            for _ in range(times):
                unknown.record(session, "word", language, words)
        unknown.record(session, "message", "en", "a very long message with many words in it that nobody keeps anywhere at all")
        unknown.rated(session, "ar", "terms/band-5")
        unknown.rated(session, "ar", "terms/band-5", "price")
        session.flush()
        row = session.query(Unknown).filter_by(words="flurbozzle tax").one()
        monday = now().date() - dt.timedelta(days=now().weekday())
        session.add_all(UnknownWeek(unknown_id=row.id, week=monday - dt.timedelta(weeks=n), times=8 - n) for n in range(1, 7))
        session.add(Example(language="ar", intent="find_help", text=ARABIC, digest="a", who=f"staff:{bea.id}"))
        session.add(Probe(language="ar", intent="find_help", text=ARABIC + " كمان", digest="b", must=True, who=f"staff:{bea.id}"))
        messages = [
            Message("ar", "find_help", ARABIC + " كمان", own=True, must=True),
            Message("en", "greet", "hello there", own=True),
            Message("so", "urgent_danger", "waan baqayaa", own=False),
        ]
        old = [Heard("menu", 0.4, "ar", ("menu",)), Heard("greet", 0.9, "en", ("greet",)), Heard("urgent_danger", 1, "so", ())]
        new = [
            Heard("find_help", 0.8, "ar", ()),
            Heard("menu", 0.5, "en", ("menu", "greet")),
            Heard("urgent_danger", 1, "so", ()),
        ]
        found = comparing.compare(messages, old, new)
        done = {"state": "done", "step": "done", "percent": 100, "who": f"staff:{bea.id}", "examples": 1, "against": ""}
        result = msgspec.to_builtins(found)
        session.add(Run(id=1, **done, model="a" * 16, refused=[], result=result))
        session.add(Run(id=2, **done, model="b" * 16, refused=["danger_fell", "must_failed"], result=result))
        session.add(Run(id=3, state="failed", step="ears", who=f"staff:{bea.id}", failure="killed"))
        session.flush()
        session.add(OwnModel(name="a" * 16, sha256="x", base="x", examples=1, run_id=1, used_at=now()))
        session.add(ModelInUse(id=1, number=1, name="a" * 16, sha256="x", before="", who=f"staff:{bea.id}"))
        session.add(Listening(token="1:a", name="a" * 16, number=1))
        session.add(Listening(token="2:b", name="", number=1, failure="a.tar.gz is damaged (its hash is wrong)"))
        runs.begin(session, f"staff:{bea.id}")
    return house


@pytest.mark.parametrize(("size", "scheme"), looks("desktop-light"))
def test_every_page_stands_and_reads_well(open_page: Open, bea: Colleague, size: str, scheme: str) -> None:
    page = log_in(open_page(size, scheme, look=True), bea)
    for name, path in (
        ("asked", "/asked"), ("asked-group", "/asked/1"), ("asked-rated", "/asked?kind=rated"), ("training", "/training"),
        ("run-done", "/training/runs/1"), ("run-refused", "/training/runs/2"), ("run-failed", "/training/runs/3"), ("run", "/training/runs/4"),
    ):  # fmt: skip
        page.goto(f"/console{path}")
        check(page, f"{name}-{size}")
    assert page.complaints == []  # type: ignore[attr-defined]  # ours


def test_a_run_that_goes_on_is_looked_at_again_by_itself_under_the_pages_own_policy(
    open_page: Open, bea: Colleague, taught: House
) -> None:
    page = log_in(open_page("desktop"), bea)
    page.goto("/console/training/runs/4")
    expect(page.get_by_text("Waiting to begin")).to_be_visible()
    with taught.sessions.begin() as session:
        assert runs.take(session) is not None
    runs.report(taught.sessions, 4, "intents")
    expect(page.get_by_text("Learning what messages mean")).to_be_visible()
    expect(page.get_by_text("40 % done")).to_be_visible()
    with taught.sessions.begin() as session:
        runs.fail(session, 4, "killed")
    expect(page.get_by_text("It did not work")).to_be_visible()
    expect(page.get_by_role("button", name="Train again")).to_be_visible()
    assert page.complaints == []  # type: ignore[attr-defined]  # ours

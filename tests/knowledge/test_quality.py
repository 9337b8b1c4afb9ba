"""What needs somebody's eyes is listed, and what is shipped needs few."""

from __future__ import annotations

import asyncio
import datetime as dt
import statistics
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import httpx
import pytest
from sqlalchemy import select

from bot.house import House
from bot.knowledge import links, loading, quality, snapshot
from bot.knowledge.models import Entry, Text
from bot.knowledge.readability import reading_age
from bot.knowledge.snapshot import Snapshot
from bot.settings import KNOWN_LANGUAGES

TODAY = dt.date(2026, 11, 26)


@pytest.fixture
def knowledge(stocked: House) -> Snapshot:
    with stocked.sessions() as session:
        return snapshot.current(session)


def kinds(knowledge: Snapshot, today: dt.date = TODAY) -> set[str]:
    return {finding.kind for finding in quality.look(knowledge, KNOWN_LANGUAGES, today)}


def test_what_is_shipped_leads_nowhere_wrong_and_is_translated(knowledge: Snapshot) -> None:
    assert kinds(knowledge) <= {"due_soon", "switches"}


def test_the_english_is_read_at_about_ten_years(knowledge: Snapshot) -> None:
    """The issue's figure: a reading age of about ten."""
    named = quality.names_in(knowledge)
    for kind, field in (("terms", "meaning"), ("services", "description"), ("safety", "what")):
        texts = [knowledge.words(kind, key, field, "en").text for key in getattr(knowledge, kind)]
        ages = [reading_age(text, named(text)) for text in texts]
        assert statistics.mean(ages) <= 10.5, kind


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("The cat sat on the mat. It was a big cat.", 5, 6),
        ("You pay this money each month. It helps the council to clean the streets.", 5, 9),
        (
            "Notwithstanding the aforementioned stipulations, the applicant must demonstrate compliance with statutory obligations.",
            18,
            40,
        ),
        ("", 0, 0),
    ],
)
def test_reading_age_goes_up_with_long_words_and_sentences(text: str, low: float, high: float) -> None:
    assert low <= reading_age(text) <= high


def test_the_name_that_must_stand_there_does_not_count() -> None:
    assert reading_age("Physiotherapists help you move.", ["physiotherapist"]) < reading_age("Physiotherapists help you move.")


def test_a_fact_past_its_day_is_listed_and_a_price_to_come_too(knowledge: Snapshot) -> None:
    assert "past_due" in kinds(knowledge, dt.date(2027, 6, 1))
    found = quality.look(knowledge, KNOWN_LANGUAGES, TODAY)
    assert any("social-worker" in f.where and "2026-12-01" in f.what for f in found if f.kind == "switches")


def test_a_missing_and_an_outdated_translation_and_a_dead_reference_are_listed(stocked: House) -> None:
    with stocked.sessions.begin() as session:
        entry = session.scalars(select(Entry).where(Entry.kind == "terms", Entry.key == "council-tax")).one()
        entry.data = entry.data | {"related": ["no-such-term"]}
        mine = {text.language: text for text in entry.texts if text.field == "meaning"}
        mine["so"].state = "outdated"
        session.delete(session.get_one(Text, mine["fr"].id))
        loading.touch(session)
    with stocked.sessions() as session:
        found = quality.look(snapshot.current(session), KNOWN_LANGUAGES, TODAY)
    about = {(f.kind, f.what) for f in found if "council-tax" in f.where}
    assert {("untranslated", "fr"), ("outdated", "so")} <= about
    assert any(kind == "reference" for kind, _ in about)


class _Site(BaseHTTPRequestHandler):
    """/ok answers; /gone is gone; /robots refuses HEAD; /late breaks."""

    def do_HEAD(self) -> None:
        status = {"/ok": 200, "/gone": 404, "/robots": 405, "/refuses": 403}.get(self.path, 500)
        self.send_response(status)
        self.end_headers()

    def do_GET(self) -> None:
        self.send_response(200 if self.path == "/robots" else 403)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def site() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Site)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def test_links_that_are_gone_are_told_from_those_that_refuse_a_robot(site: str) -> None:
    async def ask() -> dict[str, str]:
        addresses = [f"{site}{path}" for path in ("/ok", "/gone", "/robots", "/refuses", "/broken")] + [
            "http://127.0.0.1:9/nobody"
        ]
        async with httpx.AsyncClient(timeout=5) as client:
            return dict(await links.check(addresses, client, between=0))

    found = {address.rpartition("/")[2]: answer for address, answer in asyncio.run(ask()).items()}
    assert found == {"ok": "", "gone": "gone", "robots": "", "refuses": "", "broken": "error 500", "nobody": "no answer"}

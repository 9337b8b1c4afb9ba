"""Links: asked politely, with a history; dead only after failing for days. And the worker that does it all in the background."""

from __future__ import annotations

import asyncio
import datetime as dt
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import msgspec
import pytest
from sqlalchemy import select

from bot.cases.models import Mail
from bot.house import House
from bot.knowledge import loading, snapshot
from bot.staff import absences, wishes
from bot.staff.models import Staff
from bot.upkeep import digest, jobs, links, looking, worker
from bot.upkeep.found import Found
from bot.upkeep.models import Finding, Job, Link, LinkCheck
from bot.upkeep.worker import Caretaker
from tests.admin.test_feeds import anywhere
from tests.knowledge.test_editing import SEED, SERVICE, TERM
from tests.staff.people import Colleague

NOON = dt.datetime(2026, 11, 26, 12, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)


class Site:
    """`status` by path; what was asked, and how many at one time."""

    def __init__(self) -> None:
        self.status: dict[str, int] = {}
        self.asked: list[str] = []
        self.at_once = self.most_at_once = 0
        self.url = ""


@pytest.fixture
def site() -> Iterator[Site]:
    made, lock = Site(), threading.Lock()

    class Handler(BaseHTTPRequestHandler):
        def answer(self) -> None:
            with lock:
                made.asked.append(f"{self.command} {self.path}")
                made.at_once += 1
                made.most_at_once = max(made.most_at_once, made.at_once)
            time.sleep(0.005)  # so that two at one time would be seen
            with lock:
                made.at_once -= 1
            self.send_response(made.status.get(self.path, 200))
            self.send_header("Content-Length", "0")
            self.end_headers()

        do_GET = do_HEAD = answer

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    made.url = f"http://127.0.0.1:{server.server_port}"
    yield made
    server.shutdown()
    server.server_close()


def know(house: House, *urls: str) -> None:
    services = [msgspec.structs.replace(SERVICE, key=f"s{n}", url=url) for n, url in enumerate(urls)]
    fact = msgspec.structs.replace(TERM.fact, source="general knowledge")
    term = msgspec.structs.replace(TERM, fact=fact)
    services = [msgspec.structs.replace(service, fact=fact) for service in services]
    with house.sessions.begin() as session:
        loading.load(session, msgspec.structs.replace(SEED, terms=[term], services=services))
        links.register(session, snapshot.current(session))


def note(house: House, at: dt.datetime, **answers: str | None) -> None:
    with house.sessions.begin() as session:
        asked = [f"https://{name}.example/" for name in answers]
        links.note(session, asked, {f"https://{n}.example/": a for n, a in answers.items() if a is not None}, at)


def dead(house: House, at: dt.datetime = NOON) -> list[str]:
    with house.sessions() as session:
        return [one.says["url"] for one in looking.look(session, ("en",), at, (links.dead,))]


def test_a_link_is_dead_when_it_fails_again_and_again_for_days(house: House) -> None:
    know(house, "https://a.example/", "https://b.example/")
    for hours in (0, 1, 2, 3):
        note(house, NOON + dt.timedelta(hours=hours), a="gone", b="")
    assert dead(house) == []  # often, but only for a few hours
    note(house, NOON + 2 * DAY, a="gone", b="error 500")
    assert dead(house) == ["https://a.example/"]
    note(house, NOON + 3 * DAY, a="", b="")
    assert dead(house) == []
    with house.sessions() as session:
        assert [row.result for row in links.history(session, "https://a.example/")] == [
            "",
            "gone",
            "gone",
            "gone",
            "gone",
            "gone",
        ]


def test_when_nothing_answers_it_is_our_own_network_and_a_busy_host_is_not_judged(house: House) -> None:
    know(house, "https://a.example/", "https://b.example/")
    for day in range(5):
        note(house, NOON + day * DAY, a="no answer", b="no answer")
        note(house, NOON + day * DAY, a=None)
    with house.sessions() as session:
        assert {row.failures for row in session.scalars(select(Link))} == {0}
        assert session.scalars(select(LinkCheck)).all() == []


def test_what_is_no_longer_named_is_forgotten(house: House) -> None:
    know(house, "https://a.example/", "https://b.example/")
    note(house, NOON, a="gone", b="")
    know(house, "https://b.example/")
    with house.sessions() as session:
        assert [row.url for row in session.scalars(select(Link))] == ["https://b.example/"]
        assert len(session.scalars(select(LinkCheck)).all()) == 1


def test_few_of_one_host_are_asked_at_a_time_and_the_rest_later(house: House) -> None:
    know(house, *(f"https://a.example/{n}" for n in range(links.A_HOST + 3)), "https://b.example/")
    with house.sessions() as session:
        asked = links.due(session)
    assert len(asked) == links.A_HOST + 1 and "https://b.example/" in asked


def test_the_worker_asks_one_at_a_time_and_makes_the_list(house: House, site: Site) -> None:
    site.status = {"/gone": 404, "/busy": 429}
    know(house, *(f"{site.url}/{name}" for name in ("a", "b", "busy", "c", "gone")))
    asyncio.run(Caretaker(house, anywhere, between=0).once())
    assert site.most_at_once == 1
    assert site.asked == ["HEAD /a", "HEAD /b", "HEAD /busy"]  # told that it is too much, it stops
    with house.sessions() as session:
        assert {row.url.rpartition("/")[2]: row.failures for row in session.scalars(select(Link)) if row.checked_at} == {
            "a": 0,
            "b": 0,
        }
        assert session.get_one(Job, worker.LOOKING).ended_at is not None
        assert {row.kind for row in session.scalars(select(Finding))} == {"duplicate"}


def test_a_private_address_is_not_asked(house: House, site: Site) -> None:
    know(house, f"{site.url}/a")
    asyncio.run(Caretaker(house, between=0).once())
    assert site.asked == []
    with house.sessions() as session:
        assert session.scalars(select(Link.result)).all() == ["not public"]


def test_what_went_wrong_is_told_and_the_job_is_due_again(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    def breaks(house: House) -> int:
        raise ZeroDivisionError

    monkeypatch.setattr(worker, "look_now", breaks)
    asyncio.run(Caretaker(house, anywhere).once())
    with house.sessions() as session:
        job = session.get_one(Job, worker.LOOKING)
        assert (job.failure, job.lease_until) == ("ZeroDivisionError", None) and job.due_at == worker.next_day()


def test_a_job_is_claimed_once_and_freed_by_time(house: House) -> None:
    def claim(at: dt.datetime) -> bool:
        with house.sessions.begin() as session:
            return jobs.claim(session, "x", DAY, at)

    assert [claim(NOON), claim(NOON + DAY / 2), claim(NOON + DAY)] == [True, False, True]
    with house.sessions.begin() as session:
        jobs.end(session, "x", NOON + 7 * DAY, at=NOON + DAY)
    assert not claim(NOON + 2 * DAY)
    with house.sessions.begin() as session:
        jobs.ask(session, "x", NOON + 2 * DAY)
    assert claim(NOON + 2 * DAY)
    with house.sessions.begin() as session:
        jobs.ask(session, "x", NOON + 2 * DAY)  # while it runs: once more afterwards
        jobs.end(session, "x", NOON + 9 * DAY, at=NOON + 2 * DAY)
    assert claim(NOON + 2 * DAY)


MONDAY = dt.datetime(2026, 11, 30, 10, tzinfo=dt.UTC)


def wish(house: House, colleague: Colleague, email: str = "") -> None:
    with house.sessions.begin() as session:
        staff = session.get_one(Staff, colleague.id)
        wishes.change(staff, email=email or f"{colleague.login}@example.org", chosen=["digest"])


def digests(house: House, *times: dt.datetime) -> list[tuple[str, str]]:
    for at in times:
        with house.sessions.begin() as session:
            digest.due(session, "https://bot.example", at)
    with house.sessions() as session:
        return [(row.content["to"], row.content["text"]) for row in session.scalars(select(Mail).order_by(Mail.id))]


@pytest.fixture
def found(house: House) -> None:
    with house.sessions.begin() as session:
        looking.store(session, [Found("past_due", "terms", str(n), "Name", says={"day": "x"}) for n in range(3)], NOON)


def test_once_a_week_at_a_decent_hour_to_who_wishes_it(
    house: House, admin: Colleague, caseworker: Colleague, found: None
) -> None:
    wish(house, admin)
    wish(house, caseworker)  # whose role has no use for it
    night = MONDAY.replace(hour=3)
    assert digests(house, night) == []
    ((to, text),) = digests(house, MONDAY, MONDAY, MONDAY + DAY)
    assert to == "bea@example.org" and "Past its review date: 3" in text and "https://bot.example/console/upkeep" in text
    assert "Name" not in text
    assert len(digests(house, MONDAY + 7 * DAY)) == 2


def test_killed_in_between_it_comes_once(house: House, admin: Colleague, found: None) -> None:
    wish(house, admin)
    with house.sessions() as session:  # dies before its commit
        digest.due(session, "https://bot.example", MONDAY)
        session.rollback()
    with house.sessions.begin() as session:  # an older state of the job comes back, as from a restored database
        digest.due(session, "https://bot.example", MONDAY)
        session.get_one(Job, digest.JOB).due_at = MONDAY
    assert len(digests(house, MONDAY)) == 1


def test_nothing_to_do_is_no_news_and_who_is_away_is_left_alone(house: House, admin: Colleague) -> None:
    wish(house, admin)
    assert digests(house, MONDAY) == []
    with house.sessions.begin() as session:
        looking.store(session, [Found("past_due", "terms", "a", "A", says={"day": "x"})], NOON)
        absences.add(session, admin.id, (MONDAY + 7 * DAY).date(), (MONDAY + 9 * DAY).date(), MONDAY.date())
    assert digests(house, MONDAY + 7 * DAY) == []

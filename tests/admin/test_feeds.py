"""Feeds that are read by themselves, from a real server that misbehaves: a list of what is wrong, nothing half-done, ours stays."""

from __future__ import annotations

import datetime as dt
import ipaddress
import json
import time
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from sqlalchemy import select, update

from bot.db.base import now
from bot.errors import RefusedError
from bot.house import House
from bot.knowledge import editing, loading
from bot.knowledge.hsds import feed as hsds_feed
from bot.knowledge.links import NotPublicError
from bot.knowledge.models import Entry
from bot.upkeep import arrivals, feeds, restoring, resuming
from bot.upkeep.models import Arrival, FeedSource
from bot.upkeep.outside import Address, Outside, public
from tests.openreferral.council import Answer, Council, running
from tests.openreferral.samples import SEED, record


def anywhere(address: Address, port: int) -> bool:
    """The switch by which a test asks a server of its own."""
    return True


def quick(seconds: float) -> None:
    """No waiting between two tries."""


@pytest.fixture
def council() -> Iterator[Council]:
    made = Council([record(1), record(2, name="Clothes"), record(3, name="Lessons")])
    with running(made):
        yield made


@pytest.fixture
def known(house: House, council: Council) -> House:
    with house.sessions.begin() as session:
        loading.load(session, SEED)
        feeds.subscribe(session, council.url, 24)
    return house


def read(house: House) -> FeedSource:
    """The feed after it was read, due or not."""
    with house.sessions.begin() as session:
        session.execute(update(FeedSource).values(due_at=now(), lease_until=None))
    assert feeds.read_due(house, anywhere, quick) == 1
    with house.sessions() as session:
        return session.scalars(select(FeedSource)).one()


def proposal(house: House) -> Arrival | None:
    with house.sessions() as session:
        return session.scalar(select(Arrival).where(Arrival.state == "open"))


def offered(house: House) -> dict[str, tuple[str, dict[str, str]]]:
    """Name -> (what, field -> standing) of everything that waits for a choice."""
    with house.sessions() as session:
        row = session.scalars(select(Arrival).where(Arrival.state == "open")).one()
        plan = arrivals.offered(session, row)
        return {i.name: (i.what, {c.field: c.standing for c in i.changes}) for i in plan.items if i.what != "unchanged"}


def take(house: House, **choices: dict[str, str]) -> None:
    with house.sessions.begin() as session:
        row = session.scalars(select(Arrival).where(Arrival.state == "open").with_for_update()).one()
        arrivals.choose(row, choices)
        arrivals.apply(session, row, "staff:1", seen=restoring.revision(session))


def services(house: House) -> dict[str, dict[str, Any]]:
    """By name, those that came from the feed and are shown."""
    with house.sessions() as session:
        rows = session.scalars(select(Entry).where(Entry.kind == "services", Entry.published))
        return {row.data["name"]: row.data for row in rows if row.data.get("hsds")}


def edit(house: House, name: str, **data: Any) -> None:
    with house.sessions.begin() as session:
        entry = editing.find(session, "services", services(house)[name]["key"])
        assert entry is not None
        editing.change(session, entry, who="staff:1", why="they told us", data=data)


def test_what_a_feed_says_waits_for_a_choice(known: House, council: Council) -> None:
    row = read(known)
    assert (row.failures, row.problems) == (0, []) and row.read_at is not None and row.due_at > now() + dt.timedelta(hours=22)
    assert services(known) == {}
    assert set(offered(known)) == {"Food parcels", "Clothes", "Lessons"}
    take(known)
    assert set(services(known)) == {"Food parcels", "Clothes", "Lessons"}


def test_a_feed_that_has_not_changed_is_asked_once_a_page(known: House, council: Council) -> None:
    read(known)
    take(known)
    council.asked.clear()
    read(known)
    assert len(council.asked) == 2 and proposal(known) is None
    with known.sessions.begin() as session:
        feeds.ask(session.scalars(select(FeedSource)).one(), whole=True)
    council.asked.clear()
    read(known)
    assert len(council.asked) == 5 and proposal(known) is None


def test_a_field_corrected_here_stays_and_the_difference_is_shown(known: House, council: Council) -> None:
    read(known)
    take(known)
    edit(known, "Food parcels", email="right@example.org")
    council.services[0] = record(1, description="Food for everybody.")
    read(known)
    assert offered(known) == {"Food parcels": ("changed", {"description": "theirs", "email": "kept"})}
    take(known)
    food = services(known)["Food parcels"]
    assert (food["email"], food["description"]) == ("right@example.org", "Food for everybody.")
    with known.sessions() as session:
        ((_, name, changes),) = feeds.corrected(session, council.url)
        assert (name, [(c.field, c.old, c.new) for c in changes]) == (
            "Food parcels",
            [("email", "food@example.org", "right@example.org")],
        )
    council.services[0] = record(1, description="Food for everybody.", email="other@example.org")
    read(known)
    assert offered(known) == {"Food parcels": ("conflict", {"email": "conflict"})}
    take(known)
    assert services(known)["Food parcels"]["email"] == "right@example.org"
    council.services[0] = record(1, description="Food for everybody.", email="third@example.org")
    read(known)
    take(known, **{food["key"]: {"email": "theirs"}})
    assert services(known)["Food parcels"]["email"] == "third@example.org"
    with known.sessions() as session:
        assert feeds.corrected(session, council.url) == []


def test_the_next_reading_takes_the_place_of_what_nobody_decided(known: House, council: Council) -> None:
    read(known)
    council.services[0] = record(1, name="Food bags")
    read(known)
    assert set(offered(known)) == {"Food bags", "Clothes", "Lessons"}


def test_a_service_that_is_gone_there_goes_by_choice(known: House, council: Council) -> None:
    read(known)
    take(known)
    del council.services[1]
    read(known)
    assert offered(known) == {"Clothes": ("gone", {})}
    take(known, **{services(known)["Clothes"]["key"]: {"": "ours"}})
    assert "Clothes" in services(known)
    council.services[0] = record(1, name="Food bags")
    read(known)
    take(known)
    assert set(services(known)) == {"Food bags", "Lessons"}


def test_a_feed_that_disappears_half_way_goes_on_where_it_was(known: House, council: Council) -> None:
    dead = {"at": 4}

    def dies(path: str, times: int) -> str | None:
        return "die" if len(council.asked) >= dead["at"] else None

    council.before = dies
    row = read(known)
    assert row.failures == 1 and "try again later" in row.problems[0]
    assert proposal(known) is None and services(known) == {}
    assert now() + dt.timedelta(minutes=5) < row.due_at < now() + dt.timedelta(minutes=15)
    council.asked.clear()
    council.before = lambda path, times: None
    assert read(known).failures == 0
    assert len(council.asked) == 2  # two pages and a record were kept
    assert set(offered(known)) == {"Food parcels", "Clothes", "Lessons"}
    assert not list((known.settings.var / "feeds").glob("*.reading"))


def test_what_was_kept_too_long_is_read_anew(known: House, council: Council, monkeypatch: pytest.MonkeyPatch) -> None:
    council.before = lambda path, times: "die" if "services/" in path else None
    read(known)
    council.before = lambda path, times: None
    council.asked.clear()
    late = time.time() + resuming.FRESH_SECONDS + 1
    monkeypatch.setattr(resuming.time, "time", lambda: late)
    read(known)
    assert len(council.asked) == 5


def body(value: Any) -> Answer:
    return 200, {}, json.dumps(value).encode()


WRONG: dict[str, tuple[Any, str]] = {
    "no JSON": ((200, {}, b"<html>"), "is no JSON"),
    "no list": (body({"contents": "x"}), "must be a list"),
    "no id": (body({"contents": [{}]}), "has no id"),
    "not there": ((404, {}, b""), "answered 404"),
    "busy": ((503, {"Retry-After": "1"}, b""), "answered 503"),
    "for long": ((429, {"Retry-After": "86400"}, b""), "answered 429"),
    "elsewhere": ((302, {"Location": "http://169.254.169.254/latest"}, b""), "leads to another host|https://"),
    "in a circle": ((302, {"Location": "/hub/services?page=1&per_page=100"}, b""), "round in a circle"),
    "silent": ("hang", "try again later"),
    "large": ((200, {}, b" " * 3000), "answered more than"),
}


@pytest.mark.parametrize("what", WRONG)
def test_what_is_wrong_is_said_and_nothing_is_done(
    known: House, council: Council, what: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(resuming, "LARGEST_ANSWER", 2_500)
    monkeypatch.setattr(hsds_feed, "TRIES", 2)
    answer, says = WRONG[what]
    council.before = lambda path, times: answer
    row = read(known)
    assert row.failures == 1 and len(row.problems) == 1
    assert any(part in row.problems[0] for part in says.split("|")), row.problems
    assert proposal(known) is None and services(known) == {}


def test_a_feed_of_which_half_is_broken_gives_its_other_half(known: House, council: Council) -> None:
    council.services += [record(4, name=""), record(5, phones=None, email=None, url=None, contacts=None, organization=None)]
    row = read(known)
    assert row.failures == 0 and len(row.problems) >= 1
    assert {"Food parcels", "Clothes", "Lessons"} <= set(offered(known))
    take(known)
    assert set(services(known)) == {"Food parcels", "Clothes", "Lessons"}


def test_taxonomies_in_a_circle_are_said_and_nothing_waits(known: House, council: Council) -> None:
    def term(number: int) -> list[dict[str, Any]]:
        found = {"id": f"t{number}", "name": f"T{number}", "parent_id": f"t{3 - number}"}
        return [{"id": f"a{number}", "taxonomy_term": found}]

    council.services = [record(n, attributes=term(n)) for n in (1, 2)]
    assert "in a circle" in read(known).problems[0] and proposal(known) is None


def test_two_ids_that_clash(known: House, council: Council) -> None:
    council.services += [record(10), {**record(10, name="Again"), "id": record(10)["id"].upper()}]
    assert any("another record has this id" in problem for problem in read(known).problems)


def test_of_two_processes_one_reads(known: House, council: Council) -> None:
    assert feeds._claim(known) is not None
    assert feeds.read_due(known, anywhere, quick) == 0 and council.asked == []


def test_a_private_address_is_not_asked(known: House, council: Council) -> None:
    with known.sessions.begin() as session:
        session.execute(update(FeedSource).values(due_at=now()))
    assert feeds.read_due(known, public, quick) == 1
    with known.sessions() as session:
        row = session.scalars(select(FeedSource)).one()
    assert row.failures == 1 and row.problems and council.asked == []


@pytest.mark.parametrize(
    ("url", "reason"),
    [("http://a.example/x", "feed_url"), ("ftp://a.example", "feed_url"), ("https://u:p@a.example", "feed_url"), ("", "feed_url"), ("https://[", "feed_url"), ("https://a.example/" + "x" * 600, "feed_url")],
)  # fmt: skip
def test_what_is_no_feeds_address_is_refused(house: House, url: str, reason: str) -> None:
    with house.sessions.begin() as session, pytest.raises(RefusedError) as refused:
        feeds.subscribe(session, url, 24)
    assert refused.value.reason == reason


@pytest.mark.parametrize(
    ("address", "port", "may"),
    [
        ("93.184.215.14", 443, True),
        ("93.184.215.14", 22, False),
        ("127.0.0.1", 80, False),
        ("10.1.2.3", 80, False),
        ("172.20.0.1", 80, False),
        ("192.168.1.1", 80, False),
        ("169.254.169.254", 80, False),
        ("100.64.0.1", 80, False),
        ("0.0.0.0", 80, False),
        ("224.0.0.1", 80, False),
        ("255.255.255.255", 80, False),
        ("::1", 80, False),
        ("fe80::1", 80, False),
        ("fd00::1", 80, False),
        ("::ffff:10.0.0.1", 80, False),
        ("64:ff9b::a00:1", 80, False),
        ("2002:a00:1::", 80, False),
        ("2606:2800:21f:cb07:6820:80da:af6b:8b2c", 443, True),
    ],
)
def test_which_addresses_are_public(address: str, port: int, may: bool) -> None:
    assert public(ipaddress.ip_address(address), port) is may


def test_the_connection_goes_to_the_address_that_was_looked_at(council: Council) -> None:
    """A name that says another address the second time would lead past the look."""
    seen: list[str] = []

    def allowed(address: Address, port: int) -> bool:
        seen.append(str(address))
        return True

    with httpx.Client(transport=Outside(allowed)) as client:
        answer = client.get(council.url.replace("127.0.0.1", "localhost") + "/services", params={"page": "1"})
        assert answer.status_code == 200 and answer.request.headers["host"].startswith("localhost")
    assert seen and set(seen) <= {"127.0.0.1", "::1"}
    with httpx.Client(transport=Outside()) as client, pytest.raises(NotPublicError):
        client.get("http://localhost/")

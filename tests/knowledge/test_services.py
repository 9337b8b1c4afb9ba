"""The best places for a need, with the reasons why, and never a dead end."""

from __future__ import annotations

import datetime as dt

import pytest

from bot.house import House
from bot.knowledge import opening, places, services, snapshot
from bot.knowledge.seed import Fact, Location, Opening, Service
from bot.knowledge.services import Wish
from bot.knowledge.snapshot import Snapshot

AT = dt.datetime(2026, 11, 26, 11, 0, tzinfo=dt.UTC)  # a Thursday
FACT = Fact(source="test", checked_on=dt.date(2026, 11, 23), review_by=dt.date(2027, 3, 31), volatility="A", sure="V")


@pytest.fixture
def knowledge(stocked: House) -> Snapshot:
    with stocked.sessions() as session:
        return snapshot.current(session)


def only(*entries: Service) -> Snapshot:
    made = Snapshot(1)
    made.services = {entry.key: entry for entry in entries}
    return made


def service(key: str, **more: object) -> Service:
    return Service(key=key, organization=key, name=key, needs=["legal"], description=key, fact=FACT, url="https://x.uk", **more)  # type: ignore[arg-type]  # a wider type than the stub knows


def test_every_need_is_answered_everywhere_with_a_reason_or_the_word_wider(knowledge: Snapshot) -> None:
    for need in ("legal", "language", "education", "employment", "health", "housing", "money", "family", "community"):
        for area in (None, "B16", "B66", "Coventry", "WV1", "ZZ9", "52.48,-1.9", "Leeds"):
            found = services.find(knowledge, Wish(need, area, "ar"), AT)
            assert found.matches, (need, area)
            assert all(match.reasons for match in found.matches) or area is None


def test_the_near_one_comes_first_and_says_how_far() -> None:
    near = service("near", towns=["Birmingham"], locations=[Location(postcode="B18 7QH")])
    far = service("far", towns=["Birmingham"], locations=[Location(postcode="B45 9AA")])
    found = services.find(only(far, near), Wish("legal", "B16"), AT).matches
    assert [m.service.key for m in found] == ["near", "far"]
    assert found[0].reasons[0] == "near" and 0.5 < (found[0].miles or 0) < 2


def test_a_shared_location_works_like_a_postcode() -> None:
    near = service("near", towns=["Birmingham"], postcode_districts=["B16"])
    assert services.find(only(near), Wish("legal", "52.476,-1.934"), AT).matches[0].reasons[0] == "near_you"


def test_nothing_near_gives_the_nearest_and_says_so() -> None:
    coventry = service("coventry", towns=["Coventry"], locations=[Location(postcode="CV1 1AA")])
    everywhere = service("everywhere", national=True)
    found = services.find(only(coventry, everywhere), Wish("legal", "B16"), AT)
    assert found.wider and [m.service.key for m in found.matches] == ["everywhere", "coventry"]


def test_what_is_past_its_date_or_never_checked_ranks_lower() -> None:
    from msgspec.structs import replace

    good, old = service("good"), service("a-old")
    old = replace(old, fact=replace(FACT, review_by=dt.date(2026, 1, 1)))
    unsure = replace(service("b-unsure"), fact=replace(FACT, sure="gen"))
    found = services.find(only(old, unsure, good), Wish("legal"), AT).matches
    assert [m.service.key for m in found] == ["good", "b-unsure", "a-old"]


@pytest.mark.parametrize(
    ("at", "is_open"),
    [
        ("2026-11-26T09:00Z", True),
        ("2026-11-26T08:59Z", False),
        ("2026-11-26T13:00Z", False),
        ("2026-11-28T10:00Z", False),
        ("2027-06-24T08:30Z", True),  # half past nine by the clock in summer
    ],
)
def test_open_now_is_by_the_clock_on_the_wall(at: str, is_open: bool) -> None:
    entry = service("x", openings=[Opening(days=["thu"], opens="09:00", closes="13:00")])
    assert opening.is_open(entry, dt.datetime.fromisoformat(at)) is is_open


def test_who_wants_what_is_open_now_gets_it_first() -> None:
    closed = service("closed", openings=[Opening(days=["sat"], opens="09:00", closes="13:00")])
    open_now = service("opened", openings=[Opening(days=["thu"], opens="09:00", closes="13:00")])
    unknown = service("a-unknown")
    found = services.find(only(closed, unknown, open_now), Wish("legal", access="open_now"), AT).matches
    assert [m.service.key for m in found] == ["opened", "a-unknown", "closed"]
    assert found[0].reasons[0] == "open_now"


@pytest.mark.parametrize(
    ("written", "district"), [("b16", "B16"), ("B16 8TH", "B16"), ("B168TH", "B16"), ("wv1 1aa", "WV1"), ("Ladywood", None)]
)
def test_a_postcode_is_read_as_people_write_it(written: str, district: str | None) -> None:
    assert places.district_of(written) == district


def test_distances_are_those_on_the_map() -> None:
    """Birmingham New Street to Coventry station is about 17 miles as the crow flies."""
    assert 15 < places.miles(places.districts()["B2"], places.districts()["CV1"]) < 19
    assert places.nearest_district(places.Point(52.4760, -1.9337)) == "B16"

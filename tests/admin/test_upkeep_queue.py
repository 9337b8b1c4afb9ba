"""What needs care: found, stored with what somebody did about it, and come back while it is true."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Callable
from typing import Any

import msgspec
import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.answers import terms as answers
from bot.cases.models import ServiceFlag
from bot.conversation import inbox
from bot.conversation.turn import Turn
from bot.errors import RefusedError
from bot.house import House
from bot.knowledge import editing, loading, seed, snapshot, unknown, uses
from bot.knowledge.models import Use
from bot.upkeep import looking, queue, worker
from bot.upkeep.found import Found
from bot.upkeep.models import Finding
from tests.knowledge.test_editing import FACT, SEED, SERVICE, TERM
from tests.staff.people import Colleague

NOON = dt.datetime(2026, 11, 26, 12, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)


def cost(text: str, **more: Any) -> seed.Cost:
    return seed.Cost(text=text, fact=FACT, **more)


def step(key: str, *costs: seed.Cost, **more: Any) -> seed.Step:
    return seed.Step(key=key, title=key, do="Do it.", who="You", fact=FACT, costs=list(costs), goal=True, **more)


def pathway(key: str, *steps: seed.Step) -> seed.Pathway:
    return seed.Pathway(
        key=key, title=key, summary="How.", regulator="R", professions=[key], questions={}, steps=list(steps), fact=FACT
    )


@pytest.fixture
def know(house: House) -> Callable[..., None]:
    def known(**kinds: Any) -> None:
        with house.sessions.begin() as session:
            loading.load(session, msgspec.structs.replace(SEED, **kinds))

    return known


def found(house: House, kind: str = "", at: dt.datetime = NOON) -> list[Found]:
    with house.sessions() as session:
        return [one for one in looking.look(session, ("en", "ar"), at) if kind in ("", one.kind)]


def test_facts_past_their_day_and_soon_past_it(house: House, know: Callable[..., None]) -> None:
    late = msgspec.structs.replace(FACT, review_by=dt.date(2026, 11, 25))
    soon = msgspec.structs.replace(FACT, review_by=dt.date(2026, 12, 10))
    know(terms=[msgspec.structs.replace(TERM, fact=late)], services=[msgspec.structs.replace(SERVICE, fact=soon)])
    assert [(one.kind, one.key, one.says["day"]) for one in found(house) if "day" in one.says] == [
        ("past_due", "band-5", "2026-11-25"),
        ("due_soon", "hub", "2026-12-10"),
    ]


def test_a_step_whose_every_price_has_ended(house: House, know: Callable[..., None]) -> None:
    old = cost("About £5", valid_to=dt.date(2026, 3, 31))
    know(pathways=[pathway("nurse", step("pay", old)), pathway("vet", step("pay", old, cost("About £6")))])
    assert [(one.key, one.part) for one in found(house, "past_due")] == [("nurse", "pay/prices")]


NAMED = (
    ("cbt-exam", "CBT exam", ["CBT", "CBT 1", "CBT 2"]),
    ("osce", "OSCE", []),
    ("nmc", "NMC", ["Nursing and Midwifery Council"]),
)


@pytest.mark.parametrize(
    ("this", "other", "speaks_against"),
    [
        ("CSCS card fee about £36, check the price", "CSCS card fee £40", True),
        ("CSCS card fee about £36, check the price", "The CSCS card fee is £36.", False),
        ("PLAB 1 about £283 from 1 April 2026", "PLAB 2 about £1,036 from 1 April 2026", False),
        ("Ask for the price first", "Ask for the price", False),
        ("Test fee of £1,036", "Test fee of £1036", False),
    ],
)
def test_two_figures_for_one_thing(house: House, know: Callable[..., None], this: str, other: str, speaks_against: bool) -> None:
    know(pathways=[pathway("nurse", step("pay", cost(this))), pathway("vet", step("pay", cost(other)))])
    assert [one.says["other"] for one in found(house, "contradiction")] == ([this] if speaks_against else [])


@pytest.mark.parametrize(
    ("one", "other", "speaks_against"),
    [
        ("CBT about £83, check the official page", "You pay £90 for the CBT exam", True),
        ("CBT about £83", "Book the CBT. For it you pay £83", False),
        ("CBT about £83 to £100", "The CBT costs about £90", False),
        ("CBT 1 about £83", "You pay £90 for CBT 2", False),
        ("CBT about £83, and £300 for the OSCE", "OSCE £350", True),
        ("CBT £83", "CBT £90 a year", False),
        ("Each year £120 to the NMC", "First fee £153, you pay it to the NMC", False),
    ],
)
def test_two_amounts_of_one_term_in_other_words(
    house: House, know: Callable[..., None], one: str, other: str, speaks_against: bool
) -> None:
    exams = [msgspec.structs.replace(TERM, key=key, name=name, aliases=names, meaning="A test.") for key, name, names in NAMED]
    ways = [
        msgspec.structs.replace(pathway(key, step("pay", cost(text))), regulator="Nursing and Midwifery Council (NMC)")
        for key, text in (("nurse", one), ("midwife", other))
    ]
    know(terms=exams, pathways=ways)
    assert [(found.key, found.says["other"]) for found in found(house, "contradiction")] == (
        [("midwife", one)] if speaks_against else []
    )


def test_amounts_that_differ_within_one_step_one_service_and_one_term(house: House, know: Callable[..., None]) -> None:
    figure = seed.Figure(text="About £33,000. Check.", fact=FACT)
    know(
        terms=[msgspec.structs.replace(TERM, meaning="The first level, from £32,073.", figure=figure)],
        services=[msgspec.structs.replace(SERVICE, cost="£5 a session", description="You pay £7 for each session.")],
        pathways=[pathway("nurse", step("pay", cost("Registration £120"), cost("To register you pay £150"), cost("Photos £9")))],
    )
    assert {(one.entry_kind, one.key) for one in found(house, "contradiction")} == {
        ("pathways", "nurse"), ("services", "hub"), ("terms", "band-5"),
    }  # fmt: skip


def test_letters_that_sound_alike_and_terms_told_apart_are_no_duplicates(house: House) -> None:
    terms = [
        msgspec.structs.replace(TERM, key="bma", name="BMA"),
        msgspec.structs.replace(TERM, key="bmi", name="BMI"),
        msgspec.structs.replace(TERM, key="payee", name="Payee"),
        msgspec.structs.replace(TERM, key="beneficiary", name="Beneficiary"),
        msgspec.structs.replace(TERM, key="sanction", name="Sanction", confused_with=["closed"]),
        msgspec.structs.replace(TERM, key="closed", name="Closed"),
    ]
    names = {"bma": ["بي ایم ای"], "bmi": ["بي ایم اي"], "payee": ["گیرنده", "گيرنده"], "beneficiary": ["گیرنده", "گيرنده"]}
    with house.sessions.begin() as session:
        names |= {"sanction": ["قطع"], "closed": ["قطع"]}
        loading.load(session, msgspec.structs.replace(SEED, terms=terms, texts={}, names={"fa": names}))
    assert [(one.key, one.says["other"]) for one in found(house, "duplicate")] == [("payee", "Beneficiary")]


def test_a_price_and_the_one_that_follows_it_are_no_contradiction(house: House, know: Callable[..., None]) -> None:
    today, next_year = cost("Exam fee £5", valid_to=dt.date(2026, 12, 31)), cost("Exam fee £6", valid_from=dt.date(2027, 1, 1))
    know(pathways=[pathway("nurse", step("pay", today, next_year))])
    assert found(house, "contradiction") == []


def test_one_name_for_two_terms_and_one_service_twice(house: House, know: Callable[..., None]) -> None:
    with house.sessions.begin() as session:
        second = msgspec.structs.replace(TERM, key="fifth-band", name="band 5")
        again = msgspec.structs.replace(SERVICE, key="advice", name="The Advice Hub")
        elsewhere = msgspec.structs.replace(again, key="far", towns=["Leeds"])
        here = msgspec.structs.replace(SERVICE, towns=["Birmingham"])
        loading.load(session, msgspec.structs.replace(SEED, terms=[TERM, second], services=[here, again, elsewhere]))
    assert {(one.entry_kind, one.key, one.says["other"]) for one in found(house, "duplicate")} == {
        ("terms", "fifth-band", "Band 5"),
        ("services", "hub", "The Advice Hub"),
        ("services", "far", "The Advice Hub"),
    }


def test_a_translation_behind_its_english_and_a_hard_text(house: House, know: Callable[..., None]) -> None:
    know()
    hard = "Notwithstanding considerable organisational responsibilities, administrative eligibility determinations necessitate documentation."
    with house.sessions.begin() as session:
        entry = editing.find(session, "terms", "band-5")
        assert entry is not None
        editing.edit_text(session, entry, "en", "meaning", hard, "staff:1", "")
    (behind,) = found(house, "outdated")
    assert (behind.key, behind.part, behind.says) == ("band-5", "ar", {"language": "ar", "texts": "1"})
    assert [one.part for one in found(house, "hard")] == ["meaning"]


def test_sinking_services_and_terms_that_did_not_help(house: House, know: Callable[..., None]) -> None:
    know()
    with house.sessions.begin() as session:
        session.add(ServiceFlag(service="hub", no_place=4, answers=5, since=NOON, looked_at=NOON))
        unknown.rated(session, "ar", "terms/council-tax")
        loading.load(
            session,
            msgspec.structs.replace(SEED, terms=[TERM, msgspec.structs.replace(TERM, key="council-tax", name="Council Tax")]),
        )
        unknown.rated(session, "ar", "terms/council-tax")
    assert [(one.key, one.says["no_place"]) for one in found(house, "sinking")] == [("hub", "4")]
    assert [(one.key, one.says) for one in found(house, "wrong")] == [("council-tax", {"language": "ar", "times": "2"})]


def test_what_nobody_used_is_said_only_when_uses_were_counted_long_enough(house: House, know: Callable[..., None]) -> None:
    know()
    today = NOON.date()
    with house.sessions.begin() as session:
        uses.count(session, {("terms", "band-5"), ("services", "hub")}, today - 80 * DAY)
    assert found(house, "unused") == []
    with house.sessions.begin() as session:
        uses.count(session, {("services", "hub"), ("services", "gone")}, today - 100 * DAY)
        uses.count(session, {("terms", "band-5")}, today - 80 * DAY)
    with house.sessions() as session:
        assert uses.since(session, today - 90 * DAY) == {("terms", "band-5"): 2, ("services", "hub"): 1}
    assert found(house, "unused") == []
    assert {one.key for one in found(house, "unused", NOON + 20 * DAY)} == {"band-5", "hub"}


def test_what_an_answer_speaks_from_is_noted_in_the_turn(house: House, know: Callable[..., None]) -> None:
    know()
    with house.sessions.begin() as session:
        chat = inbox.chat_for(session, "web", "someone")
        turn = Turn(session, chat, snapshot.current(session), "en", "", "test", house.hours, NOON)
        answers.explain(turn, ["band-5"])
        assert turn.used == {("terms", "band-5")}
        uses.count(session, turn.used, NOON.date())
    with house.sessions() as session:
        assert uses.since(session, NOON.date()) == {("terms", "band-5"): 1}


def test_old_counts_go(house: House, know: Callable[..., None]) -> None:
    know()
    with house.sessions.begin() as session:
        uses.count(session, {("terms", "band-5")}, NOON.date() - uses.KEPT - DAY)
        uses.count(session, {("terms", "band-5")}, NOON.date())
        looking.store(session, [], NOON)
    with house.sessions() as session:
        assert [row.day for row in session.scalars(select(Use))] == [NOON.date()]


LATE = Found("past_due", "terms", "band-5", "Band 5", says={"day": "2026-11-25"})


def only(session: Session) -> Finding:
    return session.scalars(select(Finding)).one()


def test_what_is_done_comes_back_when_it_changes_or_after_a_while_and_goes_when_it_is_mended(house: House) -> None:
    with house.sessions.begin() as session:
        looking.store(session, [LATE], NOON)
        session.flush()
        queue.done(only(session), NOON)
        looking.store(session, [LATE], NOON + DAY)
        assert only(session).state == "done"
        looking.store(session, [LATE], NOON + looking.DONE_HOLDS)
        assert only(session).state == "open" and only(session).since == NOON
        queue.done(only(session), NOON + looking.DONE_HOLDS)
        looking.store(session, [dataclasses.replace(LATE, says={"day": "x"})], NOON + looking.DONE_HOLDS)
        assert only(session).state == "open" and only(session).says == {"day": "x"}
        looking.store(session, [], NOON)
        session.flush()
        assert session.scalars(select(Finding)).all() == []


def test_a_snoozed_one_is_open_again_at_its_hour(house: House) -> None:
    with house.sessions.begin() as session:
        looking.store(session, [LATE], NOON)
        session.flush()
        row = only(session)
        for wrong in (NOON, NOON + queue.LONGEST_SNOOZE + DAY):
            with pytest.raises(RefusedError):
                queue.snooze(row, wrong, NOON)
        queue.snooze(row, NOON + DAY, NOON)
        session.flush()
        assert [queue.counts(session, 1, NOON).shows[s] for s in ("open", "snoozed")] == [0, 1]
        assert queue.listed(session, "open", 1, at=NOON + DAY)[1] == 1
        looking.store(session, [LATE], NOON + DAY / 2)
        assert row.state == "snoozed"
        looking.store(session, [LATE], NOON + DAY)
        assert row.state == "open"


def test_the_most_pressing_is_first_and_only_who_may_change_it_is_given_it(
    house: House, admin: Colleague, caseworker: Colleague
) -> None:
    hard = Found("hard", "terms", "a", "A")
    with house.sessions.begin() as session:
        looking.store(session, [hard, LATE], NOON)
        session.flush()
        rows, total = queue.listed(session, "open", admin.id, at=NOON)
        assert ([row.kind for row in rows], total) == (["past_due", "hard"], 2)
        with pytest.raises(RefusedError):
            queue.assign(session, rows[0], caseworker.id)
        queue.assign(session, rows[0], admin.id)
        session.flush()
        assert queue.counts(session, admin.id, NOON) == queue.Counts(
            {"open": 2, "mine": 1, "nobodys": 1, "snoozed": 0, "done": 0}, {"past_due": 1, "hard": 1}
        )


def test_the_look_of_the_background_finds_what_is_stored(stocked: House) -> None:
    number = worker.look_now(stocked)
    snapshot.forget()
    with stocked.sessions() as session:
        assert number == len(session.scalars(select(Finding)).all()) and number > 0

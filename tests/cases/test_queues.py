"""The queue shows who may see it what they asked for, in order, once each, whatever happens between two pages."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy.orm import Session

from bot.cases import answering, queues, referrals, snoozing, tags
from bot.cases.models import Handoff, Referral
from bot.cases.queues import Filters
from bot.db.base import now
from bot.house import House
from bot.people.models import Chat
from tests.cases.office import AMINA, BEA, HUB, LENA, OTHERS, OTTO, ask, says

PAGE = queues.PAGE


def names(session: Session, filters: Filters | None = None, staff: int = AMINA, role: str = "caseworker") -> list[str]:
    return [row.handoff.reason for row in queues.listed(session, filters or Filters(), staff, role).rows]


def test_danger_comes_first_then_urgency_then_who_waits_longest(at_work: House) -> None:
    with at_work.sessions.begin() as session:
        for name, urgency, minutes in (
            ("a", "any", 90),
            ("b", "danger", 1),
            ("c", "week", 30),
            ("d", "week", 31),
            ("e", "today", 1),
        ):
            ask(session, name, name, urgency=urgency).waiting_since = now() - dt.timedelta(minutes=minutes)
    with at_work.sessions() as session:
        assert names(session) == ["b", "e", "d", "c", "a"]
        assert queues.counts(session, AMINA, "caseworker") == {
            "waiting": 5, "mine": 0, "team": 5, "all": 5, "snoozed": 0, "closed": 0, "danger": 1,
        }  # fmt: skip


def test_each_show_holds_what_it_says(at_work: House) -> None:
    with at_work.sessions.begin() as session:
        rows = {name: ask(session, name, name) for name in ("waiting", "mine", "beas", "asleep", "closed", "teamless")}
        for name, staff in (("mine", AMINA), ("beas", BEA), ("asleep", AMINA), ("closed", AMINA)):
            answering.claim(session, rows[name], staff)
        snoozing.snooze(session, rows["asleep"], AMINA, now() + dt.timedelta(days=1))
        answering.close(session, rows["closed"], AMINA, "helped")
        rows["teamless"].team_id = None
    expected = {
        "waiting": {"waiting", "teamless"},
        "mine": {"mine"},
        "team": {"waiting", "mine", "beas"},
        "all": {"waiting", "mine", "beas", "teamless"},
        "snoozed": {"asleep"},
        "closed": {"closed"},
    }
    with at_work.sessions() as session:
        counts = queues.counts(session, AMINA, "caseworker")
        for show in queues.SHOWN:
            assert set(names(session, Filters(show=show))) == expected[show], show
            assert counts[show] == len(expected[show]), show


@pytest.mark.parametrize(
    ("staff", "role", "sees"),
    [
        (AMINA, "caseworker", {"hub", "none"}),
        (LENA, "lead", {"hub", "none"}),
        (OTTO, "caseworker", {"others", "none"}),
        (LENA, "auditor", {"hub", "others", "none"}),
        (LENA, "admin", set()),
    ],
)
def test_a_case_of_another_team_is_not_there(at_work: House, staff: int, role: str, sees: set[str]) -> None:
    with at_work.sessions.begin() as session:
        rows = {name: ask(session, name, name) for name in ("hub", "others", "none")}
        rows["others"].team_id, rows["none"].team_id = OTHERS, None
        for name, row in rows.items():
            chat = session.get_one(Chat, row.chat_id)
            made = referrals.make(session, chat, service="hub", need="legal", shared={}, made_from=name, told=None)
            made.team_id = row.team_id
        session.flush()
        assert set(names(session, Filters(show="all"), staff, role)) == sees
        assert queues.counts(session, staff, role)["all"] == len(sees)
        found = {name for name, row in rows.items() if queues.find(session, row.reference, staff, role)}
        assert found == sees
        visible = session.query(Referral.made_from).where(queues.visible_to(session, staff, role, of=Referral))
        assert {name for (name,) in visible} == sees


def test_what_somebody_holds_they_see_whatever_team_it_is_of(at_work: House) -> None:
    with at_work.sessions.begin() as session:
        row = ask(session)
        answering.claim(session, row, OTTO)
        assert names(session, Filters(show="mine"), OTTO) == ["السكن"]


def test_filters_narrow_the_list_and_the_counts(at_work: House) -> None:
    with at_work.sessions.begin() as session:
        one, two = ask(session, "one", "one", language="so", urgency="today"), ask(session, "two", "two")
        one.need, one.area, two.need = "housing", "B16", "legal"
        tags.add(session, one, "Council Tax")
        session.flush()
        for filters in (
            Filters(language="so"), Filters(need="housing"), Filters(area="B16"), Filters(tag="council-tax"), Filters(urgency="today"),
            Filters(state="waiting", language="so", need="housing"), Filters(text=one.reference), Filters(text="ONE"),
        ):  # fmt: skip
            assert names(session, filters) == ["one"], filters
            assert queues.counts(session, AMINA, "caseworker", filters)["waiting"] == 1
        for filters in (Filters(language="uk"), Filters(urgency="nonsense"), Filters(state="closed"), Filters(text="!?")):
            assert names(session, filters) == []
        assert queues.listed(session, Filters(tag="council-tax"), AMINA, "caseworker").rows[0].tags == ("council-tax",)


LONG = pytest.mark.long


@pytest.mark.parametrize("show", ["waiting", "closed", pytest.param("all", marks=LONG), pytest.param("snoozed", marks=LONG)])
def test_page_after_page_shows_each_case_once_also_when_many_came_at_the_same_moment(at_work: House, show: str) -> None:
    with at_work.sessions.begin() as session:
        at = now()
        for number in range(2 * PAGE + 7):
            row = ask(session, str(number), str(number), urgency="week" if number % 2 else "any")
            row.waiting_since = at  # all at once
            if show == "closed":
                row.state, row.closed_at = "closed", at
            if show == "snoozed":
                row.state, row.claimed_by, row.snoozed_until = "claimed", AMINA, at + dt.timedelta(days=1)
    with at_work.sessions.begin() as session:
        seen: list[str] = []
        after = ""
        for turn in range(3):
            page = queues.listed(session, Filters(show=show), AMINA, "caseworker", after)
            seen += [row.handoff.reason for row in page.rows]
            after = page.after
            if turn == 0:
                new = ask(session, "new", "new", urgency="danger")  # comes in before the place we are at: moves nothing
                new.waiting_since = at - dt.timedelta(days=1)
                session.flush()
        assert after == "" and len(seen) == len(set(seen)) == 2 * PAGE + 7


@pytest.mark.parametrize("after", ["nonsense", "1.2", "1.2.3.4", "-1.5.2", "9" * 40 + ".1.1", "1.1.x", "٣.١.١"])
def test_a_place_that_is_none_begins_at_the_first_page(at_work: House, after: str) -> None:
    with at_work.sessions.begin() as session:
        ask(session)
        assert len(queues.listed(session, Filters(), AMINA, "caseworker", after).rows) == 1


def test_the_queue_can_be_followed(at_work: House) -> None:
    with at_work.sessions.begin() as session:
        first = queues.latest(session, AMINA, "caseworker")
        row = ask(session)
        second = queues.latest(session, AMINA, "caseworker")
        says(session, session.get_one(Chat, row.chat_id), "more")
        third = queues.latest(session, AMINA, "caseworker")
        others = queues.latest(session, OTTO, "caseworker")
    assert len({first, second, third}) == 3 and others == first


def test_on_both_databases_the_list_is_the_same(at_work_on_each: House) -> None:
    with at_work_on_each.sessions.begin() as session:
        for number in range(PAGE + 5):
            row = ask(session, str(number), f"reason {number}", urgency=("danger", "today", "week", "any")[number % 4])
            row.waiting_since = dt.datetime(2026, 11, 26, 9, number % 7, tzinfo=dt.UTC)
            if number == 3:
                tags.add(session, row, "x")
    with at_work_on_each.sessions.begin() as session:
        page = queues.listed(session, Filters(show="all"), AMINA, "caseworker")
        rest = queues.listed(session, Filters(show="all"), AMINA, "caseworker", page.after)
        rows = [row.handoff for row in (*page.rows, *rest.rows)]
        assert rows == sorted(rows, key=lambda row: (row.rank, row.waiting_since, row.id)) and len(rows) == PAGE + 5
        assert len(queues.listed(session, Filters(text="reason 7"), AMINA, "caseworker").rows) == 1
        assert queues.listed(session, Filters(tag="x"), AMINA, "caseworker").rows[0].tags == ("x",)
        reference = rows[0].reference
        assert [row.handoff.reference for row in queues.listed(session, Filters(text=reference), AMINA, "caseworker").rows] == [
            reference
        ]
        assert queues.counts(session, AMINA, "caseworker")["danger"] == 14


def test_the_rank_is_the_urgency(at_work: House) -> None:
    assert [Handoff(urgency=urgency).rank for urgency in ("danger", "today", "week", "any")] == [0, 1, 2, 3]
    assert HUB != OTHERS

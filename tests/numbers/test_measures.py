"""The numbers are those of the cases, whatever was deleted since, on SQLite and on PostgreSQL."""

from __future__ import annotations

import csv
import dataclasses
import datetime as dt
import io
import itertools
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from benchmarks.numbers_year import fill
from bot.cases import erasing
from bot.cases.counting import Gone
from bot.cases.hours import LONDON, Hours
from bot.cases.models import Handoff, Referral
from bot.console.numbers_words import Words, duration
from bot.db import migrate
from bot.errors import RefusedError
from bot.house import House
from bot.knowledge import loading
from bot.numbers import cases, gone, journeys, referrals
from bot.numbers.export import as_csv
from bot.numbers.open_time import OpenTime
from bot.numbers.period import Period, Scope, preset
from bot.numbers.report import Report, build
from bot.numbers.stories import Story
from bot.numbers.tables import Table
from bot.people.models import Chat, Person, Plan, PlanStep
from bot.settings import Settings
from tests.cases.office import SEED

NOW = dt.datetime(2026, 11, 26, 12, tzinfo=dt.UTC)
TODAY = NOW.date()
NOVEMBER = Scope(Period(dt.date(2026, 11, 1), dt.date(2026, 11, 30)))
NUMBERS = itertools.count(1)


def person(session: Session, language: str = "ar", came: dt.datetime = NOW) -> Chat:
    row = Person(language=language, created_at=came, last_seen_at=came)
    session.add(row)
    session.flush()
    chat = Chat(channel="web", address="x", address_hash=str(next(NUMBERS)), person_id=row.id)
    session.add(chat)
    session.flush()
    return chat


def ask(session: Session, times: int = 1, **details: Any) -> list[Handoff]:
    made = []
    for _ in range(times):
        chat = person(session, details.get("language", "ar"))
        values = {
            "kind": "asked",
            "urgency": "today",
            "reason": "",
            "reach": "",
            "created_at": NOW,
            "waiting_since": NOW,
            **details,
        }
        made.append(
            Handoff(reference=f"H-{next(NUMBERS)}", person_id=chat.person_id, chat_id=chat.id, **{"language": "ar", **values})
        )
    session.add_all(made)
    session.flush()
    return made


def refer(session: Session, times: int, **details: Any) -> None:
    for _ in range(times):
        chat = person(session)
        values = {
            "service": "hub",
            "need": "housing",
            "state": "sent",
            "shared": {},
            "consent_until": NOW,
            "created_at": NOW,
            **details,
        }
        number = next(NUMBERS)
        session.add(Referral(reference=f"R-{number}", made_from=str(number), person_id=chat.person_id, chat_id=chat.id, **values))
    session.flush()


def shown(table: Table, column: int = 0) -> dict[str, int | str]:
    cells = {row.code: row.cells[column] for row in table.rows}
    return {code: cell.mark if cell.value is None else cell.value for code, cell in cells.items()}


def test_a_day_is_londons_and_both_ends_are_counted(house: House) -> None:
    with house.sessions.begin() as session:
        ask(session, 6, created_at=dt.datetime(2026, 6, 30, 22, 59, tzinfo=dt.UTC))  # a minute before midnight in London
        ask(session, 9, created_at=dt.datetime(2026, 6, 30, 23, 0, tzinfo=dt.UTC))
        june, july = (Scope(Period(dt.date(2026, m, 1), dt.date(2026, m, 30))) for m in (6, 7))
        assert cases.opened(session, june, gone.Gone()) == 6 and cases.opened(session, july, gone.Gone()) == 9


def test_counts_by_language_need_and_outcome(house: House) -> None:
    with house.sessions.begin() as session:
        ask(session, 40, need="housing", language="ar", state="closed", outcome="helped", closed_at=NOW)
        ask(session, 20, need="legal", language="so")
        ask(session, 9, need="language", language="fa")
        ask(session, 1, need="legal", language="fr")
        asked = cases.needs(cases.facets(session, NOVEMBER), gone.Gone())
        assert [shown(asked)[need] for need in ("housing", "legal", "language", "health")] == [40, 21, "hidden", "fewer"]
        spoken = shown(cases.languages(cases.facets(session, NOVEMBER), gone.Gone(), house.settings.languages))
        assert spoken["ar"] == 40 and spoken["so"] == 20 and spoken["fr"] == "fewer"
        assert shown(cases.outcomes(cases.facets(session, NOVEMBER), gone.Gone()))["helped"] == 40
        somali = dataclasses.replace(NOVEMBER, language="so")
        assert cases.opened(session, somali, gone.Gone()) == 20


def test_waiting_by_age_does_not_care_about_the_days(house: House) -> None:
    with house.sessions.begin() as session:
        for hours, times in ((0.5, 20), (3, 30), (30, 40), (400, 9)):
            ask(session, times, waiting_since=NOW - dt.timedelta(hours=hours), created_at=NOW - dt.timedelta(days=60))
        found = shown(cases.waiting(session, NOVEMBER, NOW))
        assert [found[age] for age in ("hour", "four_hours", "three_days")] == [20, 30, 40]
        assert [found[age] for age in ("day", "week", "longer")] == [
            "fewer",
            "fewer",
            "hidden",
        ]  # else both were known to be none


def test_open_time_counts_only_when_somebody_is_there() -> None:
    hours = Hours.parse("mon-fri 09:00-17:00")
    clock = OpenTime(hours, dt.date(2026, 11, 1), dt.date(2026, 11, 30))
    friday, monday = (dt.datetime(2026, 11, day, hour, tzinfo=LONDON) for day, hour in ((20, 16), (23, 10)))
    assert clock.minutes(friday, monday) == 120
    assert clock.minutes(dt.datetime(2026, 11, 21, 10, tzinfo=LONDON), monday) == 60
    assert clock.minutes(monday, monday) == 0


def test_first_answers_give_the_middle_and_nothing_of_too_few(house: House) -> None:
    with house.sessions.begin() as session:
        for minutes in range(1, 22):
            ask(session, urgency="today", first_answered_at=NOW + dt.timedelta(minutes=minutes))
        ask(session, 3, urgency="danger", first_answered_at=NOW + dt.timedelta(minutes=5))
        ask(session, 3, urgency="week", first_answered_at=NOW + dt.timedelta(minutes=7))
        table = cases.first_answers(session, NOVEMBER, house.hours)
        today = next(row for row in table.rows if row.code == "today")
        assert [cell.value for cell in today.cells] == [21, 11, 20, 11, 20]
        assert all(cell.value is None for row in table.rows if row.code == "danger" for cell in row.cells)


def test_led_to_help_is_what_was_completed_or_what_the_person_said(house: House) -> None:
    with house.sessions.begin() as session:
        refer(session, 6, state="completed")
        refer(session, 5, state="declined_by_person", outcome="got_help")
        refer(session, 7, state="declined_by_service", outcome="no_place")
        refer(session, 9, state="sent")
        assert shown(referrals.help_of_all(session, NOVEMBER, gone.Gone())) == {"helped": 11, "not_helped": 7, "not_known": 9}
        by_service = referrals.help_by_service(session, NOVEMBER, gone.Gone())
        assert by_service is not None and [cell.value for cell in by_service.rows[0].cells] == [11, 7, 9, 27]


def test_steps_say_how_many_came_so_far(house: House) -> None:
    with house.sessions.begin() as session:
        loading.load(session, SEED)
        for english, apply, times in (("todo", "todo", 6), ("done", "todo", 7), ("done", "not_for_me", 8)):
            for _ in range(times):
                steps = [PlanStep(step="english", position=0, state=english), PlanStep(step="apply", position=1, state=apply)]
                session.add(Plan(person_id=person(session).person_id, pathway="nurse", answers={}, created_at=NOW, steps=steps))
        session.flush()
        from bot.knowledge import snapshot

        begun, steps_of = journeys.pathways(session, NOVEMBER, snapshot.current(session))
        assert shown(begun) == {"nurse": 21}
        assert [(row.code, row.cells[0].value, row.cells[1].value) for row in steps_of[0].rows] == [
            ("english", 21, 6), ("apply", 15, 7), ("finished", 8, 8),
        ]  # fmt: skip


def test_who_comes_back_was_known_before(house: House) -> None:
    with house.sessions.begin() as session:
        for _ in range(6):
            chat = person(session, came=NOW - dt.timedelta(days=50))
            session.get_one(Person, chat.person_id).last_seen_at = NOW
        person(session, came=NOW - dt.timedelta(days=50))
        for _ in range(5):
            person(session)
        assert journeys.returning(session, NOVEMBER) == 6 and journeys.new(session, NOVEMBER, gone.Gone()) == 5


def test_what_was_deleted_is_still_counted(house: House) -> None:
    march = dt.datetime(2026, 3, 10, 12, tzinfo=dt.UTC)
    year = Scope(preset("year", TODAY))
    with house.sessions.begin() as session:
        ask(session, 14, created_at=march, state="closed", outcome="helped", closed_at=march, need="housing")
        ask(session, 10, need="housing")
        before = build(session, house, year, NOW)
    with house.sessions.begin() as session:
        lost = Gone()
        erasing.handoffs(session, list(session.scalars(select(Handoff.id).where(Handoff.created_at < NOW))), lost)
        lost.write(session)
    with house.sessions() as session:
        after = build(session, house, year, NOW)
        assert before.heads["opened"] == after.heads["opened"] and after.heads["opened"].value == 24
        outcomes = {table.key: table for table in after.tables}["outcomes"]
        assert shown(outcomes)["helped"] == 14 and "deleted" in after.cautions and "deleted" not in before.cautions
        flow = shown({table.key: table for table in after.tables}["flow"], 2)
        assert flow["2026-03-01/2026-03-31"] == "unknown"  # and not "none was closed"
        part = build(session, house, Scope(Period(dt.date(2026, 3, 5), dt.date(2026, 3, 20))), NOW)
        assert part.heads["opened"].value is None and "left_out" in part.cautions
        assert "left_out" in build(session, house, dataclasses.replace(year, need="housing"), NOW).cautions


def test_few_that_were_deleted_do_not_show_as_a_difference(house: House) -> None:
    with house.sessions.begin() as session:
        ask(session, 20, need="housing")
        old = ask(session, 2, created_at=dt.datetime(2026, 3, 10, tzinfo=dt.UTC))
        lost = Gone()
        erasing.handoffs(session, [row.id for row in old], lost)
        lost.write(session)
        report = build(session, house, Scope(preset("year", TODAY)), NOW)
        assert report.heads["opened"].value == 20 and "left_out" in report.cautions


@pytest.mark.parametrize("name", ["this_month", "last_month", "quarter", "year"])
@pytest.mark.parametrize("today", ["2026-01-01", "2024-02-29", "2026-11-26", "2026-12-31"])
def test_a_preset_is_days_that_follow_each_other(name: str, today: str) -> None:
    period = preset(name, dt.date.fromisoformat(today))
    parts = period.parts
    assert parts[0].first == period.first and parts[-1].last == period.last
    assert all(b.first - a.last == dt.timedelta(days=1) for a, b in itertools.pairwise(parts))
    assert name == "last_month" or period.last == dt.date.fromisoformat(today)


def test_days_that_make_no_sense_are_refused() -> None:
    for first, last in (("2026-11-02", "2026-11-01"), ("2016-01-01", "2026-01-01")):
        with pytest.raises(RefusedError):
            Period(dt.date.fromisoformat(first), dt.date.fromisoformat(last))


class Shelf:
    def between(self, session: Session, period: Period) -> list[Story]:
        return [
            Story(text, "en", period.first, until) for text, until in (("told", TODAY), ("over", TODAY - dt.timedelta(days=1)))
        ]


def test_only_stories_with_consent_are_told(house: House) -> None:
    with house.sessions() as session:
        assert [story.text for story in build(session, house, NOVEMBER, NOW, Shelf()).stories] == ["told"]
        assert build(session, house, NOVEMBER, NOW).stories == []


def plain(report: Report) -> list[Any]:
    return [report.heads, report.sections, report.cautions]


def test_postgresql_gives_the_same_report_as_sqlite(house: House, postgresql: str, tmp_path: Path) -> None:
    fill(house, 300, NOW)
    other = House.open(
        Settings.read({"USEIT_VAR": str(tmp_path / "pg"), "USEIT_DATABASE_URL": postgresql, "USEIT_HOURS": "mon-sun 00:00-23:59"})
    )
    migrate.create(other.database)
    fill(other, 300, NOW)
    made = []
    for opened in (house, other):
        with opened.sessions() as session:
            made.append(
                [
                    plain(build(session, opened, scope, NOW))
                    for scope in (Scope(preset("year", TODAY)), Scope(preset("quarter", TODAY), "ar", "housing", 1))
                ]
            )
    other.database.dispose()
    assert made[0] == made[1]


def test_the_csv_reads_back_and_holds_no_formula(house: House) -> None:
    with house.sessions.begin() as session:
        ask(session, 6, area="=cmd|' /C calc'!A0")
        words = Words(session, build(session, house, NOVEMBER, NOW))
        rows = list(csv.reader(io.StringIO(as_csv(words.in_one()).removeprefix("\ufeff"))))
    cells = [cell for row in rows for cell in row]
    assert "'=cmd|' /C calc'!A0" in cells and not [cell for cell in cells if cell.startswith(("=", "+", "-", "@"))]


def test_a_time_is_said_in_the_units_one_would_say() -> None:
    assert [duration(minutes) for minutes in (0, 59, 60, 200, 4000)] == ["0 min", "59 min", "1 h 0 min", "3 h 20 min", "2 d 18 h"]

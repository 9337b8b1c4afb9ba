"""The whole of what a new installation knows goes out and comes back, and it works the same on PostgreSQL."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bot.channels.api.shelf import Shelf
from bot.db import migrate
from bot.house import House
from bot.knowledge import loading, snapshot, spreadsheets
from bot.knowledge.hsds import exporting, finding, importing, source
from bot.knowledge.hsds.finding import Asked
from bot.knowledge.spreadsheets import columns
from bot.settings import Settings
from tests.openreferral.samples import SEED, TODAY, against_uk, feed, record
from tests.openreferral.test_importing import KEY, stored


@pytest.mark.parametrize("kind", ["terms", "services"])
def test_all_our_entries_in_all_languages_come_back_from_a_sheet_unchanged(kind: str, stocked: House, tmp_path: Path) -> None:
    path = tmp_path / "all.csv"
    with stocked.sessions() as session:
        path.write_bytes(spreadsheets.export(session, kind, columns.LANGUAGES))
        plan = spreadsheets.plan(session, kind, path)
    assert {item.what for item in plan.items} == {"unchanged"} and len(plan.items) >= 30


@pytest.mark.shared
def test_all_our_services_are_exported_valid_and_come_back_unchanged(stocked: House, tmp_path: Path) -> None:
    with stocked.sessions() as session:
        found = exporting.collect(session, stocked.settings.languages)
    assert [one.left_out for one in found if one.left_out] == []
    exporting.write((one.record for one in found), tmp_path / "all.json")
    wrong = {r["x_useit"]["key"]: w for r in json.loads((tmp_path / "all.json").read_text())["contents"] if (w := against_uk(r))}
    assert wrong == {}
    with stocked.sessions() as session:
        plan = importing.plan(session, source.read_files(tmp_path / "all.json"), today=TODAY)
    assert plan.counts["unchanged"] == len(plan.items) == len(found) >= 100


def test_it_is_the_same_on_postgresql(postgresql: str, tmp_path: Path) -> None:
    house = House.open(Settings.read({"USEIT_VAR": str(tmp_path / "var"), "USEIT_DATABASE_URL": postgresql}))
    migrate.create(house.database)
    with house.sessions.begin() as session:
        loading.load(session, SEED)
    path = tmp_path / "terms.csv"
    with house.sessions() as session:
        path.write_bytes(spreadsheets.export(session, "terms", ("ar",)))
    path.write_bytes(path.read_bytes().replace(b"Money that", b"A tax that"))
    for expected in ("added", "unchanged"):
        with house.sessions.begin() as session:
            plan = importing.apply(session, feed(record()), today=TODAY)
        assert [item.what for item in plan.items] == [expected]
    with house.sessions.begin() as session:
        assert spreadsheets.apply(session, "terms", path).counts["changed"] == 1
    with house.sessions() as session:
        assert snapshot.current(session).terms["council-tax"].meaning.startswith("A tax that")
    found = finding.services(Shelf(house).current(), Asked(search="food"))
    assert [one.service.key for one in found] == [KEY] and found[0].record["wait_time"] == "One day"
    before = stored(house)
    with house.sessions.begin() as session:
        importing.apply(session, feed(record(wait_time="Two days"), record(2)), today=TODAY)
        session.rollback()
    snapshot.forget()
    assert stored(house) == before
    house.database.dispose()


def test_an_answer_after_an_edit_makes_only_what_changed_anew(known: House) -> None:
    with known.sessions.begin() as session:
        importing.apply(session, feed(record(1), record(2)), today=TODAY)
    shelf = Shelf(known)
    before = shelf.current()
    with known.sessions.begin() as session:
        importing.apply(session, feed(record(1, name="Boxes"), record(2)), today=TODAY)
    after = shelf.current()
    assert after is not before and after is shelf.current()
    same = {one.service.key for one in after.services if any(one is old for old in before.services)}
    assert same == {"advice-hub", "night-line", "food-parcels-00000002"}

"""An import says what it would do, does all of it or nothing, and never takes away what was edited here."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import pytest
from sqlalchemy import select

from bot.errors import RefusedError
from bot.house import House
from bot.knowledge import editing, loading, snapshot
from bot.knowledge.hsds import exporting, importing
from bot.knowledge.hsds.plan import Plan, ProblemsError
from bot.knowledge.hsds.source import Feed, Found
from bot.knowledge.models import Entry, Text, Version
from tests.openreferral.samples import FEED, HUB, SEED, TODAY, feed, record

KEY = "food-parcels-00000001"


def bring(house: House, given: Feed, take: Collection[str] = (), **options: Any) -> Plan:
    with house.sessions.begin() as session:
        return importing.apply(session, given, today=TODAY, take=take, **options)


def look(house: House, given: Feed, take: Collection[str] = ()) -> Plan:
    with house.sessions.begin() as session:
        return importing.plan(session, given, today=TODAY, take=take)


def what(plan: Plan) -> dict[str, str]:
    return {item.key: item.what for item in plan.items}


def changes(plan: Plan, key: str = KEY) -> dict[str, tuple[str, str]]:
    return {c.field: (c.old, c.new) for item in plan.items if item.key == key for c in item.changes}


def entry(house: House, key: str = KEY) -> Entry:
    with house.sessions() as session:
        found = editing.find(session, "services", key)
        assert found is not None and found.texts is not None
        return found


def edit(house: House, key: str, **data: Any) -> None:
    with house.sessions.begin() as session:
        found = editing.find(session, "services", key)
        assert found is not None
        english = {("en", name): data.pop(name) for name in list(data) if name in ("description", "who", "hours")}
        editing.change(session, found, who="staff:1", why="", texts=english, data=data)


def stored(house: House) -> list[Any]:
    """Everything that an import could change."""
    with house.sessions() as session:
        entries = [(e.key, e.data, e.published, e.edited) for e in session.scalars(select(Entry).order_by(Entry.id))]
        texts = [(t.entry_id, t.language, t.field, t.text, t.state) for t in session.scalars(select(Text).order_by(Text.id))]
        return [entries, texts, session.scalars(select(Version.id)).all(), snapshot.current(session).number]


def test_a_dry_run_says_what_would_change_and_changes_nothing(known: House) -> None:
    before = stored(known)
    assert what(look(known, feed(record(1), record(2)))) == {KEY: "added", "food-parcels-00000002": "added"}
    assert stored(known) == before


def test_what_was_added_is_said_and_the_second_time_nothing_changes(known: House) -> None:
    bring(known, feed(record()))
    with known.sessions() as session:
        knowledge = snapshot.current(session)
        assert knowledge.words("services", KEY, "description", "en").text == "Food for families.\nEvery week"
        assert knowledge.services[KEY].fact.source == FEED and knowledge.services[KEY].needs == ["money"]
        found = editing.find(session, "services", KEY)
        assert found is not None
        states = {row.state for row in found.texts}
    assert states == {"machine-drafted"}  # as files are loaded
    before = stored(known)
    assert bring(known, feed(record())).counts["unchanged"] == 1
    assert stored(known) == before


def test_a_change_is_listed_field_by_field_with_old_and_new(known: House) -> None:
    bring(known, feed(record()))
    newer = record(name="Food boxes", minimum_age=18, last_modified="2026-11-22T08:00:00Z", wait_time="Two days")
    plan = bring(known, feed(newer))
    assert changes(plan) == {
        "name": ("Food parcels", "Food boxes"),
        "min_age": ("", "18"),
        "hsds.last_modified": ("2026-11-20T10:00:00Z", "2026-11-22T08:00:00Z"),
        "hsds.minimum_age": ("", "18"),
        "hsds.name": ("Food parcels", "Food boxes"),
        "hsds.wait_time": ("One day", "Two days"),
    }
    assert entry(known).data["name"] == "Food boxes"


def test_what_was_before_is_a_version_that_can_come_back(known: House) -> None:
    bring(known, feed(record()))
    bring(known, feed(record(description="Other food.")))
    with known.sessions.begin() as session:
        found = session.get_one(Entry, entry(known).id)
        version = editing.versions(session, found)[0]
        assert (version.who, version.why) == ("import", FEED)
        editing.restore(session, version, "staff:1", "")
    assert entry(known).data["description"] == "Food for families.\nEvery week"


def test_a_translation_of_changed_english_is_outdated(known: House) -> None:
    bring(known, feed(record()))
    with known.sessions.begin() as session:
        found = editing.find(session, "services", KEY)
        assert found is not None
        editing.edit_text(session, found, "ar", "description", "طعام", "staff:1", "")
    assert look(known, feed(record())).counts["unchanged"] == 1
    assert bring(known, feed(record(description="Other food."))).counts["changed"] == 1
    with known.sessions() as session:
        said = snapshot.current(session).words("services", KEY, "description", "ar")
    assert (said.text, said.language) == ("Other food.", "en")


def test_an_edit_made_here_is_a_conflict_and_stays(known: House) -> None:
    bring(known, feed(record()))
    edit(known, KEY, description="Our own words.", name="Our name")
    plan = bring(known, feed(record(description="Their new words.")))
    assert what(plan) == {KEY: "conflict"} and not plan.is_settled
    assert changes(plan)["description"] == ("Our own words.", "Their new words.")
    assert entry(known).data["description"] == "Our own words." and entry(known).edited


def test_a_conflict_is_taken_only_by_its_key_and_is_then_the_feeds_again(known: House) -> None:
    bring(known, feed(record(1), record(2)))
    for number in (1, 2):
        edit(known, f"food-parcels-0000000{number}", description="Our own words.")
    newer = feed(record(1, description="Theirs."), record(2, description="Theirs."))
    assert what(bring(known, newer, take=[KEY])) == {KEY: "changed", "food-parcels-00000002": "conflict"}
    assert entry(known).data["description"] == "Theirs." and not entry(known).edited
    assert entry(known, "food-parcels-00000002").data["description"] == "Our own words."
    assert what(bring(known, feed(record(1), record(2, description="Theirs."))))[KEY] == "changed"


def test_an_edit_is_no_conflict_while_the_feed_says_the_same(known: House) -> None:
    bring(known, feed(record()))
    edit(known, KEY, description="Our own words.")
    assert what(bring(known, feed(record()))) == {KEY: "unchanged"}
    plan = bring(known, feed(record(wait_time="Three days")))  # nothing that we say
    assert what(plan) == {KEY: "changed"} and entry(known).edited
    assert entry(known).data["hsds"]["wait_time"] == "Three days"
    assert entry(known).data["description"] == "Our own words."


def test_a_key_with_nothing_to_choose_is_refused(known: House) -> None:
    with pytest.raises(RefusedError, match="nothing to choose for advice-hub"):
        look(known, feed(record()), take=["advice-hub"])


def test_what_we_export_is_read_back_as_unchanged(known: House) -> None:
    with known.sessions() as session:
        records = [one.record for one in exporting.collect(session, ("en", "ar"))]
    assert records[0]["x_useit"]["texts"]["ar"]["description"]["state"] == "machine-drafted"
    assert look(known, feed(*records)).counts["unchanged"] == 2


def test_a_service_of_ours_that_others_changed_is_a_conflict(known: House) -> None:
    with known.sessions() as session:
        records = {one.service.key: one.record for one in exporting.collect(session, ())}
    plan = bring(known, feed({**records["advice-hub"], "name": "Their name for it"}))
    assert what(plan) == {"advice-hub": "conflict"}
    assert entry(known, "advice-hub").data["name"] == HUB.name


def test_a_service_of_ours_keeps_its_key_in_another_installation(known: House, house: House) -> None:
    with known.sessions() as session:
        records = [one.record for one in exporting.collect(session, ())]
    with house.sessions.begin() as session:
        for found in session.scalars(select(Entry)):
            session.delete(found)
    assert what(bring(house, feed(*records))) == {"advice-hub": "added", "night-line": "added"}


def test_what_is_gone_from_the_feed_is_not_said_any_more_and_comes_back_with_it(known: House) -> None:
    bring(known, feed(record(1), record(2)))
    assert what(bring(known, feed(record(1), complete=False)))["food-parcels-00000001"] == "unchanged"
    plan = bring(known, feed(record(1)))
    assert what(plan) == {KEY: "unchanged", "food-parcels-00000002": "gone"}
    with known.sessions() as session:
        assert "food-parcels-00000002" not in snapshot.current(session).services
    assert look(known, feed(record(1))).counts["gone"] == 0
    assert changes(bring(known, feed(record(1), record(2))), "food-parcels-00000002") == {"published": ("False", "True")}
    with known.sessions() as session:
        assert "food-parcels-00000002" in snapshot.current(session).services


def test_what_is_gone_and_was_edited_here_stays_until_its_key_is_taken(known: House) -> None:
    bring(known, feed(record(1), record(2)))
    edit(known, KEY, description="Our own words.")
    plan = bring(known, feed(record(2)))
    assert what(plan)[KEY] == "gone" and entry(known).published and not plan.is_settled
    bring(known, feed(record(2)), take=[KEY])
    assert not entry(known).published


def test_another_feed_takes_nothing_away(known: House) -> None:
    bring(known, feed(record(1)))
    assert what(bring(known, feed(record(2), name="https://other.example")))["food-parcels-00000002"] == "added"
    assert entry(known).published and entry(known, "advice-hub").published


def test_loading_the_files_again_leaves_imported_services_alone(known: House) -> None:
    bring(known, feed(record()))
    with known.sessions.begin() as session:
        again = loading.load(session, SEED)
    assert (again.added, again.changed, again.kept) == (0, 0, []) and entry(known).published


def test_a_closed_service_is_kept_and_not_said(known: House) -> None:
    plan = bring(known, feed(record(status="temporarily closed")))
    assert not plan.items[0].published and not entry(known).published
    bring(known, feed(record(status="active")))
    assert entry(known).published


def test_one_refused_record_stops_all_unless_the_rest_is_wanted(known: House) -> None:
    given = feed(record(1), record(2, phones=None, email=None, url=None, contacts=None))
    before = stored(known)
    with pytest.raises(ProblemsError) as error:
        bring(known, given)
    assert error.value.problems == ["services/1#: has no way to reach it: no phone, e-mail, link or address"]
    assert stored(known) == before
    plan = bring(known, given, without_refused=True)
    assert plan.counts["added"] == plan.counts["refused"] == 1 and entry(known).published


def test_a_refused_record_is_not_gone(known: House) -> None:
    bring(known, feed(record(1), record(2)))
    plan = bring(known, feed(record(1), record(2, status="open")), without_refused=True)
    assert what(plan) == {KEY: "unchanged", "food-parcels-00000002": "refused"}
    assert entry(known, "food-parcels-00000002").published


def test_two_records_with_one_id_are_refused(known: House) -> None:
    plan = look(known, feed(record(1), record(1, name="Again")))
    assert plan.problems == ["services/1#/id: another record has this id"]


def test_two_services_whose_keys_would_be_the_same_get_two(known: House) -> None:
    other = record(1)["id"].replace("4000", "4001")
    bring(known, feed(record(1), record(1, id=other)))
    with known.sessions() as session:
        keys = [k for k in snapshot.current(session).services if k.startswith("food")]
    assert sorted(keys) == [KEY, f"{KEY}-0000-4001-8000-000000000001"]


def test_an_empty_feed_is_refused(known: House) -> None:
    bring(known, feed(record()))
    with pytest.raises(RefusedError, match="holds no services"):
        bring(known, feed())
    assert entry(known).published


def test_a_hostile_record_is_refused_and_named(known: House) -> None:
    deep: Any = {"id": record()["id"], "name": "n", "description": ""}
    for _ in range(30):
        deep = {**deep, "services": [{"id": record()["id"], "name": "n", "status": "active", "organization": deep}]}
    plan = look(known, Feed(FEED, [Found("a", 5), Found("b", None), Found("c", record(3, organization=deep))], True))
    assert plan.problems[:2] == ["a: must be an object", "b: must be an object"]
    assert plan.counts["refused"] == 3 and "deep" in " ".join(plan.problems)

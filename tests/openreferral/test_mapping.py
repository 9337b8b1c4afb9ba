"""Services become records of the standard and records become services, and nothing is lost on the way."""

from __future__ import annotations

import datetime as dt
from typing import Any

import msgspec
import pytest

from bot.knowledge import seed
from bot.knowledge.hsds import exporting, incoming, outgoing, reading, tables, vocabulary
from tests.openreferral.samples import FACT, HUB, LINE, NOW, TODAY, against_uk, example, our_services, record

EXAMPLES = [(standard, name) for standard in ("hsds-3.0", "oruk-3.0") for name in ("service_full", "service_list")]
REPLACE = msgspec.structs.replace


def imported(raw: dict[str, Any], key: str = "theirs", today: dt.date = TODAY) -> seed.Service:
    problems: list[str] = []
    read = reading.read(tables.Service, raw, "#", problems)
    assert read is not None, problems
    return incoming.service_of(read, raw, key, incoming.fact_of(read, "https://council.example", today))


def services_of(standard: str, name: str) -> list[dict[str, Any]]:
    document = example(standard, name)
    return list(document["contents"]) if "contents" in document else [document]


@pytest.mark.shared
@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("service_full", tables.Service),
        ("organization_full", tables.Organization),
        ("taxonomy", tables.Taxonomy),
        ("taxonomy_term", tables.TaxonomyTerm),
    ],
)
@pytest.mark.parametrize("standard", ["hsds-3.0", "oruk-3.0"])
def test_the_standards_examples_are_read_into_tables_and_written_back_the_same(
    standard: str, name: str, kind: type[tables.Record]
) -> None:
    problems: list[str] = []
    read = reading.read(kind, example(standard, name), name, problems)
    assert read is not None and problems == []
    assert reading.dump(read) == example(standard, name)


@pytest.mark.shared
@pytest.mark.parametrize(("standard", "name"), EXAMPLES)
def test_the_standards_services_are_imported_and_exported_the_same(standard: str, name: str) -> None:
    for raw in services_of(standard, name):
        assert outgoing.record_of(imported(raw), modified=NOW) == raw


@pytest.mark.shared
def test_what_the_example_says_is_where_the_bot_says_it() -> None:
    service = imported(example("hsds-3.0", "service_full"))
    assert service.bring.startswith("Any official identification document")
    assert service.who.startswith("This service is intended") and service.how.startswith("If you are an NHS patient")
    assert service.languages == ["ur"] and service.interpreters and (service.min_age, service.max_age) == (12, 100)
    assert service.openings == [seed.Opening(days=["thu", "fri"], opens="10:00", closes="18:00")]
    assert service.locations[0].accessibility.startswith("The building is equipped")
    assert service.locations[0].latitude is None  # the example's 100 degrees north are nowhere
    assert service.phones[0].number == "+44 1234 234567" and service.phones[0].note.startswith("ext. 100")
    assert (service.fact.checked_on, service.fact.sure, service.fact.volatility) == (dt.date(2005, 1, 1), "V2", "A")


@pytest.mark.shared
def test_every_service_of_ours_is_valid_by_the_uk_profile() -> None:
    wrong = {s.key: found for s in our_services() if (found := against_uk(outgoing.record_of(s, modified=NOW)))}
    assert wrong == {}


@pytest.mark.parametrize("service", [HUB, LINE, *our_services()], ids=lambda s: s.key)
def test_a_service_of_ours_comes_back_as_it_was(service: seed.Service) -> None:
    raw = outgoing.record_of(service, modified=NOW)
    problems: list[str] = []
    read = reading.read(tables.Service, raw, "#", problems)
    assert read is not None, problems
    back = incoming.service_of(read, raw, incoming.own_key(raw), service.fact)
    assert REPLACE(back, hsds={}) == service


@pytest.mark.shared
def test_what_the_uk_profile_has_no_place_for_is_in_the_export_all_the_same() -> None:
    made = outgoing.record_of(HUB, modified=NOW)
    assert against_uk(made) == []
    assert made["required_documents"][0]["document"] == "Your letters."
    assert made["eligibility_description"] == "Everybody who is new here."
    assert made["interpretation_services"] and made["phones"][0]["number"] == "+44 121 000 0000"
    assert [(spoken["name"], spoken["code"]) for spoken in made["languages"]] == [("Arabic", "ar"), ("Central Kurdish", "ckb")]
    assert made["fees"] == made["fees_description"] == "Nothing."


def test_plain_hsds_holds_none_of_the_uk_profiles_own_members() -> None:
    made = exporting.formed(outgoing.record_of(HUB, modified=NOW), "hsds")
    assert "service_area" not in made["service_areas"][0] and made["service_areas"][0]["name"] == "Birmingham"
    access = made["service_at_locations"][0]["location"]["accessibility"][0]
    assert access["description"] == "A ramp." and "accessibility" not in access
    assert "term" not in made["attributes"][0]["taxonomy_term"]


def test_ids_are_the_same_at_every_export() -> None:
    once, again = (outgoing.record_of(HUB, modified=NOW) for _ in range(2))
    assert once == again and once["id"] == outgoing.identifier_of(HUB)
    moved = outgoing.record_of(REPLACE(HUB, phones=[*HUB.phones, seed.Phone(number="1")]), modified=NOW)
    assert moved["phones"][0]["id"] == once["phones"][0]["id"]


def test_a_value_the_standard_does_not_allow_is_left_out_and_named() -> None:
    wrong = REPLACE(HUB, email="ask at the desk", url="https://example.org/straße")
    made = outgoing.record_of(wrong, modified=NOW)
    assert "email" not in made and made["url"] == "https://example.org/stra%C3%9Fe"
    assert outgoing.left_out(wrong) == ["email"]


@pytest.mark.parametrize(
    ("field", "value", "member", "expected"),
    [
        ("name", "Food for all", "name", "Food for all"),
        ("description", "New words.", "description", "New words."),
        ("url", "https://new.example", "url", "https://new.example"),
        ("email", "new@example.org", "email", "new@example.org"),
        ("who", "Families.", "eligibility_description", "Families."),
        ("how", "Ring.", "application_process", "Ring."),
        ("cost", "£1", "fees", "£1"),
        ("min_age", 18, "minimum_age", 18),
        ("interpreters", True, "interpretation_services", "Interpreters can be arranged."),
    ],
)
def test_an_edit_wins_over_the_imported_record_and_the_rest_stays(field: str, value: Any, member: str, expected: Any) -> None:
    raw = record()
    made = outgoing.record_of(REPLACE(imported(raw), **{field: value}), modified=NOW)
    assert made[member] == expected
    same = set(raw) - {member, "fees", "fees_description", "last_modified"}
    assert {name: made[name] for name in same} == {name: raw[name] for name in same}
    assert made["last_modified"] == "2026-11-26T12:00:00Z" and imported(made).__getattribute__(field) == value


def test_edited_lists_keep_what_they_hold_beside_the_edit() -> None:
    raw = record(
        languages=[{"id": record()["id"], "name": "Urdu", "code": "urd", "note": "on Fridays"}],
        service_at_locations=[
            {
                "id": record(7)["id"],
                "location": {
                    "id": record(8)["id"],
                    "location_type": "physical",
                    "name": "Hall",
                    "transportation": "Bus 9",
                    "phones": [{"id": record(9)["id"], "number": "0121 222 2222"}],
                },
            }
        ],
    )
    was = imported(raw)
    assert [phone.number for phone in was.phones] == ["0121 111 1111", "0121 222 2222"]
    edited = REPLACE(
        was,
        phones=[was.phones[0], seed.Phone(number="0121 333 3333")],
        languages=["ur", "so"],
        openings=[*was.openings, seed.Opening(days=["fri"], opens="09:00", closes="10:00")],
        needs=["money", "family"],
        locations=[*was.locations, seed.Location(name="Library", town="Birmingham")],
    )
    made = outgoing.record_of(edited, modified=NOW)
    assert made["phones"][0] == raw["phones"][0]  # its extension too
    assert made["service_at_locations"][0]["location"]["phones"] == []
    assert made["languages"][0] == raw["languages"][0] and made["languages"][1]["code"] == "so"
    assert made["schedules"][0]["notes"] == "Not in August" and made["schedules"][1]["byday"] == "FR"
    assert made["attributes"][-1] == raw["attributes"][0]  # their term, after ours
    assert made["service_at_locations"][0]["location"]["transportation"] == "Bus 9"
    assert made["service_at_locations"][1]["location"]["name"] == "Library"
    back = imported(made)
    assert (back.phones, back.languages, back.openings) == (edited.phones, edited.languages, edited.openings)
    assert (back.needs, back.locations) == (edited.needs, edited.locations)


def test_who_checks_a_service_again_vouches_for_it_from_then_on() -> None:
    was = imported(record())
    checked = REPLACE(was, fact=REPLACE(was.fact, checked_on=dt.date(2026, 11, 25)))
    assert outgoing.record_of(checked, modified=NOW)["assured_date"] == "2026-11-25"


def test_a_moment_without_a_zone_is_made_valid_and_nothing_else_is_touched() -> None:
    raw = record(last_modified="2026-11-20T10:00:00.5")
    assert outgoing.record_of(imported(raw), modified=NOW) == raw | {"last_modified": "2026-11-20T10:00:00Z"}


def test_html_becomes_words() -> None:
    assert imported(record()).description == "Food for families.\nEvery week"
    assert imported(record(description="Tea &amp; talk<script>x()</script>")).description == "Tea & talk"
    assert imported(record(description="x < y and a > b")).description == "x < y and a > b"


def test_a_long_description_ends_after_a_sentence() -> None:
    long = "A sentence of some length stands here. " * 100
    said = imported(record(description=long)).description
    assert (
        len(said) <= 2000
        and said.endswith("here. …")
        and outgoing.record_of(imported(record(description=long)), modified=NOW)["description"] == long
    )


@pytest.mark.parametrize(
    ("schedule", "expected"),
    [
        ({"freq": "WEEKLY", "byday": "MO,WE", "opens_at": "09:00", "closes_at": "17:00"}, ["mon wed 09:00-17:00"]),
        ({"byday": "MO", "opens_at": "09:00:00Z", "closes_at": "00:00"}, ["mon 09:00-23:59"]),
        ({"freq": "WEEKLY", "byday": "SU", "opens_at": "22:00", "closes_at": "06:00"}, ["sun 22:00-23:59", "mon 00:00-06:00"]),
        ({"freq": "WEEKLY", "dtstart": "2026-11-26", "opens_at": "09:00", "closes_at": "10:00"}, ["thu 09:00-10:00"]),
        ({"freq": "MONTHLY", "byday": "1MO", "opens_at": "09:00", "closes_at": "10:00"}, []),
        ({"freq": "WEEKLY", "interval": 2, "byday": "MO", "opens_at": "09:00", "closes_at": "10:00"}, []),
        ({"byday": "MO", "opens_at": "09:00", "closes_at": "10:00", "valid_to": "2026-01-01"}, []),
        ({"byday": "MO"}, []),
    ],
)
def test_weekly_hours_are_told_and_others_are_only_kept(schedule: dict[str, Any], expected: list[str]) -> None:
    service = imported(record(schedules=[{"id": record()["id"], **schedule}]))
    assert [f"{' '.join(o.days)} {o.opens}-{o.closes}" for o in service.openings] == expected


@pytest.mark.parametrize(
    ("terms", "name", "needs"),
    [
        (["Housing"], "X", ["housing"]),
        ([], "Legal advice", ["legal"]),
        (["Debt advice"], "Benefits", ["money"]),
        ([], "Xyz", ["money"]),
    ],
)
def test_needs_are_found_in_their_terms_then_name_then_description(terms: list[str], name: str, needs: list[str]) -> None:
    term = {"id": record()["id"], "description": ""}
    attributes = [{"id": record(n)["id"], "taxonomy_term": {**term, "name": t}} for n, t in enumerate(terms)]
    assert imported(record(name=name, attributes=attributes, description="Help with debt.")).needs == needs


def test_a_contact_anywhere_in_the_record_is_a_way_to_reach_it() -> None:
    bare = record(email=None, url=None, phones=None, contacts=None)
    assert not incoming.has_contact(imported(bare))
    fax = {"id": bare["id"], "number": "1", "type": "fax"}
    assert not incoming.has_contact(imported({**bare, "phones": [fax]}))
    organization = {**bare["organization"], "website": "https://example.org"}
    assert imported({**bare, "organization": organization}).url == "https://example.org"
    contact = {"id": bare["id"], "phones": [{"id": bare["id"], "number": "0121 1"}]}
    assert imported({**bare, "contacts": [contact]}).phones[0].number == "0121 1"
    address = {"id": bare["id"], "address_1": "1 High St", "city": "Birmingham", "state_province": "", "postal_code": "B1 1AA"}
    location = {
        "id": bare["id"],
        "location_type": "physical",
        "addresses": [{**address, "country": "GB", "address_type": "physical"}],
    }
    there = imported({**bare, "service_at_locations": [{"id": bare["id"], "location": location}]})
    assert there.address == "1 High St, Birmingham, B1 1AA" and there.towns == ["Birmingham"]


def test_every_need_feature_and_level_has_words() -> None:
    for name, codes in vocabulary.CODES.items():
        assert vocabulary.taxonomy(name).description
        assert all(vocabulary.term(name, code).name for code in codes)


def test_a_fact_of_the_future_or_without_a_day_is_of_today() -> None:
    assert imported(record(assured_date="2099-01-01")).fact.checked_on == TODAY
    assert imported(record(assured_date=None, last_modified=None)).fact.checked_on == TODAY
    assert FACT.review_by > FACT.checked_on

"""How we work with a service is set by admins, survives an import from others, and is published to nobody."""

from __future__ import annotations

import msgspec
import pytest

from bot.console import knowledge_fields
from bot.errors import RefusedError
from bot.house import House
from bot.knowledge import editing, seed, shape, snapshot
from bot.knowledge.hsds import incoming, outgoing
from bot.knowledge.hsds.tables import Service as Record
from bot.knowledge.spreadsheets import columns
from tests.sendout import people
from tests.sendout.people import NOON

OURS = {"referral_email": "intake@shelter.example", "follow_up_days": 5, "takes_links": False}


def edit(house: House, **data: object) -> None:
    with house.sessions.begin() as session:
        entry = editing.find(session, "services", "shelter", to_change=True)
        assert entry is not None
        editing.edit_data(session, entry, data, "staff:1", "because")


def test_an_admin_sets_them(house: House) -> None:
    edit(house, **OURS)
    with house.sessions() as session:
        service = snapshot.current(session).services["shelter"]
    assert {name: getattr(service, name) for name in seed.HOUSE_FIELDS} == OURS


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        ({"referral_email": "no address"}, "email"),
        ({"referral_email": "a@b.example, c@d.example"}, "email"),
        ({"referral_email": "a@b.example\nBcc: c@d.example"}, "email"),
        ({"follow_up_days": 0}, "follow_up_days"),
        ({"follow_up_days": 181}, "follow_up_days"),
        ({"takes_links": "perhaps"}, "shape"),
    ],
)
def test_what_is_wrong_is_refused(house: House, data: dict[str, object], reason: str) -> None:
    with pytest.raises(RefusedError) as refused:
        edit(house, **data)
    assert refused.value.reason == reason


def test_the_form_shows_them_and_gives_them_back(house: House) -> None:
    fields = [field for field in shape.fields_of("services") if field.name in seed.HOUSE_FIELDS]
    shown = {field.name: knowledge_fields.shown(field, OURS[field.name]) for field in fields}

    def value(name: str) -> str:
        return str(shown[name])

    def ticked(name: str) -> list[str]:
        return ["yes"] if shown[name] else []

    given = {field.name: knowledge_fields.given(field, "", value, ticked, shown) for field in fields}
    assert given == OURS
    days = next(field for field in fields if field.name == "follow_up_days")
    assert knowledge_fields.given(days, "", lambda _: "many", ticked, shown) == "many"  # stays as typed, and is refused


@pytest.mark.parametrize(("name", "value"), OURS.items())
def test_a_spreadsheet_holds_them_and_an_empty_cell_is_the_usual(name: str, value: object) -> None:
    kind = columns.kind_of(name, "services")
    assert kind.read(kind.write(value)) == value
    assert kind.read("") == getattr(people.SERVICES[0], name)


def test_an_import_from_others_leaves_them_and_no_export_has_them(house: House) -> None:
    edit(house, **OURS)
    with house.sessions() as session:
        ours = snapshot.current(session).services["shelter"]
    raw = outgoing.record_of(ours, modified=NOON)
    assert "intake" not in str(raw)
    record = msgspec.convert(raw, Record, strict=False)
    fresh = incoming.service_of(record, raw, "shelter", ours.fact)
    assert fresh.referral_email == ""  # no feed says it
    kept = incoming.with_ours(fresh, ours)
    assert {name: getattr(kept, name) for name in seed.HOUSE_FIELDS} == OURS
    assert incoming.as_imported(msgspec.structs.replace(kept, hsds=raw)).referral_email == "intake@shelter.example"

"""Names that another term has, and terms that a term names: said while somebody types, refused when it is published."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec
import pytest
from sqlalchemy import select

from bot.errors import RefusedError
from bot.house import House
from bot.knowledge import editing, loading, snapshot
from bot.knowledge.models import Entry
from tests.admin.test_editing_drafts import WHOLE
from tests.console.desk import Desk
from tests.knowledge.test_editing import TERM
from tests.staff.people import Colleague

OTHERS = [
    msgspec.structs.replace(
        TERM, key="bmi", name="BMI Calthorpe", aliases=["Calthorpe Clinic"], shared=["BMI"], context=["clinic"]
    ),
    msgspec.structs.replace(TERM, key="pip", name="PIP", aliases=["Personal Independence Payment"]),
]
NAMES = {"ar": {"band-5": ["باند 5"], "pip": ["بيب"]}}


@pytest.fixture
def known(house: House) -> House:
    with house.sessions.begin() as session:
        loading.load(session, msgspec.structs.replace(WHOLE, terms=[TERM, *OTHERS], names=NAMES))
    return house


def entry(house: House, key: str) -> Entry:
    with house.sessions() as session:
        return session.scalars(select(Entry).where(Entry.kind == "terms", Entry.key == key)).one()


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ({"aliases": "Band five, calthorpe CLINIC"}, "name_taken"),
        ({"name": "pip"}, "name_taken"),
        ({"aliases": "bmi"}, "name_shared"),
        ({"shared": "PIP"}, "shared_taken"),
        ({"ar.names": "بيب"}, "name_taken"),
        ({"related.add": "No such word"}, "no_such_term"),
    ],
)
def test_it_is_said_with_a_link_while_typing_and_refused_when_published(
    typed: dict[str, str], reason: str, desk: Desk, known: House, admin: Colleague
) -> None:
    at = "/knowledge/terms/band-5"
    desk.log_in(admin).get(f"{at}?language=ar")
    form = desk.form(at) | typed
    (said,) = desk.post(f"{at}/autosave", form | {"only": "look"}).json()["taken"]
    assert said["key"] == (
        "" if reason == "no_such_term" else "pip" if "pip" in str(typed).lower() or "بيب" in str(typed) else "bmi"
    )
    before = entry(known, "band-5").data
    assert desk.post(f"{at}/publish", form).status_code == 409
    if said["key"]:
        assert f'href="/console/knowledge/terms/{said["key"]}"' in desk.page.text
    assert entry(known, "band-5").data == before


def test_what_several_share_is_free_and_an_old_clash_stops_no_correction(known: House) -> None:
    def change(key: str, **given: Any) -> None:
        with known.sessions.begin() as session:
            found = editing.find(session, "terms", key)
            assert found is not None
            editing.change(session, found, who="staff:1", why="", **given)

    change("band-5", data={"shared": ["BMI"], "context": ["pay"]})
    with known.sessions.begin() as session:  # as an older program let it be
        found = editing.find(session, "terms", "band-5")
        assert found is not None
        found.data = {**found.data, "aliases": ["PIP"]}
    change("band-5", texts={("en", "meaning"): "Corrected."}, data={"aliases": ["PIP", "B5"]})
    with pytest.raises(RefusedError) as refused, known.sessions.begin() as session:
        data = {**entry(known, "pip").data, "name": "Other", "aliases": ["Band 5"]}
        editing.create(session, "terms", "other", data=data, texts={}, who="staff:1", why="")
    assert refused.value.reason == "name_taken"


def test_related_terms_are_found_by_name_chosen_and_taken_away(
    desk: Desk, open_desk: Callable[..., Desk], known: House, admin: Colleague
) -> None:
    at = "/knowledge/terms/band-5"
    desk.log_in(admin)
    assert desk.get("/knowledge/terms/find?q=calth").json() == [{"key": "bmi", "name": "BMI Calthorpe"}]
    assert desk.get("/knowledge/terms/find?q=personal+ind").json() == [{"key": "pip", "name": "PIP"}]  # by another name of it
    assert desk.get("/knowledge/terms/find?q=%25").json() == []
    desk.get(at)
    desk.post(f"{at}/publish", desk.form(at) | {"related.add": "bmi calthorpe", "confused_with.add": "pip"})
    desk.follow()
    assert desk.form(at)["related"] == "bmi" and desk.form(at)["confused_with"] == "pip" and "BMI Calthorpe" in desk.text
    form = {name: value for name, value in desk.form(at).items() if name != "related"}
    desk.post(f"{at}/publish", form)
    with known.sessions() as session:
        term = snapshot.current(session).terms["band-5"]
        assert (term.related, term.confused_with) == ([], ["pip"])

"""The pages of an entry and its draft over HTTP: who may what, what stays text, and that nothing is lost."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select

from bot.house import House
from bot.knowledge import drafts, loading, shape, snapshot
from bot.knowledge.checks import SHAPES
from bot.knowledge.draft_models import Draft
from bot.staff.models import AuditEntry
from tests.admin.test_editing_drafts import WHOLE
from tests.console.desk import Desk
from tests.staff.people import Colleague

EVIL = "<script>alert(1)</script> {{7*7}} {% raw %} =HYPERLINK(1)"
Opens = Callable[..., Desk]


@pytest.fixture
def known(house: House) -> House:
    with house.sessions.begin() as session:
        loading.load(session, WHOLE)
    return house


@pytest.fixture
def editor(known: House) -> Colleague:
    return Colleague.join(known, "elena", "editor")


def send(desk: Desk, at: str, verb: str = "", **values: Any) -> Desk:
    """Sends the form of the entry at `at`, as it stands in the last page, to one of its buttons."""
    desk.post(f"{at}{verb}", {**desk.form(at), **values})
    desk.follow()
    return desk


def done(house: House) -> list[tuple[str, str]]:
    with house.sessions() as session:
        rows = session.scalars(select(AuditEntry).where(AuditEntry.verb.startswith("knowledge.")).order_by(AuditEntry.id))
        return [(row.verb, row.object) for row in rows]


def test_an_editor_writes_and_somebody_else_publishes(
    desk: Desk, open_desk: Opens, known: House, editor: Colleague, admin: Colleague
) -> None:
    at = "/knowledge/terms/band-5"
    desk.log_in(editor).get(at)
    assert "Save and publish" not in desk.text
    form = desk.form(at)
    assert desk.post(f"{at}/publish", form).status_code == 403
    desk.get(at)
    send(desk, at, "/review", **{"en.meaning": "The first level."}, why="shorter")
    assert "Sent to review" in desk.text
    boss = open_desk().log_in(admin)
    boss.get("/knowledge/drafts")
    assert "shorter" in boss.text and "Elena" in boss.text
    boss.get("/knowledge/drafts/1")
    assert "The first level" in boss.text
    send(boss, "/knowledge/drafts/1/publish")
    with known.sessions() as session:
        assert snapshot.current(session).words("terms", "band-5", "meaning", "en").text == "The first level."
    assert done(known) == [("knowledge.review", "terms:band-5"), ("knowledge.publish", "terms:band-5")]


def test_a_draft_is_given_back_with_a_reason(desk: Desk, open_desk: Opens, editor: Colleague, admin: Colleague) -> None:
    at = "/knowledge/terms/band-5"
    desk.log_in(editor).get(at)
    send(desk, at, "/review", **{"en.meaning": "x"})
    boss = open_desk().log_in(admin)
    boss.get("/knowledge/drafts/1")
    form = boss.form("/knowledge/drafts/1/publish")
    assert boss.post("/knowledge/drafts/1/return", form).status_code == 409 and "Say what is wrong" in boss.text
    boss.post("/knowledge/drafts/1/return", form | {"why": "where is this from?"})
    desk.get("/knowledge/drafts/1")
    assert "where is this from?" in desk.text and "given back by" in desk.text


def test_what_is_typed_is_kept_measured_and_checked(desk: Desk, known: House, admin: Colleague) -> None:
    at = "/knowledge/terms/band-5"
    desk.log_in(admin).get(f"{at}?language=ar")
    form = desk.form(at)
    said = desk.post(f"{at}/autosave", form | {"only": "look", "en.meaning": "A cat sat."}).json()
    assert said["measures"]["meaning"]["text"] == "Reads like age 5 · 10 characters" and said["mark"] == ""
    said = desk.post(f"{at}/autosave", form | {"en.meaning": "", "ar.confusion": "رقم 7"}).json()
    assert said["mark"] == 1 and any("Meaning" in line for line in said["wrong"])
    assert any("the numbers are not those of the English" in line for line in said["look"])
    assert desk.post(f"{at}/autosave", form | {"mark": "0", "en.meaning": "Late."}).status_code == 409  # another window
    desk.get(f"{at}?language=ar")
    assert desk.form(at)["ar.confusion"] == "رقم 7" and desk.form(at)["en.meaning"] == ""
    with known.sessions() as session:
        assert snapshot.current(session).words("terms", "band-5", "meaning", "en").text


def test_colleagues_at_the_same_entry_are_named(desk: Desk, open_desk: Opens, admin: Colleague, editor: Colleague) -> None:
    at = "/knowledge/terms/band-5"
    desk.log_in(admin).get(at)
    send(desk, at, **{"en.meaning": "Mine."})
    other = open_desk().log_in(editor)
    other.get(at)
    assert "Also at work on this: Bea" in other.text
    assert other.form(at)["en.meaning"] != "Mine."


@pytest.mark.parametrize("kind", sorted(SHAPES))
def test_an_entry_of_every_kind_begins_as_a_draft_with_every_field(kind: str, desk: Desk, known: House, admin: Colleague) -> None:
    desk.log_in(admin).get(f"/knowledge/{kind}/new?name=A new thing")
    desk.send(f"/knowledge/{kind}/new", name="A new thing")
    at = f"/knowledge/{kind}/a-new-thing"
    shown = desk.form(at)
    for field in shape.fields_of(kind):
        names = [name for name in shown if name in (field.name, f"en.{field.name}") or name.startswith(f"{field.name}.")]
        assert names or field.widget in ("yes", "checks", "questions", "stages"), field
    with known.sessions() as session:
        made = drafts.own(session, kind, "a-new-thing", f"staff:{admin.id}")
        assert made is not None and made.entry_id is None
    assert "a-new-thing" not in snapshot_of(known, kind)
    assert desk.post(f"/knowledge/{kind}/new", desk.form(at) | {"name": "x", "key": "Not A Key!"}).status_code == 409


def snapshot_of(house: House, kind: str) -> dict[str, Any]:
    with house.sessions() as session:
        found: dict[str, Any] = getattr(snapshot.current(session), kind, {})
        return found


def test_opening_and_sending_a_form_of_any_kind_changes_nothing(desk: Desk, known: House, admin: Colleague) -> None:
    desk.log_in(admin)
    for kind, key in (("terms", "band-5"), ("services", "hub"), ("safety", "line"), ("pathways", "baker")):
        for query in ("?language=ar", "?language=ar&step=apply"):
            desk.get(f"/knowledge/{kind}/{key}{query}")
            send(desk, f"/knowledge/{kind}/{key}")
    with known.sessions() as session:
        assert [(d.key, d.changes) for d in session.scalars(select(Draft))] == []


def test_an_empty_form_empties_nothing(desk: Desk, known: House, admin: Colleague) -> None:
    desk.log_in(admin).get("/knowledge/services/hub")
    form = {name: value for name, value in desk.form("/knowledge/services/hub").items() if name in ("csrf", "once")}
    desk.post("/knowledge/services/hub/publish", form)
    with known.sessions() as session:
        assert session.scalars(select(Draft)).all() == []


def test_html_templates_scripts_and_formulas_stay_text(desk: Desk, known: House, admin: Colleague) -> None:
    at = "/knowledge/terms/band-5"
    desk.log_in(admin).get(f"{at}?language=ar")
    send(desk, at, "/publish", **{"en.meaning": EVIL, "ar.meaning": EVIL, "name": EVIL, "aliases": EVIL}, why=EVIL)
    for path in (at, "/knowledge/terms", "/knowledge/drafts/1", "/knowledge/drafts"):
        page = desk.get(path).text
        assert "<script>alert" not in page and "{{7*7}} " in page + " {{7*7}} " and " 49 " not in page, path
    desk.get(at)
    assert desk.form(at)["en.meaning"] == EVIL
    desk.post(f"{at}/preview", desk.form(at))
    assert "<script>alert" not in desk.page.text and EVIL in desk.text


def test_a_safety_number_has_no_button_to_publish_alone(desk: Desk, open_desk: Opens, known: House, admin: Colleague) -> None:
    at = "/knowledge/safety/line"
    desk.log_in(admin).get(at)
    assert "Save and publish" not in desk.text
    form = desk.form(at) | {"number": "0300 111 111"}
    assert desk.post(f"{at}/publish", form).status_code == 409 and "second person" in desk.text
    desk.get(at)
    send(desk, at, "/review", number="0300 111 111")
    desk.get("/knowledge/drafts/1")
    own = desk.form("/knowledge/drafts/1/publish")
    assert "Approve exactly this" not in desk.text
    assert desk.post("/knowledge/drafts/1/approve", own).status_code == 409 and "Somebody else must approve" in desk.text
    other = open_desk().log_in(Colleague.join(known, "carla", "admin"))
    other.get("/knowledge/drafts/1")
    seen = other.form("/knowledge/drafts/1/publish")
    assert other.post("/knowledge/drafts/1/approve", seen | {"hash": "0" * 24}).status_code == 409  # not what was looked at
    assert other.post("/knowledge/drafts/1/approve", seen).status_code == 303
    assert other.post("/knowledge/drafts/1/publish", seen).status_code == 303
    assert snapshot_of(known, "safety")["line"].number == "0300 111 111"
    desk.get(at)
    desk.send(f"{at}/show", what="unpublish", why="closed")
    assert "line" in snapshot_of(known, "safety") and "Sent to review" in desk.text


def test_a_pathway_is_edited_step_by_step(desk: Desk, known: House, admin: Colleague) -> None:
    at = "/knowledge/pathways/baker"
    desk.log_in(admin).get(f"{at}?step=apply&language=ar")
    assert desk.form(at)["en.do"] == "Send the form." and "svg" in desk.page.text
    send(desk, at, **{"en.do": "Send it by post.", "ar.do": "أرسله", "weeks.from": "2", "weeks.to": "1"})
    assert "weeks go from less to more" in desk.text  # beside the step, while she works on it
    send(desk, at, "/publish", **{"weeks.to": "3"})
    assert snapshot_of(known, "pathways")["baker"].steps[1].weeks == (2, 3)
    desk.get(at)
    form = desk.form(f"{at}/steps") | {"which": "english", "move": "down"}
    desk.post(f"{at}/steps", form)
    desk.follow()
    assert "stands before english, which must come first" in desk.text


def test_it_is_published_later_put_away_and_found_in_the_archive(desk: Desk, known: House, admin: Colleague) -> None:
    at = "/knowledge/terms/band-5"
    desk.log_in(admin).get(at)
    form = desk.form(at) | {"en.meaning": "Soon."}
    assert desk.post(f"{at}/schedule", form | {"publish_at": "yesterday"}).status_code == 409
    soon = dt.datetime.now() + dt.timedelta(days=2)
    send(desk, at, "/schedule", **{"en.meaning": "Soon."}, publish_at=f"{soon:%Y-%m-%dT%H:%M}")
    assert "Planned" in desk.text
    desk.get(at)
    desk.send(f"{at}/show", what="archive")
    assert "band-5" not in snapshot_of(known, "terms")
    assert "Band 5" not in desk.get("/knowledge/terms").text and "Band 5" in desk.get("/knowledge/terms?show=archived").text

"""What needs care and files in and out, over HTTP: what an admin sees, chooses and is told."""

from __future__ import annotations

import codecs
import csv
import io
import json
import zipfile
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from sqlalchemy import select

from bot.db.base import now
from bot.house import House
from bot.knowledge import editing, loading, snapshot
from bot.knowledge.models import Entry
from bot.staff.models import AuditEntry
from bot.upkeep import backup, looking
from bot.upkeep.found import Found
from bot.upkeep.models import Arrival, Backup, Finding, Job
from tests.admin.test_backup import SAFETY, made
from tests.console.desk import Desk
from tests.openreferral.samples import SEED, record
from tests.staff.people import Colleague


@pytest.fixture
def known(house: House) -> House:
    with house.sessions.begin() as session:
        loading.load(session, SEED)
    return house


@pytest.fixture
def at_work(desk: Desk, known: House, admin: Colleague) -> Desk:
    return desk.log_in(admin)


def upload(desk: Desk, kind: str, name: str, content: bytes, **more: str) -> httpx.Response:
    desk.get("/exchange")
    form = {**desk.form("/exchange"), "kind": kind, **more}
    form.pop("file", None)
    desk.post("/exchange", form, files={"file": (name, content)})
    return desk.follow()


def plain(desk: Desk) -> str:
    """What can be read, without the marks of direction."""
    return desk.text.replace("\u2068", "").replace("\u2069", "")


def audited(house: House, verb: str) -> list[tuple[str, str]]:
    with house.sessions() as session:
        return [(row.object, row.why) for row in session.scalars(select(AuditEntry).where(AuditEntry.verb == verb))]


def data(house: House, key: str, kind: str = "services") -> dict[str, Any]:
    with house.sessions() as session:
        return dict(session.scalars(select(Entry.data).where(Entry.kind == kind, Entry.key == key)).one())


def sheet(desk: Desk) -> list[dict[str, str]]:
    desk.get("/exchange/export?form=terms")
    return list(csv.DictReader(io.StringIO(desk.page.content.decode("utf-8-sig"))))


def as_csv(rows: list[dict[str, str]]) -> str:
    out = io.StringIO()
    writer = csv.DictWriter(out, list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def test_the_list_is_worked_through(at_work: Desk, known: House, admin: Colleague) -> None:
    late = Found(
        "past_due", "terms", "council-tax", "Council <b>Tax</b>", says={"day": "2026-11-25", "source": "https://example.org"}
    )
    link = Found(
        "dead_link",
        "services",
        "advice-hub",
        "Hub",
        "x",
        {"url": "https://x.example/", "day": "2026-11-01", "result": "error 500"},
    )
    with known.sessions.begin() as session:
        looking.store(session, [late, link])
    at_work.get("/upkeep")
    assert "Council <b>Tax</b>" in at_work.text and "It was to be checked by 25 November 2026" in plain(at_work)
    assert "has not worked since 1 November 2026: the site answers with an error" in plain(at_work)
    assert 'href="/console/knowledge/terms/council-tax"' in at_work.page.text
    with known.sessions() as session:
        number = session.scalar(select(Finding.id).where(Finding.kind == "past_due"))
    at_work.send(f"/upkeep/{number}/assign", staff=str(admin.id))
    at_work.get("/upkeep?show=mine")
    assert "Council" in at_work.text and "Hub" not in at_work.text
    assert at_work.send(f"/upkeep/{number}/snooze", until="2020-01-01").status_code == 409 and "half year" in at_work.text
    at_work.send(f"/upkeep/{number}/done")
    assert "comes back" in at_work.text and "Council" not in at_work.text
    at_work.get("/upkeep?show=done")
    at_work.send(f"/upkeep/{number}/again")
    with known.sessions() as session:
        assert session.get_one(Finding, number).state == "open"
    assert [audited(known, f"upkeep.{verb}") for verb in ("assign", "done", "again")] == [
        [("terms:council-tax", f"past_due staff:{admin.id}")],
        [("terms:council-tax", "past_due")],
        [("terms:council-tax", "past_due")],
    ]
    at_work.send("/upkeep/look")
    with known.sessions() as session:
        assert session.get_one(Job, "looking").due_at <= now()


def test_who_may_not_exchange_sees_no_way_to(desk: Desk, caseworker: Colleague) -> None:
    desk.log_in(caseworker)
    assert [desk.get(path).status_code for path in ("/upkeep", "/exchange", "/exchange/export?form=backup", "/feeds")] == [
        403
    ] * 4


def test_a_sheet_is_chosen_from_field_by_field(at_work: Desk, known: House) -> None:
    rows = sheet(at_work)
    tax = next(row for row in rows if row["key"] == "council-tax")
    tax |= {"name": "Council tax", "meaning": "=1+1 is not a sum."}
    upload(at_work, "terms", "terms.csv", codecs.BOM_UTF8 + as_csv(rows).encode())
    assert "only they changed it" in at_work.text and "1 the same" in at_work.text
    before = data(known, "council-tax", "terms")
    (path,) = [f"/exchange/{row.id}" for row in open_ones(known)]
    form = at_work.form(path)
    assert form["choice:council-tax:name"] == form["choice:council-tax:meaning"] == "theirs"
    at_work.send(path, **{"choice:council-tax:name": "ours", "do": "keep"})
    assert data(known, "council-tax", "terms") == before  # chosen and not done yet
    at_work.get(path)
    at_work.send(path, do="apply")
    after = data(known, "council-tax", "terms")
    assert (after["name"], after["meaning"]) == ("Council Tax", "=1+1 is not a sum.")
    assert sheet(at_work)[1]["meaning"] == "'=1+1 is not a sum."  # a cell, and no formula
    assert audited(known, "knowledge.import") == [(f"arrival:{path.rpartition('/')[2]}", "1 changed")]
    with known.sessions() as session:
        assert session.scalars(select(Backup)).one().why == "terms.csv"


def open_ones(house: House) -> list[Arrival]:
    with house.sessions() as session:
        return list(session.scalars(select(Arrival).where(Arrival.state == "open")))


@pytest.mark.parametrize(
    ("content", "encoding", "says"),
    [
        ("key,meaning\ncouncil-tax,حساب\n".encode("cp1256"), "", "is not utf-8: save it as UTF-8"),
        ("key,meaning\ncouncil-tax,حساب\n".encode("utf-16-le"), "", "NUL character: perhaps it is utf-16"),
        (b"key,colour\na,b\n", "", "there is no column colour"),
        (b"key,name\na,b\na,c\n", "", "stands in line 2 too"),
        (b"", "", "holds no rows"),
        (b"key,name\nnew one,b\n", "", "only a-z"),
        (b"key,meaning\nband-d," + b"x" * 3000, "", "more than 2000"),
    ],
)
def test_a_sheet_that_cannot_be_taken_is_listed_line_by_line(
    at_work: Desk, known: House, content: bytes, encoding: str, says: str
) -> None:
    upload(at_work, "terms", "sheet.csv", content, encoding=encoding)
    assert says in at_work.text
    assert all(row.kind == "terms" for row in open_ones(known))
    assert data(known, "band-d", "terms")["name"] == "Band D"


@pytest.mark.parametrize("encoding", ["cp1256", "utf-16"])
def test_an_arabic_sheet_in_another_encoding_is_read_when_somebody_says_which(at_work: Desk, known: House, encoding: str) -> None:
    upload(
        at_work,
        "terms",
        "sheet.csv",
        "key,meaning.ar\ncouncil-tax,مال للمجلس\n".encode(encoding),
        encoding="cp1256" if encoding == "cp1256" else "",
    )
    (row,) = open_ones(known)
    at_work.send(f"/exchange/{row.id}", do="apply")
    with known.sessions() as session:
        assert snapshot.current(session).words("terms", "council-tax", "meaning", "ar").text == "مال للمجلس"


def test_what_is_too_large_or_of_no_kind_is_refused(at_work: Desk, known: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("bot.upkeep.arrivals", fromlist=["LARGEST"]).LARGEST, "terms", 10)
    assert upload(at_work, "terms", "a.csv", b"x" * 11).status_code == 409 and "too large" in at_work.text
    assert upload(at_work, "songs", "a.csv", b"x").status_code == 409 and "Choose what the file is" in at_work.text
    at_work.get("/exchange")
    assert at_work.send("/exchange", kind="terms").status_code == 409 and "Choose a file" in at_work.text


def test_a_form_with_a_file_where_none_belongs_is_refused(at_work: Desk) -> None:
    at_work.get("/feeds")
    form = {**at_work.form("/feeds"), "url": "https://a.example", "hours": "24"}
    assert at_work.post("/feeds", form, files={"file": ("a", b"x")}).status_code == 400


def test_a_feed_in_a_file_is_taken_in_parts_and_what_was_kept_stays_ours(at_work: Desk, known: House) -> None:
    upload(at_work, "oruk", "../../council.json", json.dumps([record(1), record(2, name="<i>Second</i>")]).encode())
    (row,) = open_ones(known)
    assert row.name == "council.json" and "Second" in at_work.text and "<i>" not in at_work.page.text
    keys = [name.split(":")[1] for name in at_work.form(f"/exchange/{row.id}") if name.startswith("choice:")]
    at_work.send(f"/exchange/{row.id}", do="apply", **{f"choice:{keys[1]}:": "ours"})
    assert data(known, keys[0])["name"] == "Food parcels"
    with known.sessions() as session:
        assert session.scalar(select(Entry.id).where(Entry.key == keys[1])) is None
    changed = record(1, name="Food bags", email="new@example.org")
    upload(at_work, "oruk", "council.json", json.dumps(changed).encode())
    (row,) = open_ones(known)
    at_work.send(f"/exchange/{row.id}", do="apply", **{f"choice:{keys[0]}:name": "ours"})
    assert (data(known, keys[0])["name"], data(known, keys[0])["email"]) == ("Food parcels", "new@example.org")
    # it is a correction of ours now: the next file that says the same changes nothing, one that changes it is a conflict
    upload(at_work, "oruk", "council.json", json.dumps(record(1, name="Food boxes", email="newer@example.org")).encode())
    assert "both changed it" in at_work.text
    (row,) = open_ones(known)
    form = at_work.form(f"/exchange/{row.id}")
    assert (form[f"choice:{keys[0]}:name"], form[f"choice:{keys[0]}:email"]) == ("ours", "theirs")
    at_work.send(f"/exchange/{row.id}", do="drop")
    assert open_ones(known) == [] and data(known, keys[0])["email"] == "new@example.org"


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"[1", "is no JSON"),
        (b"{}", "feed.json#"),
        (json.dumps({"website": "x"}).encode(), "holds no services"),
        (json.dumps([record(1), record(1)]).encode(), "another record has this id"),
        (
            json.dumps(
                [record(n, attributes=[{"id": f"{n}", "taxonomy_term": {"id": f"t{n}", "name": f"T{n}", "parent_id": f"t{3 - n}"}}]) for n in (1, 2)]
            ).encode(),
            "stand above each other in a circle",
        ),
        (
            json.dumps([record(n, attributes=[{"id": f"{n}", "taxonomy_term": {"id": "t", "name": f"T{n}"}}]) for n in (1, 2)]).encode(),
            "have one id",
        ),
    ],
)  # fmt: skip
def test_a_feed_in_a_file_that_is_wrong_is_listed(at_work: Desk, known: House, content: bytes, says: str) -> None:
    upload(at_work, "oruk", "feed.json", content)
    assert says in at_work.text and says.split()[0] in at_work.page.text


def test_who_decided_by_what_has_changed_is_shown_it_again(
    at_work: Desk, open_desk: Callable[..., Desk], known: House, admin: Colleague
) -> None:
    rows = sheet(at_work)
    rows[0]["meaning"] = "New words."
    upload(at_work, "terms", "terms.csv", as_csv(rows).encode())
    (row,) = open_ones(known)
    with known.sessions.begin() as session:
        entry = editing.find(session, "terms", "council-tax")
        assert entry is not None
        editing.edit_text(session, entry, "en", "meaning", "Somebody else's.", "staff:9", "")
    assert at_work.send(f"/exchange/{row.id}", do="apply").status_code == 409 and "Somebody else changed" in at_work.text
    at_work.send(f"/exchange/{row.id}", do="apply")
    assert data(known, rows[0]["key"], "terms")["meaning"] == "New words."
    assert at_work.post(f"/exchange/{row.id}", at_work.form("/logout") | {"do": "apply"}).status_code in (303, 409)


def test_a_backup_is_brought_and_gone_back_to_and_undone(at_work: Desk, open_desk: Callable[..., Desk], known: House) -> None:
    with known.sessions.begin() as session:
        loading.load(session, __import__("msgspec").structs.replace(SEED, safety=[SAFETY]))
    at_work.get("/exchange/export?form=backup")
    content = at_work.page.content
    assert zipfile.is_zipfile(io.BytesIO(content)) and "attachment" in at_work.page.headers["content-disposition"]
    with known.sessions.begin() as session:
        for kind, key, field in (("safety", "police", "what"), ("terms", "council-tax", "meaning")):
            entry = editing.find(session, kind, key)
            assert entry is not None
            editing.change(session, entry, who="staff:8", why="", texts={("en", field): "Changed."}, approved_by="staff:9")
    changed = made(known)
    upload(at_work, "backup", "b.zip", content)
    (row,) = open_ones(known)
    assert "This would change safety numbers: police" in at_work.text
    form = at_work.form(f"/exchange/{row.id}")
    form.pop("keep_safety")
    assert at_work.post(f"/exchange/{row.id}", form | {"do": "restore"}).status_code == 409 and made(known) == changed
    second = open_desk().log_in(Colleague.join(known, "zoe", "admin"))
    second.get(f"/exchange/{row.id}")
    second.send(f"/exchange/{row.id}", do="restore")
    assert "as it was in the backup" in second.text
    assert data(known, "police", "safety")["what"] == "Ring." and data(known, "council-tax", "terms")["meaning"] != "Changed."
    with known.sessions() as session:
        number = session.scalars(select(Backup.id)).one()
    at_work.get("/exchange")
    at_work.send(f"/exchange/backups/{number}/back")
    (row,) = open_ones(known)
    second.get(f"/exchange/{row.id}")
    second.send(f"/exchange/{row.id}", do="restore")
    assert made(known) == changed


def test_a_file_that_is_no_backup_is_said_in_one_line(at_work: Desk, known: House) -> None:
    upload(at_work, "backup", "b.zip", b"PK nonsense")
    assert "damaged, or no backup of this program" in at_work.text and open_ones(known) == []
    with known.sessions() as session:
        assert backup.read(backup.make(session)).manifest.version == 1

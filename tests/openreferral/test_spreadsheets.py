"""Sheets go out safe, come back from any spreadsheet program, and change only what somebody changed in them."""

from __future__ import annotations

import csv
import io
import tracemalloc
from collections.abc import Collection
from pathlib import Path

import pytest
from sqlalchemy import select

from bot.errors import RefusedError
from bot.house import House
from bot.knowledge import editing, loading, snapshot, spreadsheets
from bot.knowledge.hsds import cells
from bot.knowledge.hsds.plan import Plan, ProblemsError
from bot.knowledge.models import Entry
from bot.knowledge.spreadsheets import reading
from tests.openreferral.samples import SEED
from tests.openreferral.test_importing import stored


def sheet(house: House, kind: str = "terms", *languages: str) -> str:
    with house.sessions() as session:
        return spreadsheets.export(session, kind, languages).decode("utf-8-sig")


def rows(content: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content, newline="")))


def written(table: list[dict[str, str]], delimiter: str = ",") -> str:
    content = io.StringIO()
    writer = csv.DictWriter(content, list(table[0]), delimiter=delimiter, lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(table)
    return content.getvalue()


def changed(content: str, key: str, **values: str) -> str:
    table = rows(content)
    for row in table:
        if row["key"] == key:
            row |= values
    return written(table)


def bring(
    house: House, path: Path, content: str | bytes, kind: str = "terms", take: Collection[str] = (), encoding: str = ""
) -> Plan:
    path.write_bytes(content.encode("utf-8-sig") if isinstance(content, str) else content)
    with house.sessions.begin() as session:
        return spreadsheets.apply(session, kind, path, take=take, encoding=encoding)


def problems(house: House, path: Path, content: str | bytes, kind: str = "terms", encoding: str = "") -> list[str]:
    before = stored(house)
    with pytest.raises(ProblemsError) as error:
        bring(house, path, content, kind, encoding=encoding)
    assert stored(house) == before
    return error.value.problems


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "sheet.csv"


@pytest.mark.parametrize("kind", ["terms", "services"])
def test_a_sheet_that_comes_back_as_it_went_out_changes_nothing(kind: str, known: House, path: Path) -> None:
    before = stored(known)
    plan = bring(known, path, sheet(known, kind, "ar", "so"), kind)
    assert {item.what for item in plan.items} == {"unchanged"} and len(plan.items) == 2
    assert stored(known) == before


@pytest.mark.parametrize("kind", ["terms", "services"])
def test_a_sheet_makes_the_same_entries_where_there_are_none(kind: str, known: House, path: Path) -> None:
    content = sheet(known, kind, "ar")
    with known.sessions() as session:
        before = {e.key: e.data for e in session.scalars(select(Entry).where(Entry.kind == kind))}
    with known.sessions.begin() as session:
        for entry in session.scalars(select(Entry).where(Entry.kind == kind)):
            session.delete(entry)
    assert bring(known, path, content, kind).counts["added"] == 2
    with known.sessions() as session:
        after = {e.key: e.data for e in session.scalars(select(Entry).where(Entry.kind == kind))}
    no_place: dict[str, list[str]] = {"locations": []}  # for places, a sheet has no column
    assert after == {key: data | (no_place if kind == "services" else {}) for key, data in before.items()}


def test_only_what_was_changed_in_the_sheet_changes(known: House, path: Path) -> None:
    content = changed(sheet(known, "terms", "ar"), "council-tax", meaning="A yearly tax.", **{"names.ar": "ضريبة | ضريبة البيت"})
    plan = bring(known, path, content)
    assert [(c.field, c.new) for item in plan.items for c in item.changes] == [
        ("meaning", "A yearly tax."),
        ("names.ar", "ضريبة | ضريبة البيت"),
    ]
    with known.sessions() as session:
        knowledge = snapshot.current(session)
        entry = editing.find(session, "terms", "council-tax")
        assert entry is not None
        version = editing.versions(session, entry)[0]
        assert (version.who, version.why) == ("spreadsheet", "sheet.csv")
    assert (
        knowledge.terms["council-tax"].meaning == "A yearly tax."
        and knowledge.terms["council-tax"].aliases[1] == "local tax, yearly"
    )
    assert knowledge.all_names["ar"]["council-tax"] == ["ضريبة", "ضريبة البيت"]
    with known.sessions.begin() as session:  # an admin's edit: the files do not take it back
        assert loading.load(session, SEED).changed == 0


def test_facts_hours_and_telephones_are_read_from_their_cells(known: House, path: Path) -> None:
    content = changed(
        sheet(known, "services"),
        "advice-hub",
        phones="0121 1; desk | '+44 2",
        openings="mon, tue 09:00-12:00\nsun 10:00 – 11:00",
        needs="legal, money",
        min_age="",
        checked_on="2026-11-20",
        national="yes",
        immigration_level="",
    )
    bring(known, path, content, "services")
    with known.sessions() as session:
        service = snapshot.current(session).services["advice-hub"]
    assert [(p.number, p.note) for p in service.phones] == [("0121 1", "desk"), ("'+44 2", "")]
    assert [(o.days, o.opens) for o in service.openings] == [(["mon", "tue"], "09:00"), (["sun"], "10:00")]
    assert service.needs == ["legal", "money"] and service.min_age is None and service.national
    assert service.immigration_level == 0 and service.fact.checked_on.day == 20 and service.fact.source == "https://example.org"
    assert service.locations[0].name == "The Hall"  # no column: stays


def test_a_new_row_needs_no_key(known: House, path: Path) -> None:
    row = {
        "key": "",
        "name": "Bin day",
        "domain": "council",
        "meaning": "When bins are emptied.",
        "source": "https://example.org",
    }
    row |= {"checked_on": "2026-11-01", "review_by": "2027-05-01", "volatility": "C", "sure": "V2"}
    assert [item.key for item in bring(known, path, written([row])).of("added")] == ["bin-day"]
    assert bring(known, path, written([row])).counts["unchanged"] == 1


def test_a_row_whose_entry_was_edited_since_is_a_conflict_and_stays(known: House, path: Path) -> None:
    content = changed(sheet(known), "council-tax", meaning="From the sheet.")
    with known.sessions.begin() as session:
        entry = editing.find(session, "terms", "council-tax")
        assert entry is not None
        editing.edit_text(session, entry, "en", "meaning", "From the console.", "staff:1", "")
    plan = bring(known, path, content)
    assert plan.of("conflict")[0].changes[0].old == "From the console."
    with known.sessions() as session:
        assert snapshot.current(session).terms["council-tax"].meaning == "From the console."
    without = written([{k: v for k, v in row.items() if k != "revision"} for row in rows(content)])
    assert bring(known, path, without).counts["conflict"] == 1
    assert bring(known, path, content, take=["council-tax"]).counts["changed"] == 1
    with pytest.raises(RefusedError, match="nothing to choose"):
        bring(known, path, sheet(known), take=["council-tax"])


@pytest.mark.parametrize(
    "value", ["=1+1", "+44 1", "-1", "@SUM(A1)", "\tx", "\rx", "'=1", "''@x", "＝1", " =1", "plain", "'s", ""]
)
def test_no_cell_can_run_and_every_value_comes_back(value: str) -> None:
    cell = cells.safe(value)
    assert not cell.lstrip(" ").startswith(("=", "+", "-", "@", "\t", "\r", "＝")) and cells.unsafe(cell) == value


def test_a_formula_in_the_knowledge_goes_out_as_text_and_comes_back_as_it_was(known: House, path: Path) -> None:
    formula = '=HYPERLINK("https://bad.example","x")'
    bring(known, path, changed(sheet(known), "council-tax", expansion=cells.safe(formula)))
    content = sheet(known)
    assert rows(content)[1]["expansion"] == "'" + formula
    assert bring(known, path, content).counts["unchanged"] == 2
    with known.sessions() as session:
        assert snapshot.current(session).terms["council-tax"].expansion == formula


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le-bom"])
def test_sheets_come_back_from_any_spreadsheet_program(encoding: str, delimiter: str, known: House, path: Path) -> None:
    table = rows(changed(sheet(known, "terms", "ar"), "council-tax", **{"meaning.ar": "ضريبة، كل سنة"}))
    text = written(table, delimiter)
    content = b"\xff\xfe" + text.encode("utf-16-le") if encoding == "utf-16-le-bom" else text.encode(encoding)
    assert [item.key for item in bring(known, path, content).of("changed")] == ["council-tax"]
    with known.sessions() as session:
        assert snapshot.current(session).words("terms", "council-tax", "meaning", "ar").text == "ضريبة، كل سنة"


def test_an_old_encoding_is_never_guessed(known: House, path: Path) -> None:
    assert "NUL character" in problems(known, path, sheet(known).encode("utf-16-le"))[0]
    arabic = changed(sheet(known, "terms", "ar"), "council-tax", **{"meaning.ar": "ضريبة"}).encode("cp1256")
    assert problems(known, path, arabic) == [
        "sheet.csv:3: is not utf-8: save it as UTF-8, or say what it is with --encoding (utf-16, cp1252, cp1256)"
    ]
    assert bring(known, path, arabic, encoding="cp1256").counts["changed"] == 1
    french = changed(sheet(known), "council-tax", meaning="Taxe d’habitation – payée").encode("cp1252")
    assert "is not utf-8" in problems(known, path, french)[0]
    assert bring(known, path, french, encoding="cp1252").counts["changed"] == 1
    with pytest.raises(RefusedError, match="must be one of utf-8, utf-16, cp1252, cp1256"):
        bring(known, path, sheet(known), encoding="latin-9")


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        ("", "sheet.csv:1: holds no rows"),
        ("key,name\r\n", "sheet.csv:1: holds no rows"),
        ("name\r\nx\r\n", "sheet.csv:1: the column key is missing"),
        ("key,nmae\r\na,b\r\n", "sheet.csv:1: there is no column nmae here"),
        ("key,name,name\r\na,b,c\r\n", "sheet.csv:1: the column name stands twice"),
        ('key,name\r\na,"b\r\nc', "sheet.csv:2: is no CSV: unexpected end of data"),
        ('key,name\r\na,"b"c\r\n', "sheet.csv:2: is no CSV: ',' expected after '\"'"),
        ("key,name\r\nband-d,b,c\r\n", "sheet.csv:2: has 3 cells, the header has 2"),
        ("key,name\r\nband-d\r\n", "sheet.csv:2: has 1 cells, the header has 2: one is missing"),
        ('key,name\r\nband-d,"Band\r\nD"\r\n\r\nband-d,x\r\n', "sheet.csv:5: key: band-d stands in line 2 too"),
        ("key,name\r\nband-d,\r\n", "sheet.csv:2: the name cannot be empty"),
        ("key,meaning\r\nband-d,\r\n", "sheet.csv:2: meaning: meaning cannot be empty"),
        ("key,everyday\r\nband-d,maybe\r\n", "sheet.csv:2: everyday: must be yes or no"),
        ("key,sure\r\nband-d,Q\r\n", "sheet.csv:2: this is not right: Invalid enum value 'Q' - at `$.fact.sure`"),
        ("key,review_by\r\nband-d,2020-01-01\r\n", "sheet.csv:2: the day to look again is before the day it was checked"),
        (
            "key,figure\r\nband-d,£5\r\n",
            "sheet.csv:2: figure: a figure needs a source of its own, for which a sheet has no place",
        ),
        ("key,name\r\n,\r\n ,x y\r\n", "sheet.csv:3: domain: is empty, and a new entry needs it"),
        ("key,related\r\nband-d,no-such\r\n", "sheet.csv:2: there is no term no-such"),
        ("key,aliases\r\nband-d,CT\r\n", "sheet.csv:2: 'ct' also belongs to council-tax"),
        ("key,name\r\ncouncil-tax,Band D\r\n", "sheet.csv:2: 'band d' also belongs to band-d"),
        ("key,name\r\nBand D,x\r\n", "sheet.csv:2: key: has only a-z, 0-9 and -"),
    ],
)
def test_a_broken_sheet_is_refused_with_its_line(content: str, problem: str, known: House, path: Path) -> None:
    assert problem in problems(known, path, content)


def test_all_problems_are_told_and_the_good_rows_wait(known: House, path: Path) -> None:
    content = changed(sheet(known, "services"), "advice-hub", openings="always", url="hub", immigration_level="x")
    content = changed(content, "night-line", phones="", description="Good words.")
    assert problems(known, path, content, "services") == [
        "sheet.csv:2: immigration_level: must be a whole number",
        "sheet.csv:2: openings: hours look like mon tue 09:00-17:00 | wed 10:00-12:00",
        "sheet.csv:3: there is no way to reach this service",
    ]


def test_a_file_of_20_mb_is_refused_before_it_is_read(known: House, path: Path) -> None:
    with path.open("wb") as handle:
        handle.truncate(20 * 2**20)
    tracemalloc.start()
    with known.sessions() as session, pytest.raises(RefusedError, match="larger than 16 MB"):
        spreadsheets.plan(session, "terms", path)
    assert tracemalloc.get_traced_memory()[1] < 2**20
    tracemalloc.stop()
    assert reading.LARGEST == 16 * 2**20


def test_a_cell_without_end_is_a_problem_with_its_line(known: House, path: Path) -> None:
    assert problems(known, path, f"key,meaning\r\nband-d,{'x' * 200_000}\r\n")[0].startswith(
        "sheet.csv:2: is no CSV: field larger"
    )

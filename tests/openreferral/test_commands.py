"""`useit knowledge ...` from the outside: what it prints, what it writes, how it ends."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from bot import cli
from bot.house import House
from bot.knowledge import editing, snapshot
from bot.knowledge.hsds import source, tabular
from tests.openreferral.samples import HUB, against_uk, example, record
from tests.openreferral.test_importing import KEY, stored

Run = Callable[..., tuple[int, list[str], list[str]]]


@pytest.fixture
def run(known: House, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs a command in the house of the samples: exit code, lines on stdout, lines on stderr."""
    monkeypatch.setenv("USEIT_VAR", str(known.settings.var))

    def go(*arguments: object) -> tuple[int, list[str], list[str]]:
        code = cli.main(["knowledge", *map(str, arguments)])
        out, err = capsys.readouterr()
        return code, out.splitlines(), [line for line in err.splitlines() if line != "Database ..."]

    return go


@pytest.fixture
def theirs(tmp_path: Path) -> Path:
    path = tmp_path / "theirs.json"
    path.write_text(json.dumps({"contents": [record(1), record(2)]}))
    return path


def edit(house: House, key: str) -> None:
    with house.sessions.begin() as session:
        entry = editing.find(session, "services", key)
        assert entry is not None
        editing.edit_text(session, entry, "en", "description", "Ours.", "staff:1", "")


def test_a_dry_run_prints_the_plan_and_an_import_does_it(run: Run, theirs: Path, known: House) -> None:
    before = stored(known)
    code, out, _ = run("import", theirs, "--dry-run")
    assert code == 0 and stored(known) == before
    assert out[0] == f"+ {KEY} Food parcels"
    assert out[-1].endswith("2 added, 0 changed, 0 conflict, 0 gone, 0 refused, 0 unchanged (dry run: nothing was changed)")
    assert run("import", theirs)[1][-1] == "theirs.json: 2 added, 0 changed, 0 conflict, 0 gone, 0 refused, 0 unchanged"


def test_a_conflict_is_printed_and_taken_by_its_key(run: Run, theirs: Path, known: House) -> None:
    run("import", theirs)
    edit(known, KEY)
    theirs.write_text(json.dumps([record(1, description="Theirs.")]))
    code, out, _ = run("import", theirs)
    assert code == 0 and out[0] == f"! {KEY} Food parcels [edited here: stays, unless with --take]"
    assert "    description: Ours. -> Theirs." in out
    code, _, err = run("import", theirs, "--take", "other")
    assert code == 2 and err == ["--take: nothing to choose for other"]
    assert run("import", theirs, "--take", KEY)[0] == 0
    with known.sessions() as session:
        assert snapshot.current(session).services[KEY].description == "Theirs."


def test_refused_records_end_with_2_unless_the_rest_is_wanted(run: Run, theirs: Path, known: House) -> None:
    theirs.write_text(json.dumps([record(1), record(2, status="x")]))
    code, out, err = run("import", theirs)
    assert code == 2 and out == ["x theirs.json#/1/status: Invalid enum value 'x'"] and len(err) == 1
    assert run("import", theirs, "--dry-run")[0] == 1
    code, out, _ = run("import", theirs, "--without-refused")
    assert code == 1 and "1 added" in out[-1] and "1 refused" in out[-1]


@pytest.mark.shared
@pytest.mark.parametrize("form", ["oruk", "hsds"])
def test_an_export_is_valid_and_is_read_back_as_unchanged(form: str, run: Run, theirs: Path, tmp_path: Path) -> None:
    run("import", theirs)
    assert run("export", "--to", tmp_path / "all.json", "--format", form)[1] == ["4 services"]
    written = json.loads((tmp_path / "all.json").read_text())
    assert written["total_items"] == 4 and [against_uk(one) for one in written["contents"]] == [[]] * 4
    assert run("import", tmp_path / "all.json", "--dry-run")[1][-1].startswith("all.json: 0 added, 0 changed, 0 conflict")


@pytest.mark.shared
def test_the_standards_organisation_is_imported_and_exported_with_all_it_holds(run: Run, tmp_path: Path) -> None:
    whole = example("hsds-3.0", "organization_full")
    (tmp_path / "in.json").write_text(json.dumps(whole))
    run("import", tmp_path / "in.json")
    run("export", "--to", tmp_path / "out", "--format", "oruk")
    made = json.loads((tmp_path / "out" / f"{whole['services'][0]['id']}.json").read_text())
    organization = made.pop("organization")
    assert {**organization, "services": [made]} == whole


def test_a_folder_holds_a_file_a_service_and_nothing_of_an_earlier_export(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "out"
    folder.mkdir()
    (folder / f"{record(9)['id']}.json").write_text("{}")
    (folder / "notes.txt").write_text("mine")
    assert run("export", "--to", folder)[1] == ["2 services"]
    assert sorted(path.suffix for path in folder.iterdir()) == [".json", ".json", ".txt"]
    assert len(source.read_files(folder).records) == 2


def test_tables_are_written_with_their_keys_and_a_list_of_them(run: Run, theirs: Path, tmp_path: Path) -> None:
    theirs.write_text(json.dumps([record(1, name="=cmd|'/c calc'!A1", interpretation_services="+44 1 =x")]))
    run("import", theirs)
    folder = tmp_path / "tables"
    code, out, _ = run("export", "--to", folder, "--format", "csv")
    assert code == 0 and "3 service," in out[0]

    def rows(name: str) -> list[dict[str, str]]:
        with (folder / name).open(encoding="utf-8", newline="") as handle:
            return list(csv.DictReader(handle))

    services = {row["name"]: row for row in rows("services.csv")}
    assert set(services) == {"Advice hub", "Night Line", "'=cmd|'/c calc'!A1"}  # nothing runs
    hub = services["Advice hub"]
    organizations = {row["id"]: row["name"] for row in rows("organizations.csv")}
    assert organizations[hub["organization_id"]] == "Learning Works"
    phone = next(row for row in rows("phones.csv") if row["service_id"] == hub["id"])
    assert phone["number"] == "+44 121 000 0000"  # a number is no formula, and programs read it
    at = [row for row in rows("service_at_location.csv") if row["service_id"] == hub["id"]]
    addresses = {row["location_id"]: row for row in rows("addresses.csv")}
    assert {addresses[row["location_id"]]["postal_code"] for row in at} == {"B16 8TH", "B66 1AA"}
    terms = {row["id"]: row["code"] for row in rows("taxonomy_terms.csv")}
    given = [terms[row["taxonomy_term_id"]] for row in rows("attributes.csv") if row["link_id"] == hub["id"]]
    assert given == ["housing", "legal", "free", "drop_in", "2"]
    package = json.loads((folder / "datapackage.json").read_text())
    assert {part["path"] for part in package["resources"]} | {"datapackage.json"} == {path.name for path in folder.iterdir()}
    assert all(part["name"] in tabular.TABLES for part in package["resources"])
    code, _, err = run("export", "--to", tmp_path / "x.csv", "--format", "csv")
    assert code == 2 and err == ["--to: the tables need a folder"]


def test_a_sheet_goes_out_and_comes_back(run: Run, tmp_path: Path, known: House) -> None:
    path = tmp_path / "services.csv"
    assert run("export-csv", "services", path, "--lang", "ar,so") == (0, [], [])
    assert path.read_bytes().startswith(b"\xef\xbb\xbfkey,revision,")
    path.write_text(path.read_text(encoding="utf-8-sig").replace(HUB.name, "Hub"), encoding="utf-8")
    code, out, _ = run("import-csv", "services", path, "--dry-run")
    assert code == 0 and out[:2] == ["~ advice-hub Hub", "    name: Advice hub -> Hub"]
    assert run("import-csv", "services", path)[1][-1].startswith("services.csv: 0 added, 1 changed")
    path.write_text("key,name\nadvice-hub,\n")
    code, out, err = run("import-csv", "services", path)
    assert code == 2 and out == ["x services.csv:2: the name cannot be empty"] and len(err) == 1
    code, _, err = run("export-csv", "services", path, "--lang", "xx")
    assert code == 2 and err[0].startswith("--lang: xx is none of en, ar")


def test_every_subcommand_has_its_help(capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("load", "import", "export", "export-csv", "import-csv"):
        with pytest.raises(SystemExit) as stop:
            cli.main(["knowledge", name, "--help"])
        assert stop.value.code == 0 and f"useit knowledge {name}" in capsys.readouterr().out


def test_loading_the_files_works_as_before(run: Run) -> None:
    code, out, _ = run("load")
    assert code == 0 and re.fullmatch(r"\d{4,} added, \d+ changed, 0 kept as an admin edited them", out[-1])
    assert run("load")[1] == ["0 added, 0 changed, 0 kept as an admin edited them"]

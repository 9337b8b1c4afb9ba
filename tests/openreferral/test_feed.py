"""A feed over real HTTP: paged, patient, remembered, and never half-read."""

from __future__ import annotations

import datetime as dt
import email.utils
import gzip
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bot.errors import PermanentError, TransientError
from bot.house import House
from bot.knowledge.hsds import feed, importing, remembered
from bot.knowledge.hsds.feed import Api
from bot.knowledge.hsds.plan import ProblemsError
from bot.knowledge.hsds.source import Feed
from tests.openreferral import council as local
from tests.openreferral.council import Council, Pauses
from tests.openreferral.samples import TODAY, record
from tests.openreferral.test_importing import stored


@pytest.fixture
def council() -> Iterator[Council]:
    made = Council([record(number) for number in range(1, 6)])
    with local.running(made):
        yield made


def read(council: Council, pauses: Pauses | None = None, etags: dict[str, str] | None = None) -> Feed | None:
    return Api(council.url, etags, pauses or Pauses()).read()


def services(council: Council) -> Feed:
    found = read(council)
    assert found is not None
    return found


def test_every_page_and_every_service_is_read_once(council: Council) -> None:
    found = services(council)
    assert [one.raw for one in found.records] == council.services and found.complete and found.name == council.url
    assert len([path for path in council.asked if "page=" in path]) == 3 and len(council.asked) == 8
    assert all("per_page=100" in path for path in council.asked if "page=" in path)
    assert Api(council.url + "/services/").name == council.url


def test_a_parameter_of_the_address_is_kept(council: Council) -> None:
    Api(f"{council.url}?taxonomy_id=7", None, Pauses()).read()
    assert "taxonomy_id=7" in council.asked[0] and "page=1" in council.asked[0]


@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_busy_server_is_asked_again_after_what_it_says(council: Council, status: int) -> None:
    council.before = lambda path, times: (status, {"Retry-After": "7"}, b"") if times == 1 and "page=2" in path else None
    pauses = Pauses()
    found = read(council, pauses)
    assert found is not None and len(found.records) == 5 and pauses.seconds == [7.0]


def test_a_retry_date_is_understood_and_without_one_the_waits_grow(council: Council) -> None:
    soon = email.utils.format_datetime(dt.datetime.now(dt.UTC) + dt.timedelta(seconds=20), usegmt=True)
    council.before = lambda path, times: (503, {"Retry-After": soon} if times == 1 else {}, b"") if times < 4 else None
    pauses = Pauses()
    read(council, pauses)
    assert 15 < pauses.seconds[0] <= 20
    assert 1 <= pauses.seconds[1] < pauses.seconds[2] < 4


def test_a_server_that_wants_a_long_pause_is_left_alone(council: Council) -> None:
    council.before = lambda path, times: (429, {"Retry-After": "3600"}, b"")
    pauses = Pauses()
    with pytest.raises(TransientError) as error:
        read(council, pauses)
    assert error.value.retry_after == 3600 and pauses.seconds == [] and len(council.asked) == 1


def test_a_server_that_dies_once_is_asked_again(council: Council) -> None:
    council.before = lambda path, times: ("die" if "page=2" in path else "hang") if times == 1 else None
    assert len(services(council).records) == 5


def test_a_feed_that_dies_half_way_changes_nothing(council: Council, known: House) -> None:
    before = stored(known)
    council.before = lambda path, times: "die" if path.endswith(council.services[3]["id"]) else None
    with pytest.raises(TransientError, match="try again later"):
        read(council)
    assert stored(known) == before and len(council.asked) == 3 + 3 + feed.TRIES


def test_a_feed_that_has_not_changed_is_not_read_again(council: Council, tmp_path: Path) -> None:
    first = services(council)
    remembered.keep(tmp_path, first.name, first.etags)
    council.asked.clear()
    etags = remembered.etags_of(tmp_path, first.name)
    assert read(council, etags=etags) is None
    assert len(council.asked) == 3 and all("page=" in path for path in council.asked)
    council.services[4]["name"] = "Changed"
    again = read(council, etags=etags)
    assert again is not None and again.records[4].raw["name"] == "Changed"
    assert remembered.etags_of(tmp_path, "https://other.example") == {}


def test_a_feed_without_etags_is_read_every_time(council: Council) -> None:
    council.has_etags = False
    assert services(council).etags == {}


def test_a_damaged_note_only_means_reading_again(council: Council, tmp_path: Path) -> None:
    remembered.keep(tmp_path, council.url, {"a": "b"})
    next((tmp_path / "feeds").iterdir()).write_bytes(b"{")
    assert remembered.etags_of(tmp_path, council.url) == {}


def test_counts_that_do_not_fit_take_nothing_away(council: Council) -> None:
    council.total = 9
    found = services(council)
    assert not found.complete and "says that it has 9" in found.notes[0]


def test_a_listed_service_that_is_not_there_is_noted_and_nothing_is_gone(council: Council) -> None:
    council.before = lambda path, times: (404, {}, b"") if path.endswith(council.services[0]["id"]) else None
    found = services(council)
    assert len(found.records) == 4 and not found.complete
    council.before = lambda path, times: (404, {}, b"") if "page" not in path else None
    with pytest.raises(PermanentError, match="shows none"):
        read(council)


@pytest.mark.parametrize(
    ("answer", "problem"),
    [
        ((200, {}, b"<html>"), "page 1:1: is no JSON"),
        ((200, {}, b'{\n"contents": [\n}'), "page 1:3: is no JSON"),
        ((200, {}, b'{"items": []}'), "page 1#/contents: must be a list"),
        ((200, {}, b'{"contents": [{"name": "x"}]}'), "a service has no id"),
        ((200, {"Content-Encoding": "gzip"}, b"not gzip"), "cannot be read"),
        ((401, {}, b""), "answered 401"),
        ((302, {"Location": "https://elsewhere.example/services"}, b""), "leads to another host"),
        ((302, {"Location": "/hub/services?page=1&per_page=100"}, b""), "round in a circle"),
        ((302, {"Location": "ftp://127.0.0.1/x"}, b""), "another host|begins with https"),
    ],
)
def test_an_answer_that_cannot_be_used_is_refused_with_its_place(council: Council, answer: Any, problem: str) -> None:
    council.before = lambda path, times: answer
    with pytest.raises((PermanentError, ProblemsError), match=problem):
        read(council)
    assert len(council.asked) <= feed.REDIRECTS + 1


def test_a_redirect_on_the_same_host_is_followed(council: Council) -> None:
    council.before = lambda path, times: (
        (301, {"Location": path + "&again=1"}, b"") if "again" not in path and "page" in path else None
    )
    assert len(services(council).records) == 5


def test_more_than_a_sane_answer_is_not_read(council: Council, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feed, "LARGEST_ANSWER", 100_000)
    bomb = gzip.compress(b" " * 50_000_000)
    assert len(bomb) < 100_000
    council.before = lambda path, times: (200, {"Content-Encoding": "gzip"}, bomb)
    with pytest.raises(PermanentError, match="answered more than"):
        read(council)


def test_pages_that_repeat_and_pages_without_end_are_stopped(council: Council, monkeypatch: pytest.MonkeyPatch) -> None:
    page = json.dumps({"contents": [{"id": "a"}], "total_pages": 9}).encode()
    council.before = lambda path, times: (200, {}, page)
    with pytest.raises(PermanentError, match="page 2 repeats"):
        read(council)
    monkeypatch.setattr(feed, "MOST_PAGES", 2)
    council.before = lambda path, times: None
    with pytest.raises(PermanentError, match="more than 2 pages"):
        read(council)


@pytest.mark.parametrize("address", ["http://council.example/api", "https://user:word@council.example/", "ftp://council.example"])
def test_only_https_is_asked_and_nobodys_password_sent(address: str) -> None:
    with pytest.raises(PermanentError):
        Api(address)


def test_the_whole_way_from_a_feed_into_the_knowledge_base_and_a_second_time(
    council: Council, known: House, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("USEIT_VAR", str(known.settings.var))
    from bot import cli

    assert cli.main(["knowledge", "import", council.url, "--dry-run"]) == 0
    assert "5 added" in capsys.readouterr().out
    assert cli.main(["knowledge", "import", council.url]) == 0
    capsys.readouterr()
    assert cli.main(["knowledge", "import", council.url]) == 0
    assert "has not changed" in capsys.readouterr().out
    assert cli.main(["knowledge", "import", council.url, "--again"]) == 0
    assert "5 unchanged" in capsys.readouterr().out
    council.services[0] = record(1, valid_to="x", phones=[{"id": "x"}])
    assert cli.main(["knowledge", "import", council.url]) == 2
    out, err = capsys.readouterr()
    assert f"x services/{record(1)['id']}#/phones/0/id: is not a UUID" in out.splitlines()
    assert err.splitlines()[-1].startswith("nothing was imported: ")
    with known.sessions() as session:
        assert importing.plan(session, services(council), today=TODAY).counts["unchanged"] == 4

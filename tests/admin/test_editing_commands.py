"""`useit knowledge draft|approve|publish|...` from the outside, and what is published is live in another process."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bot import cli
from bot.house import House
from bot.knowledge import loading, snapshot
from bot.settings import ROOT
from bot.staff import audit
from bot.staff.models import AuditEntry
from tests.admin.test_editing_drafts import WHOLE
from tests.staff.people import PASSWORD, Colleague

Run = Callable[..., tuple[int, str, str]]
# another process that answers from the same database, as a second worker does: one line in, what it says out
LISTENER = """
import sys
from bot.house import House
from bot.knowledge import snapshot
from bot.settings import Settings
house = House.open(Settings.read())
for line in sys.stdin:
    kind, key, field = line.split()
    with house.sessions() as session:
        print(snapshot.current(session).words(kind, key, field, "en").text, flush=True)
"""


@pytest.fixture
def known(house: House) -> House:
    with house.sessions.begin() as session:
        loading.load(session, WHOLE)
    return house


@pytest.fixture
def run(known: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs a command with places to change in a file: exit code, stdout, stderr."""
    monkeypatch.setenv("USEIT_VAR", str(known.settings.var))

    def go(*arguments: str, places: object = None) -> tuple[int, str, str]:
        if places is not None:
            (tmp_path / "places.json").write_text(json.dumps(places))
            arguments = (*arguments, "--from", str(tmp_path / "places.json"))
        code = cli.main(["knowledge", *arguments])
        return code, *capsys.readouterr()

    return go


@pytest.fixture
def other_process(known: House) -> Iterator[Callable[[str], str]]:
    environ = {**os.environ, "USEIT_VAR": str(known.settings.var)}
    command = [sys.executable, "-c", LISTENER]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environ, cwd=ROOT) as process:
        assert process.stdin and process.stdout

        def says(asked: str) -> str:
            assert process.stdin and process.stdout
            print(asked, file=process.stdin, flush=True)
            return process.stdout.readline().rstrip("\n")

        yield says
        process.stdin.close()


def test_what_one_process_publishes_the_other_says_at_the_next_message(
    run: Run, admin: Colleague, other_process: Callable[[str], str]
) -> None:
    assert other_process("terms band-5 meaning").startswith("The first level, from")  # it has read a snapshot
    code, out, _ = run("draft", "terms/band-5", "--as", admin.login, places={"meaning": "Said in both processes."})
    assert code == 0 and out == "draft 1: draft\n"
    assert other_process("terms band-5 meaning").startswith("The first level, from")
    assert run("publish", "terms/band-5", "--as", admin.login, "--why", "new")[0] == 0
    assert other_process("terms band-5 meaning") == "Said in both processes."


def test_a_safety_number_needs_a_second_account_with_its_password_and_code(
    run: Run, known: House, admin: Colleague, monkeypatch: pytest.MonkeyPatch
) -> None:
    second = Colleague.join(known, "carla", "admin")
    run("draft", "safety/line", "--as", admin.login, "--review", places={"number": "0300 111 111"})
    assert run("publish", "safety/line", "--as", admin.login)[0] == 2
    answers = iter(["wrong", second.code(), PASSWORD, second.code()])
    monkeypatch.setattr("getpass.getpass", lambda prompt: next(answers))
    approve = ("approve", "safety/line", "--as", second.login, "--draft", "1")
    assert run(*approve)[0] == 2
    second.forget_codes()
    code, out, _ = run(*approve)
    assert code == 0 and "number: 0300 [-000 000-]{+111 111+}" in out, out
    assert run("publish", "safety/line", "--as", admin.login)[0] == 0
    with known.sessions() as session:
        assert snapshot.current(session).safety["line"].number == "0300 111 111"
        verbs = [row.verb for row in session.query(AuditEntry).order_by(AuditEntry.id) if row.verb.startswith("knowledge.")]
        assert verbs == ["knowledge.draft", "knowledge.approve", "knowledge.publish"]
        assert audit.verify(session) is None


def test_who_may_not_is_refused_and_nothing_is_done(run: Run, known: House, caseworker: Colleague) -> None:
    for login in (caseworker.login, "nobody"):
        code, _, err = run("draft", "terms/band-5", "--as", login, places={"meaning": "x"})
        assert code == 2 and "--as" in err
    editor = Colleague.join(known, "elena", "editor")
    assert run("draft", "terms/band-5", "--as", editor.login, places={"meaning": "x"})[0] == 0
    assert run("publish", "terms/band-5", "--as", editor.login)[0] == 2
    assert run("draft", "terms/band-5", "--as", editor.login, places={"nonsense": "x"})[0] == 2
    assert run("draft", "terms/band-5", "--as", editor.login, places=["x"])[0] == 2


def test_versions_are_listed_shown_and_gone_back_to(run: Run, known: House, admin: Colleague) -> None:
    run("draft", "terms/band-5", "--as", admin.login, places={"meaning": "The first level."})
    run("publish", "terms/band-5", "--as", admin.login, "--why", "shorter")
    _, out, _ = run("versions", "terms/band-5")
    number = out.split("\t")[0]
    assert "shorter" in out
    assert run("diff", "terms/band-5", "--version", number)[1] == "meaning: The first level[-, from £32,073-].\n"
    assert run("restore", "terms/band-5", "--as", admin.login, "--version", number)[0] == 0
    assert run("unpublish", "terms/band-5", "--as", admin.login)[0] == 0
    with known.sessions() as session:
        assert "band-5" not in snapshot.current(session).terms
    assert run("versions", "terms/nothing")[0] == 2

"""`useit asked` and `useit model`: what the console does, for those who script."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from sqlalchemy import select

from bot import cli
from bot.house import House
from bot.knowledge import loading, unknown
from bot.knowledge.models import Unknown
from bot.staff.models import AuditEntry
from bot.training.models import Example, Run
from tests.knowledge.test_editing import SEED

Useit = Callable[..., tuple[int, str, str]]


@pytest.fixture
def useit(house: House, environ: dict[str, str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Useit:
    """Runs a command in the house: exit code, stdout, stderr."""
    for name, value in environ.items():
        monkeypatch.setenv(name, value)
    with house.sessions.begin() as session:
        loading.load(session, SEED)
        for language in ("ar", "ar", "so"):
            unknown.record(session, "word", language, "flurbozzle")

    def run(*arguments: str) -> tuple[int, str, str]:
        code = cli.main(list(arguments))
        said = capsys.readouterr()
        return code, said.out, said.err

    return run


def test_what_was_asked_is_listed_and_dealt_with(useit: Useit, house: House) -> None:
    assert useit("asked", "list") == (0, "1\tword\t3\tar:2,so:1\tflurbozzle\n", "")
    assert json.loads(useit("asked", "list", "--json")[1])["languages"] == {"ar": 2, "so": 1}
    line = ("--language", "en", "--intent", "find_help")
    code, _, said = useit("asked", "example", "1", *line, "--text", "call 07700 900123")
    assert code == 2 and "can be found" in said
    assert useit("asked", "example", "1", *line, "--text", "zorb the flurbozzle") == (0, "example:1\n", "")
    assert useit("asked", "list")[1] == "" and "flurbozzle" in useit("asked", "list", "--state", "done")[1]
    assert useit("asked", "reopen", "1")[0] == 0
    assert useit("asked", "name", "1", "--term", "band-5", "--language", "ar", "--name", "flurbozzle")[0] == 0
    assert useit("asked", "done", "99")[0] == 2
    with house.sessions() as session:
        assert [row.text for row in session.scalars(select(Example))] == ["zorb the flurbozzle"]
        assert {row.settled_as for row in session.scalars(select(Unknown))} == {"name:band-5"}
        verbs = [row.verb for row in session.scalars(select(AuditEntry).where(AuditEntry.actor == "command"))]
        assert [verb for verb in verbs if verb.startswith("asked.")] == ["asked.example", "asked.reopen", "asked.name"]


def test_models_are_listed_and_none_that_was_never_used_is_gone_back_to(useit: Useit, house: House) -> None:
    assert useit("model", "list") == (0, "* shipped\n", "")
    assert useit("model", "compare")[0] == 2
    with house.sessions.begin() as session:
        session.add(Run(id=1, state="done", who="staff:1", model="a" * 16, against="", refused=["danger_fell"]))
    for name, said in (("1", "must not be missed"), ("a" * 16, "never in use"), ("7", "no training 7"), ("shipped", "in use")):
        code, _, problem = useit("model", "use", name)
        assert code == 2 and said in problem, name


def test_a_training_that_has_failed_says_so(useit: Useit, house: House) -> None:
    with house.sessions.begin() as session:
        session.add(Run(id=1, state="failed", step="ears", percent=5, failure="killed", who="staff:1"))
    assert useit("model", "compare") == (1, "training 1: failed, ears 5 % killed\n", "")

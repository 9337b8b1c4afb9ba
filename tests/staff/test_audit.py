"""The audit: nothing of it is changed without being found, nothing is lost, and nothing is written that did not happen."""

from __future__ import annotations

import csv
import datetime as dt
import hashlib
import io
import json
import shutil
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import Engine, func, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from bot import crypto
from bot.cli import main
from bot.db import migrate
from bot.db.base import now
from bot.db.session import Sessions, connect, sessions
from bot.house import House
from bot.staff import audit, audit_log
from bot.staff.models import AuditEntry, Staff, Team


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path, empty_database: Path) -> Iterator[Engine]:
    crypto.use_key(b"k" * 32)
    if request.param == "sqlite":
        made = connect(f"sqlite:///{shutil.copy(empty_database, tmp_path / 'a.db')}")
    else:
        made = connect(request.getfixturevalue("postgresql"))
    yield made
    made.dispose()


def put(database: Engine, count: int = 3) -> Sessions:
    opened = sessions(database)
    for number in range(count):
        with opened.begin() as session:
            audit.record(session, "staff:1", "cases.read", f"handoff:H-{number}", "وقت")
    return opened


def unguarded(database: Engine, statement: str) -> None:
    """Somebody with every right on the database takes the guards off and changes something."""
    with database.begin() as connection:
        if database.dialect.name == "sqlite":
            connection.exec_driver_sql("DROP TRIGGER audit_no_update")
            connection.exec_driver_sql("DROP TRIGGER audit_no_delete")
        else:
            connection.exec_driver_sql("ALTER TABLE audit DISABLE TRIGGER ALL")
        connection.exec_driver_sql(statement)


def test_each_entry_follows_from_the_one_before_as_anybody_can_work_out(database: Engine) -> None:
    opened, before = put(database), ""
    with opened() as session:
        assert audit.verify(session) is None
        for row in session.scalars(select(AuditEntry).order_by(AuditEntry.id)):
            at = row.at.astimezone(dt.UTC).isoformat(timespec="microseconds")
            plain = f'{{"actor":"staff:1","at":"{at}","object":"{row.object}","verb":"cases.read","why":"\\u0648\\u0642\\u062a"}}'
            before = hashlib.sha256((before + plain).encode()).hexdigest()
            assert row.chain == before


@pytest.mark.parametrize(
    "statement",
    ["UPDATE audit SET why = 'x'", "UPDATE audit SET chain = ''", "DELETE FROM audit", "DELETE FROM audit WHERE id = 2"],
)
def test_the_database_itself_refuses_to_change_or_delete(database: Engine, statement: str) -> None:
    put(database)
    with pytest.raises(DBAPIError, match="append-only"), database.begin() as connection:
        connection.exec_driver_sql(statement)


def test_postgresql_refuses_to_empty_the_table(postgresql: str) -> None:
    crypto.use_key(b"k" * 32)
    database = connect(postgresql)
    put(database)
    with pytest.raises(DBAPIError, match="append-only"), database.begin() as connection:
        connection.exec_driver_sql("TRUNCATE audit")
    database.dispose()


@pytest.mark.parametrize(
    ("statement", "first"),
    [
        ("UPDATE audit SET object = 'handoff:H-9' WHERE id = 2", 2),
        ("UPDATE audit SET actor = 'staff:2' WHERE id = 3", 3),
        ("UPDATE audit SET at = '2020-01-01 00:00:00+00:00' WHERE id = 1", 1),
        ("UPDATE audit SET chain = '' WHERE id = 2", 2),
        ("DELETE FROM audit WHERE id = 1", 2),
        ("DELETE FROM audit WHERE id = 2", 3),
        (
            "INSERT INTO audit (at, actor, verb, object, why, chain) SELECT at, actor, verb, object, why, chain FROM audit WHERE id=3",
            4,
        ),
    ],
)
def test_what_was_changed_put_in_or_taken_out_is_found(database: Engine, statement: str, first: int) -> None:
    opened = put(database)
    unguarded(database, statement.replace("+00:00", "" if database.dialect.name == "sqlite" else "+00:00"))
    with opened() as session:
        assert audit.verify(session) == first


def test_many_at_once_make_one_chain(database: Engine) -> None:
    opened, barrier, failed = sessions(database), threading.Barrier(6), []

    def work(number: int) -> None:
        barrier.wait()
        for step in range(10):
            try:
                with opened.begin() as session:
                    audit.record(session, f"staff:{number}", "cases.read", f"handoff:H-{step}")
                    session.add(Team(name=f"{number}-{step}"))  # a row of its own, locked before the chain is
            except DBAPIError as error:
                failed.append(error)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with opened() as session:
        assert failed == [] and audit.verify(session) is None
        assert session.scalar(select(func.count()).select_from(AuditEntry)) == 60


def test_two_who_record_first_and_lock_later_do_not_wait_for_each_other(postgresql: str) -> None:
    """On PostgreSQL the chain's lock is the last one taken, whenever `record` was called."""
    crypto.use_key(b"k" * 32)
    database = connect(postgresql)
    opened = sessions(database)
    with opened.begin() as session:
        session.add_all([Team(name="one"), Team(name="two")])
    first_has_row, second_is_in = threading.Event(), threading.Event()
    failed: list[Exception] = []

    def first() -> None:
        try:
            with opened.begin() as session:
                session.execute(select(Team).where(Team.name == "one").with_for_update())
                first_has_row.set()
                second_is_in.wait(10)
                audit.record(session, "staff:1", "teams.change", "team:1")
        except Exception as error:
            failed.append(error)

    def second() -> None:
        try:
            with opened.begin() as session:
                first_has_row.wait(10)
                audit.record(session, "staff:2", "teams.change", "team:1")  # before it waits for the row
                second_is_in.set()
                session.execute(select(Team).where(Team.name == "one").with_for_update())
        except Exception as error:
            failed.append(error)

    threads = [threading.Thread(target=first), threading.Thread(target=second)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    with opened() as session:
        assert failed == [] and audit.verify(session) is None
        assert session.scalar(select(func.count()).select_from(AuditEntry)) == 2
    database.dispose()


def count(house: House) -> int:
    with house.sessions() as session:
        return session.scalar(select(func.count()).select_from(AuditEntry)) or 0


def test_what_is_rolled_back_is_not_recorded(house: House) -> None:
    with house.sessions() as session:
        audit.record(session, "staff:1", "cases.read", "handoff:H-1")
        session.rollback()
        session.add(Team(name="other"))
        session.commit()
        audit.record(session, "staff:1", "cases.read", "handoff:H-2")
        session.close()
        session.add(Team(name="another"))
        session.commit()
    assert count(house) == 0


def test_a_savepoint_takes_back_only_its_own_entries(house: House) -> None:
    with house.sessions.begin() as session:
        audit.record(session, "staff:1", "cases.read", "handoff:H-1")
        with pytest.raises(ZeroDivisionError), session.begin_nested():
            audit.record(session, "staff:1", "cases.claimed", "handoff:H-1")
            raise ZeroDivisionError
        with session.begin_nested():
            audit.record(session, "staff:1", "cases.answered", "handoff:H-1")
    with house.sessions() as session:
        assert list(session.scalars(select(AuditEntry.verb).order_by(AuditEntry.id))) == ["cases.read", "cases.answered"]
        assert audit.verify(session) is None


def test_an_act_that_cannot_be_recorded_does_not_happen(house: House) -> None:
    with house.database.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE audit RENAME TO gone")
    with pytest.raises(DBAPIError), house.sessions.begin() as session:
        session.add(Team(name="new"))
        audit.record(session, "staff:1", "teams.make", "team:1")
    with house.sessions() as session:
        assert session.scalar(select(func.count()).select_from(Team)) == 0


def test_entries_from_before_the_chain_get_theirs_when_the_database_is_upgraded(database: Engine) -> None:
    with database.begin() as connection:
        command.downgrade(migrate.config(connection), "0003")
    with database.begin() as connection:
        for number in range(3):
            at = now().replace(tzinfo=None) if database.dialect.name == "sqlite" else now()
            row = {"at": at, "object": f"handoff:H-{number}"}
            insert = "INSERT INTO audit (at, actor, verb, object, why) VALUES (:at, 'staff:1', 'cases.read', :object, '')"
            connection.execute(text(insert), row)
    migrate.create(database)
    opened = put(database, 1)
    with opened() as session:
        assert audit.verify(session) is None
        assert session.scalar(select(func.count()).select_from(AuditEntry)) == 4


def shown(session: Session, **wanted: object) -> list[str]:
    return [row.object for row in audit_log.page(session, audit_log.Wanted(**wanted))]  # type: ignore[arg-type]  # by name


def test_the_log_is_filtered_by_who_what_which_and_when(house: House) -> None:
    with house.sessions.begin() as session:
        audit.record(session, "staff:1", "cases.read", "handoff:H-1")
        audit.record(session, "staff:2", "cases.claimed", "handoff:H-2")
        audit.record(session, "nobody", "staff.login_refused", "staff:unknown")
    with house.sessions() as session:
        assert shown(session) == ["staff:unknown", "handoff:H-2", "handoff:H-1"]
        assert shown(session, actor="staff:2") == ["handoff:H-2"]
        assert shown(session, verb="cases.") == ["handoff:H-2", "handoff:H-1"]
        assert shown(session, verb="c_ses") == []  # no wildcard of the database is one here
        assert shown(session, object="H-1") == shown(session, object="handoff:H-1") == ["handoff:H-1"]
        hour = dt.timedelta(hours=1)
        assert shown(session, since=now() - hour, until=now() + hour, actor="nobody") == ["staff:unknown"]
        assert shown(session, since=now() + hour) == shown(session, until=now() - hour) == []


def test_the_log_comes_page_by_page(house: House) -> None:
    with house.sessions.begin() as session:
        for number in range(audit_log.PAGE + 7):
            audit.record(session, "staff:1", "cases.read", f"handoff:H-{number}")
    with house.sessions() as session:
        first = audit_log.page(session, audit_log.Wanted())
        second = audit_log.page(session, audit_log.Wanted(), before=first[-1].id)
    assert len(first) == audit_log.PAGE and [row.object for row in second][-1] == "handoff:H-0" and len(second) == 7


@pytest.mark.parametrize("begins", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", '=cmd|"/c calc"!A1'])
def test_no_cell_of_the_csv_is_a_formula(house: House, begins: str) -> None:
    with house.sessions.begin() as session:
        audit.record(session, "staff:1", "audit.read", "audit:log", begins)
        session.add(Staff(login="x", name=begins, role="admin", password_hash="", totp_secret="x", notify={}))
    with house.sessions() as session:
        written = "".join(audit_log.as_csv(audit_log.matching(session, audit_log.Wanted()), lambda actor: begins))
    rows = list(csv.reader(io.StringIO(written.removeprefix("\ufeff"))))
    assert rows[0] == list(audit_log.COLUMNS) and rows[1][2] == rows[1][5] == "'" + begins
    assert not any(cell[:1] in ("=", "+", "-", "@", "\t", "\r") for row in rows for cell in row)


def run(environ: dict[str, str], monkeypatch: pytest.MonkeyPatch, *arguments: str) -> int:
    for name, value in environ.items():
        monkeypatch.setenv(name, value)
    return main(["audit", *arguments])


def test_the_check_command_says_whether_the_audit_is_whole(
    house: House, environ: dict[str, str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    put(house.database)
    assert run(environ, monkeypatch, "check") == 0
    said = capsys.readouterr().out
    last = said.split()[-1]
    assert said.startswith("3 entries") and len(last) == 64
    put(house.database)
    assert run(environ, monkeypatch, "check", "--holds", last) == 0
    assert run(environ, monkeypatch, "check", "--holds", "0" * 64) == 1
    unguarded(house.database, "DELETE FROM audit WHERE id > 2")  # the end is cut off: no link is broken
    assert run(environ, monkeypatch, "check") == 0
    assert run(environ, monkeypatch, "check", "--holds", last) == 1
    capsys.readouterr()


def test_the_check_command_names_the_first_broken_entry(
    house: House, environ: dict[str, str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    put(house.database)
    unguarded(house.database, "UPDATE audit SET verb = 'cases.list' WHERE id = 2")
    assert run(environ, monkeypatch, "check") == 1
    assert capsys.readouterr().out.startswith("entry 2 ")


def test_the_export_can_be_checked_by_somebody_else(
    house: House, environ: dict[str, str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    put(house.database)
    out, before = tmp_path / "audit.jsonl", ""
    assert run(environ, monkeypatch, "export", "--to", str(out)) == 0
    for line in out.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        chain = row.pop("chain")
        row.pop("id")
        before = hashlib.sha256((before + json.dumps(row, sort_keys=True, separators=(",", ":"))).encode()).hexdigest()
        assert chain == before
    assert out.stat().st_mode & 0o777 == 0o600
    assert run(environ, monkeypatch, "export", "--to", str(out)) == 2  # what is there is not written over


def test_the_commands_say_in_a_line_that_there_is_no_database(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run({"USEIT_VAR": str(tmp_path / "new")}, monkeypatch, "check") == 2
    assert "the database cannot be read" in capsys.readouterr().err

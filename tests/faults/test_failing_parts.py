"""When a part fails the person gets an honest line, the message stays open, and it is answered when the part is back."""

from __future__ import annotations

import asyncio
import sqlite3
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from rasa_sdk import Action
from sqlalchemy import event, select, update
from sqlalchemy.exc import DBAPIError

from actions import all_actions
from bot.cases.models import Handoff
from bot.channels.cli import CommandLineChannel
from bot.conversation import inbox
from bot.conversation.models import Inbox, Outbox
from bot.conversation.worker import Worker
from bot.db.session import connect, sessions
from bot.house import House
from bot.i18n import t
from engine import model
from engine.agent import Engine
from engine.errors import ModelError
from tests.talking import Talk


class Broken(Action):
    """Stands where the greeting is: raises, or hangs, until it is mended."""

    how = "raises"

    def name(self) -> str:
        return "action_greet"

    async def run(self, dispatcher: Any, tracker: Any, domain: Any) -> list[dict[str, Any]]:
        if self.how == "raises":
            raise RuntimeError("the words of a person")
        if self.how == "hangs":
            await asyncio.Event().wait()
        if self.how == "works":
            dispatcher.utter_message(json_message={"text": "mended", "language": "en"})
        return []


@pytest.fixture
def broken(stocked: House, archive: Path) -> tuple[Talk, Broken]:
    action = Broken()
    others = [a for a in all_actions() if a.name() != "action_greet"]
    return Talk(stocked, Engine.load(archive, [*others, action], seconds=0.5), "someone").speaks("so"), action


@pytest.mark.parametrize("how", ["raises", "hangs", "says nothing"])
def test_a_failing_action_means_an_apology_and_an_answer_later(
    broken: tuple[Talk, Broken], how: str, caplog: pytest.LogCaptureFixture
) -> None:
    talk, action = broken
    action.how = how
    assert talk.say("hello") == t("so", "failure.sorry")
    assert "the words of a person" not in caplog.text
    action.how = "works"
    with talk.house.sessions.begin() as session:
        assert session.scalars(select(Inbox.state)).one() == "open"
        inbox.wake_all(session)
    talk.work()
    assert "mended" in talk.hear()


def test_after_the_last_attempt_a_caseworker_sees_that_somebody_waits(broken: tuple[Talk, Broken]) -> None:
    talk, _ = broken
    talk.say("hello")
    for _ in range(inbox.MAX_ATTEMPTS):
        with talk.house.sessions.begin() as session:
            session.execute(update(Inbox).values(not_before=None))
        talk.work()
    with talk.house.sessions() as session:
        assert session.scalars(select(Inbox.state)).one() == "dead"
        assert session.scalars(select(Handoff.kind)).one() == "technical"
        assert len(list(session.scalars(select(Outbox.id)))) == 1  # one apology, not six


def test_later_messages_wait_for_the_failed_one_so_that_order_is_kept(broken: tuple[Talk, Broken]) -> None:
    talk, action = broken
    talk.say("hello")
    assert talk.say("/menu") == ""
    action.how = "works"
    with talk.house.sessions.begin() as session:
        inbox.wake_all(session)
    talk.work()
    assert talk.hear().startswith("mended")


def test_a_locked_database_loses_nothing(talk: Talk) -> None:
    talk.speaks("en")
    with talk.house.sessions.begin() as session:
        inbox.receive(session, "cli", talk.address, "u1", {"text": "hello"})
    impatient = connect(talk.house.settings.database_url, busy_seconds=0.1)
    worker = Worker(replace(talk.house, sessions=sessions(impatient)), talk.worker._engine, {"cli": CommandLineChannel()})
    other = sqlite3.connect(talk.house.settings.var / "useit.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(DBAPIError):
        asyncio.run(worker.one())
    other.execute("ROLLBACK")
    other.close()
    assert asyncio.run(worker.one())
    assert talk.hear()


def test_a_read_only_database_loses_nothing(talk: Talk) -> None:
    """As when the disk is full or mounted read-only: SQLite refuses to write, nothing is answered, nothing is gone."""
    talk.speaks("en")
    with talk.house.sessions.begin() as session:
        inbox.receive(session, "cli", talk.address, "u1", {"text": "hello"})
    refusing = connect(talk.house.settings.database_url, busy_seconds=0.1)
    event.listen(refusing, "connect", lambda connection, _: connection.execute("PRAGMA query_only=ON"))
    worker = Worker(replace(talk.house, sessions=sessions(refusing)), talk.worker._engine, {"cli": CommandLineChannel()})
    with pytest.raises(DBAPIError):
        asyncio.run(worker.one())
    talk.work()
    assert talk.hear()


def test_a_full_disk_loses_nothing(talk: Talk) -> None:
    talk.speaks("en")
    with talk.house.sessions.begin() as session:
        inbox.receive(session, "cli", talk.address, "u1", {"text": "what is council tax"})
    full = connect(talk.house.settings.database_url, busy_seconds=0.1)

    def no_more_pages(connection: sqlite3.Connection, _: Any) -> None:
        pages = connection.execute("PRAGMA page_count").fetchone()[0]
        connection.execute(f"PRAGMA max_page_count={pages}")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    event.listen(full, "connect", no_more_pages)
    with sessions(full)() as session, pytest.raises(DBAPIError):
        session.connection().exec_driver_sql("CREATE TABLE filler (x)")
        session.connection().exec_driver_sql("INSERT INTO filler VALUES (zeroblob(10000000))")
    talk.work()
    assert talk.hear()


def test_a_missing_model_is_named_with_the_mend(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="useit train"):
        model.check(tmp_path / "none.tar.gz")


def test_a_corrupt_model_is_refused(archive: Path, tmp_path: Path) -> None:
    copy = tmp_path / archive.name
    copy.write_bytes(archive.read_bytes()[:-20] + b"x" * 20)
    copy.with_suffix("").with_suffix(".tar.sha256").write_bytes(archive.with_suffix(".sha256").read_bytes())
    with pytest.raises(ModelError, match="damaged"):
        model.check(copy)


def test_a_foreign_model_is_refused(archive: Path, tmp_path: Path) -> None:
    copy = tmp_path / archive.name
    copy.write_bytes(archive.read_bytes())
    with pytest.raises(ModelError, match="not ours"):
        model.check(copy)

"""Once in, in order, one at a time per chat; out at least once, and never lost. On SQLite and PostgreSQL."""

from __future__ import annotations

import datetime as dt
import shutil
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select, update

from bot import crypto
from bot.conversation import inbox, outbox
from bot.conversation.models import Inbox, Outbox
from bot.db.base import now
from bot.db.session import Sessions, connect, sessions
from bot.people.models import Chat
from bot.replies import Button, Reply


@pytest.fixture(params=["sqlite", "postgresql"])
def db(request: pytest.FixtureRequest, tmp_path: Path, empty_database: Path) -> Iterator[Sessions]:
    crypto.use_key(b"k" * 32)
    if request.param == "postgresql":
        engine = connect(request.getfixturevalue("postgresql"))
    else:
        engine = connect(f"sqlite:///{shutil.copy(empty_database, tmp_path / 'x.db')}")
    yield sessions(engine)
    engine.dispose()


def put(db: Sessions, update_id: str, address: str = "a") -> int | None:
    with db.begin() as session:
        return inbox.receive(session, "web", address, update_id, {"text": update_id})


def reply(text: str) -> Reply:
    return Reply(text=text, language="en", rows=[[Button(label="yes", payload='/inform{"value":"x"}')]])


def test_the_same_update_is_stored_once(db: Sessions) -> None:
    assert put(db, "1") is not None
    assert put(db, "1") is None


def test_the_same_update_from_eight_threads_is_stored_once(db: Sessions) -> None:
    results: list[int | None] = []
    threads = [threading.Thread(target=lambda: results.append(put(db, "same"))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len([r for r in results if r is not None]) == 1


def test_rows_come_oldest_first_and_a_waiting_one_holds_back_its_chat_only(db: Sessions) -> None:
    put(db, "1", "a"), put(db, "2", "a"), put(db, "3", "b")
    with db.begin() as session:
        first = inbox.next_open(session, ["web"])
        assert first is not None and first[0].update_id == "1"
    with db.begin() as session:
        session.execute(update(Inbox).where(Inbox.update_id == "1").values(not_before=now() + dt.timedelta(hours=1)))
    with db.begin() as session:
        found = inbox.next_open(session, ["web"])
        assert found is not None and found[0].update_id == "3"


def test_a_row_that_fails_is_tried_again_and_at_last_set_aside(db: Sessions) -> None:
    number = put(db, "1")
    assert number is not None
    for attempt in range(1, inbox.MAX_ATTEMPTS + 1):
        with db.begin() as session:
            row = inbox.postpone(session, number, "ValueError")
            assert row.attempts == attempt
    with db() as session:
        assert session.get_one(Inbox, number).state == "dead"


def test_two_workers_never_hold_the_same_chat(db: Sessions) -> None:
    put(db, "1", "a")
    put(db, "2", "b")
    with db.begin() as one:
        first = inbox.next_open(one, ["web"])
        assert first is not None
        if one.get_bind().dialect.name == "sqlite":
            return  # a second writer waits: the whole transaction is the lock
        with db.begin() as two:
            second = inbox.next_open(two, ["web"])
            assert second is not None and second[1].id != first[1].id


def test_a_tap_twice_is_known(db: Sessions) -> None:
    put(db, "1"), put(db, "2")
    with db.begin() as session:
        rows = list(session.scalars(select(Inbox).order_by(Inbox.id)))
        assert not inbox.is_double_tap(session, rows[0], "5:0")
        session.flush()
        assert inbox.is_double_tap(session, rows[1], "5:0")
        assert not inbox.is_double_tap(session, rows[1], "5:1")


def chat_with(db: Sessions, *texts: str, address: str = "a") -> int:
    with db.begin() as session:
        chat = inbox.chat_for(session, "web", address)
        outbox.enqueue(session, chat.id, [reply(text) for text in texts], origin=f"test:{address}:{texts}")
        return chat.id


def claimed(db: Sessions) -> list[str]:
    with db.begin() as session:
        return [outbox.outgoing(row).reply.text for row, _ in outbox.claim(session, ["web"])]


def test_only_the_first_unsent_message_of_a_chat_is_given_out(db: Sessions) -> None:
    chat_with(db, "one", "two")
    chat_with(db, "three", address="b")
    assert claimed(db) == ["one", "three"]
    assert claimed(db) == []
    with db.begin() as session:
        outbox.mark_sent(session, {session.scalars(select(Outbox.id).order_by(Outbox.id)).first() or 0: "m1"})
    assert claimed(db) == ["two"]


def test_a_message_left_half_sent_goes_out_again_and_says_so(db: Sessions) -> None:
    chat_with(db, "one")
    assert claimed(db) == ["one"]
    with db.begin() as session:
        session.execute(update(Outbox).values(lease_until=now() - dt.timedelta(seconds=1)))
    assert claimed(db) == ["one"]
    with db() as session:
        assert session.scalars(select(Outbox.possible_repeat)).one()


def test_retry_after_holds_back_the_whole_chat_and_no_other(db: Sessions) -> None:
    chat_with(db, "one", "two")
    assert claimed(db) == ["one"]
    with db.begin() as session:
        outbox.mark_retry(session, session.scalars(select(Outbox.id).order_by(Outbox.id)).first() or 0, "RetryAfter", 30.0)
    chat_with(db, "other", address="b")
    assert claimed(db) == ["other"]


def test_an_unreachable_chat_fails_all_that_waits_for_it(db: Sessions) -> None:
    chat = chat_with(db, "one", "two")
    claimed(db)
    with db.begin() as session:
        first = session.scalars(select(Outbox.id).order_by(Outbox.id)).first() or 0
        outbox.mark_failed(session, first, "UnreachableError", unreachable=True)
    with db() as session:
        assert set(session.scalars(select(Outbox.state))) == {"failed"}
        assert session.get_one(Chat, chat).unreachable_at is not None


def test_a_button_of_another_chat_is_nobodys(db: Sessions) -> None:
    mine, other = chat_with(db, "one"), chat_with(db, "two", address="b")
    with db() as session:
        number = session.scalars(select(Outbox.id).where(Outbox.chat_id == mine)).one()
        assert outbox.button_of(session, mine, f"{number}:0") is not None
        assert outbox.button_of(session, other, f"{number}:0") is None
        for nonsense in ("", ":", "x:0", f"{number}:9", "9" * 40 + ":0", f"{number}:-1"):
            assert outbox.button_of(session, mine, nonsense) is None


def test_the_same_answer_is_never_written_twice(db: Sessions) -> None:
    chat_with(db, "one")
    with pytest.raises(Exception, match="(?i)unique"):
        chat_with(db, "one")

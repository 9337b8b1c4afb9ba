"""What the page posts."""

from __future__ import annotations

import logging
import sqlite3

import pytest
from sqlalchemy import func, select

from bot import crypto
from bot.channels.web.channel import WebChannel
from bot.conversation.incoming import Outgoing
from bot.conversation.models import Inbox
from bot.errors import PermanentError
from bot.house import House
from bot.people.models import Chat
from bot.replies import Reply
from engine.agent import Engine
from tests.web.site import Visitor, rows_of


def chats(house: House) -> int:
    with house.sessions() as session:
        return session.scalar(select(func.count(Chat.id))) or 0


def test_a_message_is_in_the_inbox_when_the_page_is_told_so(house: House, visitor: Visitor) -> None:
    answer = visitor.post("a-1", "DBS?", language="en")
    assert answer.status_code == 202 and answer.json() == {"stored": True, "repeat": False}
    [row] = rows_of(house)
    assert row.state == "open" and WebChannel().read(row.raw).text == "DBS?"


def test_a_repeated_id_is_stored_once_and_told_to_be_stored(house: House, visitor: Visitor) -> None:
    assert visitor.post("a-1", "once").json()["repeat"] is False
    assert visitor.post("a-1", "once").json() == {"stored": True, "repeat": True}
    assert len(rows_of(house)) == 1


def test_the_same_id_from_two_people_is_two_messages(house: House, base: str) -> None:
    Visitor(base).post("start", "one")
    Visitor(base).post("start", "two")
    assert len(rows_of(house)) == 2 and chats(house) == 2


def test_the_bell_rings_after_the_commit(house: House, visitor: Visitor) -> None:
    house.inbox_bell.wait(0)
    visitor.post("a-1", "hello")
    assert house.inbox_bell._event.is_set()


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "none"},
        {"Origin": "https://elsewhere.example"},
        {"Origin": "null"},
        {"Origin": ""},
    ],
)
@pytest.mark.parametrize("path", ["/chat/messages", "/chat/open"])
def test_a_post_from_another_site_is_refused_and_gets_no_cookie(
    house: House, visitor: Visitor, path: str, headers: dict[str, str]
) -> None:
    answer = visitor.http.post(path, json={"id": "a-1", "kind": "text", "text": "x"}, headers=headers)
    assert answer.status_code == 403 and "set-cookie" not in answer.headers
    assert answer.json()["error"] and rows_of(house) == []


def test_a_browsers_own_word_counts_more_than_the_origin(visitor: Visitor) -> None:
    body = {"id": "a-1", "kind": "text", "text": "x"}
    ours = {"Sec-Fetch-Site": "same-origin", "Origin": "null"}
    assert visitor.http.post("/chat/messages", json=body, headers=ours).status_code == 202


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data"])
def test_what_a_form_of_another_site_could_send_is_refused(house: House, visitor: Visitor, kind: str) -> None:
    answer = visitor.http.post("/chat/messages", content=b'{"id":"a","kind":"text"}', headers={"Content-Type": kind})
    assert answer.status_code == 415 and rows_of(house) == []


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b"\xff\xfe",
        b"[" * 50_000,
        b'{"id":"a"}',
        b'{"id":"a","kind":"media"}',
        b'{"id":"a","kind":"text","text":7}',
        b'{"id":"","kind":"text"}',
        b'{"id":"a b","kind":"text"}',
        b'{"kind":"text","text":"no id"}',
        b'{"id":1,"kind":"text"}',
    ],
)
def test_what_is_no_message_gets_a_clear_answer_and_is_not_stored(house: House, visitor: Visitor, body: bytes) -> None:
    answer = visitor.http.post("/chat/messages", content=body, headers={"Content-Type": "application/json"})
    assert answer.status_code == 400 and "Traceback" not in answer.text and answer.json()["error"]
    assert rows_of(house) == []


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "🙂🙂",
        "\x00\x07\x1b",
        "'; DROP TABLE inbox; --",
        "<script>alert(1)</script>",
        "\u202egnp.exe",
        "٠٧٧٠٠ ٩٠٠١٢٣",
        "x" * 10_000,
        "ش" * 30_000,
    ],
)
def test_whatever_a_person_writes_is_passed_on_as_it_is(house: House, visitor: Visitor, text: str) -> None:
    assert visitor.post("a-1", text).status_code == 202
    [row] = rows_of(house)
    assert WebChannel().read(row.raw).text == text


def test_half_a_character_is_replaced_and_the_rest_kept(house: House, visitor: Visitor) -> None:
    body = b'{"id":"a-1","kind":"text","text":"hello \\ud83d and \\ud83d\\ude42"}'
    answer = visitor.http.post("/chat/messages", content=body, headers={"Content-Type": "application/json"})
    assert answer.status_code == 202
    assert WebChannel().read(rows_of(house)[0].raw).text == "hello \ufffd and 🙂"


def test_more_than_64_kb_is_refused_in_the_persons_language(house: House, base: str) -> None:
    answer = Visitor(base, "ar").post("a-1", "x" * 70_000)
    assert answer.status_code == 413 and answer.json()["language"] == "ar"
    assert "طويل" in answer.json()["error"] and rows_of(house) == []


def test_a_body_without_a_stated_length_is_cut_off_too(visitor: Visitor) -> None:
    chunks = (b'{"id":"a","kind":"text","text":"', *(b"x" * 1000 for _ in range(100)), b'"}')
    answer = visitor.http.post("/chat/messages", content=iter(chunks), headers={"Content-Type": "application/json"})
    assert answer.status_code == 413


def test_a_database_that_takes_nothing_gives_503_and_an_honest_line_and_later_202(house: House, base: str) -> None:
    visitor = Visitor(base, "ar")
    visitor.post("a-0", "before")
    path = str(house.database.url.database)
    with house.database.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE inbox RENAME TO away")
    answer = visitor.post("a-1", "kept by the page")
    assert answer.status_code == 503 and int(answer.headers["retry-after"]) > 0
    assert "رسالتك" in answer.json()["error"]
    with sqlite3.connect(path) as repair:
        repair.execute("ALTER TABLE away RENAME TO inbox")
    assert visitor.post("a-1", "kept by the page").json()["repeat"] is False
    assert len(rows_of(house)) == 2


def test_the_address_is_kept_only_encrypted_and_as_a_hash(house: House, visitor: Visitor) -> None:
    visitor.post("a-1", "something private")
    token = visitor.http.cookies["chat"]
    with house.database.connect() as connection:
        [stored] = connection.exec_driver_sql("SELECT address, address_hash FROM chats").all()
        raw = connection.exec_driver_sql("SELECT raw FROM inbox").scalar_one()
    assert len(token) == 43 and token.encode() not in bytes(stored[0]) and stored[1] == crypto.pseudonym("web", token)
    assert b"private" not in bytes(raw)


def test_neither_words_nor_the_cookie_reach_the_log(house: House, visitor: Visitor, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    visitor.post("a-1", "my secret word")
    with house.database.begin() as connection:
        connection.exec_driver_sql("DROP TABLE inbox")
    visitor.post("a-2", "my secret word")
    client = ("httpx", "httpcore")  # the test's own side
    logged = "\n".join(record.getMessage() for record in caplog.records if not record.name.startswith(client))
    assert "could not be stored" in logged
    assert "secret word" not in logged and visitor.http.cookies["chat"] not in logged


def test_the_channel_reads_text_buttons_and_commands() -> None:
    read = WebChannel().read
    assert read({"kind": "text", "text": "hi", "language": "so"}).language_hint == "so"
    assert read({"kind": "button", "button": "7:1"}).button == "7:1"
    start = read({"kind": "command", "command": "start", "argument": "gp-surgery"})
    assert (start.kind, start.command, start.argument) == ("command", "start", "gp-surgery")
    assert read({"kind": "text", "sent_at": "2026-11-01T10:00:00Z"}).sent_at is not None
    for nothing in ({}, {"kind": "photo"}, {"kind": "text", "text": None}):
        with pytest.raises(PermanentError):
            read(nothing)


async def sent() -> str:
    channel = WebChannel()
    await channel.typing("somewhere")
    return await channel.send("somewhere", Outgoing(id=7, reply=Reply(text="hi", language="en")))


def test_nothing_is_pushed(event_loop_runner) -> None:  # type: ignore[no-untyped-def]  # typed by the fixture
    assert WebChannel.pushes is False and event_loop_runner.run(sent()) == "7"


def test_a_tap_on_the_language_bar_chooses_the_language(house: House, visitor: Visitor, engine: Engine) -> None:
    from bot.conversation.understanding import understand

    visitor.post("a-1", kind="command", command="language", argument="so")
    incoming = WebChannel().read(rows_of(house)[0].raw)
    assert understand(incoming, None, "en", ("en", "so"), engine.ears).ask == '/set_language{"language":"so"}'


def test_the_inbox_row_names_the_channel(house: House, visitor: Visitor) -> None:
    visitor.post("a-1", "hello")
    with house.sessions() as session:
        assert session.scalars(select(Inbox.channel)).all() == ["web"]

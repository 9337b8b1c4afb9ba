"""What the page is told."""

from __future__ import annotations

import threading

import pytest
from sqlalchemy import select, update

from bot.channels.web import reading, stream
from bot.channels.web.routes import close
from bot.conversation import inbox, personal_data
from bot.conversation.models import Inbox, Outbox
from bot.db.base import now
from bot.house import House
from bot.people.models import Chat
from tests.web import site
from tests.web.site import Echo, Events, Visitor, until


def the_chat(house: House) -> Chat:
    with house.sessions() as session:
        return session.scalars(select(Chat)).one()


def whole(events: Events) -> list[dict[str, object]]:
    """The conversation that a new page is given."""
    lines = []
    events.next("begin")
    while (event := events.next("message", "ready"))["event"] == "message":
        lines.append(event)
    return lines


def test_an_answer_arrives_with_its_words_direction_and_buttons(answered: Echo, visitor: Visitor) -> None:
    visitor.post("a-1", "hello")
    with visitor.events() as events:
        line = events.next("message")
        while line["sender"] == "person":
            line = events.next("message")
    assert (line["text"], line["language"], line["dir"], line["sender"]) == ("You said: hello", "en", "ltr", "bot")
    assert [[tap["label"] for tap in row] for row in line["rows"]] == [["Yes", "No"]]
    assert [tap["token"].partition(":")[2] for tap in line["rows"][0]] == ["0", "1"]


def test_a_button_with_an_address_is_given_as_a_link(house: House, visitor: Visitor) -> None:
    from bot.conversation import outbox
    from bot.replies import Button, Reply

    visitor.post("a-1", "hello")
    rows = [[Button(label="Yes", payload="/affirm")], [Button(label="GMC", url="https://www.gmc-uk.org/")]]
    with house.sessions.begin() as session:
        outbox.enqueue(session, the_chat(house).id, [Reply(text="x", language="ar", rows=rows)], origin="t")
    with visitor.events() as events:
        line = whole(events)[-1]
    assert line["dir"] == "rtl" and line["rows"][1] == [{"label": "GMC", "url": "https://www.gmc-uk.org/"}]


def test_what_comes_later_arrives_on_the_open_stream_without_waiting(house: House, visitor: Visitor) -> None:
    visitor.post("a-1", "hello")
    with visitor.events() as events:
        whole(events)
        started = now()
        site.say(house, the_chat(house).id, "I am Ayan.", sender="staff")
        line = events.next("message")
    assert line["sender"] == "staff" and (now() - started).total_seconds() < 1
    with house.sessions() as session:
        assert session.scalars(select(Outbox.state)).all() == ["sent"]


@pytest.mark.parametrize("by_header", [True, False])
def test_a_page_that_was_away_gets_what_it_missed_and_nothing_twice(house: House, visitor: Visitor, by_header: bool) -> None:
    visitor.post("a-1", "hello")
    chat = the_chat(house).id
    site.say(house, chat, "one")
    with visitor.events() as events:
        assert [line["text"] for line in whole(events)] == ["hello", "one"]
        place = events.place
    for text in ("two", "three"):
        site.say(house, chat, text)
    with visitor.events(**({"last_event_id": place} if by_header else {"after": place})) as events:
        assert [events.next("message")["text"] for _ in range(2)] == ["two", "three"]
        assert events.next("state")["event"] == "state"


def test_a_connection_lost_between_two_lines_loses_neither(house: House, visitor: Visitor) -> None:
    visitor.post("a-1", "hello")
    chat = the_chat(house).id
    with visitor.events() as events:
        whole(events)
        place = events.place
    for text in ("two", "three"):
        site.say(house, chat, text)
    with visitor.events(after=place) as events:
        assert events.next("message")["text"] == "two"
        place = events.place
    with visitor.events(after=place) as events:
        assert events.next("message")["text"] == "three"


def test_a_page_loaded_anew_shows_both_sides_and_what_was_tapped(house: House, answered: Echo, visitor: Visitor) -> None:
    visitor.post("a-1", "hello")
    token = until(lambda: _first_token(house))
    visitor.post("a-2", kind="button", button=token)
    until(lambda: not _open(house))
    with visitor.events() as events:
        lines = whole(events)
    assert [(line["sender"], line["text"]) for line in lines] == [
        ("person", "hello"),
        ("bot", "You said: hello"),
        ("person", "Yes"),
        ("bot", "You said: tapped 0"),
    ]
    assert lines[2]["chose"] == token and not any(line["pending"] for line in lines)


def test_a_message_that_nobody_has_answered_yet_is_shown_as_waiting(house: House, visitor: Visitor) -> None:
    visitor.post("a-1", "are you there?")
    visitor.post("a-2", kind="command", command="menu")
    with visitor.events() as events:
        [line] = whole(events)
        state = events.next("state")
    assert (line["text"], line["pending"], line["sender"]) == ("are you there?", True, "person")
    assert state["answering"] == "working"


def test_a_failed_attempt_is_told_as_late(house: House, visitor: Visitor) -> None:
    visitor.post("a-1", "hello")
    with house.sessions.begin() as session:
        inbox.postpone(session, session.scalars(select(Inbox.id)).one(), "EngineError")
    with visitor.events() as events:
        assert events.next("state")["answering"] == "late"


def test_a_caseworker_who_answers_and_the_chosen_language_are_told(house: House, visitor: Visitor) -> None:
    visitor.post("a-1", "hello")
    with visitor.events() as events:
        assert events.next("state")["language"] == ""
        with house.sessions.begin() as session:
            chat = session.scalars(select(Chat)).one()
            chat.held_by_handoff = 1
            chat.person.language, chat.person.language_confirmed = "so", True
        house.outbox_bell.ring()
        state = events.next("state")
        while state["language"] != "so":
            state = events.next("state")
    assert state["held"] is True


def test_a_new_page_is_told_that_there_is_nothing_and_then_hears_the_first_answer_once(
    house: House, answered: Echo, visitor: Visitor
) -> None:
    visitor.open()
    with visitor.events() as events:
        assert events.next("ready")["empty"] is True
        visitor.post("start", kind="command", command="start")
        assert events.next("message")["text"] == "You said: start"
        place = events.place
    site.say(house, the_chat(house).id, "next")
    with visitor.events(after=place) as events:
        assert events.next("message", "begin")["text"] == "next"


def test_everything_deleted_clears_the_page_though_ids_are_used_again(house: House, visitor: Visitor) -> None:
    visitor.post("a-1", "hello")
    chat = the_chat(house).id
    for text in ("one", "two", "three"):
        site.say(house, chat, text)
    with visitor.events() as events:
        whole(events)
        with house.sessions.begin() as session:
            session.execute(update(Inbox).values(state="done"))
            personal_data.forget(session, session.scalars(select(Chat)).one().person)
        site.say(house, chat, "All of it is deleted.")
        assert [line["text"] for line in whole(events)] == ["All of it is deleted."]


def test_one_chat_never_hears_another(house: House, base: str) -> None:
    one, two = Visitor(base), Visitor(base)
    one.post("a-1", "mine")
    chat = the_chat(house).id
    two.post("a-1", "theirs")
    site.say(house, chat, "for one")
    with two.events() as events:
        assert [line["text"] for line in whole(events)] == ["theirs"]


def test_no_cookie_gets_no_stream_and_no_cookie(house: House, visitor: Visitor) -> None:
    answer = visitor.http.get("/chat/events")
    assert answer.status_code == 204 and "set-cookie" not in answer.headers


def test_silence_is_broken_by_a_comment(visitor: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    assert stream.HEARTBEAT == 15
    monkeypatch.setattr(stream, "HEARTBEAT", 0.05)
    visitor.open()
    with visitor.events() as events:
        events.next("state")
        assert events.comment() == "still here"


def test_a_stream_that_the_person_left_ends(visitor: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    ended = threading.Event()
    real = stream.Streams._events

    async def watched(self, token, place):  # type: ignore[no-untyped-def]  # typed by the fixture
        try:
            async for event in real(self, token, place):
                yield event
        finally:
            ended.set()

    monkeypatch.setattr(stream.Streams, "_events", watched)
    visitor.open()
    with visitor.events() as events:
        events.next("state")
    assert ended.wait(5)


def test_a_server_that_stops_is_not_held_up_by_open_pages(house: House, caplog: pytest.LogCaptureFixture) -> None:
    with site.served(house) as base:
        visitor = Visitor(base)
        visitor.open()
        with visitor.events() as events:
            events.next("state")
            close()
            with pytest.raises(AssertionError, match="the stream has ended"):
                events.next("message")
    assert "Traceback" not in caplog.text


def test_a_database_that_is_away_for_a_moment_does_not_end_the_stream(house: House, visitor: Visitor) -> None:
    visitor.post("a-1", "hello")
    chat = the_chat(house).id
    with visitor.events() as events:
        whole(events)
        with house.database.begin() as connection:
            connection.exec_driver_sql("ALTER TABLE chats RENAME TO away")
        house.outbox_bell.ring()
        with house.database.begin() as connection:
            connection.exec_driver_sql("ALTER TABLE away RENAME TO chats")
        site.say(house, chat, "back again")
        assert events.next("message")["text"] == "back again"


def test_a_reply_committed_late_with_a_lower_id_is_given_all_the_same(house: House, visitor: Visitor) -> None:
    """PostgreSQL gives ids before it commits: a queued row below the place that was reached is still new."""
    visitor.post("a-1", "hello")
    chat = the_chat(house).id
    site.say(house, chat, "low")
    site.say(house, chat, "high")
    token = visitor.http.cookies["chat"]
    reached = reading.look(house.sessions, token, reading.Place()).place
    with house.sessions.begin() as session:
        session.execute(update(Outbox).where(Outbox.id == 1).values(state="queued"))
    again = reading.look(house.sessions, token, reached)
    assert [line.text for line in again.lines] == ["low"] and again.place == reached
    assert reading.look(house.sessions, token, reached).lines == []


def test_looking_takes_no_write_lock(house: House, visitor: Visitor) -> None:
    visitor.post("a-1", "hello")
    token = visitor.http.cookies["chat"]
    with house.database.begin():  # a writer holds the database
        assert reading.look(house.sessions, token, reading.Place()).fresh


@pytest.mark.parametrize("text", ["", ".", "x", "a.b", "new.-1", "new.9999999999999999999", "%00.1", "a.1.2"])
def test_a_place_that_cannot_be_read_is_the_beginning(text: str) -> None:
    assert reading.Place.parse(text) == reading.Place()


def _first_token(house: House) -> str:
    with house.sessions() as session:
        row = session.scalar(select(Outbox).order_by(Outbox.id))
        return f"{row.id}:0" if row else ""


def _open(house: House) -> bool:
    with house.sessions() as session:
        return session.scalar(select(Inbox.id).where(Inbox.state == "open")) is not None

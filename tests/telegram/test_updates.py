"""The door: kept first, acknowledged afterwards."""

from __future__ import annotations

import asyncio
import logging
from typing import Any

import pytest
from sqlalchemy.exc import DBAPIError

from bot import i18n
from bot.channels.telegram.updates import accept
from bot.conversation import inbox
from bot.house import House
from tests.telegram import peer as other
from tests.telegram.events import PERSON, chats, in_group, locked, membership, message, rows, tap
from tests.telegram.peer import Peer
from tests.telegram.running import run


def update(kind: str, event: dict[str, Any], number: int = 1) -> dict[str, Any]:
    return {"update_id": number, kind: event}


def take(house: House, *updates: dict[str, Any]) -> list[bool]:
    async def all_of_them() -> list[bool]:
        return [await accept(house, one) for one in updates]

    return run(house.settings, all_of_them)


def test_a_private_message_is_kept_as_it_came(house: House) -> None:
    came = update("message", message("what is DBS"))
    assert take(house, came) == [True]
    [row] = rows(house)
    assert (row.channel, row.update_id, row.state, row.raw) == ("telegram", "1", "open", came)
    assert [chat.address for chat in chats(house)] == [str(PERSON)]


def test_the_same_update_again_is_kept_once(house: House) -> None:
    came = update("message", message("what is DBS"))
    assert take(house, came, came) == [True, False]
    assert len(rows(house)) == 1


def test_whoever_answers_is_woken(house: House) -> None:
    async def heard() -> bool:
        listening = asyncio.create_task(house.inbox_bell.heard(30))
        await asyncio.sleep(0)
        await accept(house, update("message", message("hi")))
        await asyncio.wait_for(listening, 5)
        return True

    assert run(house.settings, heard)


@pytest.mark.parametrize("language", ["en", "ar", "so", "xx"])
def test_a_group_gets_one_polite_line_once_and_nothing_is_kept(house: House, peer: Peer, language: str) -> None:
    said = [update("message", in_group("hello all", language=language), n) for n in range(3)]
    assert take(house, *said) == [False, False, False]
    spoken = language if language != "xx" else "en"
    assert peer.texts == [i18n.t(spoken, "telegram.private_only")]
    assert peer.called("sendMessage")[0]["chat_id"] == -100_777
    assert (rows(house), chats(house)) == ([], [])


def test_being_added_to_a_group_is_answered_so_and_being_thrown_out_is_not(house: House, peer: Peer) -> None:
    out = update("my_chat_member", membership("left", chat=-5, kind="group"), 1)
    added = update("my_chat_member", membership("member", chat=-6, kind="group"), 2)
    assert take(house, out, added) == [False, False]
    assert [fields["chat_id"] for fields in peer.called("sendMessage")] == [-6]


def test_a_group_that_refuses_the_line_harms_nothing(house: House, peer: Peer) -> None:
    peer.fail("sendMessage", other.blocked())
    assert take(house, update("message", in_group())) == [False]


def test_a_tap_is_acknowledged_after_it_is_kept(house: House, peer: Peer) -> None:
    assert take(house, update("callback_query", tap("3:0", query="q77"))) == [True]
    assert peer.called("answerCallbackQuery") == [{"callback_query_id": "q77"}]
    assert rows(house)[0].raw["callback_query"]["data"] == "3:0"


def test_a_tap_that_is_not_kept_is_not_acknowledged(house: House, peer: Peer) -> None:
    with locked(house), pytest.raises(DBAPIError):
        take(house, update("callback_query", tap("3:0")))
    assert peer.called("answerCallbackQuery") == []


def test_a_tap_too_old_to_be_acknowledged_is_answered_all_the_same(house: House, peer: Peer) -> None:
    peer.fail("answerCallbackQuery", other.refused("query is too old and response timeout expired"))
    assert take(house, update("callback_query", tap("3:0"))) == [True]


def test_a_tap_under_a_message_that_telegram_does_not_tell_is_kept(house: House) -> None:
    event = tap("3:0")
    del event["message"]
    assert take(house, update("callback_query", event)) == [True]
    assert chats(house)[0].address == str(PERSON)


def test_blocking_the_bot_is_kept_for_the_conversation_to_note(house: House) -> None:
    assert take(house, update("my_chat_member", membership("kicked"))) == [True]


def test_a_migrated_chat_has_its_new_address(house: House) -> None:
    with house.sessions.begin() as session:
        inbox.chat_for(session, "telegram", "-42")
    moved = in_group(chat=-42, migrate_to_chat_id=-100_42)
    assert take(house, update("message", moved)) == [False]
    [chat] = chats(house)
    assert chat.address == "-10042"
    with house.sessions() as session:
        assert inbox.chat_for(session, "telegram", "-10042").id == chat.id


def test_a_migrated_group_does_not_read_the_polite_line_again(house: House, peer: Peer) -> None:
    first, moved = in_group(chat=-42), in_group(chat=-42, migrate_to_chat_id=-100_42)
    take(house, *(update("message", event, n) for n, event in enumerate([first, moved, in_group(chat=-100_42)])))
    assert len(peer.texts) == 1


@pytest.mark.parametrize("text", ["\ud800 half", "ok \x00 null", "‮ turned", "😀" * 5000])
def test_texts_that_are_hard_to_store_are_kept(house: House, text: str) -> None:
    assert take(house, update("message", message(text))) == [True]
    kept = rows(house)[0].raw["message"]["text"]
    assert kept == text.replace("\ud800", "?")


def test_giant_numbers_are_kept(house: House) -> None:
    assert take(house, update("message", message("x", odd=10**40))) == [True]
    assert rows(house)[0].raw["message"]["odd"] == 10**40


@pytest.mark.parametrize(
    "poison",
    [
        {},
        {"update_id": 1},
        {"update_id": "1", "message": message("x")},
        {"update_id": True, "message": message("x")},
        {"update_id": 1, "message": "words"},
        {"update_id": 1, "message": {"text": "no chat, words"}},
        {"update_id": 1, "message": {"chat": {"id": None, "type": "private"}, "text": "words"}},
        {"update_id": 1, "poll_answer": {"words": 1}},
        {"update_id": 1, "callback_query": {"id": "1", "message": {"words": 1}}},
    ],
)
def test_what_is_no_update_of_ours_is_counted_without_its_content(
    house: House, caplog: pytest.LogCaptureFixture, poison: dict[str, Any]
) -> None:
    with caplog.at_level(logging.DEBUG):
        assert take(house, poison) == [False]
    assert rows(house) == []
    assert "set aside" in caplog.text
    assert "words" not in caplog.text


def test_when_the_database_does_not_take_it_the_person_hears_an_honest_line_once_a_minute(house: House, peer: Peer) -> None:
    async def thrice() -> None:
        for number in range(3):
            with pytest.raises(DBAPIError):
                await accept(house, update("message", message("help", language="ar"), number))
        with pytest.raises(DBAPIError):
            await accept(house, update("message", message("help", chat=PERSON + 1, language="so"), 9))

    with locked(house):
        run(house.settings, thrice)
    sent = [(fields["chat_id"], fields["text"]) for fields in peer.called("sendMessage")]
    assert sorted(sent) == [(PERSON, i18n.t("ar", "telegram.trouble")), (PERSON + 1, i18n.t("so", "telegram.trouble"))]

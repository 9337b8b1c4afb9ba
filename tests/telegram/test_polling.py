"""Fetching updates: nothing is confirmed before it is kept."""

from __future__ import annotations

import asyncio
import logging

import pytest

from bot import i18n
from bot.channels.telegram import polling
from bot.house import House
from tests.telegram import peer as other
from tests.telegram.events import PERSON, locked, message, rows, tap
from tests.telegram.peer import Peer
from tests.telegram.running import happens, polled, run


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(polling, "BACKOFF_SECONDS", (0.02, 0.05))


def test_updates_are_kept_as_telegram_wrote_them_and_then_confirmed(house: House, peer: Peer) -> None:
    async def work() -> None:
        async with polled(house):
            sent = [peer.queue("message", message(f"text {n}", entities=[])) for n in range(3)]
            sent.append(peer.queue("callback_query", tap("1:0")))
            await happens(lambda: len(rows(house)) == 4 and not peer.waiting)
            kept = [row.raw for row in rows(house)]
            assert [row["message"]["text"] for row in kept[:3]] == ["text 0", "text 1", "text 2"]
            for was, now in zip(sent, kept, strict=True):
                assert now["update_id"] == was["update_id"]
                inner = "message" if "message" in was else "callback_query"
                assert now[inner]["from"] == was[inner]["from"]
            assert kept[0]["message"]["date"] == 1_790_000_000
            assert kept[3]["callback_query"]["data"] == "1:0"

    run(house.settings, work)


def test_only_the_kinds_that_we_answer_are_asked_for_and_nothing_is_dropped(house: House, peer: Peer) -> None:
    async def work() -> None:
        peer.queue("message", message("written while the bot was away"))
        async with polled(house):
            await happens(lambda: rows(house))

    run(house.settings, work)
    first = peer.called("getUpdates")[0]
    assert first["allowed_updates"] == ["message", "edited_message", "callback_query", "my_chat_member"]
    assert "offset" not in first
    assert first["timeout"] > 0


def test_the_offset_moves_only_after_the_commit(house: House, peer: Peer) -> None:
    async def work() -> None:
        with locked(house):
            async with polled(house):
                one, two = (peer.queue("message", message(text))["update_id"] for text in ("first", "second"))
                await happens(lambda: len(peer.called("getUpdates")) > 3)
                assert peer.waiting == [one, two]
        assert rows(house) == []
        assert all(not fields.get("offset") for fields in peer.called("getUpdates"))
        async with polled(house):
            await happens(lambda: len(rows(house)) == 2 and not peer.waiting)
        assert [row.raw["message"]["text"] for row in rows(house)] == ["first", "second"]

    run(house.settings, work)


def test_while_the_database_is_away_the_person_hears_so_at_most_once_a_minute(house: House, peer: Peer) -> None:
    async def work() -> None:
        with locked(house):
            async with polled(house):
                peer.queue("message", message("help", language="so"))
                await happens(lambda: len(peer.called("getUpdates")) > 4)

    run(house.settings, work)
    assert [(f["chat_id"], f["text"]) for f in peer.called("sendMessage")] == [(PERSON, i18n.t("so", "telegram.trouble"))]


def test_network_failures_are_outlived(house: House, peer: Peer, caplog: pytest.LogCaptureFixture) -> None:
    peer.fail("getUpdates", other.DROP, other.Failure(502, "Bad Gateway"), other.Failure(200, body="no json secret words"))

    async def work() -> None:
        async with polled(house):
            peer.queue("message", message("still here"))
            await happens(lambda: len(rows(house)) == 1)

    with caplog.at_level(logging.DEBUG):
        run(house.settings, work)
    assert "updates are not taken now" in caplog.text
    assert "secret words" not in caplog.text


def test_waiting_grows_with_each_failure_and_obeys_flood_control() -> None:
    from telegram.error import InvalidToken, NetworkError, RetryAfter

    waits = [polling._after(NetworkError("x"), n) for n in range(4)]
    assert waits == [0.02, 0.05, 0.05, 0.05]
    assert polling._after(RetryAfter(7), 0) == 7.0
    assert polling._after(InvalidToken(), 0) == polling.BACKOFF_SECONDS[-1]


def test_a_wrong_token_is_said_with_the_name_of_its_setting(house: House, peer: Peer, caplog: pytest.LogCaptureFixture) -> None:
    peer.fail("getUpdates", other.Failure(401, "Unauthorized"))

    async def work() -> None:
        async with polled(house):
            await happens(lambda: len(peer.called("getUpdates")) > 1)

    run(house.settings, work)
    assert "USEIT_TELEGRAM_TOKEN" in caplog.text


def test_an_update_that_the_library_cannot_read_does_not_hold_up_the_others(house: House, peer: Peer) -> None:
    odd = {"id": "1", "from": {"id": PERSON}, "data": "5:0", "message": message("x")}  # a user without a name

    async def work() -> None:
        async with polled(house):
            peer.queue("callback_query", odd)
            peer.queue("message", message("after it"))
            await happens(lambda: len(rows(house)) == 2 and not peer.waiting)

    run(house.settings, work)
    assert rows(house)[1].raw["message"]["text"] == "after it"


def test_an_update_that_is_none_of_ours_is_passed_over(house: House, peer: Peer) -> None:
    async def work() -> None:
        async with polled(house):
            peer.queue("poll_answer", {"poll_id": "1", "option_ids": [], "option_persistent_ids": []})
            peer.queue("message", message("after it"))
            await happens(lambda: len(rows(house)) == 1 and not peer.waiting)

    run(house.settings, work)


def test_it_stops_at_once_in_the_middle_of_a_long_wait(house: House, peer: Peer) -> None:
    async def work() -> float:
        loop = asyncio.get_running_loop()
        async with polled(house):
            await happens(lambda: peer.called("getUpdates"))
            began = loop.time()
        return loop.time() - began

    assert run(house.settings, work) < 2


def test_what_was_kept_but_not_confirmed_is_not_answered_twice_after_a_restart(house: House, peer: Peer) -> None:
    async def work() -> None:
        same = message("once")
        peer.queue("message", same, update_id=900)
        async with polled(house):
            await happens(lambda: len(rows(house)) == 1 and not peer.waiting)
        peer.queue("message", same, update_id=900)  # as Telegram brings it when we died before confirming
        async with polled(house):
            await happens(lambda: not peer.waiting)
        assert len(rows(house)) == 1

    run(house.settings, work)


def test_ids_that_begin_anew_after_a_quiet_week_are_still_fetched(
    house: House, peer: Peer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(polling, "HOLD_SECONDS", 1)

    async def work() -> None:
        async with polled(house):
            peer.queue("message", message("old"), update_id=900_000)
            await happens(lambda: any(f.get("offset") == 900_001 for f in peer.called("getUpdates")))
            await happens(lambda: peer.called("getUpdates")[-1].get("offset") is None)
            peer.queue("message", message("new"), update_id=5)
            await happens(lambda: len(rows(house)) == 2)

    run(house.settings, work)

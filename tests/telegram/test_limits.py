"""Telegram's speed limits."""

from __future__ import annotations

import asyncio
import time

from bot.channels.telegram.limits import CHAT_BURST, CHAT_RATE, OVERALL_BURST, OVERALL_RATE, Bucket, Pace


def test_a_chat_gets_three_at_once_and_then_one_a_second() -> None:
    bucket = Bucket(CHAT_RATE, CHAT_BURST)
    assert [bucket.reserve(100.0) for _ in range(6)] == [0, 0, 0, 1, 2, 3]


def test_a_quiet_chat_gets_its_burst_back() -> None:
    bucket = Bucket(CHAT_RATE, CHAT_BURST)
    assert [bucket.reserve(100.0) for _ in range(3)] == [0, 0, 0]
    assert [bucket.reserve(110.0) for _ in range(4)] == [0, 0, 0, 1]


def test_all_chats_together_get_thirty_a_second() -> None:
    bucket = Bucket(OVERALL_RATE, OVERALL_BURST)
    waits = [bucket.reserve(5.0) for _ in range(61)]
    assert abs(waits[30] - 1.0) < 1e-6
    assert abs(waits[60] - 2.0) < 1e-6


def test_waiting_costs_no_turns_of_the_loop_and_one_chat_does_not_hold_up_another() -> None:
    async def four_to_one_and_one_to_another() -> tuple[float, float, int]:
        pace, began, turns = Pace(), time.monotonic(), 0
        for _ in range(3):
            await pace.wait("1")

        async def fourth() -> float:
            await pace.wait("1")
            return time.monotonic() - began

        waiting = asyncio.create_task(fourth())
        await pace.wait("2")
        other = time.monotonic() - began
        loop = asyncio.get_running_loop()
        run_once = loop._run_once  # type: ignore[attr-defined]  # a CursorResult or a private name

        def counted() -> None:
            nonlocal turns
            turns += 1
            run_once()

        loop._run_once = counted  # type: ignore[attr-defined]  # a CursorResult or a private name
        return await waiting, other, turns

    fourth, other, turns = asyncio.run(four_to_one_and_one_to_another())
    assert fourth >= 0.95
    assert other < 0.8
    assert turns < 20

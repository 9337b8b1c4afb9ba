"""Papers drawn beside everything else: the event loop goes on, one is drawn at a time, and not too many wait."""

from __future__ import annotations

import asyncio

import pytest

from bot.errors import PermanentError, TransientError
from bot.papers import drawing, rendering
from tests.papers.seeing import paper, text


def test_the_event_loop_goes_on_while_a_paper_is_drawn() -> None:
    async def both() -> tuple[bytes, int]:
        turns = 0
        drawn = asyncio.ensure_future(drawing.draw(paper(text("مرحبا DBS 12 " * 400, "ar"), form="png")))
        while not drawn.done():
            await asyncio.sleep(0)
            turns += 1
        return await drawn, turns

    body, turns = asyncio.run(both())
    assert body.startswith(b"\x89PNG") and turns > 10  # a loop that waits for the drawing turns twice


def test_one_paper_is_drawn_at_a_time_also_when_threads_ask_for_more(monkeypatch: pytest.MonkeyPatch) -> None:
    now, most = [0], [0]
    real = rendering._pdf

    def counted(*arguments: object) -> bytes:
        now[0] += 1
        most[0] = max(most[0], now[0])
        try:
            return real(*arguments)  # type: ignore[arg-type]  # passed on as they came
        finally:
            now[0] -= 1

    monkeypatch.setattr(rendering, "_pdf", counted)

    async def many() -> None:
        made = paper(text("word " * 200))
        await asyncio.gather(
            *(drawing.draw(made) for _ in range(4)), *(asyncio.to_thread(rendering.render, made) for _ in range(4))
        )

    asyncio.run(many())
    assert most == [1]


def test_who_comes_when_too_many_wait_is_asked_to_come_again_and_then_served() -> None:
    async def crowd() -> list[object]:
        made = paper(text("x"))
        found = await asyncio.gather(*(drawing.draw(made) for _ in range(drawing.MOST_WAITING + 3)), return_exceptions=True)
        return [*found, await drawing.draw(made)]

    found = asyncio.run(crowd())
    refused = [one for one in found if isinstance(one, TransientError)]
    assert len(refused) == 3 and refused[0].retry_after == drawing.AGAIN_SECONDS
    assert sum(isinstance(one, bytes) for one in found) == drawing.MOST_WAITING + 1


def test_a_paper_that_cannot_be_drawn_says_so_and_the_next_one_is_drawn() -> None:
    async def two() -> bytes:
        with pytest.raises(PermanentError):
            await drawing.draw(paper(text("a" * (rendering.LARGEST + 1))))
        return await drawing.draw(paper(text("x")))

    assert asyncio.run(two()).startswith(b"%PDF")

"""Updates that Telegram brings, over real HTTP."""

from __future__ import annotations

import asyncio
import json
import logging
import socket
import threading
from collections.abc import Iterator

import httpx
import pytest
import uvicorn
from starlette.applications import Starlette

from bot import i18n
from bot.channels.telegram import client, webhook
from bot.errors import SettingsError
from bot.house import House
from bot.settings import Settings
from tests.telegram.events import in_group, locked, message, rows, tap
from tests.telegram.peer import Peer, until

SECRET = "a-secret_of-at-least-32-characters-0123456789"
HEADER = "X-Telegram-Bot-Api-Secret-Token"


@pytest.fixture
def environ(environ: dict[str, str]) -> dict[str, str]:
    hook = {
        "USEIT_TELEGRAM_MODE": "webhook",
        "USEIT_TELEGRAM_WEBHOOK_SECRET": SECRET,
        "USEIT_PUBLIC_URL": "https://bridge.example",
    }
    return {**environ, **hook}


@pytest.fixture
def http(house: House) -> Iterator[httpx.Client]:
    """A client of our pages, which run in a thread."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    config = uvicorn.Config(
        Starlette(routes=webhook.routes(house)), host="127.0.0.1", port=port, log_level="warning", log_config=None
    )
    server = uvicorn.Server(config)

    async def serve() -> None:
        await server.serve()
        await client.close(house.settings)

    thread = threading.Thread(target=lambda: asyncio.run(serve()), daemon=True)
    thread.start()
    until(lambda: server.started)
    with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=10) as asking:
        yield asking
    server.should_exit = True
    thread.join(10)


def bring(http: httpx.Client, body: object, secret: str | bytes | None = SECRET) -> int:
    headers = [(HEADER.encode(), secret if isinstance(secret, bytes) else secret.encode())] if secret is not None else []
    content = body if isinstance(body, (bytes, str)) else json.dumps(body)
    return http.post(webhook.PATH, content=content, headers=headers).status_code


def test_an_update_is_on_disk_before_the_200(http: httpx.Client, house: House) -> None:
    update = {"update_id": 5, "message": message("what is DBS")}
    assert bring(http, update) == 200
    assert [row.raw for row in rows(house)] == [update]


def test_brought_again_it_is_kept_once(http: httpx.Client, house: House) -> None:
    update = {"update_id": 5, "message": message("x")}
    assert [bring(http, update), bring(http, update)] == [200, 200]
    assert len(rows(house)) == 1


@pytest.mark.parametrize("secret", [None, "", "wrong", SECRET[:-1], SECRET + "x", "é".encode("latin-1"), "é".encode()])
def test_a_wrong_secret_is_forbidden_whatever_its_bytes(http: httpx.Client, house: House, secret: str | bytes | None) -> None:
    assert bring(http, {"update_id": 5, "message": message("x")}, secret) == 403
    assert rows(house) == []


def test_the_secret_is_compared_in_constant_time_on_bytes(http: httpx.Client, monkeypatch: pytest.MonkeyPatch) -> None:
    compared: list[tuple[object, object]] = []
    real = webhook.hmac.compare_digest

    def seen(a: bytes, b: bytes) -> bool:
        compared.append((a, b))
        return real(a, b)

    monkeypatch.setattr(webhook.hmac, "compare_digest", seen)
    assert bring(http, {"update_id": 5, "message": message("x")}) == 200
    assert compared == [(SECRET.encode(), SECRET.encode())]


@pytest.mark.parametrize(
    "body", [b"", b"not json: words", b"\xff\xfe", b"[1]", b'"words"', b'{"message":{"text":"words"}}', b"[" * 50_000]
)
def test_a_poison_body_gets_200_and_is_counted_without_its_content(
    http: httpx.Client, house: House, caplog: pytest.LogCaptureFixture, body: bytes
) -> None:
    with caplog.at_level(logging.DEBUG):
        assert bring(http, body) == 200
    assert "set aside" in caplog.text
    assert "words" not in caplog.text
    assert rows(house) == []


def test_a_kind_that_has_no_meaning_here_gets_200(http: httpx.Client, house: House) -> None:
    assert bring(http, {"update_id": 6, "poll_answer": {}}) == 200
    assert bring(http, {"update_id": 7, "message": in_group()}) == 200
    assert rows(house) == []


def test_a_body_over_one_megabyte_is_refused(http: httpx.Client, house: House) -> None:
    big = {"update_id": 5, "message": message("x" * 1_100_000)}
    assert bring(http, big) == 413
    assert bring(http, {"update_id": 5, "message": message("x" * 900_000)}) == 200


def test_503_when_the_database_does_not_take_it_and_the_person_is_told(http: httpx.Client, house: House, peer: Peer) -> None:
    update = {"update_id": 5, "message": message("help", language="ar")}
    with locked(house):
        assert [bring(http, update), bring(http, update)] == [503, 503]
    until(lambda: peer.texts)
    assert peer.texts == [i18n.t("ar", "telegram.trouble")]
    assert bring(http, update) == 200
    assert len(rows(house)) == 1


def test_a_tap_is_acknowledged(http: httpx.Client, peer: Peer) -> None:
    assert bring(http, {"update_id": 5, "callback_query": tap("1:0", query="q5")}) == 200
    assert until(lambda: peer.called("answerCallbackQuery")) == [{"callback_query_id": "q5"}]


def test_only_post_is_answered(http: httpx.Client) -> None:
    assert http.get(webhook.PATH).status_code == 405


@pytest.mark.parametrize("secret", ["short", "a secret with spaces that is long enough", "ü" * 40])
def test_a_secret_that_telegram_would_not_take_stops_the_start(environ: dict[str, str], secret: str) -> None:
    with pytest.raises(SettingsError, match="USEIT_TELEGRAM_WEBHOOK_SECRET"):
        webhook.routes(House.open(Settings.read({**environ, "USEIT_TELEGRAM_WEBHOOK_SECRET": secret})))

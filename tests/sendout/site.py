"""The page for services, asked over HTTP; and on a real port."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import httpx
import uvicorn
from starlette.applications import Starlette

from bot.channels.service.routes import routes
from bot.house import House


class Desk:
    """Somebody at a service, with one link."""

    def __init__(self, house: House, runner: asyncio.Runner, token: str) -> None:
        self._runner, self._token = runner, token
        transport = httpx.ASGITransport(app=Starlette(routes=routes(house)))
        self._client = httpx.AsyncClient(transport=transport, base_url=house.settings.public_url)

    def get(self, method: str = "GET") -> httpx.Response:
        return self._runner.run(self._client.request(method, f"/service/{self._token}"))

    def post(self, path: str, **fields: str) -> httpx.Response:
        return self._runner.run(self._client.post(f"/service/{self._token}/{path}", data=fields))


@contextmanager
def served(house: House) -> Iterator[str]:
    """Its address while it runs in a thread."""
    app = Starlette(routes=routes(house))
    server = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=0, log_level="error", timeout_graceful_shutdown=1))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    until = time.monotonic() + 10
    while not server.started and time.monotonic() < until:
        time.sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join(10)

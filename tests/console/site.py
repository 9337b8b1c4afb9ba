"""The console on a real port."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn
from starlette.applications import Starlette

from bot.app import site
from bot.console import live
from bot.console.routes import routes
from bot.house import House


@contextmanager
def served(house: House, *, whole: bool = False) -> Iterator[str]:
    """Its address while it runs in a thread. `whole`: every page of the program, with the lines to its channels."""
    app = site(house) if whole else Starlette(routes=routes(house))
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
        live.close()
        server.should_exit = True
        thread.join(10)

"""A council's API on a real port, that can be busy, die in the middle, or lead elsewhere."""

from __future__ import annotations

import hashlib
import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

Answer = tuple[int, dict[str, str], bytes]


class Council:
    """`services` are what it has. `before` may answer in its place: given the path and how often it was asked for."""

    def __init__(self, services: list[dict[str, Any]], per_page: int = 2) -> None:
        self.services = services
        self.per_page = per_page
        self.total: int | None = None
        self.has_etags = True
        self.before: Callable[[str, int], Answer | str | None] = lambda path, times: None
        self.asked: list[str] = []
        self.url = ""

    def answer(self, address: str, given_etag: str) -> Answer | str:
        self.asked.append(address)
        instead = self.before(address, self.asked.count(address))
        if instead is not None:
            return instead
        parts = urlsplit(address)
        if parts.path == "/hub/services":
            body = json.dumps(self._page(int(parse_qs(parts.query)["page"][0]))).encode()
        else:
            found = [s for s in self.services if parts.path == f"/hub/services/{s['id']}"]
            if not found:
                return 404, {}, b"{}"
            body = json.dumps(found[0]).encode()
        etag = f'"{hashlib.sha256(json.dumps(self.services).encode()).hexdigest()[:8]}"'
        if self.has_etags and given_etag == etag:
            return 304, {"ETag": etag}, b""
        return 200, {"ETag": etag} if self.has_etags else {}, body

    def _page(self, number: int) -> dict[str, Any]:
        pages = max(1, -(-len(self.services) // self.per_page))
        shown = self.services[(number - 1) * self.per_page : number * self.per_page]
        rows = [{name: s[name] for name in ("id", "name", "status") if name in s} for s in shown]
        total = len(self.services) if self.total is None else self.total
        return {"total_items": total, "total_pages": pages, "page_number": number, "contents": rows, "last_page": number >= pages}


@contextmanager
def running(council: Council) -> Iterator[str]:
    """Its address while it runs in a thread. An answer that is a word kills the connection: "die" in the middle of a body,
    "hang" without an answer."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            found = council.answer(self.path, self.headers.get("If-None-Match", ""))
            if isinstance(found, str):
                self.close_connection = True
                if found == "die":
                    self.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n" + b'{"contents": [')
                self.connection.shutdown(socket.SHUT_RDWR)
                return
            status, headers, body = found
            self.send_response(status)
            for name, value in {"Content-Length": str(len(body)), **headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    council.url = f"http://127.0.0.1:{server.server_port}/hub"
    try:
        yield council.url
    finally:
        server.shutdown()
        server.server_close()
        thread.join(10)


class Pauses:
    """Instead of sleeping: what would have been waited."""

    def __init__(self) -> None:
        self.seconds: list[float] = []

    def __call__(self, seconds: float) -> None:
        self.seconds.append(seconds)
        time.sleep(0)

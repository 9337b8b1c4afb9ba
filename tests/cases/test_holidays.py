"""Bank holidays: shipped, and newer ones over real HTTP when there is a network; what was known is never lost."""

from __future__ import annotations

import datetime as dt
import json
import os
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import ClassVar

import pytest

from bot.cases import holidays
from bot.cases.hours import Hours
from bot.errors import PermanentError, TransientError

MOVED = {
    "england-and-wales": {
        "division": "england-and-wales",
        "events": [{"title": "Early May", "date": "2027-05-07"}, {"title": "Later", "date": "2031-01-01"}],
    },
    "scotland": {"division": "scotland", "events": [{"title": "2nd January", "date": "2027-01-02"}]},
}


class _Feed(BaseHTTPRequestHandler):
    body: ClassVar[bytes] = b""
    status: ClassVar[int] = 200

    def do_GET(self) -> None:
        self.send_response(self.status)
        self.end_headers()
        self.wfile.write(self.body)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def feed() -> Iterator[str]:
    server = HTTPServer(("127.0.0.1", 0), _Feed)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/bank-holidays.json"
    server.shutdown()
    server.server_close()


def answers(body: object, status: int = 200) -> None:
    _Feed.body = body if isinstance(body, bytes) else json.dumps(body).encode()
    _Feed.status = status


def test_fetched_years_count_instead_of_the_shipped_ones(feed: str, tmp_path: Path) -> None:
    calendar = holidays.Calendar(holidays.fetched_file(tmp_path))
    assert dt.date(2027, 5, 3) in calendar and dt.date(2026, 12, 25) in calendar
    answers(MOVED)
    assert holidays.update(tmp_path, feed) == {dt.date(2027, 5, 7), dt.date(2031, 1, 1)}
    assert dt.date(2027, 5, 7) in calendar and dt.date(2027, 5, 3) not in calendar  # moved by proclamation
    assert dt.date(2026, 12, 25) in calendar and dt.date(2031, 1, 1) in calendar and dt.date(2027, 1, 2) not in calendar
    hours = Hours.parse("mon-fri 09:00-17:00", calendar)
    assert hours.works(dt.date(2027, 5, 3)) and not hours.works(dt.date(2027, 5, 7))


@pytest.mark.parametrize(
    "body",
    [
        b"<html>maintenance</html>",
        b"{}",
        b"[]",
        {"england-and-wales": {"events": []}},
        {"england-and-wales": {"events": [{"date": "soon"}]}},
        b"9" * 1_100_000,
    ],
)
def test_what_is_not_the_feed_changes_nothing(feed: str, tmp_path: Path, body: object) -> None:
    answers(MOVED)
    holidays.update(tmp_path, feed)
    answers(body)
    with pytest.raises(PermanentError):
        holidays.update(tmp_path, feed)
    assert holidays.read(holidays.fetched_file(tmp_path)) == {dt.date(2027, 5, 7), dt.date(2031, 1, 1)}


def test_a_server_that_fails_or_is_away_is_said_in_a_line(feed: str, tmp_path: Path) -> None:
    answers(b"", status=503)
    for address in (feed, "http://127.0.0.1:9/"):
        with pytest.raises(TransientError, match="could not be fetched"):
            holidays.update(tmp_path, address)
    assert not holidays.fetched_file(tmp_path).exists()


def test_a_broken_file_keeps_what_was_known(tmp_path: Path) -> None:
    path = holidays.fetched_file(tmp_path)
    path.write_text("not json")
    calendar = holidays.Calendar(path)
    assert dt.date(2026, 12, 25) in calendar
    path.write_text('["2026-12-24"]')
    os.utime(path, (1, 1))
    assert dt.date(2026, 12, 24) in calendar

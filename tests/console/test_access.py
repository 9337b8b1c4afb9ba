"""What is not there, what is too much, and what never shows: the console's edges. Who gets where: test_matrix.py."""

from __future__ import annotations

import hashlib
import logging
import re

import pytest

from bot.console import auth
from bot.console.pages import Page
from bot.console.rendering import STATIC
from bot.console.routes import TABLE
from bot.errors import UseItError
from bot.house import House
from tests.console.desk import Desk
from tests.staff.people import Colleague

NAMES = [f"{page.method} {page.path}" for page in TABLE]
HEADERS = {
    "content-security-policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; media-src 'self'; form-action 'self'; base-uri 'none'; "
        "frame-ancestors 'none'"
    ),
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
}


def test_a_route_without_a_permission_is_refused_at_the_start() -> None:
    for permission in ("", "everything"):
        with pytest.raises(UseItError):
            Page("GET", "/new", permission, auth.home)


@pytest.mark.parametrize(
    "path", ["/cases/H-NEVER", "/referrals/R-NEVER", "/cases/%00", "/cases/<script>", "/nothing/here", "/cases?show=everybodys"]
)
def test_what_is_not_there_is_404(path: str, desk: Desk, caseworker: Colleague) -> None:
    desk.log_in(caseworker)
    answer = desk.get(path)
    assert answer.status_code == 404 and "<script>alert" not in answer.text
    assert answer.headers["content-security-policy"] == HEADERS["content-security-policy"]


@pytest.mark.parametrize("path", ["/knowledge/nothing", "/knowledge/terms/never", "/knowledge/services/band-5"])
def test_knowledge_that_is_not_there_is_404(path: str, desk: Desk, known: House, admin: Colleague) -> None:
    assert desk.log_in(admin).get(path).status_code == 404


def test_a_wrong_method_and_too_much_are_pages_too(desk: Desk, caseworker: Colleague, asked: str) -> None:
    desk.log_in(caseworker)
    assert desk.get(f"/cases/{asked}/claim").status_code == 405
    big = desk.post(f"/cases/{asked}/answer", {"csrf": "x", "text": "x" * 300_000})
    assert big.status_code == 413 and big.headers["content-security-policy"]
    assert desk.post(f"/cases/{asked}/answer", {f"f{n}": "" for n in range(200)}).status_code in (400, 403)


def test_a_database_that_is_away_is_an_honest_page(desk: Desk, house: House, caseworker: Colleague, caplog: object) -> None:
    desk.log_in(caseworker)
    with house.database.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE handoffs RENAME TO gone")
    answer = desk.get("/cases")
    assert answer.status_code == 503 and "not saved" in answer.text


def test_no_word_of_a_person_or_secret_reaches_the_log(
    desk: Desk, asked: str, caseworker: Colleague, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG, logger="bot"):
        desk.log_in(caseworker)
        desk.get(f"/cases/{asked}")
        desk.send(f"/cases/{asked}/claim")
        desk.send(f"/cases/{asked}/answer", text="a very private answer")
    assert "السكن" not in caplog.text and "private answer" not in caplog.text and desk.cookie not in caplog.text
    assert caseworker.password not in caplog.text


def test_the_style_and_the_script_are_ours_and_may_be_kept(desk: Desk) -> None:
    for name in ("console.css", "console.js"):
        answer = desk.get(f"/static/{name}")
        assert answer.status_code == 200 and "immutable" in answer.headers["cache-control"]
        assert "http://" not in answer.text and "https://" not in answer.text
    assert desk.get("/static/../routes.py").status_code == 404


def test_htmx_is_the_published_file_and_no_attribute_of_ours_holds_script() -> None:
    published = "a0abb04f2f45a1f89d1d4844023245537e5e6014c87b144553e0607b4cc32130"  # htmx.org 4.0.1, dist/htmx.min.js
    assert hashlib.sha256((STATIC / "htmx.min.js").read_bytes()).hexdigest() == published
    for path in (STATIC.parent / "templates").glob("*.html"):
        assert not re.search(r"hx-on|hx-vals|['\"\s]js:|javascript:|hx-trigger=\"[^\"]*\[", path.read_text(encoding="utf-8")), (
            path.name
        )

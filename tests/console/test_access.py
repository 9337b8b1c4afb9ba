"""Who gets where: the matrix of roles and routes, made from the route table itself, and what every answer carries."""

from __future__ import annotations

import logging
from collections.abc import Callable

import pytest

from bot.console import auth
from bot.console.pages import PUBLIC, SIGNED_IN, Page
from bot.console.routes import TABLE
from bot.errors import UseItError
from bot.house import House
from bot.staff.permissions import ROLES, may
from tests.console.desk import Desk
from tests.staff.people import Colleague

NAMES = [f"{page.method} {page.path}" for page in TABLE]
HEADERS = {
    "content-security-policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; "
        "frame-ancestors 'none'"
    ),
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
}


def path_of(page: Page, asked: str, referred: str) -> str:
    reference = referred if page.path.startswith("/referrals") else asked
    filled = page.path.replace("{reference}", reference).replace("{kind}", "terms").replace("{key}", "band-5")
    return filled.replace("{id}", "1")


def call(desk: Desk, page: Page, path: str, form: dict[str, str]) -> int:
    answer = desk.get(path) if page.method == "GET" else desk.post(path, form)
    for name, value in HEADERS.items():
        assert answer.headers[name] == value, (name, path)
    assert "<script>" not in answer.text and "style=" not in answer.text and " onclick" not in answer.text
    return answer.status_code


@pytest.mark.parametrize("role", [*ROLES, "nobody"])
def test_every_role_gets_exactly_what_its_permissions_name(
    role: str, open_desk: Callable[..., Desk], known: House, asked: str, referred: str, caseworker: Colleague, admin: Colleague
) -> None:
    desk = open_desk()
    if role != "nobody":
        desk.log_in({"caseworker": caseworker, "admin": admin}[role])
        csrf = next(iter(desk_forms(desk)))
    else:
        desk.get("/login")
        csrf = desk.form("/login")["csrf"]
    for page in TABLE:
        if page.path == "/logout":
            continue
        status = call(desk, page, path_of(page, asked, referred), {"csrf": csrf, "once": "x" * 24})
        where = f"{role} {page.method} {page.path}: {status}"
        if page.permission == PUBLIC or (role != "nobody" and page.permission == SIGNED_IN):
            assert status in (200, 303, 409), where
        elif role == "nobody":
            assert status == 303 and "/login" in desk.page.headers["location"], where
        elif may(role, page.permission):
            assert status in (200, 303, 404, 409), where  # let in; 404: an empty form names no version
        else:
            assert status == 403, where


def desk_forms(desk: Desk) -> list[str]:
    desk.get("/account")
    return [desk.form("/logout")["csrf"]]


@pytest.mark.parametrize("page", [page for page in TABLE if page.method == "POST"], ids=lambda page: page.path)
def test_csrf_missing_or_wrong_or_from_elsewhere_is_403(
    page: Page, desk: Desk, known: House, asked: str, referred: str, caseworker: Colleague, admin: Colleague
) -> None:
    path = path_of(page, asked, referred)
    assert desk.post(path, {}).status_code == 403  # somebody without any cookie of ours
    desk.log_in(admin if may("admin", page.permission) else caseworker)
    csrf = desk_forms(desk)[0]
    assert call(desk, page, path, {}) == 403
    assert call(desk, page, path, {"csrf": csrf[:-1] + "x"}) == 403
    elsewhere = desk.post(path, {"csrf": csrf}, headers={"sec-fetch-site": "cross-site"})
    assert elsewhere.status_code == 403


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


@pytest.mark.parametrize("path", ["/knowledge/pathways", "/knowledge/terms/never", "/knowledge/services/band-5"])
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

"""Every route with every role, made from the route table itself: who is let in, what every answer carries, what is written down."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Iterator

import httpx
import pytest
from sqlalchemy import select
from starlette.routing import BaseRoute, Mount, Route

from bot.app import site
from bot.console.pages import PUBLIC, SIGNED_IN, Page
from bot.console.routes import TABLE
from bot.house import House
from bot.staff.models import AuditEntry, Team
from bot.staff.permissions import PERMISSIONS, ROLES, may
from tests.amount import IS_LONG, some
from tests.console.desk import Desk
from tests.staff.people import Colleague

HEADERS = {
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
}
# what stands in the paths; a new page that has another part says here what it is
PARTS = {"kind": "terms", "key": "band-5", "id": "1", "language": "ar", "part": "hours"}
ABOUT_PEOPLE = ("cases.", "referrals.", "holds.", "audit.")  # whoever sees or does any of this is in the audit
LET_IN = (200, 303, 404, 409, 429)  # an empty form is let in and then refused for what is missing in it


@pytest.fixture
def people(
    house: House, caseworker: Colleague, admin: Colleague, lead: Colleague, auditor: Colleague
) -> dict[str, Colleague | None]:
    with house.sessions.begin() as session:
        session.add(Team(name="Smethwick", closed=[]))
    found = {"caseworker": caseworker, "admin": admin, "lead": lead, "auditor": auditor}
    others = {role: Colleague.join(house, f"the-{role}", role) for role in ROLES if role not in found}
    return {**found, **others, "nobody": None}


@pytest.fixture
def path_of(known: House, asked: str, referred: str) -> Callable[[Page], str]:
    def filled(page: Page) -> str:
        parts = {**PARTS, "reference": referred if page.path.startswith("/referrals") else asked}
        return re.sub(r"\{(\w+)\}", lambda match: parts[match[1]], page.path)

    return filled


def call(desk: Desk, page: Page, path: str, form: dict[str, str], **options: object) -> int:
    """The status; every answer is looked at, refusals and problems too."""
    answer = desk.get(path) if page.method == "GET" else desk.post(path, form, **options)
    policy = answer.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; script-src 'self'; style-src 'self'; ") and "unsafe" not in policy, path
    assert "frame-ancestors 'none'" in policy and "base-uri 'none'" in policy and "form-action 'self'" in policy, path
    for name, value in HEADERS.items():
        assert answer.headers[name] == value, (name, path)
    assert not re.search(r"<script>|<style|\sstyle=|\son[a-z]+=", answer.text), path
    return answer.status_code


def log_in(desk: Desk, colleague: Colleague | None) -> str:
    """The token for its forms."""
    if colleague is None:
        desk.get("/login")
        return desk.form("/login")["csrf"]
    desk.log_in(colleague).get("/account")
    return desk.form("/logout")["csrf"]


def audited(house: House, since: int) -> list[AuditEntry]:
    with house.sessions() as session:
        return list(session.scalars(select(AuditEntry).where(AuditEntry.id > since).order_by(AuditEntry.id)))


def newest(house: House) -> int:
    with house.sessions() as session:
        return session.scalar(select(AuditEntry.id).order_by(AuditEntry.id.desc()).limit(1)) or 0


@pytest.mark.parametrize("role", [*ROLES, "nobody"])
def test_every_role_gets_exactly_what_its_permissions_name(
    role: str,
    house: House,
    open_desk: Callable[..., Desk],
    people: dict[str, Colleague | None],
    path_of: Callable[[Page], str],
) -> None:
    desk, colleague = open_desk(), people[role]
    csrf = log_in(desk, colleague)
    nth = [*ROLES, "nobody"].index(role)
    for page in TABLE if IS_LONG else TABLE[nth % 2 :: 2]:  # each page with every other role
        if page.path == "/logout":
            continue
        before = newest(house)
        status = call(desk, page, path_of(page), {"csrf": csrf, "once": "x" * 24})
        where = f"{role} {page.method} {page.path}: {status} {desk.page.headers.get('location', '')}"
        written = [entry for entry in audited(house, before) if colleague and entry.actor == f"staff:{colleague.id}"]
        if page.permission == PUBLIC:
            assert status in LET_IN, where
        elif colleague is None:
            assert status == 303 and desk.page.headers["location"].startswith("/console/login"), where
        elif page.permission == SIGNED_IN or may(role, page.permission):
            assert status in LET_IN and "/login" not in desk.page.headers.get("location", ""), where
            if page.permission.startswith(ABOUT_PEOPLE) and status in (200, 303):
                assert written, f"{where}: not in the audit"
        else:
            assert status == 403, where
            assert [(entry.verb, entry.object, entry.why) for entry in written] == [("refused", page.path, page.permission)]


def test_a_form_without_its_token_or_from_elsewhere_is_refused_on_every_route(
    house: House, open_desk: Callable[..., Desk], people: dict[str, Colleague | None], path_of: Callable[[Page], str]
) -> None:
    desks = {role: open_desk() for role in people}
    tokens = {role: log_in(desk, people[role]) for role, desk in desks.items()}
    before = newest(house)
    for page in (page for page in TABLE if page.method == "POST"):
        role = next((r for r in ROLES if page.permission == SIGNED_IN or may(r, page.permission)), "nobody")
        desk, path, csrf = desks[role], path_of(page), tokens[role]
        assert call(open_desk(), page, path, {}) == 403, path  # somebody without any cookie of ours
        other = tokens["admin" if role != "admin" else "lead"]
        for form in some(({"csrf": csrf[:-1] + "x"}, {}, {"csrf": other}, {"csrf": ""}), 2):
            assert call(desk, page, path, form) == 403, (path, form)
        for place in some(("cross-site", "same-site"), 2):
            assert call(desk, page, path, {"csrf": csrf}, headers={"sec-fetch-site": place}) == 403, path
    assert audited(house, before) == []  # nothing of it was done


def test_every_permission_is_some_pages_or_some_domains() -> None:
    """A page can name only permissions that exist (bot/console/pages.py); here: no page names one that nobody holds."""
    named = {page.permission for page in TABLE} - {PUBLIC, SIGNED_IN}
    assert named <= PERMISSIONS and all(any(may(role, permission) for role in ROLES) for permission in named)


def every(routes: list[BaseRoute], prefix: str = "") -> Iterator[tuple[str, str]]:
    for route in routes:
        if isinstance(route, Mount):
            yield from every(route.routes, prefix + route.path) if route.routes else [("GET", prefix + route.path + "/x")]
        elif isinstance(route, Route):
            path = re.sub(r"\{[^}]+\}", "x", prefix + route.path)
            yield from ((method, path) for method in sorted(route.methods or ()) if method != "HEAD")


def test_every_route_of_the_whole_program_sends_its_policy(house: House, runner: asyncio.Runner) -> None:
    """Chat, API, pages for services, console: nobody's frame, nothing from elsewhere."""
    app = site(house)
    client = httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url=house.settings.public_url)
    paths = sorted(set(every(list(app.routes)))) + [("GET", "/not/here"), ("DELETE", "/")]
    assert len(paths) > len(TABLE)
    for method, path in paths:
        answer = runner.run(client.request(method, path))
        policy = answer.headers.get("content-security-policy", "")
        assert policy.startswith("default-src 'none'") and "frame-ancestors 'none'" in policy, (method, path, policy)
        assert answer.headers["x-content-type-options"] == "nosniff" and answer.status_code < 500, (method, path)

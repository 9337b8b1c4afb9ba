"""The page, its identity and its headers."""

from __future__ import annotations

import re

import httpx
import pytest
from sqlalchemy import select
from starlette.requests import Request
from starlette.routing import Route

from bot import i18n
from bot.channels.web import identity, security
from bot.channels.web.language import choose
from bot.channels.web.page import HERE, WORDS
from bot.channels.web.routes import routes
from bot.conversation import inbox
from bot.house import House
from bot.people.models import Chat
from bot.settings import Settings
from tests.web.site import Visitor, app

CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; font-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'; media-src blob:"
)


def test_the_page_asks_nothing_of_anybody_else_and_has_no_inline_script_or_style(visitor: Visitor) -> None:
    answer = visitor.http.get("/")
    assert answer.status_code == 200 and answer.headers["content-security-policy"] == CSP
    assert "set-cookie" not in answer.headers  # a link from another site arrives without the cookie: keep it
    html = answer.text
    assert not re.search(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son\w+=|javascript:", html)
    assert re.findall(r'(?:src|href)="(https?:[^"]*)"', html) == ["https://www.bbc.co.uk/weather"]
    for path in HERE.glob("static/*"):
        assert not re.search(r"https?://(?!www\.w3\.org/2000/svg)[a-z]", path.read_text("utf-8")), path.name


def test_the_scripts_never_write_markup() -> None:
    for path in HERE.glob("static/*.js"):
        assert not re.search(
            r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(|new Function", path.read_text("utf-8")
        )


def test_the_page_is_small(visitor: Visitor) -> None:
    later = ("voice.js",)  # fetched when the conversation is there
    files = sum(path.stat().st_size for path in HERE.glob("static/*") if path.name not in later)
    assert files + len(visitor.http.get("/").content) < 60_000


@pytest.mark.parametrize(
    ("path", "accept", "expected"),
    [
        ("/", "ar-SY,ar;q=0.9,en;q=0.5", ("ar", "rtl")),
        ("/", "de,so;q=0.4", ("so", "ltr")),
        ("/", "de", ("en", "ltr")),
        ("/", "", ("en", "ltr")),
        ("/?lang=so", "ar", ("so", "ltr")),
        ("/?lang=xx", "ar", ("ar", "rtl")),
        ("/?lang=%22%3E%3Cscript%3E", "en", ("en", "ltr")),
    ],
)
def test_the_page_speaks_the_language_that_is_asked_for(
    visitor: Visitor, path: str, accept: str, expected: tuple[str, str]
) -> None:
    html = visitor.http.get(path, headers={"Accept-Language": accept}).text
    assert f'<html lang="{expected[0]}" dir="{expected[1]}">' in html
    assert i18n.t(expected[0], "web.placeholder") in html and "<script>" not in html


def test_a_returning_person_finds_the_language_they_chose(house: House, visitor: Visitor) -> None:
    visitor.post("a-1", "hello")
    with house.sessions.begin() as session:
        person = session.scalars(select(Chat)).one().person
        person.language, person.language_confirmed = "so", True
    assert '<html lang="so"' in visitor.http.get("/").text
    assert '<html lang="ar"' in visitor.http.get("/?lang=ar").text


def test_languages_are_chosen_in_the_order_asked_confirmed_browser_english() -> None:
    ours = ("en", "ar", "so", "fa")
    assert choose(ours, "so", "ar", "fa") == "so"
    assert choose(ours, "", "ar", "fa") == "ar"
    assert choose(ours, "", "", "de;q=1, prs;q=0.8, so;q=0.1") == "fa"
    assert choose(ours, "", "", "so;q=nonsense, *") == "en"
    assert choose(ours, "", "", "ar;q=0") == "en"


def test_every_language_stands_in_the_bar_in_its_own_name(visitor: Visitor) -> None:
    html = visitor.http.get("/").text
    for code, name in {"en": "English", "ar": "العربية", "so": "Soomaali"}.items():
        assert re.search(rf'<a href="/\?lang={code}" lang="{code}"[^>]*>{name}</a>', html)


def test_the_words_of_every_language_are_there_for_a_change_without_reload(visitor: Visitor) -> None:
    found = visitor.http.get("/chat/words?lang=ar").json()
    assert (found["language"], found["dir"], set(found["words"])) == ("ar", "rtl", set(WORDS))
    for code in ("ar", "so"):
        missing = [key for key in (*WORDS, "noscript") if not i18n.has(code, f"web.{key}")]
        assert missing == []


def test_every_word_that_the_page_names_exists() -> None:
    named = set()
    for path in (*HERE.glob("templates/*.html"), *HERE.glob("static/*.js")):
        named |= set(re.findall(r'data-(?:text|label|placeholder)="(\w+)"', path.read_text("utf-8")))
    assert named <= set(WORDS)


def test_a_new_conversation_is_a_new_cookie_and_an_old_one_is_kept(visitor: Visitor) -> None:
    visitor.open()
    first = visitor.http.cookies["chat"]
    visitor.open()
    assert visitor.http.cookies["chat"] == first
    visitor.open(new=True)
    assert visitor.http.cookies["chat"] != first


def test_the_cookie_is_out_of_reach_of_scripts_and_of_other_sites(visitor: Visitor) -> None:
    cookie = visitor.open().headers["set-cookie"]
    assert re.match(r"chat=[A-Za-z0-9_-]{43}; ", cookie)
    for part in ("HttpOnly", "SameSite=strict", "Path=/", "Max-Age=31536000"):
        assert part in cookie
    assert "Secure" not in cookie and "Domain" not in cookie


def test_with_https_the_cookie_is_bound_to_the_host_and_browsers_insist(environ: dict[str, str], event_loop_runner) -> None:  # type: ignore[no-untyped-def]  # typed by the fixture
    house = House.open(Settings.read(environ | {"USEIT_PUBLIC_URL": "https://bridge.example"}))

    async def ask() -> httpx.Response:
        transport = httpx.ASGITransport(app(house))
        headers = {"Origin": "https://bridge.example", "Host": "127.0.0.1:8080"}  # behind a proxy
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8080", headers=headers) as client:
            return await client.post("/chat/open", json={})

    answer = event_loop_runner.run(ask())
    cookie = answer.headers["set-cookie"]
    assert cookie.startswith("__Host-chat=") and "Secure" in cookie and "Path=/" in cookie
    assert answer.headers["strict-transport-security"] == "max-age=31536000"
    house.database.dispose()


@pytest.mark.parametrize("value", ["", "short", "x" * 44, "x" * 42 + ";", "../" * 14 + "x", "é" * 43])
def test_a_cookie_that_we_did_not_make_is_no_identity(settings: Settings, value: str) -> None:
    request = Request({"type": "http", "headers": [(b"cookie", f"chat={value}".encode())]})
    assert identity.token_of(request, settings) is None


def test_looking_at_the_page_makes_no_person(house: House, visitor: Visitor) -> None:
    visitor.http.get("/")
    visitor.open()
    with visitor.events() as events:
        events.next("ready")
    with house.sessions() as session:
        assert session.scalars(select(Chat)).all() == []


def every_route(house: House) -> list[str]:
    return [route.path for route in routes(house) if isinstance(route, Route)]


def test_the_headers_stand_on_every_route(house: House, visitor: Visitor) -> None:
    fingerprint = re.search(r"/chat/files/(\w+)/", visitor.http.get("/").text)[1]  # type: ignore[index]  # the page has it, or the test fails
    paths = every_route(house)
    assert len(paths) == 10
    for path in paths:
        method = "POST" if path in ("/chat/open", "/chat/messages", "/chat/photos", "/chat/recordings") else "GET"
        answer = visitor.http.request(method, path.format(fingerprint=fingerprint, name="chat.js", id="1"))
        headers = answer.headers
        assert headers["x-content-type-options"] == "nosniff", path
        assert headers["referrer-policy"] == "no-referrer"
        assert headers["cross-origin-opener-policy"] == headers["cross-origin-resource-policy"] == "same-origin"
        assert headers["x-frame-options"] == "DENY"
        assert "camera=()" in headers["permissions-policy"] and "geolocation=()" in headers["permissions-policy"]
        assert f"microphone=({'self' if path == '/' else ''})" in headers["permissions-policy"], path
        assert headers["content-security-policy"] == (CSP if path == "/" else security.DATA_CSP)
        is_file = "/files/" in path
        assert headers["cache-control"] == ("public, max-age=31536000, immutable" if is_file else "no-store"), path
        assert "access-control-allow-origin" not in headers


def test_a_file_of_another_release_is_not_kept_and_no_other_file_is_given(visitor: Visitor) -> None:
    assert visitor.http.get("/chat/files/0000/chat.css").headers["cache-control"] == "no-store"
    for name in ("chat.html", "..%2fpage.py", "%2e%2e/page.py", "nothing.js"):
        assert visitor.http.get(f"/chat/files/0000/{name}").status_code == 404


def test_healthz_says_whether_the_database_answers(house: House, visitor: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    assert visitor.http.get("/healthz").json() == {"ok": True}
    path = house.settings.var / "useit.db"
    house.database.dispose()
    for found in path.parent.glob("useit.db*"):
        found.unlink()
    path.mkdir()
    assert visitor.http.get("/healthz").status_code == 503
    assert visitor.http.get("/").status_code == 200  # the page still comes, and keeps what is written


def test_the_same_person_is_found_by_the_token(house: House, visitor: Visitor) -> None:
    visitor.post("a-1", "hello")
    with house.sessions.begin() as session:
        chat = inbox.chat_for(session, "web", visitor.http.cookies["chat"])
        assert chat.address == visitor.http.cookies["chat"]
        assert len(session.scalars(select(Chat)).all()) == 1

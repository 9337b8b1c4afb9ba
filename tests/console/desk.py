"""Somebody at the console: asks for pages over HTTP and sends the forms that stand in them."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from html.parser import HTMLParser
from typing import Any

import httpx
from starlette.applications import Starlette

from bot.console.routes import routes
from bot.conversation.incoming import Channel
from bot.house import House
from tests.staff.people import Colleague


class Forms(HTMLParser):
    """action -> the names and values of a form's inputs, also of those that stand elsewhere; `text` is what can be read."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: dict[str, dict[str, str]] = {}
        self.text: list[str] = []
        self._form: dict[str, str] = {}
        self._by_id: dict[str, dict[str, str]] = {}
        self._area = self._select = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        has = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._form = self.found.setdefault(has["action"], {}) if "action" in has else {}
            if "id" in has:
                self._form.update(self._by_id.setdefault(has["id"], {}))
                self._by_id[has["id"]] = self._form
        unticked = has.get("type") in ("checkbox", "radio") and "checked" not in has
        if tag in ("input", "textarea") and has.get("name") and not unticked:
            form = self._by_id.setdefault(has["form"], {}) if "form" in has else self._form
            form[has["name"]] = has.get("value", "")
        if tag == "select":
            self._select = has["name"]
            self._form[self._select] = ""
        if tag == "option" and "selected" in has:
            self._form[self._select] = has["value"]
        self._area = has.get("name", "") if tag == "textarea" else ""

    def handle_endtag(self, tag: str) -> None:
        self._area = "" if tag == "textarea" else self._area

    def handle_data(self, data: str) -> None:
        self.text.append(data)
        if self._area:
            self._form[self._area] = self._form[self._area] + data


class Desk:
    """`get` and `post` keep cookies; `send` fills in the form with this action that stood in the last page."""

    def __init__(
        self,
        house: House,
        runner: asyncio.Runner,
        address: str = "192.0.2.1",
        channels: Mapping[str, Channel] | None = None,
    ) -> None:
        self.house, self._runner = house, runner
        self.client = httpx.AsyncClient(
            transport=httpx.ASGITransport(app=Starlette(routes=routes(house, channels)), client=(address, 1)),
            base_url=house.settings.public_url,
        )
        self.page: httpx.Response

    def get(self, path: str) -> httpx.Response:
        self.page = self._runner.run(self.client.get(f"/console{path}"))
        return self.page

    def post(self, path: str, data: dict[str, Any], **options: Any) -> httpx.Response:
        self.page = self._runner.run(self.client.post(f"/console{path}", data=data, **options))
        return self.page

    def form(self, action: str) -> dict[str, str]:
        return Forms(self.page.text).found[f"/console{action}"]

    def send(self, action: str, **values: Any) -> httpx.Response:
        """Sends the form and goes where it leads."""
        self.post(action, {**self.form(action), **values})
        return self.follow()

    def follow(self) -> httpx.Response:
        while self.page.is_redirect:
            self.page = self._runner.run(self.client.get(self.page.headers["location"]))
        return self.page

    @property
    def text(self) -> str:
        return " ".join(" ".join(Forms(self.page.text).text).split())

    def log_in(self, colleague: Colleague) -> Desk:
        colleague.forget_codes()
        self.get("/login")
        self.send("/login", login=colleague.login, password=colleague.password, code=colleague.code())
        assert self.page.status_code == 200, self.text
        return self

    @property
    def cookie(self) -> str:
        return next((v for name, v in self.client.cookies.items() if name.endswith("useit_console")), "")

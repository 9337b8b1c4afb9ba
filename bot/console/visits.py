"""One request as a view sees it: what was sent, who sent it, and the ways to answer."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import urlencode

from sqlalchemy.orm import Session
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from bot import i18n
from bot.cases import notice_board
from bot.console import cookies, rendering
from bot.db.base import now
from bot.house import House
from bot.knowledge import drafts
from bot.staff import audit, wishes
from bot.staff.models import Staff
from bot.staff.permissions import may

MOUNT = "/console"
LANGUAGE = "en"  # of the console itself
_REFERENCE = re.compile(r"[A-Z]-[A-Z0-9]{1,12}")
_TOKEN = re.compile(r"[A-Za-z0-9_-]{16,64}")


def is_by_itself(request: Request) -> bool:
    """Whether an open page asks anew because something has changed, not because somebody wants to see it."""
    return request.headers.get("x-by-itself", "") == "yes"


class NotHereError(Exception):
    """There is no such thing, or none that this account may know of."""


@dataclass(frozen=True)
class Who:
    """The account that asks."""

    id: int
    name: str
    role: str


@dataclass(frozen=True)
class Uploaded:
    """A file that came with a form. `name`: as its sender calls it, which says nothing about what it is."""

    name: str
    content: bytes


@dataclass
class Asked:
    """What came in. `refused`: why the form was refused, when its page is shown again."""

    house: House
    request: Request
    form: dict[str, list[str]]
    files: dict[str, Uploaded] = field(default_factory=dict)
    who: Who | None = None
    csrf: str = ""
    refused: str = ""
    new_visit: str = ""

    def value(self, name: str) -> str:
        return self.form.get(name, [""])[0]


class Visit:
    """A request of anybody."""

    def __init__(self, asked: Asked) -> None:
        self.asked, self.house, self.request = asked, asked.house, asked.request

    def value(self, name: str) -> str:
        """A field of the form, "" when it is not there."""
        return self.asked.value(name)

    def values(self, name: str) -> list[str]:
        return self.asked.form.get(name, [])

    def file(self, name: str) -> Uploaded | None:
        """A file of the form; None when none was chosen."""
        return self.asked.files.get(name)

    def query(self, name: str) -> str:
        return self.request.query_params.get(name, "")

    def number(self, name: str) -> int | None:
        """A positive number of the query, None when it is none."""
        text = self.query(name)
        return int(text) if text.isascii() and text.isdecimal() and 0 < len(text) < 10 else None

    def part(self, name: str) -> str:
        """A part of the path."""
        return str(self.request.path_params[name])

    @property
    def reference(self) -> str:
        """Of a case or referral, out of the path. Raises NotHereError for what cannot be one."""
        if not _REFERENCE.fullmatch(self.part("reference")):
            raise NotHereError
        return self.part("reference")

    def text(self, key: str, **values: str) -> str:
        return rendering.t(key, count=None, **values)

    @property
    def once(self) -> str:
        """The form's own token: the same form sent twice has the same. A form without one is somebody else's making."""
        token = self.value("once")
        if not _TOKEN.fullmatch(token):
            raise NotHereError
        return token

    @property
    def address(self) -> str:
        return self.request.client.host if self.request.client else ""

    def page(self, template: str, status: int = 200, **values: object) -> Response:
        """A template as an answer, with what every page has."""
        asked = self.asked
        if not asked.csrf:  # the first page of a new browser: a cookie to tie its forms to
            asked.new_visit = asked.new_visit or cookies.new_value()
        who = asked.who
        shared: dict[str, object] = {
            "staff": who,
            "may": lambda permission: who is not None and may(who.role, permission),
            "csrf": asked.csrf or rendering.visit_csrf(asked.new_visit),
            "once": rendering.new_once(),
            "refused": _known("console.refused.", asked.refused) or (asked.refused and "console.refused.other"),
            "done": _known("console.done.", self.query("done")),
            "unseen": 0,
            "reviews": 0,
            "sound": False,
            "stopped": self.house.installation.stopped(now()),
            "path": self.request.url.path.removeprefix(MOUNT),
            "sent": asked.value if asked.refused else (lambda name: ""),
        }
        response = HTMLResponse(rendering.render(template, {**shared, **values}), status)
        if asked.new_visit:
            cookies.new_visit(response, self.house.settings, asked.new_visit)
        return response

    def go(self, path: str, **query: str) -> Response:
        """To another page of the console, after a form was taken."""
        return RedirectResponse(f"{MOUNT}{path}" + (f"?{urlencode(query)}" if query else ""), 303)

    def problem(self, status: int, reason: str = "") -> Response:
        """A page that says what is wrong and what can be done."""
        known = status if status in (403, 404, 405, 409, 413, 503) else 500 if status >= 500 else 400
        why = _known("console.refused.", reason)
        return self.page("problem.html", status, kind=known, why=why)


class StaffVisit(Visit):
    """A request of somebody who is logged in and may do this, inside one transaction."""

    def __init__(self, asked: Asked, session: Session, staff: Who, *, reads: bool = False) -> None:
        super().__init__(asked)
        self.session, self.staff, self._reads = session, staff, reads
        self.noted: list[Callable[[Session], None]] = []

    def page(self, template: str, status: int = 200, **values: object) -> Response:
        own = self.session.get_one(Staff, self.staff.id)
        reviews = drafts.waiting(self.session) if may(self.staff.role, "knowledge.publish") else 0
        shared = {
            "reviews": reviews,
            "unseen": notice_board.count(self.session, own.id),
            "sound": wishes.of(own)["sound"],
            "actor": self.actor,
        }
        return super().page(template, status, **shared, **values)

    def actor(self, name: str) -> str:
        """Who did it, as a reader calls them: "staff:3" by name."""
        kind, _, number = name.partition(":")
        found = self.session.get(Staff, int(number)) if kind == "staff" and number.isdecimal() else None
        return found.name if found else rendering.t_or("console.actor.", kind)

    def record(self, verb: str, object: str, why: str = "") -> None:
        """Into the audit."""
        self.note(lambda session: audit.record(session, f"staff:{self.staff.id}", verb, object, why))

    def note(self, write: Callable[[Session], None]) -> None:
        """Writes what follows from this visit: now, or, of a page that only reads, when it has been made."""
        if self._reads:
            self.noted.append(write)
        else:
            write(self.session)

    def write_down(self, session: Session) -> None:
        """What was noted while the page was made."""
        for write in self.noted:
            write(session)


def _known(prefix: str, name: str) -> str:
    """The key of a text for `name`; "" when there is none (a name out of an address may be anything)."""
    return prefix + name if name and i18n.has(LANGUAGE, prefix + name) else ""

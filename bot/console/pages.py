"""The way every page goes: who is asking, may they, is the form ours; then the view, in one transaction."""

from __future__ import annotations

import logging
import traceback
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy.exc import DBAPIError
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from bot.console import cookies
from bot.console.visits import Asked, NotHereError, StaffVisit, Uploaded, Visit, Who, is_by_itself
from bot.db.session import read_only
from bot.errors import RefusedError, UseItError
from bot.house import House
from bot.staff import audit, sessions
from bot.staff.permissions import PERMISSIONS, may

PUBLIC = "public"  # whoever has the address
SIGNED_IN = "signed_in"  # every account
REFUSED = 409
MOST_FIELDS, LONGEST_FIELD = 100, 64_000
LONGEST_BODY = 256 * 1024  # bytes

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Page:
    """One route. `view` takes a Visit (public) or a StaffVisit; `again` shows the form again when `view` refused it.

    `by_itself`: an open page asks for it, not somebody; a session does not live on for it. `largest_file`: bytes of the one file
    that its form may bring (`Visit.file`); 0: none. `most_fields`: of its form.
    """

    method: str
    path: str
    permission: str
    view: Callable[[Any], Response]
    again: Callable[[Any], Response] | None = None
    by_itself: bool = False
    largest_file: int = 0
    most_fields: int = MOST_FIELDS

    @property
    def largest_body(self) -> int:
        return LONGEST_BODY + self.largest_file

    def __post_init__(self) -> None:
        if self.permission not in PERMISSIONS | {PUBLIC, SIGNED_IN}:
            raise UseItError(f"console: {self.method} {self.path} names no permission that exists")


def endpoint(house: House, page: Page) -> Callable[[Request], Awaitable[Response]]:
    async def answer(request: Request) -> Response:
        form: dict[str, list[str]] = {}
        files: dict[str, Uploaded] = {}
        if request.method == "POST":
            declared = request.headers.get("content-length", "")
            if declared.isdecimal() and int(declared) > page.largest_body:  # one that declares less is cut off by the route
                raise HTTPException(413)
            most = 1 if page.largest_file else 0
            async with request.form(max_files=most, max_fields=page.most_fields, max_part_size=LONGEST_FIELD) as sent:
                for name, value in sent.multi_items():
                    if isinstance(value, str):
                        form.setdefault(name, []).append(value)
                    elif value.size is not None and value.size > page.largest_file:
                        raise HTTPException(413)
                    elif value.filename:  # a field for a file that was left empty has no name
                        files[name] = Uploaded(value.filename, await value.read())
        return await run_in_threadpool(_guarded, page, Asked(house, request, form, files))

    return answer


def _guarded(page: Page, asked: Asked) -> Response:
    """Never raises: what goes wrong becomes a page, and a line in the log without anybody's words."""
    try:
        return _answered(page, asked)
    except NotHereError:
        return Visit(asked).problem(404)
    except HTTPException as error:
        return Visit(asked).problem(error.status_code)
    except DBAPIError as error:
        log.warning("%s %s: the database does not answer: %s", page.method, page.path, type(error.orig).__name__)
        return Visit(asked).problem(503)
    except Exception as error:
        where = traceback.extract_tb(error.__traceback__)[-1]
        log.error("%s %s: %s at %s:%s", page.method, page.path, type(error).__name__, where.filename, where.lineno)
        return Visit(asked).problem(500)


def _answered(page: Page, asked: Asked) -> Response:
    try:
        response = _run(page, page.view, asked)
    except RefusedError as error:
        if page.again is None:
            return Visit(asked).problem(REFUSED, error.reason)
        asked.refused = error.reason or "other"
        response = _run(page, page.again, asked)
        response.status_code = 429 if error.reason == "throttled" else REFUSED
    if asked.request.method == "POST":
        asked.house.outbox_bell.ring()
    return response


def _run(page: Page, view: Callable[[Any], Response], asked: Asked) -> Response:
    token = cookies.session_token(asked.request, asked.house.settings)
    look = sessions.peek if page.by_itself or is_by_itself(asked.request) else sessions.find
    with asked.house.sessions() as session:
        asked.house.refresh(session)
        found = look(session, token, limits=sessions.Limits.of(asked.house.settings))
        session.commit()  # that it was seen counts, whatever comes of the rest
        asked.who = Who(found.staff_id, found.staff.name, found.staff.role) if found else None
        asked.csrf = found.csrf if found else cookies.visit_csrf(asked.request, asked.house.settings)
        login = Visit(asked).go("/login", **({"done": "ended"} if token else {}))
        if asked.request.method == "POST" and not cookies.is_ours(asked.request, asked.value("csrf"), asked.csrf):
            if asked.who is None and page.permission != PUBLIC and token:
                return login
            raise HTTPException(403)
        if page.permission == PUBLIC:
            return view(Visit(asked))
        if asked.who is None:
            return login
        if page.permission != SIGNED_IN and not may(asked.who.role, page.permission):
            audit.record(session, f"staff:{asked.who.id}", "refused", page.path, page.permission)
            session.commit()
            raise HTTPException(403)
        if page.method == "GET":
            return _read(view, asked, asked.who)
        response = view(StaffVisit(asked, session, asked.who))
        session.commit()
        return response


def _read(view: Callable[[Any], Response], asked: Asked, who: Who) -> Response:
    """A page is made without holding up whoever writes; that it was seen is written before anybody sees it."""
    with read_only(asked.house.sessions) as session:
        visit = StaffVisit(asked, session, who, reads=True)
        response = view(visit)
        session.commit()
    if visit.noted:
        with asked.house.sessions.begin() as session:
            visit.write_down(session)
    return response

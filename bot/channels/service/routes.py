"""The addresses of the page for services. Without accounts, cookies and scripts: the link is the key (bot/cases/service_links.py)."""

from __future__ import annotations

import logging
import traceback
from collections.abc import Awaitable, Callable, Mapping

from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Mount, Route

from bot.cases.service_links import PATH
from bot.channels.service import came, rendering, views
from bot.channels.service.views import FIELDS, Drawn
from bot.channels.web.security import guard
from bot.db.session import read_only
from bot.errors import TransientError
from bot.house import House
from bot.papers.drawing import AGAIN_SECONDS, draw
from bot.replies import Paper

log = logging.getLogger(__name__)
CSP = "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
LONGEST_BODY = 16 * 1024  # bytes
View = Callable[[House, Session, str, Mapping[str, str]], Response | Drawn]
TABLE: tuple[tuple[str, str, View], ...] = (
    ("GET", "/{token}", views.cover),
    ("GET", "/came/{token}", came.number),
    ("POST", "/{token}/open", views.opened),
    ("POST", "/{token}/answer", views.answered),
    ("POST", "/{token}/ask", views.asked),
    ("POST", "/{token}/paper", views.paper),
)


def routes(house: House) -> list[BaseRoute]:
    """Everything below /service, with its headers."""

    async def refused(request: Request, error: Exception) -> Response:
        status = error.status_code if isinstance(error, HTTPException) else 500
        if status == 404:
            return views.gone(house)
        kind = "too_long" if status == 413 else "wrong"
        return rendering.page("problem.html", house.settings, status, kind=kind)

    async def style(request: Request) -> Response:
        return Response(rendering.STYLE, media_type="text/css", headers={"Cache-Control": "public, max-age=31536000, immutable"})

    pages = [
        Route(path, _endpoint(house, f"{method} {path}", view), methods=[method], max_body_size=LONGEST_BODY)
        for method, path, view in TABLE
    ]
    found = Starlette(
        routes=[Route(f"/style/{rendering.VERSION}.css", style), *pages],
        middleware=[guard(CSP, https=house.settings.public_url.startswith("https://"))],
        exception_handlers={HTTPException: refused},
    )
    return [Mount(PATH, app=found)]


def _endpoint(house: House, name: str, view: View) -> Callable[[Request], Awaitable[Response]]:
    """Never raises and never logs the path, in which the key stands."""

    def run(token: str, form: Mapping[str, str], *, to_change: bool) -> Response | Drawn:
        with house.sessions.begin() if to_change else read_only(house.sessions) as session:
            return view(house, session, token, form)

    async def answer(request: Request) -> Response:
        form = dict.fromkeys(FIELDS, "")
        if request.method == "POST":
            async with request.form(max_files=0, max_fields=10, max_part_size=LONGEST_BODY) as sent:
                form |= {field: str(sent.get(field, "")) for field in FIELDS}
        try:
            token, to_change = str(request.path_params["token"]), request.method == "POST"
            found = await run_in_threadpool(run, token, form, to_change=to_change)
            answer = await _file(found.paper) if isinstance(found, Drawn) else found
        except (DBAPIError, TransientError) as error:
            log.warning("service %s: %s", name, type(error).__name__)
            answer = rendering.page("problem.html", house.settings, 503, kind="later")
            answer.headers["Retry-After"] = f"{AGAIN_SECONDS:.0f}"
        except Exception as error:
            where = traceback.extract_tb(error.__traceback__)[-1]
            log.error("service %s: %s at %s:%s", name, type(error).__name__, where.filename, where.lineno)
            return rendering.page("problem.html", house.settings, 500, kind="wrong")
        if request.method == "POST":
            house.outbox_bell.ring()
        return answer

    return answer


async def _file(paper: Paper) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{paper.name}.pdf"'}
    return Response(await draw(paper), media_type="application/pdf", headers=headers)

"""The API's addresses: open to everybody and to every page, read only."""

from __future__ import annotations

import logging
import re
from collections.abc import Awaitable, Callable

from anyio import to_thread
from sqlalchemy.exc import SQLAlchemyError
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Mount, Route

from bot.channels.api import description, pages, parameters, paths
from bot.channels.api.parameters import BadParameterError
from bot.channels.api.paths import Listing, Single
from bot.channels.api.shelf import Shelf
from bot.channels.web.security import DATA_CSP, SecurityHeaders, headers
from bot.house import House

log = logging.getLogger(__name__)

MOUNT = "/api"
RETRY_SECONDS = "5"
# every page may read this, as the UK profile asks: it is public and knows no visitor
OPEN = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "ETag",
    "Cross-Origin-Resource-Policy": "cross-origin",
}
METHODS = ("GET", "HEAD", "OPTIONS")
PREFLIGHT = {
    "Allow": ", ".join(METHODS),
    "Access-Control-Allow-Methods": ", ".join(METHODS),
    "Access-Control-Allow-Headers": "Accept, If-None-Match",
    "Access-Control-Max-Age": "86400",
}
Endpoint = Callable[[Request], Awaitable[Response]]


def routes(house: House) -> list[BaseRoute]:
    """Everything below /api, with its headers."""
    shelf, url = Shelf(house), house.settings.public_url
    about, openapi = description.meta(url), description.openapi(url)
    values = headers(DATA_CSP, https=url.startswith("https")) | OPEN
    endpoints: list[tuple[str, Endpoint]] = [
        ("/", _endpoint((), lambda request, _: pages.answer(request, about))),
        ("/openapi.json", _endpoint((), lambda request, _: pages.answer(request, openapi))),
        *((listing.path, _listing(shelf, listing)) for listing in paths.LISTINGS),
        *((single.path, _single(shelf, single)) for single in paths.SINGLES),
    ]
    app = Starlette(
        routes=[Route(path, endpoint, methods=METHODS) for path, endpoint in endpoints],
        middleware=[Middleware(SecurityHeaders, values=values)],
        exception_handlers={HTTPException: _refused},
    )
    mount = Mount(MOUNT, app=app)
    mount.path_regex = re.compile(mount.path_regex.pattern, re.DOTALL)  # a path with a line end in it is ours to refuse too
    return [mount]


def _listing(shelf: Shelf, listing: Listing) -> Endpoint:
    def show(request: Request, values: paths.Values) -> Response:
        items = listing.find(shelf.current(), paths.asked(values))
        shown, counts = pages.page(items, values)
        if values.get("format") == "ndjson":
            wanted = shown if {"page", "per_page"} & values.keys() else items
            return pages.lines(listing.show(item, values) for item in wanted)
        return pages.answer(request, {**counts, "contents": [listing.show(item, values) for item in shown]})

    return _endpoint(listing.parameters, show)


def _single(shelf: Shelf, single: Single) -> Endpoint:
    def show(request: Request, _: paths.Values) -> Response:
        found = single.find(shelf.current(), str(request.path_params["id"]).lower())
        return pages.problem(404, "not_found") if found is None else pages.answer(request, found)

    return _endpoint((), show)


def _endpoint(allowed: tuple[str, ...], show: Callable[[Request, paths.Values], Response]) -> Endpoint:
    async def endpoint(request: Request) -> Response:
        if request.method == "OPTIONS":
            return Response(status_code=204, headers=PREFLIGHT)
        try:
            values = parameters.read(request.query_params, allowed)
            return await to_thread.run_sync(show, request, values)
        except BadParameterError as error:
            return pages.problem(error.status, error.reason, error.name[: parameters.LONGEST])
        except SQLAlchemyError as error:
            log.warning("the database does not answer: %s", type(error).__name__)
            return pages.problem(503, "unavailable", headers={"Retry-After": RETRY_SECONDS})

    return endpoint


async def _refused(request: Request, error: Exception) -> Response:
    """What no route answers: another path, another method."""
    assert isinstance(error, HTTPException)
    reason = "method" if error.status_code == 405 else "not_found"
    return pages.problem(error.status_code, reason, headers=dict(error.headers or {}))

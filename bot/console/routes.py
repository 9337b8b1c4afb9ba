"""Every page of the console and the permission it asks for. What is not in this table does not exist."""

from __future__ import annotations

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from bot.channels.web.security import SecurityHeaders, guard
from bot.console import auth, cases, cookies, knowledge, referrals, staff
from bot.console.pages import LONGEST_BODY, PUBLIC, SIGNED_IN, Page, endpoint
from bot.console.rendering import STATIC
from bot.console.visits import MOUNT, Asked, Visit
from bot.house import House
from bot.staff.passwords import warm_up

CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)
TABLE: tuple[Page, ...] = (
    Page("GET", "/", SIGNED_IN, auth.home),
    Page("GET", "/login", PUBLIC, auth.login_form),
    Page("POST", "/login", PUBLIC, auth.login, again=auth.login_form),
    Page("POST", "/logout", SIGNED_IN, auth.logout),
    Page("GET", "/register", PUBLIC, auth.invitation_form),
    Page("POST", "/register/open", PUBLIC, auth.registration_form, again=auth.invitation_form),
    Page("POST", "/register", PUBLIC, auth.register, again=auth.registration_again),
    Page("GET", "/account", SIGNED_IN, auth.account),
    Page("POST", "/account/password", SIGNED_IN, auth.change_password, again=auth.account),
    Page("GET", "/cases", "cases.read", cases.queue),
    Page("GET", "/cases/{reference}", "cases.read", cases.case),
    Page("POST", "/cases/{reference}/claim", "cases.claim", cases.claim, again=cases.case),
    Page("POST", "/cases/{reference}/answer", "cases.answer", cases.answer, again=cases.case),
    Page("POST", "/cases/{reference}/give-back", "cases.claim", cases.give_back, again=cases.case),
    Page("POST", "/cases/{reference}/close", "cases.close", cases.close, again=cases.case),
    Page("GET", "/referrals", "referrals.read", referrals.listing),
    Page("GET", "/referrals/{reference}", "referrals.read", referrals.referral),
    Page("POST", "/referrals/{reference}/move", "referrals.move", referrals.move, again=referrals.referral),
    Page("GET", "/knowledge/{kind}", "knowledge.read", knowledge.listing),
    Page("GET", "/knowledge/{kind}/{key}", "knowledge.read", knowledge.entry),
    Page("POST", "/knowledge/{kind}/{key}", "knowledge.edit", knowledge.save, again=knowledge.entry),
    Page("POST", "/knowledge/{kind}/{key}/restore", "knowledge.edit", knowledge.restore, again=knowledge.entry),
    Page("GET", "/staff", "staff.invite", staff.listing),
    Page("POST", "/staff/invite", "staff.invite", staff.invite, again=staff.listing),
    Page("POST", "/staff/{id}/disable", "staff.invite", staff.disable, again=staff.listing),
)


def routes(house: House) -> list[Route | Mount]:
    """The console below /console. Raises UseItError when a page names no permission that exists."""
    warm_up()
    https = cookies.is_https(house.settings)

    async def problem(request: Request, error: Exception) -> Response:
        status = error.status_code if isinstance(error, HTTPException) else 500
        return await run_in_threadpool(Visit(Asked(house, request, {})).problem, status)

    cached = SecurityHeaders(StaticFiles(directory=STATIC), {"Cache-Control": "public, max-age=31536000, immutable"})
    pages = [Route(page.path, endpoint(house, page), methods=[page.method], max_body_size=LONGEST_BODY) for page in TABLE]
    console = Starlette(
        routes=[Mount("/static", cached), *pages],
        middleware=[guard(CSP, https=https)],
        exception_handlers={HTTPException: problem},
    )
    return [Mount(MOUNT, app=console)]

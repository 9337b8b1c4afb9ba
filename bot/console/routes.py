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
from bot.console import (
    account,
    answering,
    auditing,
    auth,
    case_page,
    cases,
    cookies,
    joining,
    knowledge,
    live,
    notes,
    notifying,
    numbers,
    queue,
    referrals,
    sso,
    staff,
    teams,
    upcoming,
)
from bot.console.pages import LONGEST_BODY, PUBLIC, SIGNED_IN, Page, endpoint
from bot.console.rendering import STATIC
from bot.console.visits import MOUNT, Asked, Visit
from bot.house import House
from bot.staff.passwords import warm_up

CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)
TABLE: tuple[Page, ...] = (
    Page("GET", "/", SIGNED_IN, auth.home),
    Page("GET", "/login", PUBLIC, auth.login_form),
    Page("POST", "/login", PUBLIC, auth.login, again=auth.login_form),
    Page("POST", "/logout", SIGNED_IN, auth.logout),
    Page("GET", "/register", PUBLIC, auth.invitation_form),
    Page("POST", "/register/open", PUBLIC, auth.open_invitation, again=auth.invitation_form),
    Page("POST", "/register", PUBLIC, auth.register, again=auth.form_again),
    Page("POST", "/register/second-factor", PUBLIC, auth.restore_second_factor, again=auth.form_again),
    Page("POST", "/register/password", PUBLIC, auth.restore_password, again=auth.form_again),
    Page("POST", "/register/sso", PUBLIC, sso.begin_registration, again=auth.form_again),
    Page("POST", "/login/sso", PUBLIC, sso.begin_login, again=auth.login_form),
    Page("GET", "/login/sso/return", PUBLIC, sso.come_back),
    Page("GET", "/account", SIGNED_IN, account.account),
    Page("POST", "/account/password", SIGNED_IN, account.change_password, again=account.account),
    Page("POST", "/account/codes", SIGNED_IN, account.new_codes, again=account.account),
    Page("POST", "/account/wishes", SIGNED_IN, account.change_wishes, again=account.account),
    Page("POST", "/account/absences", SIGNED_IN, account.add_absence, again=account.account),
    Page("POST", "/account/absences/{id}/remove", SIGNED_IN, account.remove_absence),
    Page("POST", "/account/sessions/end", SIGNED_IN, account.end_session),
    Page("POST", "/account/sessions/end-others", SIGNED_IN, account.end_others),
    Page("POST", "/account/sso/link", SIGNED_IN, sso.begin_link, again=account.account),
    Page("POST", "/account/sso/{id}/unlink", SIGNED_IN, sso.unlink, again=account.account),
    Page("GET", "/live", SIGNED_IN, live.stream, by_itself=True),
    Page("GET", "/live/{reference}", SIGNED_IN, live.case, by_itself=True),
    Page("GET", "/notices", SIGNED_IN, notifying.listing),
    Page("POST", "/notices/seen", SIGNED_IN, notifying.see_all),
    Page("GET", "/cases", "cases.read", queue.queue),
    Page("POST", "/views", "cases.read", queue.save_view, again=queue.queue),
    Page("POST", "/views/{id}/remove", "cases.read", queue.remove_view),
    Page("GET", "/cases/{reference}", "cases.read", case_page.case),
    Page("POST", "/cases/{reference}/claim", "cases.claim", cases.claim, again=case_page.case),
    Page("POST", "/cases/{reference}/give-back", "cases.claim", cases.give_back, again=case_page.case),
    Page("POST", "/cases/{reference}/snooze", "cases.claim", cases.snooze, again=case_page.case),
    Page("POST", "/cases/{reference}/wake", "cases.claim", cases.wake, again=case_page.case),
    Page("POST", "/cases/{reference}/close", "cases.close", cases.close, again=case_page.case),
    Page("POST", "/cases/{reference}/assign", "cases.assign", cases.assign, again=case_page.case),
    Page("POST", "/cases/{reference}/team", "cases.assign", cases.to_team, again=case_page.case),
    Page("POST", "/cases/{reference}/answer", "cases.answer", answering.answer, again=case_page.case),
    Page("POST", "/cases/{reference}/translate", "cases.answer", answering.translate, again=case_page.case),
    Page("POST", "/cases/{reference}/redraft", "cases.answer", answering.redraft, again=case_page.case),
    Page("POST", "/cases/{reference}/discard", "cases.answer", answering.discard, again=case_page.case),
    Page("POST", "/cases/{reference}/ask-translation", "cases.answer", answering.ask_translation, again=case_page.case),
    Page("POST", "/cases/{reference}/fill", "cases.answer", answering.fill, again=case_page.case),
    Page("POST", "/cases/{reference}/preview", "cases.answer", answering.preview, again=case_page.case),
    Page("POST", "/cases/{reference}/attach", "cases.answer", answering.attach, again=case_page.case),
    Page("POST", "/cases/{reference}/retry", "cases.answer", answering.retry, again=case_page.case),
    Page("POST", "/cases/{reference}/unschedule", "cases.answer", answering.unschedule, again=case_page.case),
    Page("POST", "/cases/{reference}/refer", "referrals.move", answering.refer, again=case_page.case),
    Page("POST", "/cases/{reference}/note", "cases.note", notes.note, again=case_page.case),
    Page("POST", "/cases/{reference}/tag", "cases.tag", notes.tag, again=case_page.case),
    Page("POST", "/cases/{reference}/untag", "cases.tag", notes.untag),
    Page("POST", "/cases/{reference}/merge", "cases.merge", joining.merge, again=case_page.case),
    Page("POST", "/cases/{reference}/hold", "holds.edit", joining.hold, again=case_page.case),
    Page("POST", "/holds/{id}/end", "holds.edit", joining.end_hold, again=upcoming.listing),
    Page("GET", "/upcoming", "cases.read", upcoming.listing),
    Page("GET", "/masked", "cases.read_masked", queue.queue),
    Page("GET", "/masked/{reference}", "cases.read_masked", case_page.masked),
    Page("GET", "/referrals", "referrals.read", referrals.listing),
    Page("GET", "/referrals/{reference}", "referrals.read", referrals.referral),
    Page("POST", "/referrals/{reference}/move", "referrals.move", referrals.move, again=referrals.referral),
    Page("POST", "/referrals/{reference}/send", "referrals.send", referrals.send, again=referrals.referral),
    Page("POST", "/referrals/{reference}/send-again", "referrals.send", referrals.send_again, again=referrals.referral),
    Page("POST", "/referrals/{reference}/note", "cases.note", referrals.note, again=referrals.referral),
    Page("GET", "/knowledge/{kind}", "knowledge.read", knowledge.listing),
    Page("GET", "/knowledge/{kind}/{key}", "knowledge.read", knowledge.entry),
    Page("POST", "/knowledge/{kind}/{key}", "knowledge.edit", knowledge.save, again=knowledge.entry),
    Page("POST", "/knowledge/{kind}/{key}/restore", "knowledge.edit", knowledge.restore, again=knowledge.entry),
    Page("GET", "/staff", "staff.invite", staff.listing),
    Page("POST", "/staff/invite", "staff.invite", staff.invite, again=staff.listing),
    Page("POST", "/staff/{id}/disable", "staff.manage", staff.disable, again=staff.listing),
    Page("POST", "/staff/{id}/enable", "staff.manage", staff.enable),
    Page("POST", "/staff/{id}/role", "staff.manage", staff.change_role, again=staff.listing),
    Page("POST", "/staff/{id}/lost", "staff.manage", staff.replace_lost, again=staff.listing),
    Page("GET", "/teams", "teams.edit", teams.listing),
    Page("POST", "/teams", "teams.edit", teams.make, again=teams.listing),
    Page("GET", "/teams/{id}", "teams.edit", teams.team),
    Page("POST", "/teams/{id}", "teams.edit", teams.change, again=teams.team),
    Page("POST", "/teams/{id}/close", "teams.edit", teams.close, again=teams.team),
    Page("POST", "/teams/{id}/open", "teams.edit", teams.open_again),
    Page("POST", "/teams/{id}/join", "teams.edit", teams.add_member, again=teams.team),
    Page("POST", "/teams/{id}/leave", "teams.edit", teams.remove_member),
    Page("POST", "/teams/{id}/absences", "teams.edit", teams.add_absence, again=teams.team),
    Page("POST", "/teams/{id}/absences/remove", "teams.edit", teams.remove_absence),
    Page("GET", "/numbers", "numbers.read", numbers.page, again=numbers.page_again),
    Page("GET", "/numbers/report", "numbers.read", numbers.report_page, again=numbers.page_again),
    Page("GET", "/numbers/export", "numbers.export", numbers.export, again=numbers.page_again),
    Page("GET", "/audit", "audit.read", auditing.log),
    Page("GET", "/audit/export", "audit.export", auditing.export),
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
    console.state.live = live.Live(house)
    return [Mount(MOUNT, app=console)]

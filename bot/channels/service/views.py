"""What a service sees behind a link and can say there. Views run in a thread, each in one transaction."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy.orm import Session
from starlette.responses import Response

from bot import i18n
from bot.cases import referral_sheet, service_links
from bot.cases.hours import LONDON
from bot.cases.models import Referral, ServiceLink
from bot.channels.service import rendering
from bot.errors import RefusedError
from bot.house import House
from bot.knowledge import snapshot
from bot.replies import Paper

FIELDS = ("answer", "note", "question")


@dataclass(frozen=True)
class Drawn:
    """A paper that is to be drawn, outside the transaction."""

    paper: Paper


def cover(house: House, session: Session, token: str, form: Mapping[str, str]) -> Response:
    """Behind the link itself: a button and nothing about anybody. It changes nothing, so a mail scanner may look."""
    found = service_links.find(session, token)
    if found is None:
        return gone(house)
    return rendering.page("cover.html", house.settings, token=token, until=_until(found[0]))


def opened(house: House, session: Session, token: str, form: Mapping[str, str]) -> Response:
    found = service_links.find(session, token, to_change=True)
    if found is None:
        return gone(house)
    service_links.note_opened(session, *found)
    return _referral(house, session, token, *found)


def answered(house: House, session: Session, token: str, form: Mapping[str, str]) -> Response:
    said = form["answer"]
    try:
        if said and service_links.answer(session, token, said, form["note"]):
            return rendering.page("thanks.html", house.settings, said=said)
        reason = "" if said else "choose"
    except RefusedError as error:
        reason = error.reason
    found = service_links.find(session, token)
    if found is None or not reason:
        return gone(house)
    return _referral(house, session, token, *found, form=form, refused=reason)


def asked(house: House, session: Session, token: str, form: Mapping[str, str]) -> Response:
    found = service_links.find(session, token, to_change=True)
    if found is None:
        return gone(house)
    try:
        service_links.ask(session, *found, form["question"])
    except RefusedError as error:
        return _referral(house, session, token, *found, form=form, refused=error.reason)
    return _referral(house, session, token, *found, asked=True)


def paper(house: House, session: Session, token: str, form: Mapping[str, str]) -> Response | Drawn:
    """The same to keep, as PDF."""
    found = service_links.find(session, token, to_change=True)
    if found is None:
        return gone(house)
    service_links.note_opened(session, *found)
    return Drawn(referral_sheet.paper(snapshot.current(session), found[1], house.settings))


def gone(house: House) -> Response:
    """For every link that does not work, whatever the reason: it tells nothing."""
    return rendering.page("gone.html", house.settings, 404)


def _referral(
    house: House,
    session: Session,
    token: str,
    link: ServiceLink,
    referral: Referral,
    *,
    form: Mapping[str, str] | None = None,
    refused: str = "",
    asked: bool = False,
) -> Response:
    known = refused if i18n.has("en", f"service.page.refused.{refused}") else "other" if refused else ""
    return rendering.page(
        "referral.html",
        house.settings,
        409 if refused else 200,
        sheet=referral_sheet.paper(snapshot.current(session), referral, house.settings),
        token=token,
        answers=list(service_links.ANSWERS),
        longest_note=service_links.LONGEST_NOTE,
        longest_question=service_links.LONGEST_QUESTION,
        has_asked=link.question is not None,
        asked=asked,
        refused=known,
        sent={name: form[name] if form else "" for name in FIELDS},
        until=_until(link),
    )


def _until(link: ServiceLink) -> str:
    return i18n.date("en", link.expires_at.astimezone(LONDON).date())

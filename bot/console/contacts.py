"""Trusted places as staff keep them: how many came by each, its poster, and the secret link to its own number."""

from __future__ import annotations

import re
from dataclasses import dataclass

from starlette.responses import Response

from bot import i18n
from bot.cases.summary import language_name
from bot.console.fields import today
from bot.console.visits import NotHereError, StaffVisit
from bot.errors import PermanentError, RefusedError
from bot.knowledge import snapshot
from bot.knowledge.seed import Contact
from bot.knowledge.snapshot import is_fresh
from bot.opportunities import arrivals, links, posters

SENTENCE = "contact.poster.sentence"
SIZES = ("a4", "a5")
PATH = "/service/came"
_BOT = re.compile(r"[A-Za-z][A-Za-z0-9_]{3,31}")


@dataclass(frozen=True)
class Row:
    """`came` None: too few to be said. `late`: nobody has confirmed it for too long, and it is not named to people."""

    contact: Contact
    came: int | None
    late: bool


def listing(visit: StaffVisit) -> Response:
    rows = [_row(visit, one) for one in snapshot.current(visit.session).contacts.values()]
    visit.record("contacts.list", "contacts")
    return visit.page("contacts.html", rows=sorted(rows, key=lambda row: row.contact.name.casefold()))


def contact(visit: StaffVisit) -> Response:
    return _page(visit, _found(visit))


def poster(visit: StaffVisit) -> Response:
    """The PDF; the choice of languages is kept for the next one. Only languages in which the sentence is there; the code leads to the bot on Telegram, or to the page."""
    from bot.papers.poster import Poster, render  # 30 MB that a program without papers does not need

    one, size = _found(visit), visit.value("size")
    chosen = [code for code in visit.values("language") if code in _speaks(visit)]
    if not chosen or size not in SIZES:
        raise RefusedError("choose a size and at least one language", "poster_choose")
    sentences = tuple((code, i18n.t(code, SENTENCE)) for code in chosen)
    us = visit.house.settings.organisation
    try:
        body = render(Poster(us, chosen[0], sentences, _address(visit, one), size))
    except PermanentError as error:
        raise RefusedError("fewer languages, please", "poster_full") from error
    posters.choose(visit.session, one.key, chosen, visit.staff.id)
    visit.record("contacts.poster", f"contact:{one.key}", f"{size} {' '.join(chosen)}")
    headers = {"Content-Disposition": f'attachment; filename="poster-{one.key}-{size}.pdf"'}
    return Response(body, media_type="application/pdf", headers=headers)


def make_link(visit: StaffVisit) -> Response:
    """Shown now and never again; the one before it ends."""
    one = _found(visit)
    token = links.make(visit.session, one.key, visit.staff.id, once=visit.once)
    visit.record("contacts.link", f"contact:{one.key}")
    return _page(visit, one, link=f"{visit.house.settings.public_url}{PATH}/{token}")


def end_link(visit: StaffVisit) -> Response:
    one = _found(visit)
    links.end(visit.session, one.key)
    visit.record("contacts.link_end", f"contact:{one.key}")
    return visit.go(f"/contacts/{one.key}", done="contact_link_ended")


def _page(visit: StaffVisit, one: Contact, link: str = "") -> Response:
    visit.record("contacts.read", f"contact:{one.key}")
    return visit.page(
        "contact.html",
        row=_row(visit, one),
        link=link,
        current=links.current(visit.session, one.key),
        languages=[(code, i18n.t(code, SENTENCE), i18n.direction(code)) for code in _speaks(visit)],
        missing=", ".join(language_name(code) for code in visit.house.settings.languages if code not in _speaks(visit)),
        chosen=visit.values("language") or posters.languages(visit.session, one.key, _speaks(visit)),
        sizes=SIZES,
        start=arrivals.source_of(one.key),
    )


def _row(visit: StaffVisit, one: Contact) -> Row:
    return Row(one, arrivals.shown(visit.session, one.key, today()), not is_fresh(one.fact, today()))


def _found(visit: StaffVisit) -> Contact:
    one = snapshot.current(visit.session).contacts.get(visit.part("key"))
    if one is None:
        raise NotHereError
    return one


def _speaks(visit: StaffVisit) -> list[str]:
    """The languages in which the sentence is translated; an English one below another language's name helps nobody."""
    return [code for code in visit.house.settings.languages if i18n.has(code, SENTENCE)]


def _address(visit: StaffVisit, one: Contact) -> str:
    bot, start = visit.value("bot").strip().removeprefix("@"), arrivals.source_of(one.key)
    if not bot:
        return f"{visit.house.settings.public_url}/?start={start}"
    if not _BOT.fullmatch(bot) or len(start) > arrivals.LONGEST:
        raise RefusedError("this is not the name of a bot", "poster_bot")
    return f"https://t.me/{bot}?start={start}"

"""Staff see who is interested in what and keep the trusted places: poster, secret link, and a number that names nobody."""

from __future__ import annotations

import asyncio
import datetime as dt
import re
from collections.abc import Iterator
from urllib.parse import urlsplit

import httpx
import pytest
from sqlalchemy import select
from starlette.applications import Starlette

from bot.channels.service.routes import routes as service_routes
from bot.console import rendering
from bot.console.fields import today
from bot.db.base import now
from bot.house import House
from bot.i18n import t
from bot.knowledge import editing
from bot.knowledge.models import Version
from bot.opportunities import interest
from bot.opportunities.models import ContactArrivals, ContactLink, ContactPoster
from bot.people.models import Chat, Person
from bot.staff.models import AuditEntry, Staff
from tests.console.desk import Desk
from tests.opportunities import sample
from tests.staff.people import Colleague

KEY = sample.BARBER.key


@pytest.fixture
def known(house: House) -> House:
    with house.sessions.begin() as session:
        sample.stock(session)
    return house


def interested(house: House) -> str:
    with house.sessions.begin() as session:
        person = Person(language="so")
        chat = Chat(channel="cli", address="1", address_hash="1", person=person)
        session.add(chat)
        session.flush()
        made = interest.make(session, chat, sample.KITCHEN, ["cook"], made_from="test:1", told=None)
        return made.reference


def came(house: House, times: int) -> None:
    monday = (now() - dt.timedelta(days=14)).date()
    with house.sessions.begin() as session:
        session.add(ContactArrivals(contact=KEY, week=monday - dt.timedelta(days=monday.weekday()), times=times))


def verbs(house: House) -> Iterator[str]:
    with house.sessions() as session:
        yield from session.scalars(select(AuditEntry.verb).order_by(AuditEntry.id))


def test_who_is_interested_is_counted_and_leads_to_the_referral(desk: Desk, known: House, caseworker: Colleague) -> None:
    reference = interested(known)
    desk.log_in(caseworker).get("/opportunities")
    assert "1 interested now" in desk.text and sample.KITCHEN.name in desk.text
    assert reference in desk.get("/referrals?service=opportunity%3Atest-kitchen").text
    page = desk.get(f"/referrals/{reference}").text
    assert sample.KITCHEN.name in page and sample.KITCHEN.referral_email in page
    desk.send(f"/referrals/{reference}/send", by="email")
    assert "opportunities.list" in verbs(known)


def test_one_tap_says_that_they_take_people_today_and_who_said_so(desk: Desk, known: House, caseworker: Colleague) -> None:
    desk.log_in(caseworker).get("/opportunities")
    assert t("en", "console.opportunities.not_assured") in desk.text
    path = f"/opportunities/{sample.WARD.key}/assured"
    form = desk.form(path)
    for _ in range(2):  # the same form sent twice is one change
        assert desk.post(path, form).status_code == 303
    page = desk.get("/opportunities").text
    assert t("en", "console.opportunities.assured", date=rendering.day(today())) in page and f'{path}"' not in page
    with known.sessions() as session:
        entry = editing.find(session, "opportunities", sample.WARD.key)
        assert entry is not None and entry.data["assured_on"] == today().isoformat()
        (version,) = session.scalars(select(Version).where(Version.entry_id == entry.id))
        assert version.who == f"staff:{session.scalars(select(Staff.id).where(Staff.login == caseworker.login)).one()}"
    assert "opportunities.assure" in verbs(known)
    assert desk.post("/opportunities/nothing/assured", form).status_code == 404


def test_a_poster_is_made_in_the_languages_that_were_chosen(desk: Desk, known: House, caseworker: Colleague) -> None:
    desk.log_in(caseworker).get(f"/contacts/{KEY}")
    form = desk.form(f"/contacts/{KEY}/poster") | {"size": "a5", "language": "en"}
    answer = desk.post(f"/contacts/{KEY}/poster", form)
    assert answer.headers["content-type"] == "application/pdf" and answer.content.startswith(b"%PDF")
    assert desk.post(f"/contacts/{KEY}/poster", form | {"language": "xx"}).status_code == 409
    assert desk.post(f"/contacts/{KEY}/poster", form | {"size": "a0"}).status_code == 409
    assert desk.post(f"/contacts/{KEY}/poster", form | {"bot": "no bot/"}).status_code == 409
    assert desk.post("/contacts/nobody/poster", form).status_code == 404
    assert list(verbs(known)).count("contacts.poster") == 1


def test_a_poster_offers_every_language_until_somebody_chooses_and_then_their_choice(
    desk: Desk, known: House, caseworker: Colleague
) -> None:
    def ticked() -> list[str]:
        page = desk.get(f"/contacts/{KEY}").text
        return re.findall(r'name="language" value="(\w+)" checked', page)

    desk.log_in(caseworker)
    assert ticked() == list(known.settings.languages)
    form: dict[str, str | list[str]] = {**desk.form(f"/contacts/{KEY}/poster"), "size": "a4", "language": ["ur", "so"]}
    assert desk.post(f"/contacts/{KEY}/poster", form).status_code == 200
    assert ticked() == [code for code in known.settings.languages if code in ("ur", "so")]
    assert desk.post(f"/contacts/{KEY}/poster", form | {"language": ["xx"]}).status_code == 409
    with known.sessions() as session:  # what was refused has changed nothing
        assert set(session.get_one(ContactPoster, KEY).languages) == {"ur", "so"}


def test_the_number_behind_the_secret_link_names_nobody_and_hides_what_is_small(
    desk: Desk, known: House, caseworker: Colleague, event_loop_runner: asyncio.Runner
) -> None:
    client = httpx.AsyncClient(
        transport=httpx.ASGITransport(app=Starlette(routes=service_routes(known))), base_url=known.settings.public_url
    )

    def read(path: str) -> httpx.Response:
        return event_loop_runner.run(client.get(path))

    came(known, 4)
    desk.log_in(caseworker).get(f"/contacts/{KEY}")
    desk.post(f"/contacts/{KEY}/link", desk.form(f"/contacts/{KEY}/link"))
    link = next(word for word in desk.text.split() if "/service/came/" in word)
    path = urlsplit(link).path
    assert "Fewer than 5 people" in read(path).text
    with known.sessions.begin() as session:
        session.scalars(select(ContactArrivals)).one().times = 13
        assert all(row.token_hash not in path for row in session.scalars(select(ContactLink)))
    assert "At least 10 people" in read(path).text
    assert read("/service/came/" + "x" * 50).status_code == 404
    desk.get(f"/contacts/{KEY}")
    desk.send(f"/contacts/{KEY}/link/end")
    assert read(path).status_code == 404
    assert {"contacts.link", "contacts.link_end"} <= set(verbs(known))


def test_who_may_not_keep_places_sees_none(desk: Desk, known: House, auditor: Colleague) -> None:
    desk.log_in(auditor)
    assert desk.get("/contacts").status_code == 403
    assert desk.get(f"/contacts/{KEY}").status_code == 403
    assert desk.get("/opportunities").status_code == 403


def test_a_place_and_an_opportunity_have_forms_as_every_entry(desk: Desk, known: House, admin: Colleague) -> None:
    desk.log_in(admin)
    for kind, one in (("opportunities", sample.KITCHEN), ("contacts", sample.BARBER)):
        assert one.name in desk.get(f"/knowledge/{kind}").text
        assert desk.get(f"/knowledge/{kind}/{one.key}").status_code == 200
        assert desk.get(f"/knowledge/{kind}/new").status_code == 200

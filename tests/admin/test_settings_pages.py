"""The page of settings, over HTTP."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Callable

import pytest
from sqlalchemy import select

from bot.cases.models import Message
from bot.db.base import now
from bot.house import House
from bot.installation import changing
from bot.installation.models import SettingChange
from bot.staff.models import AuditEntry
from tests.console.conftest import admin, ask, caseworker, open_desk, runner
from tests.console.desk import Desk, Forms
from tests.staff.people import Colleague

__all__ = ["admin", "caseworker", "open_desk", "runner"]


@pytest.fixture
def desk(open_desk: Callable[..., Desk], admin: Colleague) -> Desk:
    made = open_desk().log_in(admin)
    made.get("/settings")
    return made


def test_languages_and_parts_are_ticked(desk: Desk, house: House) -> None:
    desk.send("/settings/languages", languages=["en", "ar", "so"])
    assert "It counts from the next message on" in desk.text and house.settings.languages == ("en", "ar", "so")
    form = desk.form("/settings/features")
    assert form["feature.photos"] == "on"
    form.pop("feature.photos")
    desk.post("/settings/features", form)
    desk.follow()
    assert house.settings.photo == "off" and not house.installation.is_on("photos") and house.installation.is_on("mentors")
    with house.sessions() as session:
        assert {row.name for row in session.scalars(select(SettingChange))} == {"languages", "feature.photos"}


def test_hours_are_checked_and_drawn_with_the_next_days(desk: Desk, house: House) -> None:
    assert desk.send("/settings/hours", hours="always").status_code == 409 and "Hours look like" in desk.text
    assert desk.form("/settings/hours")["hours"] == "always"  # what was typed is still there
    desk.send("/settings/hours", hours="mon-thu 10:00-15:00")
    assert house.hours.days == (0, 1, 2, 3) and desk.page.text.count('<rect class="open"') == 4


def test_of_two_admins_the_second_is_told_and_sees_what_the_first_did(
    desk: Desk, open_desk: Callable[..., Desk], house: House
) -> None:
    other = open_desk().log_in(Colleague.join(house, "ade", "admin"))
    other.get("/settings")
    desk.send("/settings/hours", hours="mon-fri 10:00-16:00")
    assert other.send("/settings/hours", hours="mon-fri 08:00-12:00").status_code == 409
    assert other.form("/settings/hours")["hours"] == "mon-fri 10:00-16:00" and house.settings.hours == "mon-fri 10:00-16:00"


def test_fewer_days_are_confirmed_with_what_they_delete(desk: Desk, house: House) -> None:
    with house.sessions.begin() as session:
        ask(session)
        old = session.scalars(select(Message)).first()
        assert old is not None
        old.at = now() - dt.timedelta(days=60)
    desk.send("/settings/keeping", keep_days="30")
    assert "1 message would be deleted" in desk.text and house.settings.keep_days == 90
    with house.sessions() as session:
        assert session.scalars(select(SettingChange)).all() == []
    forms = desk.page.text.partition('id="lost"')[2].partition("</section>")[0]
    desk.post("/settings/keeping", Forms(forms).found["/console/settings/keeping"])
    desk.follow()
    assert house.settings.keep_days == 30
    desk.send("/settings/keeping", keep_days="90")
    assert house.settings.keep_days == 90  # more days need no confirmation
    with house.sessions() as session:
        newest = changing.history(session, 1)[0].id
    assert desk.post("/settings/undo", desk.form("/settings/hours") | {"change": str(newest)}).status_code == 409
    assert "would delete" in desk.text and house.settings.keep_days == 90


def test_a_change_is_taken_back(desk: Desk, house: House) -> None:
    desk.send("/settings/greeting", **{"greeting.ar": "أهلاً"})
    assert house.installation.greeting("ar") == "أهلاً"
    desk.send("/settings/undo")
    with house.sessions() as session:
        house.refresh(session)
        assert [row.actor for row in session.scalars(select(AuditEntry).where(AuditEntry.verb == "settings.change"))][1:] != []
    assert house.installation.greeting("ar") == ""


def test_markup_in_a_greeting_is_refused_and_never_runs(desk: Desk) -> None:
    assert desk.send("/settings/greeting", **{"greeting.en": "<script>alert(1)</script>"}).status_code == 409
    assert "Plain words only" in desk.text and "<script>alert" not in desk.page.text


def test_one_button_stops_and_every_page_says_so(desk: Desk, open_desk: Callable[..., Desk], caseworker: Colleague) -> None:
    assert desk.send("/settings/stop", reason="", until="").status_code == 409 and "Say why" in desk.text
    assert desk.send("/settings/stop", reason="x", until="2020-01-01T10:00").status_code == 409
    desk.send("/settings/stop", reason="The advice on fees was wrong", until="")
    other = open_desk().log_in(caseworker)
    other.get("/cases")
    assert "The bot is stopped." in other.text and "The advice on fees was wrong" in other.text
    assert other.post("/settings/start-again", other.form("/logout")).status_code == 403  # not theirs to start
    desk.send("/settings/start-again")
    assert "The bot is stopped." not in desk.text.replace("The bot is stopped. Until", "")
    other.get("/cases")
    assert "The advice on fees was wrong" not in other.text


def test_a_process_that_was_told_nothing_knows_at_its_next_page(house: House, desk: Desk, environ: dict[str, str]) -> None:
    from bot.settings import Settings

    elsewhere = House.open(Settings.read(environ))
    with asyncio.Runner() as running:
        there = Desk(elsewhere, running)
        there.get("/login")
        assert elsewhere.settings.keep_days == 90
        desk.send("/settings/keeping", keep_days="120")
        there.get("/login")
        assert elsewhere.settings.keep_days == 120
    elsewhere.database.dispose()

"""What an editor may not do alone waits for whoever may publish, and they are told: texts, sentences and drafts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from sqlalchemy import select

from bot import i18n
from bot.cases.models import Mail
from bot.house import House
from bot.knowledge import loading
from bot.staff.models import Staff
from bot.upkeep import digest
from tests.admin.test_editing_drafts import WHOLE
from tests.admin.test_editing_pages import send
from tests.console.desk import Desk
from tests.staff.people import Colleague

PLACE = "sentences/button.menu"


@pytest.fixture
def editor(house: House) -> Colleague:
    with house.sessions.begin() as session:
        loading.load(session, WHOLE)
    return Colleague.join(house, "elena", "editor")


def test_an_editor_proposes_a_sentence_and_an_admin_has_it_said(
    desk: Desk, open_desk: Callable[..., Desk], house: House, editor: Colleague, admin: Colleague
) -> None:
    at = "/translations/en"
    page = f"{at}/text?place={PLACE}"
    desk.log_in(editor).get(page)
    form = desk.form(f"{at}/propose")
    assert desk.post(f"{at}/text", form | {"form.0": "Start"}).status_code == 403
    assert desk.post(f"{at}/propose", form).status_code == 409  # the same words
    desk.post(f"{at}/propose", form | {"form.0": "All I can do"})
    desk.follow()
    assert "Proposed" in desk.text and i18n.t("en", "button.menu") != "All I can do"
    boss = open_desk().log_in(admin)
    boss.get(page)
    assert "Elena proposes" in boss.text
    assert desk.post("/translations/accept", boss.form("/translations/accept") | {"csrf": form["csrf"]}).status_code == 403
    boss.send("/translations/accept")
    try:
        boss.get(page)
        assert i18n.t("en", "button.menu") == "All I can do" and "Elena proposes" not in boss.text and "Elena" in boss.text
    finally:
        boss.send(f"{at}/reset")  # own sentences are the process's: the next test has the shipped ones
        boss.get(page)
    assert i18n.t("en", "button.menu") != "All I can do"


def test_what_waits_is_counted_for_publishers_and_in_their_mail(
    desk: Desk, open_desk: Callable[..., Desk], house: House, editor: Colleague, admin: Colleague
) -> None:
    at = "/knowledge/terms/band-5"
    desk.log_in(editor).get(at)
    send(desk, at, "/review", **{"en.meaning": "Shorter."})
    assert "To review" not in desk.text
    boss = open_desk().log_in(admin)
    boss.get("/knowledge/terms")
    assert 'To review <span class="count">1</span>' in boss.page.text
    monday = dt.datetime(2026, 11, 30, 10, tzinfo=dt.UTC)
    with house.sessions.begin() as session:
        for colleague in (editor, admin):
            row = session.get_one(Staff, colleague.id)
            row.email, row.notify = f"{colleague.login}@example.org", {"digest": True}
        digest.due(session, "https://bot.example", monday)
        (mail,) = session.scalars(select(Mail))  # nothing else needs care: who only edits hears nothing
        assert mail.content["to"] == "bea@example.org"
        assert "1 draft waits" in mail.content["text"] and "https://bot.example/console/knowledge/drafts" in mail.content["text"]

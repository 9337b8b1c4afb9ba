"""The pages of translations over HTTP: an admin's and a reviewer's, with what each may and may not."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest
from sqlalchemy import select

from bot import i18n
from bot.house import House
from bot.staff.models import AuditEntry, Staff
from bot.translation.worker import TranslationWorker
from bot.wording import units
from engine.safety.listener import SILENT
from tests.admin.test_wording_files import AR, out, translated
from tests.admin.wording import HELLO, MEANING, TAX, stock, unit
from tests.console.desk import Desk
from tests.staff.people import Colleague
from tests.translation import machine
from tests.translation.desk_at_work import with_machine


@pytest.fixture
def known(house: House) -> House:
    return stock(house)


@pytest.fixture
def reviewer(known: House) -> Colleague:
    return Colleague.join(known, "rana", "reviewer")


def at(place: str, language: str = "ar") -> str:
    return f"/translations/{language}/text?place={place}"


def audited(house: House) -> list[tuple[str, str, str]]:
    with house.sessions() as session:
        return [(row.verb, row.object, row.why) for row in session.scalars(select(AuditEntry).order_by(AuditEntry.id))]


def test_an_admin_sees_how_far_each_language_is_and_what_is_to_do(known: House, desk: Desk, admin: Colleague) -> None:
    desk.log_in(admin).get("/translations")
    assert desk.page.status_code == 200 and '<svg class="progress"' in desk.page.text and "Arabic" in desk.text
    desk.get("/translations/ar?state=missing&kind=terms&q=tax")
    assert "Council Tax" in desk.text and "Band 5" not in desk.text and "1 text" in desk.text
    desk.get("/translations/ar?state=<script>&kind=x&order=x&page=999999")
    assert desk.page.status_code == 200 and "There is no such text" in desk.text
    assert desk.get("/translations/xx").status_code == desk.get("/translations/ar/text?place=x").status_code == 404


def test_an_admin_writes_a_translation_and_confirms_what_is_odd(known: House, desk: Desk, admin: Colleague) -> None:
    desk.log_in(admin).get(at(TAX))
    action, odd = "/translations/ar/text", "Council Tax: ادفع قبل 2 أبريل: https://example.org/pay"
    desk.send(action, **{"form.0": odd, "state": "draft"})
    assert desk.page.status_code == 409 and "The numbers are not those of the English: 1, 2" in desk.text
    assert odd in desk.page.text and unit(known, TAX).state == "missing"
    sure = desk.page.text.partition('name="sure" value="')[2][:20]
    desk.send(action, **{"form.0": odd + "!", "state": "draft", "sure": sure})
    assert desk.page.status_code == 409  # what was confirmed was something else
    desk.send(action, **{"form.0": odd, "state": "draft", "sure": sure})
    assert "Saved." in desk.text and (unit(known, TAX).text, unit(known, TAX).state) == ((odd,), "draft")
    desk.send(action, **{"form.0": odd.replace("2", "1"), "state": "reviewed", "why": "looked"})
    assert unit(known, TAX).state == "reviewed"
    assert ("words.edit", f"ar:{TAX}", "reviewed") in audited(known)


def test_a_form_of_an_older_text_is_shown_again_and_writes_nothing(known: House, desk: Desk, admin: Colleague) -> None:
    desk.log_in(admin).get(at(TAX))
    old = desk.form("/translations/ar/text")
    desk.send("/translations/ar/text", **{"form.0": "Council Tax 1 https://example.org/pay", "state": "draft"})
    desk.post("/translations/ar/text", {**old, "form.0": "Council Tax 1 https://example.org/pay again", "state": "draft"})
    assert desk.page.status_code == 409 and "changed meanwhile" in desk.text


def test_a_sentence_is_said_otherwise_and_as_shipped_again(known: House, desk: Desk, admin: Colleague) -> None:
    shipped = i18n.t("en", "greet")
    desk.log_in(admin).get(at(HELLO, "en"))
    desk.send("/translations/en/text", **{"form.0": "Good {0.__class__} morning."})
    assert desk.page.status_code == 409 and "names in braces" in desk.text
    desk.send("/translations/en/text", **{"form.0": "Good <b>morning</b>."})
    assert i18n.t("en", "greet") == "Good <b>morning</b>." and "<b>morning</b>" not in desk.page.text
    assert "outdated" in desk.get(at(HELLO)).text
    desk.get(at(HELLO, "en"))
    desk.send("/translations/en/reset")
    assert i18n.t("en", "greet") == shipped and ("words.reset", f"en:{HELLO}", "") in audited(known)


def test_what_is_typed_is_checked_and_not_kept(known: House, desk: Desk, admin: Colleague) -> None:
    desk.log_in(admin).get(at(TAX))
    form = {**desk.form("/translations/ar/text"), "form.0": "ضريبة"}
    found = desk.post("/translations/ar/check", form)
    assert found.status_code == 200 and "Council Tax" in desk.text and "https://example.org/pay" in desk.text
    assert "<html" not in found.text and unit(known, TAX).state == "missing"


def test_a_reviewer_says_of_one_text_after_the_other_what_it_is(known: House, desk: Desk, reviewer: Colleague) -> None:
    desk.log_in(reviewer)
    assert str(desk.page.url).endswith("/console/review")
    with known.sessions() as session:
        left = len([u for u in units.listed(session, "ar") if u.state != "reviewed"])
    assert f"{left:,} left" in desk.text and 'dir="rtl"' in desk.page.text
    first = desk.form("/review")["place"]
    desk.post("/review", {**desk.form("/review"), "verdict": "right"})
    assert "marked as right" in desk.follow().text and unit(known, first).state == "reviewed"
    desk.post("/review", {**desk.form("/review"), "verdict": "asked", "words": "What <i>is</i> this?"})
    assert "the team sees your question" in desk.follow().text
    desk.post("/review", {**desk.form("/review"), "verdict": "skipped"})
    desk.follow()
    assert f"{left - 3:,} left" in desk.text
    assert ("review.right", f"ar:{first}", "") in audited(known)


def test_a_correction_that_is_odd_is_shown_again_with_what_was_typed(known: House, desk: Desk, reviewer: Colleague) -> None:
    desk.log_in(reviewer)
    form = {**desk.form("/review"), "place": MEANING, "token": unit(known).token, "verdict": "corrected", "form.0": "من £1."}
    desk.post("/review", form)
    assert desk.page.status_code == 409 and "من £1." in desk.page.text and "The numbers are not those" in desk.text
    sure = desk.page.text.partition('name="sure" value="')[2][:20]
    desk.post("/review", {**form, "sure": sure})
    assert "your correction is what people read now" in desk.follow().text and unit(known).text == ("من £1.",)


def test_a_reviewer_sees_no_other_language_no_case_and_no_person(known: House, desk: Desk, reviewer: Colleague) -> None:
    desk.log_in(reviewer)
    form = {**desk.form("/review"), "verdict": "right"}
    assert desk.post("/review", {**form, "language": "so"}).status_code == 404
    assert desk.post("/review", {**form, "verdict": "anything"}).status_code == 404
    for path in ("/cases", "/masked", "/staff", "/numbers", "/translations", "/translations/ar", "/knowledge/terms", "/audit"):
        assert desk.get(path).status_code == 403, path
    assert "Somali" not in desk.get("/review?language=so").text


def test_an_admin_invites_a_reviewer_for_languages_and_changes_them(
    known: House, open_desk: Callable[..., Desk], admin: Colleague
) -> None:
    desk = open_desk().log_in(admin)
    desk.get("/staff")
    desk.send("/staff/invite", role="reviewer")
    assert desk.page.status_code == 409 and "Choose at least one language" in desk.text
    desk.send("/staff/invite", role="reviewer", languages=["ar", "so", "xx"])
    assert "/console/register#" in desk.page.text and ("staff.invite", "role:reviewer", "ar so xx") in audited(known)
    reviewer = Colleague.join(known, "rana", "reviewer", ["ar", "so"])
    desk.get("/staff")
    desk.send(f"/staff/{reviewer.id}/languages", languages=["so"])
    with known.sessions() as session:
        assert session.get_one(Staff, reviewer.id).languages == ["so"]
    other = open_desk().log_in(reviewer)
    assert "Somali" in other.text and "Arabic" not in other.text


def test_reviewers_are_thanked_where_the_admin_looks_when_they_wish(
    known: House, open_desk: Callable[..., Desk], admin: Colleague, reviewer: Colleague
) -> None:
    own = open_desk().log_in(reviewer)
    own.post("/review", {**own.form("/review"), "verdict": "right"})
    desk = open_desk().log_in(admin)
    assert "Rana" not in desk.get("/translations").text
    own.get("/account")
    own.send("/account/wishes", notify=["credit"])
    assert "Rana" in desk.get("/translations").text


def test_a_question_comes_to_the_admin_and_back(
    known: House, open_desk: Callable[..., Desk], admin: Colleague, reviewer: Colleague
) -> None:
    own = open_desk().log_in(reviewer)
    place = own.form("/review")["place"]
    own.post("/review", {**own.form("/review"), "verdict": "asked", "words": "Which <b>office</b>?"})
    assert own.get("/review") and own.form("/review")["place"] != place
    desk = open_desk().log_in(admin)
    desk.get("/translations")
    assert "Rana asks about a text in Arabic" in desk.text and "&lt;b&gt;office" in desk.page.text
    desk.send("/translations/settle")
    assert "Nobody has asked anything" in desk.text
    assert own.get("/review") and own.form("/review")["place"] == place


@pytest.mark.parametrize("form", ["po", "xliff"])
def test_a_file_is_looked_at_and_then_taken(known: House, desk: Desk, admin: Colleague, form: str) -> None:
    desk.log_in(admin).get(f"/translations/ar/export?format={form}&kind=terms")
    assert desk.page.headers["content-disposition"] == f'attachment; filename="useit-ar.{form}"'
    content = translated(desk.page.content, form, MEANING, AR)
    desk.get("/translations/ar")
    fields = desk.form("/translations/ar/import")
    desk.post("/translations/ar/import", fields, files={"file": (f"<b>ar.{form}", content)})
    assert desk.page.status_code == 200 and AR in desk.page.text and "<b>ar" not in desk.page.text
    assert unit(known).state == "machine-drafted"
    desk.send("/translations/ar/import/take")
    assert "Taken over" in desk.text and unit(known).text == (AR,)
    ((_, about, why),) = [row for row in audited(known) if row[0] == "words.import"]
    assert about == "language:ar" and why.startswith("1 texts, import-")
    desk.send("/translations/ar/import/back")
    assert "Taken back" in desk.text and unit(known).text != (AR,)


def test_a_file_that_is_none_or_too_large_or_gone_is_refused(known: House, desk: Desk, admin: Colleague) -> None:
    desk.log_in(admin).get("/translations/ar")
    fields = desk.form("/translations/ar/import")
    assert desk.post("/translations/ar/import", fields).status_code == 409 and "Choose a file first" in desk.text
    found = desk.post("/translations/ar/import", fields, files={"file": ("a.po", b"\xff\xff\xff")})
    assert found.status_code == 200 and "cannot be read as utf-8" in desk.text
    assert desk.post("/translations/ar/import", fields, files={"file": ("a.po", b"x" * 20_000_000)}).status_code == 413
    taken = {"csrf": fields["csrf"], "once": fields["once"], "token": "nothing"}
    assert desk.post("/translations/ar/import/take", taken).status_code == 409
    assert desk.get("/translations/ar/export?format=exe").status_code == 404


def test_a_machine_suggests_and_what_is_taken_stays_a_machines(known: House, desk: Desk, admin: Colleague) -> None:
    with machine.running("libretranslate") as running:
        house = with_machine(known, running, in_house=True)
        desk = Desk(house, desk._runner)
        desk.log_in(admin).get(at(TAX))
        desk.send("/translations/ar/suggest")
        assert "at work" in desk.text

        async def work() -> None:
            worker = TranslationWorker(house, listen=lambda _: SILENT)
            while await worker.some():
                pass

        asyncio.run(work())
        desk.get(at(TAX))
        made = desk.page.text.partition('name="form.0" value="')[2].partition('"')[0]
        assert "https://example.org/pay" in made and "Council Tax" in made
        desk.send("/translations/ar/text", **{"form.0": made, "state": "draft"})
        assert desk.page.status_code == 409 and "1" in desk.text  # this machine has lost the first of April
        sure = desk.page.text.partition('name="sure" value="')[2][:20]
        desk.send("/translations/ar/text", **{"form.0": made, "state": "draft", "sure": sure})
        assert (unit(house, TAX).text, unit(house, TAX).state) == ((made,), "machine-drafted")
        assert not any("Council Tax" in one.raw for one in running.asked)  # what must stay did not leave the house


def test_the_export_has_every_text_that_is_listed(known: House) -> None:
    assert out(known, "po").count(b"msgctxt") > 400

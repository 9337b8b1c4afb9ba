"""One case as a page: the summary, both languages, who may do what, and what an auditor sees of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from sqlalchemy import select

from bot.cases import holds, referrals
from bot.cases.models import CaseNote, Message, Notice, Translation
from bot.db.base import now
from bot.journeys.models import Outcome
from bot.people.models import Chat
from bot.staff.models import AuditEntry
from tests.cases.office import HUB, OTHERS
from tests.console.bureau import SAID, Bureau
from tests.console.desk import Desk


@pytest.fixture
def case(bureau: Bureau) -> str:
    reference = bureau.ask(reach="07700 900123")
    bureau.plan(reference)
    with bureau.house.sessions.begin() as session:
        chat = session.get_one(Chat, bureau.case(session, reference).chat_id)
        shared = {"need": "housing", "language": "ar", "contact": "chat web"}
        referrals.make(session, chat, service="hub", need="housing", shared=shared, made_from="1:0", told=None)
    return reference


def test_the_summary_says_what_one_must_know_before_one_writes(desk: Desk, bureau: Bureau, case: str) -> None:
    page = desk.log_in(bureau.join("amina")).get(f"/cases/{case}")
    for part in (
        SAID[1],  # what they ask, in their words
        "Arabic",
        "07700 900123",
        "Step 2 of 2: Apply to the NMC",
        "nurse",
        "the kind of help, language, way to answer; until",  # consent and its limits
        "People in B16.",  # what the service needs
        "Your letters.",
        "What the bot said last",
    ):
        assert part in " ".join([desk.text, page.text]), part
    assert "ضريبة المجلس" in desk.text and "Council Tax" in desk.text and "A yearly tax." in desk.text  # both sides' words


def test_a_message_stands_beside_its_english_with_who_made_it(desk: Desk, bureau: Bureau, case: str) -> None:
    desk.log_in(bureau.join("amina")).get(f"/cases/{case}")
    assert "English in a moment" in desk.text
    bureau.translate()
    desk.get(f"/cases/{case}")
    assert "English in a moment" not in desk.text and "Rough, word by word from our own lists" in desk.text
    with bureau.house.sessions.begin() as session:
        said = next(row for row in session.scalars(select(Message)) if row.text == SAID[1])
        row = session.scalars(select(Translation).where(Translation.message_id == said.id)).one()
        row.text, row.made_by, row.failure = "I cannot pay. I want to talk to somebody.", "libretranslate", None
    page = desk.get(f"/cases/{case}").text
    assert "I cannot pay." in page and "LibreTranslate" in page and SAID[1] in page  # the original always stays
    assert 'dir="rtl" lang="ar"' in page


def test_overrides_and_markup_stay_text(desk: Desk, bureau: Bureau) -> None:
    evil = '<img src=x onerror="alert(1)"> {{ 7*7 }} \u202egnp.exe\u202c &amp; ' + "ا" * 10_000
    reference = bureau.ask(said=(evil,))
    page = desk.log_in(bureau.join("amina")).get(f"/cases/{reference}").text
    assert "<img" not in page and "{{ 7*7 }}" in page and "49" not in page.split("{{ 7*7 }}")[1][:10]
    assert "\u202e" not in page and "gnp.exe" in page and "&amp;amp;" in page and "ا" * 10_000 in page
    with bureau.house.sessions() as session:  # what is kept is what was written
        assert session.scalars(select(Message.text).where(Message.sender == "person")).one() == evil


def test_a_term_is_explained_where_it_stands(desk: Desk, bureau: Bureau, case: str) -> None:
    page = desk.log_in(bureau.join("amina")).get(f"/cases/{case}").text
    assert '<dfn class="term" tabindex="0" aria-describedby="tip-' in page and 'role="tooltip"' in page


def test_whoever_looks_has_seen_what_they_were_told_of_it(desk: Desk, bureau: Bureau, case: str) -> None:
    bureau.join("amina")
    other = bureau.ask("second")
    desk.log_in(bureau.join("amina")).get("/notices")
    assert case not in desk.text  # she joined after it came
    assert other in desk.text and "Notices 1" in desk.text
    desk.get(f"/cases/{other}")
    desk.get("/notices")
    assert other not in desk.text and "Nothing new" in desk.text


def test_a_note_tells_whom_it_names_and_a_stranger_cannot_be_named(
    desk: Desk, open_desk: Callable[..., Desk], bureau: Bureau, case: str
) -> None:
    dawud = bureau.join("dawud")
    bureau.join("otto", team=OTHERS)
    desk.log_in(bureau.join("amina")).get(f"/cases/{case}")
    desk.send(f"/cases/{case}/note", note="Rang them. @dawud please look")
    assert "Rang them." in desk.text and "Noted." in desk.text
    other = open_desk().log_in(dawud)
    other.get("/notices")
    assert "A colleague names you in a note" in other.text and case in other.text
    desk.send(f"/cases/{case}/note", note="@otto you too")
    assert desk.page.status_code == 409 and desk.form(f"/cases/{case}/note")["note"] == "@otto you too"
    form = {**desk.form(f"/cases/{case}/note"), "note": "twice?"}
    for _ in range(2):
        desk.post(f"/cases/{case}/note", form)
    with bureau.house.sessions() as session:
        assert len(session.scalars(select(CaseNote)).all()) == 2


def test_tags_are_added_and_removed(desk: Desk, bureau: Bureau, case: str) -> None:
    desk.log_in(bureau.join("amina")).get(f"/cases/{case}")
    desk.send(f"/cases/{case}/tag", tag="Council Tax ")
    assert "Remove the tag council-tax" in desk.page.text
    desk.send(f"/cases/{case}/untag", tag="council-tax")
    assert "Remove the tag council-tax" not in desk.page.text
    desk.send(f"/cases/{case}/tag", tag="!!!")
    assert desk.page.status_code == 409


def test_setting_aside_and_back(desk: Desk, bureau: Bureau, case: str) -> None:
    desk.log_in(bureau.join("amina")).get(f"/cases/{case}")
    desk.send(f"/cases/{case}/claim")
    tomorrow = (now() + dt.timedelta(days=1)).strftime("%Y-%m-%dT%H:%M")
    desk.send(f"/cases/{case}/snooze", until=tomorrow)
    assert "Set aside until tomorrow" in desk.text
    desk.get("/cases?show=mine")
    assert case not in desk.text
    desk.get("/cases?show=snoozed")
    assert case in desk.text
    desk.get(f"/cases/{case}")
    desk.send(f"/cases/{case}/snooze", until="", until_other="2020-01-01T00:00")
    assert desk.page.status_code == 409 and desk.form(f"/cases/{case}/snooze")["until_other"] == "2020-01-01T00:00"
    desk.get(f"/cases/{case}")
    desk.send(f"/cases/{case}/wake")
    assert "Back in the queue" in desk.text


def test_handing_over_with_a_note(desk: Desk, open_desk: Callable[..., Desk], bureau: Bureau, case: str) -> None:
    dawud = bureau.join("dawud")
    desk.log_in(bureau.join("amina")).get(f"/cases/{case}")
    desk.send(f"/cases/{case}/claim")
    desk.send(f"/cases/{case}/assign", to=str(dawud.id), note="They ring at five.")
    assert "Handed over" in desk.text and "Dawud holds this hand-off" in desk.text and "They ring at five." in desk.text
    other = open_desk().log_in(dawud)
    other.get("/cases?show=mine")
    assert case in other.text and "Notices 1" in other.text
    assert desk.post(f"/cases/{case}/assign", {**other.form("/logout"), "to": "1"}).status_code == 403  # another's token


def test_giving_to_another_team_is_a_leads_right(desk: Desk, open_desk: Callable[..., Desk], bureau: Bureau, case: str) -> None:
    amina = desk.log_in(bureau.join("amina"))
    amina.get(f"/cases/{case}")
    form = amina.form(f"/cases/{case}/claim")
    assert f"/console/cases/{case}/team" not in amina.page.text  # she is in no other team
    assert amina.post(f"/cases/{case}/team", {**form, "team": str(OTHERS)}).status_code == 409
    lena = open_desk().log_in(bureau.join("lena", "lead"))
    lena.get(f"/cases/{case}")
    lena.send(f"/cases/{case}/team", team=str(OTHERS), note="Theirs")
    assert "waits with the other team" in lena.text
    assert amina.get(f"/cases/{case}").status_code == 404
    otto = open_desk().log_in(bureau.join("otto", team=OTHERS))
    assert otto.get(f"/cases/{case}").status_code == 200 and HUB != OTHERS


def test_only_a_lead_joins_two_cases_and_types_which(
    desk: Desk, open_desk: Callable[..., Desk], bureau: Bureau, case: str
) -> None:
    other = bureau.ask("the same person", channel="telegram")
    amina = desk.log_in(bureau.join("amina"))
    amina.get(f"/cases/{case}")
    assert "/merge" not in amina.page.text
    lena = open_desk().log_in(bureau.join("lena", "lead"))
    lena.get(f"/cases/{case}")
    lena.send(f"/cases/{case}/merge", other="H-NEVER")
    assert lena.page.status_code == 409 and "no such case" in lena.text
    lena.send(f"/cases/{case}/merge", other=other)
    assert lena.page.status_code == 409 and f"Type {other} to confirm" in lena.text
    lena.send(f"/cases/{case}/merge", other=other, typed=other.lower())
    assert "The two cases are one now" in lena.text, (lena.page.status_code, lena.text[700:1600])
    with bureau.house.sessions() as session:
        assert bureau.case(session, other).state == "closed"
        assert bureau.case(session, other).person_id == bureau.case(session, case).person_id


def test_a_hold_is_put_listed_and_ended_with_reasons(
    desk: Desk, open_desk: Callable[..., Desk], bureau: Bureau, case: str
) -> None:
    lena = desk.log_in(bureau.join("lena", "lead"))
    lena.get(f"/cases/{case}")
    lena.send(f"/cases/{case}/hold", why="A claim in the county court")
    assert "On hold" in lena.text and "A claim in the county court" in lena.text
    with bureau.house.sessions() as session:
        hold = holds.active(session, bureau.case(session, case).person_id)
    assert hold is not None
    lena.get("/upcoming")
    assert case in lena.text and "A claim in the county court" in lena.text
    lena.send(f"/holds/{hold.id}/end", why="Settled")
    assert "The hold has ended" in lena.text and "Nobody's data is on hold" in lena.text
    otto = open_desk().log_in(bureau.join("otto", "lead", team=OTHERS))
    otto.get("/cases")
    assert otto.post(f"/holds/{hold.id}/end", {**otto.form("/logout"), "why": "x"}).status_code == 404


def test_what_will_be_closed_or_deleted_is_shown_before(desk: Desk, bureau: Bureau, case: str) -> None:
    with bureau.house.sessions.begin() as session:
        handoff = bureau.case(session, case)
        handoff.updated_at = now() - dt.timedelta(days=28)
        chat = session.get_one(Chat, handoff.chat_id)
        chat.person.last_seen_at = handoff.updated_at
    desk.log_in(bureau.join("amina")).get("/upcoming")
    assert case in desk.text and "it is closed" in desk.text


def test_an_auditor_sees_what_was_done_and_no_word_of_it(
    desk: Desk, open_desk: Callable[..., Desk], bureau: Bureau, case: str
) -> None:
    amina = desk.log_in(bureau.join("amina"))
    amina.get(f"/cases/{case}")
    amina.send(f"/cases/{case}/note", note="Her landlord is Mr Jones")
    amina.send(f"/cases/{case}/claim")
    amina.send(f"/cases/{case}/answer", text="Dear Fatima, come on Sunday")
    bureau.translate()
    oda = open_desk().log_in(bureau.join("oda", "auditor"))
    oda.get("/masked?show=all")
    assert case in oda.text and oda.get("/cases").status_code == 403
    page = oda.get(f"/masked/{case}").text
    for word in ("Jones", "Fatima", "Sunday", "landlord", "07700", *SAID[0].split(), *SAID[1].split()):
        assert len(word) < 3 or word not in page, word
    assert "••" in page and "Amina" in page and "claimed it" in page and "Arabic" in page
    assert "<textarea" not in page and f'action="/console/cases/{case}' not in page
    with bureau.house.sessions() as session:
        seen = session.scalars(select(AuditEntry.verb).where(AuditEntry.object == f"handoff:{case}")).all()
    assert "cases.read_masked" in seen


def test_notices_are_seen_all_at_once(desk: Desk, bureau: Bureau) -> None:
    bureau.join("amina")
    bureau.ask("one")
    bureau.ask("two", urgency="danger", kind="danger")
    desk.log_in(bureau.join("amina")).get("/notices")
    assert "Somebody may be in danger" in desk.text and "Somebody waits" in desk.text
    desk.send("/notices/seen")
    assert "Nothing new" in desk.text
    with bureau.house.sessions() as session:
        assert all(row.seen_at for row in session.scalars(select(Notice)))


def test_a_level_of_english_is_noted_with_a_test_and_with_nothing_else(desk: Desk, bureau: Bureau, case: str) -> None:
    desk.log_in(bureau.join("amina")).get(f"/cases/{case}")
    noted = {"kind": "test", "happened_on": "2026-03-02", "level": "B1"}
    assert "English B1" in desk.send(f"/cases/{case}/outcome", **noted).text
    form = desk.form(f"/cases/{case}/outcome")
    for wrong in ({"kind": "job"}, {"level": "B7"}):
        desk.post(f"/cases/{case}/outcome", {**form, **noted, **wrong})
        assert desk.page.status_code == 409 and "A level of English belongs only to a test or a course." in desk.text
    with bureau.house.sessions() as session:  # what was refused has left nothing
        assert [(row.kind, row.detail) for row in session.scalars(select(Outcome))] == [("test", "B1")]

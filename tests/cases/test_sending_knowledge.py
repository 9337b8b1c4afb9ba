"""Canned replies, attachments and questions with buttons reach the person in their language, and their tap comes back."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot import i18n
from bot.cases import answering, canned, case_answers, conversation, referrals
from bot.cases.canned import Values
from bot.cases.models import Handoff
from bot.conversation import attaching, outbox
from bot.conversation.models import Outbox
from bot.db.base import now
from bot.house import House
from bot.knowledge import editing, reading, snapshot
from bot.people import plans
from bot.people.models import Chat
from bot.settings import ROOT
from tests.cases.office import AMINA, BEA, LENA, ask, case, going_out, history, refused, says

AT = dt.datetime(2099, 7, 1, 13, 30, tzinfo=dt.UTC)  # 14:30 in London


def held(session: Session, who: str = "someone", language: str = "ar") -> Handoff:
    row = ask(session, who, language=language)
    answering.claim(session, row, AMINA)
    return row


def test_a_canned_reply_is_filled_in_in_the_persons_language(at_work: House) -> None:
    with at_work.sessions.begin() as session:
        row = held(session)
        made = referrals.make(
            session, session.get_one(Chat, row.chat_id), service="hub", need="legal", shared={}, made_from="1", told=None
        )
        filled = canned.fill(session, row, "sent", canned.values_for(session, row, made))
        assert (filled.text, filled.language, filled.note) == (f"أرسلت {made.reference} إلى Advice hub.", "ar", "")
        meet = canned.fill(session, row, "meet", Values(at=AT, link="https://example.org/{reference}"))
        assert i18n.weekday("ar", AT.date()) in meet.text and i18n.clock("ar", dt.time(14, 30)) in meet.text
        assert "https://example.org/{reference}" in meet.text  # a value is no template


def test_where_nobody_has_translated_it_the_language_is_named(at_work: House) -> None:
    with at_work.sessions.begin() as session:
        row = held(session, language="so")
        filled = canned.fill(session, row, "hello", Values())
        assert (filled.text, filled.language) == ("Hello.", "en")
        assert filled.note == i18n.t("so", "case.other_language", language=i18n.locale("so").languages["en"])
        assert filled.whole == f"Hello.\n\n{filled.note}"


@pytest.mark.parametrize(
    ("key", "values", "reason"),
    [
        ("sent", Values(reference="R-1"), "placeholder_missing"),
        ("meet", Values(link="https://x.org"), "placeholder_missing"),
        ("meet", Values(at=AT, link="javascript:alert(1)"), "link"),
        ("gone", Values(), "attachment"),
    ],
)
def test_a_reply_with_a_hole_in_it_is_not_sent(at_work: House, key: str, values: Values, reason: str) -> None:
    with at_work.sessions.begin() as session:
        assert refused(canned.fill, session, held(session), key, values) == reason


def test_replies_are_chosen_by_words_and_kept_by_admins(at_work: House) -> None:
    with at_work.sessions.begin() as session:
        assert [one.key for one in canned.choices(session, "ar")] == ["hello", "sent", "meet"]
        found = canned.choices(session, "ar", "SENT")
        assert [(one.key, one.language, one.wanted) for one in found] == [("sent", "ar", ("name_of_service", "reference"))]
        entry = editing.find(session, "replies", "sent")
        assert entry is not None
        assert refused(editing.edit_text, session, entry, "en", "text", "I sent {everything}", "staff:1", "") == "placeholder"
        editing.edit_text(session, entry, "en", "text", "Sent: {reference}", "staff:1", "")
    with at_work.sessions.begin() as session:
        one = canned.choices(session, "ar", "sent")[0]
        assert (one.text, one.language) == ("Sent: {reference}", "en")  # the Arabic is of the old one


def test_the_shipped_replies_are_well_formed() -> None:
    problems: list[str] = []
    seed = reading.read_loosely(ROOT / "data/knowledge", problems)
    assert len(seed.replies) >= 20 and not [line for line in problems if "replies" in line]


@pytest.mark.parametrize(
    ("kind", "key", "holds"),
    [
        ("term", "council-tax", "ضريبة سنوية."),
        ("service", "hub", "Advice hub"),
        ("consent", "hub", "Advice hub"),
        ("step", "nurse/english", "Take a test."),
        ("card", "gp", i18n.t("ar", "paper.desk")),
    ],
)
def test_what_the_bot_knows_can_be_sent_in_its_own_words(at_work: House, kind: str, key: str, holds: str) -> None:
    with at_work.sessions.begin() as session:
        row = held(session)
        plans.save(session, row.person_id, snapshot.current(session).pathways["nurse"], {})
        seen = attaching.made(session, row.chat_id, kind, key, hours=at_work.hours, need="legal")
        for expected in (True, False):
            sent = answering.attach(session, row, AMINA, kind, key, hours=at_work.hours, need="legal", once="form-token-01")
            assert sent is expected
        assert row.state == ("waiting_for_person" if kind == "consent" else "answered")
    (reply,) = going_out(at_work)
    assert reply == seen and holds in reply.text and (reply.sender, reply.language) == ("staff", "ar")
    assert (reply.paper is not None) is (kind == "card")
    payloads = [button.payload.partition("{")[0] for buttons in reply.rows for button in buttons if button.payload]
    assert payloads == {"service": ["/ask_consent"], "consent": ["/give_consent", "/refuse_consent"]}.get(kind, [])


@pytest.mark.parametrize(
    ("kind", "key"),
    [
        ("term", "nothing"),
        ("step", "nurse/english"),
        ("step", "x"),
        ("service", ""),
        ("card", "moon"),
        ("person", "1"),
        ("consent", "x"),
    ],
)
def test_what_is_not_there_is_refused(at_work: House, kind: str, key: str) -> None:
    with at_work.sessions.begin() as session:
        row = held(session)
        assert (
            refused(answering.attach, session, row, AMINA, kind, key, hours=at_work.hours, once="form-token-01") == "attachment"
        )
        assert attaching.steps_of(session, row.person_id) == []


def test_a_tap_on_a_question_comes_back_into_the_case(at_work: House) -> None:
    with at_work.sessions.begin() as session:
        row = held(session)
        answering.ask_document(session, row, AMINA, "Do you have the letter?", once="form-token-01")
        assert row.state == "waiting_for_person"
        chat = session.get_one(Chat, row.chat_id)
        sent = session.scalars(select(Outbox).order_by(Outbox.id.desc())).first()
        assert sent is not None
        buttons = outbox.outgoing(sent).reply.rows[0]
        assert [button.label for button in buttons] == [i18n.t("ar", "case.answer.have"), i18n.t("ar", "case.answer.have_not")]
        assert buttons[1].payload == f'/case_answer{{"case":"{row.reference}","answer":"have_not"}}'
        says(session, chat, buttons[1].label)  # what was on the button stands in the conversation
        for _ in range(2):
            assert case_answers.take(session, chat, row.reference, "have_not") is not None
        assert row.state == "claimed" and history(session, row)[-1] == ("person", "claimed", "replied", "have_not")
        assert [entry[2] for entry in history(session, row)].count("replied") == 1


def test_times_are_offered_as_the_person_reads_them(at_work: House) -> None:
    with at_work.sessions.begin() as session:
        row = held(session)
        times = [AT, AT + dt.timedelta(days=1)]
        answering.ask_time(session, row, AMINA, "When?", [*times, AT], once="form-token-01")
        for wrong in ([AT], [AT + dt.timedelta(days=n) for n in range(4)], [now() - dt.timedelta(days=1), AT]):
            assert refused(answering.ask_time, session, row, AMINA, "When?", wrong, once="form-token-02") == "times"
    rows = going_out(at_work)[0].rows
    day = i18n.weekday("ar", AT.date())
    assert rows[0][0].label == i18n.t("ar", "case.answer.time", day=day, time=i18n.clock("ar", dt.time(14, 30)))
    assert '"answer":"2099-07-01T13:30Z"' in rows[0][0].payload and '"answer":"no_time"' in rows[2][0].payload


def test_a_button_of_an_ended_case_or_of_somebody_else_is_none(at_work: House) -> None:
    with at_work.sessions.begin() as session:
        row, other = held(session), held(session, "other")
        mine, theirs = session.get_one(Chat, row.chat_id), session.get_one(Chat, other.chat_id)
        assert case_answers.take(session, theirs, row.reference, "have") is None
        assert case_answers.take(session, mine, row.reference, "<script>") is None
        assert case_answers.take(session, mine, row.reference, "2099-07-01T13:30Z") is not None
        answering.close(session, row, AMINA, "helped")
        assert case_answers.take(session, mine, row.reference, "have") is None


def test_what_failed_is_sent_again_by_who_holds_the_case(at_work: House) -> None:
    with at_work.sessions.begin() as session:
        row, other = held(session), held(session, "other")
        answering.reply(session, row, AMINA, "hello", once="form-token-01")
        answering.reply(session, other, AMINA, "other", once="form-token-02")
        first, second = session.scalars(select(Outbox.id).order_by(Outbox.id))
        outbox.mark_failed(session, first, "PermanentError")
        (line,) = conversation.messages(session, row.person_id)
        assert (line.delivery, line.outbox_id) == ("failed", first)
        assert refused(conversation.retry, session, row, BEA, first) == "not_yours"
        assert refused(conversation.retry, session, row, AMINA, second) == "no_message"
        assert [conversation.retry(session, row, AMINA, first) for _ in range(2)] == [True, False]
        assert conversation.messages(session, row.person_id)[0].delivery == "queued"
        assert history(session, case(session, row.reference))[-1][2] == "retried" and LENA


@pytest.mark.parametrize("text", ["<script>alert(1)</script>", "a\u202eb", "x" * 3_500])
def test_what_a_caseworker_types_goes_out_as_text(at_work: House, text: str) -> None:
    with at_work.sessions.begin() as session:
        answering.reply(session, held(session), AMINA, text, once="form-token-01")
    assert going_out(at_work)[0].text == text.replace("\u202e", "")

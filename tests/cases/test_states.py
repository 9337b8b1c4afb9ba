"""A hand-off and a referral go only where they may, and the history says who, when and why."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy import select, update

from bot.cases import answering, handoffs, moving, referrals
from bot.cases.models import Handoff, Referral
from bot.cases.states import HANDOFF, HELD, OPEN, REFERRAL, REFERRAL_ENDED, WAITING, check_move
from bot.db.base import now
from bot.errors import RefusedError
from bot.house import House
from bot.i18n import t
from bot.people.models import Chat, Consent
from tests.cases.office import AMINA, BEA, HUB, LENA, OTTO, ask, chat_of, going_out, history, refused, says, told


def test_no_state_leads_nowhere_that_is_not_a_state_and_all_can_be_reached() -> None:
    for machine, begins in ((HANDOFF, "waiting"), (REFERRAL, "draft")):
        assert {state for onward in machine.values() for state in onward} <= set(machine)
        reached, before = {begins}, set[str]()
        while reached != before:
            before, reached = reached, reached | {state for was in reached for state in machine[was]}
        assert reached == set(machine)
    assert set(OPEN) | {"closed"} == set(HANDOFF) and set(OPEN) == set(WAITING) | set(HELD)
    assert set(REFERRAL_ENDED) == {"not_eligible", "declined_by_service", "declined_by_person", "withdrawn", "completed"}


@pytest.mark.parametrize("machine", [HANDOFF, REFERRAL])
def test_every_other_move_is_refused(machine: dict[str, set[str]]) -> None:
    for was in machine:
        for becomes in set(machine) - machine[was]:
            with pytest.raises(RefusedError) as error:
                check_move(machine, was, becomes)
            assert error.value.reason == "move"


def test_a_case_from_the_asking_to_the_end_and_its_history(at_work: House) -> None:
    with at_work.sessions.begin() as session:
        row = ask(session)
        answering.claim(session, row, AMINA)
        answering.reply(session, row, AMINA, "مرحبا", once="form-token-01")
        answering.reply(session, row, AMINA, "متى وصلت الرسالة؟", once="form-token-02", awaits=True)
        assert row.state == "waiting_for_person" and row.first_answered_at is not None
        says(session, session.get_one(Chat, row.chat_id), "أمس")
        assert row.state == "claimed"
        answering.close(session, row, AMINA, "helped")
        assert history(session, row) == [
            ("person", None, "waiting", "asked"),
            ("staff:1", "waiting", "claimed", ""),
            ("staff:1", "claimed", "answered", ""),
            ("staff:1", "answered", "waiting_for_person", ""),
            ("person", "waiting_for_person", "claimed", ""),
            ("staff:1", "claimed", "closed", "helped"),
        ]


def test_who_holds_a_case_is_told_when_the_person_writes_and_waits_anew(at_work: House) -> None:
    with at_work.sessions.begin() as session:
        row = ask(session)
        answering.claim(session, row, AMINA)
        answering.reply(session, row, AMINA, "hello", once="form-token-01")
        row.waiting_since = row.target_at = now() - dt.timedelta(days=2)
        says(session, session.get_one(Chat, row.chat_id), "one more thing")
        says(session, session.get_one(Chat, row.chat_id), "and another")
        assert told(session, AMINA) == [("waiting", "handoff"), ("person_answered", "handoff")]
        assert row.waiting_since > now() - dt.timedelta(minutes=1) and row.target_at is None


def test_a_new_case_goes_to_the_first_team_with_what_the_conversation_knows(at_work: House) -> None:
    with at_work.sessions.begin() as session:
        chat = chat_of(session)
        chat.dialogue = {"loop": None, "slots": {"need": "housing", "area": "B16", "profession": "nurse"}}
        row = handoffs.open_handoff(session, chat, kind="danger", urgency="danger", reason="x", reach="web", hours=at_work.hours)
        assert (row.team_id, row.language, row.need, row.area, row.rank) == (HUB, "ar", "housing", "B16", 0)
        assert row.target_at is not None
        assert [told(session, number) for number in (AMINA, LENA, OTTO)] == [[("danger", "handoff")], [("danger", "handoff")], []]


def test_asking_again_adds_to_the_case_and_can_only_raise_its_urgency(at_work: House) -> None:
    with at_work.sessions.begin() as session:
        row = ask(session, reason="the rent", urgency="today")
        assert ask(session, reason="the rent", urgency="any").id == row.id
        ask(session, reason="they hit me", urgency="danger", kind="danger")
        assert (row.reason, row.urgency, row.rank, row.kind) == ("the rent\nthey hit me", "danger", 0, "danger")
        assert [entry[2] for entry in history(session, row)] == ["waiting", "again", "again"]


@pytest.mark.parametrize(("days", "again"), [(13, True), (15, False)])
def test_asking_within_two_weeks_of_closing_goes_on_with_the_case(at_work: House, days: int, again: bool) -> None:
    with at_work.sessions.begin() as session:
        row = ask(session, reason="the rent")
        answering.claim(session, row, AMINA)
        answering.close(session, row, AMINA, "helped")
        row.closed_at = now() - dt.timedelta(days=days)
        session.flush()
        second = ask(session, reason="the rent again", urgency="today")
        assert (second.id == row.id) is again
        if again:
            session.refresh(row)
            assert row.state == "reopened" and {row.outcome, row.closed_at, row.claimed_by} == {None}
            assert row.reason == "the rent\nthe rent again" and row.urgency == "today"
            assert history(session, row)[-1] == ("person", "closed", "reopened", "asked")
            assert ("reopened", "handoff") in told(session, AMINA)
            answering.claim(session, row, BEA)  # it is claimed like one that waits
            assert row.state == "claimed"
            answering.close(session, row, BEA, "helped")  # and closed again, which the person hears again
    ended = t("ar", "handoff.closed", reference=row.reference)
    assert [reply.text for reply in going_out(at_work)] == [ended] * (2 if again else 1)


def test_while_it_is_held_the_bot_is_silent_and_afterwards_the_open_question_is_offered(at_work: House) -> None:
    with at_work.sessions.begin() as session:
        row = ask(session)
        chat = session.get_one(Chat, row.chat_id)
        chat.dialogue = {"loop": "qualification_form", "slots": {"requested_slot": "english"}}
        answering.claim(session, row, AMINA)
        session.refresh(chat)
        assert chat.held_by_handoff == row.id
        answering.give_back(session, row, AMINA, "my shift ends")
        session.refresh(chat)
        assert chat.held_by_handoff is None and chat.dialogue["loop"] == "qualification_form"
    rows = going_out(at_work)[-1].rows
    assert [button.payload for button in rows[0]] == ["/go_on"] and rows[1][0].payload == "/menu"


def test_a_stale_form_changes_nothing(at_work: House) -> None:
    """The page was open while a colleague worked on."""
    with at_work.sessions.begin() as session:
        row = ask(session)
        answering.claim(session, row, AMINA)
        answering.close(session, row, AMINA, "helped")
        assert refused(answering.reply, session, row, AMINA, "hello", once="form-token-01") == "closed"
        assert refused(answering.give_back, session, row, AMINA, "") == "closed"
        assert answering.close(session, row, AMINA, "other") is False and row.outcome == "helped"
    with at_work.sessions.begin() as session:
        answering.claim(session, ask(session, "another"), BEA)
        other = session.scalars(select(Handoff).where(Handoff.claimed_by == BEA)).one()
        assert refused(answering.claim, session, other, AMINA) == "taken"


def test_a_draft_becomes_a_referral_by_the_persons_own_yes_alone(at_work: House) -> None:
    with at_work.sessions.begin() as session:
        row = ask(session)
        draft = referrals.draft(session, row, AMINA, service="hub", need="housing")
        assert referrals.draft(session, row, AMINA, service="hub", need="housing").id == draft.id
        assert moving.onward(draft) == ["declined_by_person", "withdrawn"]
        assert refused(moving.move, session, draft, "consent_given", AMINA, "") == "move"
        assert refused(moving.move, session, draft, "sent", AMINA, "") == "consent_over"
        chat = session.get_one(Chat, row.chat_id)
        made = referrals.make(
            session, chat, service="hub", need="housing", shared={"need": "housing"}, made_from="1:0", told="2099-01-01"
        )
        assert (made.id, made.state, made.shared, made.team_id) == (draft.id, "consent_given", {"need": "housing"}, HUB)
        assert session.scalars(select(Consent.purpose)).one() == f"referral:{made.reference}"
        assert [(e.actor, e.becomes) for e in moving.events(session, referral_id=made.id)] == [
            ("staff:1", "draft"), ("person", "consent_given"),
        ]  # fmt: skip


def test_a_no_ends_the_draft_and_nobody_hears_of_a_draft(at_work: House) -> None:
    with at_work.sessions.begin() as session:
        row = ask(session)
        chat = session.get_one(Chat, row.chat_id)
        first = referrals.draft(session, row, AMINA, service="hub", need="housing")
        referrals.refused(session, chat, "hub")
        assert first.state == "declined_by_person"
        second = referrals.draft(session, row, AMINA, service="hub", need="housing")
        moving.move(session, second, "withdrawn", AMINA, "")
    assert going_out(at_work) == []


def test_a_referral_goes_through_the_service_to_the_end(at_work: House) -> None:
    with at_work.sessions.begin() as session:
        chat = chat_of(session)
        made = referrals.make(session, chat, service="hub", need="legal", shared={}, made_from="1:0", told=None)
        for state in ("sent", "waiting_list", "accepted", "in_progress", "completed"):
            assert moving.move(session, made, state, AMINA, "")
        assert moving.onward(made) == []
    assert [
        t("ar", f"referral.state.{s}") in r.text for s, r in zip(("sent", "waiting_list"), going_out(at_work), strict=False)
    ] == [True, True]
    with at_work.sessions.begin() as session:
        session.execute(update(Referral).values(state="in_progress"))
        assert len(moving.listed(session, moving.Filters(service="hub"))) == 1 and moving.listed(session, ended=True) == []
        assert moving.listed(session, moving.Filters(reference=made.reference[:4].lower())) and not moving.listed(
            session, moving.Filters(need="housing")
        )

"""Notices that reach whoever is not at the console: by e-mail and in the team's chat. References, never words."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.cases import alerts, handoffs, notes, notice_board, notices, notifying, targets
from bot.cases.models import Handoff, Mail, Notice, StaffAlert
from bot.db.base import now
from bot.house import House
from bot.staff import absences, wishes
from bot.staff.models import Staff
from tests.cases.office import AMINA, BEA, LENA, OTTO, ask

PUBLIC = "https://bridge.example"


def wants(session: Session, staff_id: int, *chosen: str) -> None:
    wishes.change(session.get_one(Staff, staff_id), email=f"s{staff_id}@team.example", chosen=chosen)


def due(session: Session, minutes: float = 5, *, has_chat: bool = True) -> list[Mail]:
    """The e-mails there are so many minutes from now."""
    notifying.due(session, PUBLIC, has_chat=has_chat, at=now() + dt.timedelta(minutes=minutes))
    return list(session.scalars(select(Mail).order_by(Mail.id)))


def test_who_wishes_it_is_told_by_e_mail_with_a_reference_and_a_link(at_work: House) -> None:
    with at_work.sessions.begin() as session:
        wants(session, AMINA, "email")
        handoff = ask(session, reason="my private trouble", reach="07700 900123")
        reference = handoff.reference
        mails = due(session)
        assert [mail.content["to"] for mail in mails] == [f"s{AMINA}@team.example"]
        text = mails[0].content["subject"] + mails[0].content["text"]
        assert reference in text and f"{PUBLIC}/console/cases/{reference}" in text and "Arabic" in text and "This week" in text
        assert "private" not in text and "07700" not in text
        assert due(session, 6) == mails  # told once


def test_what_was_seen_in_time_is_not_e_mailed(at_work: House) -> None:
    with at_work.sessions.begin() as session:
        wants(session, AMINA, "email")
        reference = ask(session).reference
        assert due(session, 1) == []  # a moment to see it in the console
        notice_board.see(session, AMINA, f"handoff:{reference}")
        assert due(session, 5) == []


def test_danger_does_not_wait_and_other_things_come_together(at_work: House) -> None:
    with at_work.sessions.begin() as session:
        wants(session, AMINA, "email")
        ask(session, "one", urgency="danger", kind="danger")
        assert len(due(session, 0)) == 1
        ask(session, "two")
        ask(session, "three")
        assert len(due(session, 5)) == 1  # the last one was a moment ago
        mails = due(session, 30)
        assert len(mails) == 2 and mails[1].content["subject"] == "2 new things for you"


def test_nobody_is_e_mailed_who_is_away_has_left_or_sees_the_case_no_more(at_work: House) -> None:
    with at_work.sessions.begin() as session:
        for number in (AMINA, BEA, LENA):
            wants(session, number, "email")
        today = now().date()
        absences.add(session, AMINA, today, today + dt.timedelta(days=1), today)
        session.get_one(Staff, BEA).disabled_at = now()
        handoff = ask(session)
        notices.tell(session, [OTTO], "mention", f"handoff:{handoff.reference}")
        wants(session, OTTO, "email")
        assert [mail.content["to"] for mail in due(session)] == [f"s{LENA}@team.example"]


def test_a_case_that_somebody_takes_is_news_for_nobody_else(at_work: House) -> None:
    with at_work.sessions.begin() as session:
        handoff = ask(session)
        assert notice_board.count(session, BEA) == 1
        handoffs.claim(session, handoff, AMINA)
        assert notice_board.count(session, BEA) == notice_board.count(session, LENA) == 0
        notes.add(session, AMINA, handoff, "@bea look", once="n" * 24)
        shown = notice_board.listed(session, BEA, "caseworker")
        assert [(row.notice.kind, row.about.path) for row in shown] == [("mention", f"/cases/{handoff.reference}")]
        handoffs.close(session, handoff, f"staff:{AMINA}", "helped")
        assert notice_board.count(session, BEA) == 1  # a mention is for her, whoever has the case


def test_what_was_deleted_is_told_by_its_reference_alone(at_work: House) -> None:
    with at_work.sessions.begin() as session:
        notices.tell(session, [AMINA], "deleted", "handoff:H-GONE1")
        shown = notice_board.listed(session, AMINA, "caseworker")
        assert [(row.about.name, row.about.path) for row in shown] == [("H-GONE1", "")]
        wants(session, AMINA, "email")
        assert "H-GONE1" in due(session)[0].content["text"]


def test_one_line_for_the_team_however_many_are_told(at_work: House) -> None:
    with at_work.sessions.begin() as session:
        handoff = ask(session, urgency="danger", kind="danger", reason="he said he would kill me")
        rows = session.scalars(select(StaffAlert)).all()
        assert [(row.kind, row.object) for row in rows] == [("danger", f"handoff:{handoff.reference}")]
        line = notifying.line(session, rows[0], PUBLIC)
        assert line is not None and handoff.reference in line and "Danger" in line and "Arabic" in line and PUBLIC in line
        assert "kill" not in line


def test_the_line_is_not_said_when_the_case_was_taken_meanwhile(at_work: House) -> None:
    with at_work.sessions.begin() as session:
        handoff = ask(session)
        row = session.scalars(select(StaffAlert)).one()
        handoffs.claim(session, handoff, AMINA)
        assert notifying.line(session, row, PUBLIC) is None


def test_a_missed_target_is_said_although_somebody_has_the_case(at_work: House) -> None:
    with at_work.sessions.begin() as session:
        handoff = ask(session)
        handoffs.claim(session, handoff, AMINA)
        handoff.target_at = now() - dt.timedelta(minutes=1)
        session.flush()
        targets.due(session, at_work.hours)
        row = session.scalars(select(StaffAlert).where(StaffAlert.kind == "escalated")).one()
        assert "longer than promised" in (notifying.line(session, row, PUBLIC) or "")


def test_where_nobody_wants_lines_there_are_none(at_work: House) -> None:
    with at_work.sessions.begin() as session:
        for number in (AMINA, BEA, LENA):
            wants(session, number, "sound")
        ask(session)
        assert session.scalars(select(StaffAlert)).all() == []


def test_lines_are_claimed_once_tried_again_and_forgotten(at_work: House) -> None:
    with at_work.sessions.begin() as session:
        ask(session)
    with at_work.sessions.begin() as session:
        rows = alerts.claim(session)
        assert len(rows) == 1 and alerts.claim(session) == []
        alerts.mark_retry(session, rows[0].id, "TransientError", retry_after=0)
        assert [row.id for row in alerts.claim(session)] == [rows[0].id]
        alerts.mark_failed(session, rows[0].id, "UnreachableError")
        assert alerts.claim(session) == []
        rows[0].at = now() - dt.timedelta(days=2)
        due(session)
        assert session.scalars(select(StaffAlert)).all() == []


def test_without_a_chat_no_line_waits(at_work: House) -> None:
    with at_work.sessions.begin() as session:
        ask(session)
        due(session, has_chat=False)
        assert session.scalars(select(StaffAlert)).all() == []


@pytest.mark.parametrize("kind", ["waiting", "danger"])
def test_nobody_is_told_of_what_they_may_not_see(kind: str, at_work: House) -> None:
    with at_work.sessions.begin() as session:
        handoff = ask(session)
        notices.tell(session, [OTTO], kind, f"handoff:{handoff.reference}")
        assert notice_board.listed(session, OTTO, "caseworker") == []
        assert session.scalars(select(Notice).where(Notice.staff_id == OTTO)).one().seen_at is None
        assert session.scalars(select(Handoff)).one().state == "waiting"

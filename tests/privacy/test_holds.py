"""A legal hold is put and ended with a reason, by who may see the case, and nobody can do it unseen."""

from __future__ import annotations

import pytest
from sqlalchemy import select, text

from bot.cases import holds
from bot.cases.models import LegalHold
from bot.conversation.personal_data import forget
from bot.house import House
from bot.people.models import Person
from bot.staff import audit
from bot.staff.permissions import ROLES, may
from tests.cases import office
from tests.cases.office import AMINA, LENA, OTTO


@pytest.fixture
def held(at_work: House) -> str:
    with at_work.sessions.begin() as session:
        case = office.ask(session)
        assert holds.put(session, case, LENA, "The court asked for it: MARKER") is not None
        return case.reference


def test_leads_alone_may_put_and_end_one() -> None:
    assert [role for role in ROLES if may(role, "holds.edit")] == ["lead"]


def test_the_audit_says_who_and_when_and_not_why(at_work: House, held: str) -> None:
    with at_work.sessions.begin() as session:
        hold = session.scalars(select(LegalHold)).one()
        assert holds.end(session, hold, LENA, "MARKER settled")
    with at_work.sessions() as session:
        assert [(row.actor, row.verb, row.object, row.why) for row in audit.entries(session)] == [
            (f"staff:{LENA}", "holds.put", f"handoff:{held}", ""),
            (f"staff:{LENA}", "holds.end", f"handoff:{held}", ""),
        ]
        assert audit.verify(session) is None


def test_the_reasons_are_sealed(at_work: House, held: str) -> None:
    with at_work.sessions() as session:
        raw = session.execute(text("SELECT why FROM legal_holds")).scalar_one()
        assert b"MARKER" not in raw and "MARKER" in session.scalars(select(LegalHold.why)).one()


def test_it_is_listed_for_who_may_see_the_case(at_work: House, held: str) -> None:
    with at_work.sessions() as session:
        (one,) = holds.listed(session, AMINA, "caseworker")
        assert (one.references, one.put_away, one.hold.staff_id) == ((held,), False, LENA)
        for staff_id, role in ((OTTO, "caseworker"), (OTTO, "admin")):
            assert holds.listed(session, staff_id, role) == []
            assert holds.find(session, one.hold.id, staff_id, role) is None
        assert holds.find(session, one.hold.id, LENA, "lead") is not None
        assert len(holds.listed(session, OTTO, "auditor")) == 1 and holds.listed(session, LENA, "lead", ended=True) == []


def test_the_list_says_that_the_person_had_the_rest_deleted(at_work: House, held: str) -> None:
    with at_work.sessions.begin() as session:
        forget(session, session.scalars(select(Person)).one())
    with at_work.sessions() as session:
        assert [(one.references, one.put_away) for one in holds.listed(session, LENA, "lead")] == [((held,), True)]


@pytest.mark.parametrize(("why", "reason"), [("", "why_empty"), (" \u202e\n", "why_empty"), ("x" * 501, "why_long")])
def test_it_needs_a_reason(at_work: House, why: str, reason: str) -> None:
    with at_work.sessions.begin() as session:
        case = office.ask(session)
        assert office.refused(holds.put, session, case, LENA, why) == reason
        hold = holds.put(session, case, LENA, "a claim")
        assert office.refused(holds.end, session, hold, LENA, why) == reason
        assert holds.active(session, case.person_id) is hold

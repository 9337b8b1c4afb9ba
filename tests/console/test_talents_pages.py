"""What people can do, as staff see it: on a case only what its person shows, on the page only numbers that point at nobody."""

from __future__ import annotations

from sqlalchemy import select

from bot.cases.models import Handoff
from bot.conversation import inbox
from bot.db.base import now
from bot.house import House
from bot.staff.models import AuditEntry
from bot.talents import profile, sharing
from bot.talents.hearing import Candidate, Heard
from tests.console.desk import Desk
from tests.staff.people import Colleague


def have(house: House, person_id: int, *things: tuple[str, str]) -> None:
    with house.sessions.begin() as session:
        profile.take(
            session, person_id, Heard(tuple(Candidate(kind, key, 5 if kind == "job" else None) for kind, key in things)), "ar"
        )
        profile.confirm(session, person_id, [row.id for row in profile.question(session, person_id).rows])


def test_a_case_shows_the_list_only_while_its_person_says_so(desk: Desk, known: House, asked: str, caseworker: Colleague) -> None:
    with known.sessions() as session:
        person = session.scalars(select(Handoff.person_id).where(Handoff.reference == asked)).one()
    have(known, person, ("job", "nurse"), ("skill", "give-injections"))
    desk.log_in(caseworker).get(f"/cases/{asked}")
    assert "give injections" not in desk.text
    with known.sessions.begin() as session:
        profile.take_own_words(session, person, "زينة <b>الأعراس</b>", "ar")
        profile.confirm(session, person, [row.id for row in profile.question(session, person).rows])
        sharing.share(session, person, now())
    desk.get(f"/cases/{asked}")
    for part in ("give injections", "nurse", "(5 years)", "ISCO 2221", "زينة <b>الأعراس</b>"):
        assert part in desk.text, part  # as words: the marks are not a page's own
    with known.sessions.begin() as session:
        sharing.stop(session, person)
    desk.get(f"/cases/{asked}")
    assert "give injections" not in desk.text


def test_the_page_counts_and_hides_what_is_small(desk: Desk, house: House, lead: Colleague) -> None:
    for number in range(6):
        with house.sessions.begin() as session:
            person = inbox.chat_for(session, "cli", f"p{number}").person.id
        have(house, person, ("skill", "sew"), ("skill", "weld" if number == 0 else "cook"))
    desk.log_in(lead).get("/talents")
    assert "sew clothes 6" in desk.text and "weld metal" not in desk.text and "cook 5" not in desk.text
    with house.sessions() as session:
        assert ("talents.read", "talents") in {(row.verb, row.object) for row in session.scalars(select(AuditEntry))}


def test_an_empty_page_says_so(desk: Desk, admin: Colleague) -> None:
    desk.log_in(admin).get("/talents")
    assert "Too few people" in desk.text and "fewer than 5" in desk.text

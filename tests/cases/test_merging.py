"""Two chats of one person become one person; nothing that either had is lost, and it cannot happen by mistake."""

from __future__ import annotations

import datetime as dt
import threading

import pytest
from sqlalchemy import UniqueConstraint, func, select
from sqlalchemy.orm import Session

from bot.cases import answering, conversation, merging, notes, queues, referrals, scheduling, tags
from bot.cases.models import Handoff, LegalHold, Referral
from bot.cases.queues import Filters
from bot.db.base import Base, now
from bot.errors import RefusedError
from bot.house import House
from bot.knowledge import snapshot
from bot.people import plans, reminders
from bot.people.models import Chat, Consent, Person, Plan, Reminder
from bot.staff import audit
from tests.cases.office import AMINA, BEA, LENA, ask, case, chat_of, history, refused, says


def two(session: Session) -> tuple[Handoff, Handoff]:
    """From Telegram and from the web page, each with an open case."""
    one, other = ask(session, "phone", "the rent", urgency="week"), ask(session, "web", "they hit me", urgency="danger")
    session.flush()
    return one, other


def test_everything_is_the_kept_persons_afterwards(at_work_on_each: House) -> None:
    house = at_work_on_each
    with house.sessions.begin() as session:
        kept, gone = two(session)
        chat = session.get_one(Chat, gone.chat_id)
        says(session, chat, "he is at the door")
        pathway = snapshot.current(session).pathways["nurse"]
        mine = plans.save(session, kept.person_id, pathway, {"english": "none"})
        theirs = plans.save(session, gone.person_id, pathway, {"english": "passed"})
        plans.mark(session, mine, "apply", "doing")
        plans.mark(session, theirs, "english", "done")
        made = referrals.make(session, chat, service="hub", need="housing", shared={"need": "housing"}, made_from="1", told=None)
        reminders.ask_for(session, chat, "nurse", "apply", 7)
        notes.add(session, BEA, gone, "careful", once="form-token-01")
        tags.add(session, gone, "violence")
        other_person = gone.person_id
        merging.merge(session, kept, gone, LENA, f" {gone.reference.lower()} ")
        references = (kept.reference, gone.reference, made.reference)
    with house.sessions.begin() as session:
        kept, gone = case(session, references[0]), case(session, references[1])
        person = kept.person_id
        assert session.get(Person, other_person) is None and gone.person_id == person
        for table in (Chat, Plan, Consent, Referral, Reminder):
            assert set(session.scalars(select(table.person_id))) == {person}, table
        assert (gone.state, gone.outcome) == ("closed", "joined") and kept.state == "waiting"
        assert (kept.urgency, kept.kind, kept.reason) == ("danger", "asked", "the rent\nthey hit me")
        assert {row.step: row.state for row in session.scalars(select(Plan)).one().steps} == {"english": "done", "apply": "doing"}
        assert [note.text for note in notes.of(session, kept)] == ["careful"] and tags.of(session, kept) == ["violence"]
        assert [line.text for line in conversation.messages(session, person)] == ["he is at the door"]
        assert history(session, kept)[-1][2:] == ("joined", gone.reference)
        found = queues.listed(session, Filters(text="door"), AMINA, "caseworker").rows
        assert [row.handoff.reference for row in found] == [kept.reference]
        assert audit.verify(session) is None
        assert ask(session, "web", "again").id == kept.id  # one open case, from whichever chat


def test_the_bot_is_silent_in_both_chats_and_answers_go_to_where_the_person_is(at_work: House) -> None:
    with at_work.sessions.begin() as session:
        kept, gone = two(session)
        answering.claim(session, gone, BEA)
        merging.merge(session, kept, gone, LENA, gone.reference)
        session.refresh(kept)
        assert (kept.state, kept.claimed_by) == ("claimed", BEA)
        assert set(session.scalars(select(Chat.held_by_handoff))) == {kept.id}
        for who in ("web", "phone", "web"):
            chat = chat_of(session, who)
            says(session, chat, "here")
            assert kept.chat_id == chat.id
        answering.close(session, kept, BEA, "helped")
        assert set(session.scalars(select(Chat.held_by_handoff))) == {None}


def test_scheduled_messages_go_on_in_the_case_that_is_kept(at_work: House) -> None:
    with at_work.sessions.begin() as session:
        kept, gone = two(session)
        answering.claim(session, gone, BEA)
        words = answering.prepared(session, gone, "see you tomorrow")
        scheduling.schedule(session, gone, BEA, words, now() + dt.timedelta(hours=1), once="form-token-01")
        merging.merge(session, kept, gone, LENA, gone.reference)
        assert len(scheduling.waiting(session, kept)) == 1


def test_a_case_that_has_ended_brings_its_person_along(at_work: House) -> None:
    with at_work.sessions.begin() as session:
        kept, gone = two(session)
        answering.close(session, gone, AMINA, "helped")
        merging.merge(session, kept, gone, LENA, gone.reference)
        session.refresh(gone)
        assert (gone.outcome, gone.person_id) == ("helped", kept.person_id) and kept.urgency == "week"


def test_what_may_not_be_merged_is_refused_and_nothing_changes(at_work: House) -> None:
    with at_work.sessions.begin() as session:
        kept, gone = two(session)
        people = (kept.person_id, gone.person_id)
        assert refused(merging.merge, session, kept, kept, LENA, kept.reference) == "same_person"
        for typed in ("", kept.reference, gone.reference[:-1]):
            assert refused(merging.merge, session, kept, gone, LENA, typed) == "confirm"
        hold = LegalHold(person_id=gone.person_id, staff_id=LENA, why="court")
        session.add(hold)
        session.flush()
        assert refused(merging.merge, session, kept, gone, LENA, gone.reference) == "legal_hold"
        hold.ended_at = now()
        answering.claim(session, kept, AMINA)
        answering.claim(session, gone, BEA)
        assert refused(merging.merge, session, kept, gone, LENA, gone.reference) == "held_by_two"
        answering.close(session, kept, AMINA, "helped")
        assert refused(merging.merge, session, kept, gone, LENA, gone.reference) == "closed"
        assert (kept.person_id, gone.person_id) == people and session.scalar(select(func.count(Person.id))) == 2


def test_two_leads_merging_the_same_two_at_once_merge_them_once(at_work_on_each: House) -> None:
    house = at_work_on_each
    with house.sessions.begin() as session:
        kept, gone = two(session)
        references = (kept.reference, gone.reference)
    barrier, outcomes = threading.Barrier(3), list[str]()

    def attempt(first: int, second: int) -> None:
        barrier.wait()
        try:
            with house.sessions.begin() as session:
                into, other = answering.find(session, references[first]), answering.find(session, references[second])
                assert into is not None and other is not None
                merging.merge(session, into, other, LENA, references[second])
            outcomes.append("merged")
        except RefusedError as error:
            outcomes.append(error.reason)

    threads = [threading.Thread(target=attempt, args=order) for order in ((0, 1), (1, 0), (0, 1))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["merged", "same_person", "same_person"]
    with house.sessions() as session:
        assert session.scalar(select(func.count(Person.id))) == 1


@pytest.mark.parametrize("newer", ["mine", "theirs"])
def test_no_done_step_is_lost_whichever_plan_is_newer(at_work: House, newer: str) -> None:
    with at_work.sessions.begin() as session:
        pathway = snapshot.current(session).pathways["nurse"]
        into, other = chat_of(session, "a").person_id, chat_of(session, "b").person_id
        mine, theirs = (
            plans.save(session, into, pathway, {"english": "none", "stage": "start"}),
            plans.save(session, other, pathway, {}),
        )
        plans.mark(session, theirs, "english", "done")
        plans.mark(session, mine, "apply", "not_for_me")
        session.delete(next(row for row in mine.steps if row.step == "english"))  # not in this one's way
        mine.updated_at, theirs.updated_at = (
            now() - dt.timedelta(days=newer == "theirs"),
            now() - dt.timedelta(days=newer == "mine"),
        )
        session.flush()
        session.expire_all()
        plans.unite(session, into, other)
        session.expire_all()
        plan = session.scalars(select(Plan)).one()
        assert (plan.person_id, {row.step: row.state for row in plan.steps}) == (into, {"english": "done", "apply": "not_for_me"})
        assert plan.answers == {"english": "none", "stage": "start"}


def test_every_table_that_names_a_person_is_known_to_be_moved() -> None:
    """A new table with people in it: can two of its rows clash when two people become one? Then merging must unite them, as it does plans."""
    named = {table.name for table in Base.metadata.sorted_tables if merging._naming_people(table)}
    clashing = {
        table.name
        for table in Base.metadata.sorted_tables
        for column in merging._naming_people(table)
        if column.unique
        or column.primary_key
        or any(column in set(c.columns) for c in table.constraints if isinstance(c, UniqueConstraint))
    }
    assert clashing == {"plans", "check_in_rhythms", "outcomes", "mentors", "mentor_wishes", "news_wishes"}
    assert named >= {"chats", "consents", "plans", "reminders", "handoffs", "referrals", "legal_holds"}

"""A person who has everything deleted is gone from every table and from the disk; only counts are left. Others lose nothing."""

from __future__ import annotations

import datetime as dt
from collections import Counter

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from bot.cases import answering, consents, counting, handoffs, holds, moving, notes, referrals
from bot.cases.models import DeletedCount, Handoff, LegalHold, Mail, Message, Notice, Referral, RetentionRun
from bot.conversation import inbox, outbox
from bot.conversation.models import Inbox, Outbox
from bot.conversation.personal_data import forget, held
from bot.conversation.sweeping import sweep
from bot.db import migrate
from bot.db.base import Base, now
from bot.db.session import truncate_log
from bot.house import House
from bot.people.models import Chat, Person
from bot.replies import Reply
from bot.settings import Settings
from tests.cases import office
from tests.cases.office import AMINA, BEA, LENA
from tests.privacy.conftest import on_disk
from tests.privacy.planting import Planted, dump, plant, reached, sealed_of

# tables that no foreign key leads from to a person, and why nothing in them goes when a person goes
NOT_OF_PEOPLE = {
    "absences": "staff",
    "audit": "what staff did, by reference; the database refuses to change it; with the case gone a reference leads to nobody",
    "contact_posters": "which languages stand on a place's poster",
    "deleted_counts": "the counts that are left",
    "esco_concepts": "the public list of skills",
    "esco_labels": "the public list of skills",
    "esco_links": "the public list of skills",
    "invitations": "staff",
    "knowledge_entries": "what the bot knows",
    "knowledge_revision": "what the bot knows",
    "knowledge_texts": "what the bot knows",
    "knowledge_unknown": "at most four masked words and a count, never who asked",
    "knowledge_uses": "how often an entry was used on a day",
    "upkeep_findings": "what of the knowledge needs care",
    "upkeep_jobs": "when work of the background is due",
    "upkeep_links": "web addresses of the knowledge",
    "upkeep_link_checks": "whether they answered",
    "upkeep_feeds": "feeds of services",
    "upkeep_arrivals": "files of the knowledge",
    "upkeep_backups": "backups of the knowledge",
    "knowledge_versions": "what the bot knew",
    "knowledge_drafts": "what staff propose that the bot should know; of a story bot/knowledge/erasing.py takes it away",
    "knowledge_draft_steps": "who moved a draft and why",
    "text_reviews": "what reviewers said of our own texts",
    "text_suggestions": "our own texts that a machine is asked to translate",
    "translation_files": "files of our own texts that wait for a choice",
    "wordings": "sentences of the bot that an installation says otherwise",
    "wording_versions": "what they were before",
    "contact_links": "secret links of places; hashes",
    "contact_arrivals": "how many people came by a place's link, by week; never who",
    "live_setting_changes": "what admins changed; no setting holds a person's words",
    "live_settings": "the installation's",
    "login_attempts": "staff, by pseudonym",
    "news_items": "what we did, in staff's words; how many people said it",
    "notices": "name a case by its reference: looked for and deleted (tested below)",
    "training_runs": "how a training went",
    "training_examples": "lines that staff wrote for teaching a model; checked for identifiers",
    "trained_models": "archives made here",
    "model_tests": "lines that staff wrote for testing a model; checked for identifiers",
    "model_processes": "which process answers with which model",
    "model_in_use": "which model answers",
    "knowledge_unknown_weeks": "counts of the same",
    "recovery_codes": "staff",
    "retention_runs": "when the rules were followed",
    "saved_views": "staff's filters, without the words that were searched for (bot/cases/saved_views.py: KEPT)",
    "service_flags": "counts of a service's answers",
    "sso_attempts": "staff",
    "staff_alerts": "name a case by its reference: looked for and deleted (tested below)",
    "sso_links": "staff",
    "staff": "staff",
    "staff_sessions": "staff",
    "team_members": "staff",
    "teams": "staff",
    "trials": "what a lead planned and learnt",
    "trial_goals": "what a lead planned",
    "translation_days": "how many characters a machine was given on a day",
}
NO_WORDS = (
    "case_events",
    "plan_steps",
    "check_in_rhythms",
    "news_wishes",
    "mentor_writing",
    "story_moves",
)  # only codes, ids and times
STAYS = {"people", "chats"}  # an empty person and the chat's address, for a day


def go(house: House, planted: Planted) -> None:
    with house.sessions.begin() as session:
        forget(session, session.get_one(Person, planted.person_id))


def a_day_later(house: House) -> None:
    with house.sessions.begin() as session:
        session.add(RetentionRun(id=1, ran_at=now() + dt.timedelta(hours=24), deletes_from=now()))
    assert sweep(house, at=now() + dt.timedelta(hours=25))["emptied_people"] >= 1


def test_every_table_is_reached_or_named_with_a_reason() -> None:
    assert {table.name for table in Base.metadata.sorted_tables} == {table.name for table in reached()} | set(NOT_OF_PEOPLE)
    assert not {table.name for table in reached()} & set(NOT_OF_PEOPLE)


def test_nothing_of_the_person_is_in_any_table_and_others_lose_nothing(at_work_on_each: House) -> None:
    house = at_work_on_each
    with house.sessions.begin() as session:
        gone, other = plant(session, "MARKER-GONE"), plant(session, "MARKER-OTHER")
        before = dump(session)
    assert all("MARKER-GONE" in str(before[table.name]) for table in reached() if table.name not in NO_WORDS)
    go(house, gone)
    with house.sessions() as session:
        after = dump(session)
    left = {name for name, rows in after.items() if "MARKER-GONE" in str(rows)}
    assert left == {"chats"}
    (chat,) = (row for row in after["chats"] if "MARKER-GONE" in str(row))
    assert str(chat).count("MARKER-GONE") == 1  # the address, for a day
    for table in reached():
        keys = len(table.primary_key.columns)
        present = {row[:keys] for row in after[table.name]}
        assert gone.rows[table.name] not in present or table.name == "chats", table.name
        assert other.rows[table.name] in present, table.name
        mine = [row for row in before[table.name] if "MARKER-OTHER" in str(row)]
        assert [row for row in after[table.name] if "MARKER-OTHER" in str(row)] == mine, table.name
    assert {row[2] for row in after["notices"] if gone.reference in str(row)} == {"deleted"}
    assert gone.reference not in str(after["staff_alerts"])
    assert all(other.reference in str(after[name]) for name in ("notices", "staff_alerts"))


def test_no_byte_of_it_is_left_in_the_files_of_the_database(at_work: House) -> None:
    with at_work.sessions.begin() as session:
        gone = plant(session, "MARKER-GONE")
        for number in range(300):  # long ones too, which SQLite keeps on pages of their own
            session.add(
                Message(chat_id=gone.chat_id, sender="person", language="ar", text=f"MARKER-GONE {number} " * (number * 3))
            )
        sealed = sealed_of(session, gone)
        kept_for_a_day = set(sealed) - set(sealed_of(session, gone, without=frozenset({"chats.address"})))
        more = [bytes(raw) for raw in session.execute(text("SELECT text FROM messages")).scalars()]
    assert truncate_log(at_work.database)
    stored = on_disk(at_work)
    assert b"MARKER-GONE" in stored and all(raw[1:40] in stored for raw in sealed + more)
    go(at_work, gone)
    assert truncate_log(at_work.database)
    stored = on_disk(at_work)
    assert [raw for raw in sealed + more if raw[1:40] in stored] == list(kept_for_a_day)
    assert b"MARKER-GONE" not in stored
    a_day_later(at_work)
    assert truncate_log(at_work.database)
    stored = on_disk(at_work)
    assert not [raw for raw in sealed + more if raw[1:40] in stored]
    with at_work.sessions() as session:
        assert {name: len(rows) for name, rows in dump(session, reached()).items() if rows} == {"mails": 1}
        assert session.scalars(select(Mail)).one().origin.startswith("ended:")  # tells the service, by the reference alone


def test_what_is_left_are_counts_by_month_and_language(at_work_on_each: House) -> None:
    with at_work_on_each.sessions.begin() as session:
        gone = plant(session, "MARKER-GONE")
        began = session.get_one(Person, gone.person_id).created_at
        session.execute(text("UPDATE messages SET at = '2026-03-31 23:30:00'"))
        session.add(Message(chat_id=gone.chat_id, sender="staff", language="ar", text="x"))
    go(at_work_on_each, gone)
    month = f"{began:%Y-%m}"
    with at_work_on_each.sessions() as session:
        assert {(row.month, row.language, row.kind): row.times for row in counting.deleted(session)} == {
            (month, "ar", "person"): 1,
            (month, "ar", "handoff.open"): 1,
            (month, "ar", "referral.completed"): 1,
            (month, "ar", "suggestion.open"): 1,
            (month, "ar", "outcome.test"): 1,
            (month, "ar", "check_in.unanswered"): 1,
            (month, "ar", "said.got_help"): 1,
            ("2026-03", "ar", "message.person"): 1,
            (month, "ar", "message.staff"): 1,
        }
        assert {row.kind for row in counting.deleted(session, ["2026-03"])} == {"message.person"}


def test_the_chat_goes_on_with_somebody_new_until_they_are_silent_for_a_day(at_work: House) -> None:
    with at_work.sessions.begin() as session:
        case = office.ask(session)
        answering.claim(session, case, AMINA)
        chat = session.get_one(Chat, case.chat_id)
        chat.draft, chat.dialogue, chat.misunderstood = {"words": "x"}, {"slots": {"profession": "nurse"}}, 2
        before = chat.person_id
        forget(session, chat.person)
        outbox.enqueue(session, chat.id, [Reply(text="deleted", language="ar")], origin="in:1")
    with at_work.sessions.begin() as session:
        chat = session.scalars(select(Chat)).one()
        assert chat.person_id != before and chat.person.language == "ar" and chat.person.welcomed
        assert (chat.draft, chat.dialogue, chat.held_by_handoff, chat.misunderstood) == (None, None, None, 0)
        assert office.told(session, AMINA)[-1] == ("deleted", "handoff")  # who held it does not look for it in vain
        session.add(RetentionRun(id=1, ran_at=now() + dt.timedelta(hours=24), deletes_from=now()))
    tomorrow = now() + dt.timedelta(hours=25)
    assert sweep(at_work, at=tomorrow)["emptied_people"] == 0  # the answer has not been sent yet
    with at_work.sessions.begin() as session:
        session.scalars(select(Outbox)).one().state = "sent"
        session.scalars(select(Person)).one().last_seen_at += dt.timedelta(minutes=1)
    assert sweep(at_work, at=tomorrow)["emptied_people"] == 0  # they came back
    with at_work.sessions.begin() as session:
        person = session.scalars(select(Person)).one()
        person.last_seen_at = person.forgotten_at or now()
    assert sweep(at_work, at=tomorrow)["emptied_people"] == 1
    with at_work.sessions() as session:
        assert session.scalar(select(func.count(Chat.id))) == 0


def test_what_was_written_and_not_answered_yet_stays_to_be_answered(at_work: House) -> None:
    with at_work.sessions.begin() as session:
        chat = office.chat_of(session)
        inbox.receive(session, "web", "someone", "1", {"text": "delete everything"})
        inbox.receive(session, "web", "someone", "2", {"text": "and now?"})
        forget(session, chat.person)
        assert [row.update_id for row in session.scalars(select(Inbox).order_by(Inbox.id))] == ["1", "2"]


def test_two_chats_of_one_person_are_both_emptied(at_work: House) -> None:
    with at_work.sessions.begin() as session:
        first, second = office.chat_of(session, "a"), office.chat_of(session, "a", channel="telegram")
        second.person_id = first.person_id
        for chat in (first, second):
            session.add(Message(chat_id=chat.id, sender="person", language="ar", text="x"))
        session.flush()
        forget(session, first.person)
        assert session.scalar(select(func.count(Message.id))) == 0
        assert len(set(session.scalars(select(Chat.person_id)))) == 1


def sent_out(session: Session, reference: str, *, by: str, state: str = "sent") -> Referral:
    chat = office.chat_of(session)
    referral = referrals.make(session, chat, service="hub", need="legal", shared={}, made_from=reference, told=None)
    referrals.move(session, referral, "sent", f"staff:{AMINA}")
    referral.sent_by = by
    content = {"to": "desk@hub.example", "subject": "s", "text": "", "papers": [], "personal": True}
    if by == "email":
        session.add(Mail(origin=f"referral:{referral.id}", content=content, referral_id=referral.id, state="sent"))
    if state != "sent":
        referrals.move(session, referral, state, f"staff:{AMINA}")
    session.flush()
    return referral


@pytest.mark.parametrize("state", ["sent", "completed"])
def test_a_service_that_was_told_by_e_mail_is_told_that_it_has_ended(at_work: House, state: str) -> None:
    with at_work.sessions.begin() as session:
        referral = sent_out(session, "1:0", by="email", state=state)
        reference, person = referral.reference, session.get_one(Person, referral.person_id)
        assert forget(session, person).services == ["hub"]
    with at_work.sessions() as session:
        (mail,) = session.scalars(select(Mail))
        assert (mail.state, mail.referral_id, mail.content["to"]) == ("queued", None, "desk@hub.example")
        assert reference in mail.content["text"] and "legal" not in str(mail.content)
        assert session.scalar(select(func.count(Referral.id))) == 0


def test_who_told_a_service_by_telephone_is_asked_to_say_that_it_has_ended(at_work: House) -> None:
    with at_work.sessions.begin() as session:
        referral = sent_out(session, "1:0", by="phone")
        reference, person = referral.reference, session.get_one(Person, referral.person_id)
        forget(session, person)
    with at_work.sessions() as session:
        notices = session.execute(select(Notice.staff_id, Notice.kind, Notice.object)).all()
        assert [tuple(row) for row in notices] == [(AMINA, "deleted", f"referral:{reference}")]


def on_hold(session: Session) -> tuple[Planted, LegalHold]:
    planted = plant(session, "MARKER-HELD")
    hold = holds.put(session, session.scalars(select(Handoff)).one(), LENA, "a claim against the landlord")
    assert hold is not None
    return planted, hold


def test_what_is_on_legal_hold_is_put_away_and_all_the_rest_goes(at_work_on_each: House) -> None:
    house = at_work_on_each
    with house.sessions.begin() as session:
        planted, _ = on_hold(session)
        person = session.get_one(Person, planted.person_id)
        assert held(session, person).on_hold
        done = forget(session, person)
        assert done.kept == [planted.reference, *session.scalars(select(Referral.reference))]
    with house.sessions() as session:
        after = dump(session)
        kept = {name for name, rows in after.items() if "MARKER-HELD" in str(rows)}
        assert kept == {
            "chats", "case_events", "case_notes", "consents", "handoffs", "legal_holds", "mails", "message_translations", "messages",
            "people", "referrals",
        } - {"people"}  # fmt: skip
        live, away = session.scalars(select(Chat).order_by(Chat.id))
        assert (live.channel, away.channel) == ("web", "held") and live.person_id != away.person_id
        assert set(session.scalars(select(Message.chat_id))) == {away.id}
        assert session.scalars(select(Handoff.state)).one() == "closed"
        assert not held(session, live.person).messages and not held(session, live.person).on_hold


def test_nothing_that_was_put_away_comes_back_into_the_conversation(at_work: House) -> None:
    with at_work.sessions.begin() as session:
        planted, _ = on_hold(session)
        forget(session, session.get_one(Person, planted.person_id))
        chat = session.scalars(select(Chat).where(Chat.channel == "web")).one()
        again = handoffs.open_handoff(session, chat, kind="asked", urgency="any", reason="new", reach="chat")
        assert again.reference != planted.reference and session.scalar(select(func.count(Handoff.id))) == 2
        forget(session, chat.person)  # the hold is on what was before
        assert session.scalar(select(func.count(Handoff.id))) == 1


def test_when_the_hold_ends_the_rest_goes(at_work: House) -> None:
    with at_work.sessions.begin() as session:
        planted, hold = on_hold(session)
        forget(session, session.get_one(Person, planted.person_id))
        number = hold.id
    with at_work.sessions.begin() as session:
        session.add(RetentionRun(id=1, ran_at=now() + dt.timedelta(days=364), deletes_from=now()))
    done = sweep(at_work, at=now() + dt.timedelta(days=366))
    assert done["silent_people"] + done["emptied_people"] == 1  # the new, empty one
    with at_work.sessions.begin() as session:
        assert "MARKER-HELD" in str(dump(session)["messages"])
        assert holds.end(session, session.get_one(LegalHold, number), LENA, "settled")
    done = sweep(at_work, at=now() + dt.timedelta(days=366, hours=1))
    assert done["silent_people"] + done["emptied_people"] == 1
    with at_work.sessions() as session:
        assert Counter(name for name, rows in dump(session).items() if "MARKER-HELD" in str(rows)) == {}
        assert session.scalar(select(func.count(Person.id))) == 0
        assert {row.kind for row in session.scalars(select(DeletedCount))} >= {"person", "message.person", "handoff.deleted"}


def test_a_case_that_ends_while_a_colleague_writes_a_note_is_gone_with_the_note(at_work: House) -> None:
    with at_work.sessions.begin() as session:
        case = office.ask(session)
        notes.add(session, BEA, case, "MARKER @amina please ring", once="form-1")
        person = session.get_one(Person, case.person_id)
        assert held(session, person).notes == 1
        forget(session, person)
        assert "MARKER" not in str(dump(session)) and not office.told(session, AMINA)


def test_moving_and_consents_know_nothing_of_what_is_gone(at_work: House) -> None:
    with at_work.sessions.begin() as session:
        referral = sent_out(session, "1:0", by="email")
        reference = referral.reference
        forget(session, session.get_one(Person, referral.person_id))
        assert moving.find(session, reference) is None
        assert not consents.holds(session, referral)


def test_a_colleague_who_acts_on_a_case_that_goes_right_now_is_told(environ: dict[str, str], postgresql: str) -> None:
    environ["USEIT_DATABASE_URL"] = postgresql
    house = House.open(Settings.read(environ))
    migrate.create(house.database)
    with house.sessions.begin() as session:
        office.furnish(session)
        reference = office.ask(session).reference
    with house.sessions.begin() as session:
        case = answering.find(session, reference)
        assert case is not None
        with house.sessions.begin() as other:
            forget(other, other.get_one(Person, case.person_id))
        assert office.refused(answering.claim, session, case, AMINA) == "gone"
    house.database.dispose()

"""The rules of keeping: what is silent is closed and told, what is closed is deleted after a notice, what waits never goes."""

from __future__ import annotations

import datetime as dt
import random
import signal
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Callable

import pytest
from sqlalchemy import func, insert, select, update
from sqlalchemy.orm import Session

from bot.cases import answering, counting, handoffs, holds, notes, queues, referrals, scheduling, snoozing
from bot.cases.models import (
    CaseEvent,
    CaseNote,
    CaseWord,
    DeletedCount,
    Handoff,
    LegalHold,
    Mail,
    Message,
    Notice,
    Referral,
    RetentionRun,
)
from bot.cases.retention import Rules
from bot.cases.upcoming import upcoming
from bot.conversation import inbox, outbox
from bot.conversation.models import Inbox, Outbox
from bot.conversation.sweeping import GAP, STEPS, sweep
from bot.db import migrate
from bot.db.base import now
from bot.house import House
from bot.i18n import t
from bot.people.models import Chat, Consent, Person, Reminder
from bot.replies import Reply
from bot.settings import ROOT, Settings
from bot.staff.models import Invitation
from tests.cases import office
from tests.cases.office import AMINA, LENA, OTTO
from tests.privacy.conftest import surrounding

DAY = dt.timedelta(days=1)
TODAY = dt.datetime(2026, 11, 26, 10, 0, tzinfo=dt.UTC)


def trusted(house: House, at: dt.datetime) -> None:
    """As if the rules had been followed every hour until `at`."""
    with house.sessions.begin() as session:
        session.merge(RetentionRun(id=1, ran_at=at, deletes_from=at))


def swept(house: House, at: dt.datetime) -> dict[str, int]:
    """What was done at this time, without what was nothing."""
    trusted(house, at)
    return {name: times for name, times in sweep(house, at=at).items() if times}


def quiet_since(session: Session, case: Handoff, at: dt.datetime) -> None:
    """As if nothing had happened on this case, and the person had not been seen, since then."""
    session.flush()
    session.execute(update(Handoff).where(Handoff.id == case.id).values(updated_at=at))
    session.execute(update(Person).where(Person.id == case.person_id).values(last_seen_at=at))
    session.expire_all()


def silent_case(house: House, at: dt.datetime, *, claimed: bool = True, **details: object) -> str:
    with house.sessions.begin() as session:
        case = office.ask(session, **details)  # type: ignore[arg-type]  # who, reason, urgency
        if claimed:
            answering.claim(session, case, AMINA)
            answering.reply(session, case, AMINA, "hello", once=f"form-{case.reference}")
        quiet_since(session, case, at)
        return case.reference


def state(house: House, reference: str) -> str:
    with house.sessions() as session:
        return session.scalar(select(Handoff.state).where(Handoff.reference == reference)) or "deleted"


def texts(house: House) -> list[str]:
    return [reply.text for reply in office.going_out(house)]


def test_a_silent_case_is_announced_a_week_before_then_closed_and_the_person_is_told_once(at_work_on_each: House) -> None:
    house = at_work_on_each
    reference = silent_case(house, TODAY - 23 * DAY + DAY / 24)
    assert swept(house, TODAY) == {}
    assert swept(house, TODAY + DAY) == {"closes_soon": 1}
    with house.sessions() as session:
        assert office.told(session, AMINA)[-1] == ("closes_soon", "handoff")
    for days in (1, 2, 7):
        assert swept(house, TODAY + days * DAY) == {}
    assert swept(house, TODAY + 8 * DAY) == {"closed": 1}
    assert (state(house, reference), swept(house, TODAY + 8 * DAY)) == ("closed", {})
    told = t("ar", "handoff.silent", count=None, reference=reference, days=30, delete=90)
    assert texts(house) == ["hello", told]
    with house.sessions() as session:
        case = office.case(session, reference)
        assert case.outcome == "silent" and office.history(session, case)[-1] == ("bot", "answered", "closed", "silent")
        assert session.scalars(select(Chat.held_by_handoff)).one() is None  # the bot speaks again


def test_it_may_be_reopened(at_work: House) -> None:
    reference = silent_case(at_work, TODAY - 40 * DAY)
    swept(at_work, TODAY - 8 * DAY), swept(at_work, TODAY)  # noqa: B018  # both are called for what they do
    with at_work.sessions.begin() as session:
        session.execute(update(Handoff).values(closed_at=now() - DAY))
        again = handoffs.open_handoff(
            session, office.chat_of(session), kind="asked", urgency="week", reason="again", reach="chat"
        )
        assert (again.reference, again.state) == (reference, "reopened")


def test_one_that_nobody_answered_is_closed_with_an_apology_and_a_lead_is_told_before(at_work: House) -> None:
    reference = silent_case(at_work, TODAY - 40 * DAY, claimed=False)
    assert swept(at_work, TODAY) == {"closes_soon": 1}
    with at_work.sessions() as session:
        assert ("closes_soon", "handoff") in office.told(session, LENA)
    assert swept(at_work, TODAY + 7 * DAY) == {"closed": 1}
    assert texts(at_work) == [t("ar", "handoff.unanswered", count=None, reference=reference, days=30, delete=90)]
    with at_work.sessions() as session:
        assert office.case(session, reference).outcome == "unanswered"


def test_somebody_in_danger_whom_nobody_answered_is_never_closed(at_work: House) -> None:
    reference = silent_case(at_work, TODAY - 400 * DAY, claimed=False, urgency="danger", kind="danger")
    assert swept(at_work, TODAY) == {} and swept(at_work, TODAY + 400 * DAY).keys() <= {"notices"}
    assert state(at_work, reference) == "waiting"


def writes(session: Session, case: Handoff) -> None:
    office.says(session, session.get_one(Chat, case.chat_id), "I am here")


def is_seen(session: Session, case: Handoff) -> None:
    session.get_one(Person, case.person_id).last_seen_at = TODAY


def notes_something(session: Session, case: Handoff) -> None:
    notes.add(session, AMINA, case, "rang, no answer", once="n")
    session.execute(update(CaseNote).values(at=TODAY))


def plans_a_message(session: Session, case: Handoff) -> None:
    words = answering.prepared(session, case, "see you")
    scheduling.schedule(session, case, AMINA, words, now() + DAY, once="s")
    quiet_since(session, case, TODAY - 40 * DAY)


def sets_it_aside(session: Session, case: Handoff) -> None:
    snoozing.snooze(session, case, AMINA, now() + 20 * DAY)
    session.execute(update(Handoff).values(snoozed_until=TODAY + 50 * DAY))
    quiet_since(session, case, TODAY - 40 * DAY)


@pytest.mark.parametrize("happens", [writes, is_seen, notes_something, plans_a_message, sets_it_aside])
def test_whatever_happens_on_a_case_keeps_it_open(at_work: House, happens: Callable[[Session, Handoff], None]) -> None:
    reference = silent_case(at_work, TODAY - 40 * DAY)
    assert swept(at_work, TODAY - DAY) == {"closes_soon": 1}
    with at_work.sessions.begin() as session:
        happens(session, office.case(session, reference))
    swept(at_work, TODAY + 7 * DAY)
    assert state(at_work, reference) != "closed"


def test_who_said_stop_is_not_written_to(at_work: House) -> None:
    reference = silent_case(at_work, TODAY - 40 * DAY)
    with at_work.sessions.begin() as session:
        session.execute(update(Chat).values(stopped=True))
    swept(at_work, TODAY)
    assert swept(at_work, TODAY + 7 * DAY) == {"closed": 1}
    assert state(at_work, reference) == "closed" and texts(at_work) == ["hello"]


def closed_case(house: House, at: dt.datetime, who: str = "someone") -> str:
    with house.sessions.begin() as session:
        case = office.ask(session, who)
        answering.claim(session, case, AMINA)
        answering.close(session, case, AMINA, "helped")
        case.closed_at = at
        return case.reference


def test_a_closed_case_is_announced_then_deleted_with_all_that_hangs_on_it(at_work_on_each: House) -> None:
    house = at_work_on_each
    reference = closed_case(house, TODAY - 90 * DAY)
    assert swept(house, TODAY) == {"deleted_soon": 1}  # the notice is late, so the deletion is, too
    assert swept(house, TODAY + 6 * DAY) == {} and state(house, reference) == "closed"
    assert swept(house, TODAY + 7 * DAY)["handoffs"] == 1
    assert state(house, reference) == "deleted"
    with house.sessions() as session:
        assert not [
            number
            for table in (CaseEvent, CaseWord, Notice)
            if (number := session.scalar(select(func.count()).select_from(table)))
        ]
        assert [(row.kind, row.times) for row in counting.deleted(session)] == [("handoff.helped", 1)]
        assert session.scalar(select(func.count(Person.id))) == 1  # the person is not a case


def test_one_that_is_reopened_meanwhile_stays(at_work: House) -> None:
    reference = closed_case(at_work, TODAY - 90 * DAY)
    assert swept(at_work, TODAY) == {"deleted_soon": 1}
    with at_work.sessions.begin() as session:
        session.execute(update(Handoff).values(closed_at=now() - DAY))
        handoffs.open_handoff(session, office.chat_of(session), kind="asked", urgency="week", reason="again", reach="chat")
        session.execute(update(Handoff).values(updated_at=TODAY))
    assert swept(at_work, TODAY + 8 * DAY) == {} and state(at_work, reference) == "reopened"


def test_a_legal_hold_keeps_what_the_rules_would_delete_until_it_ends(at_work_on_each: House) -> None:
    house = at_work_on_each
    reference = closed_case(house, TODAY - 400 * DAY)
    with house.sessions.begin() as session:
        case = office.case(session, reference)
        hold = holds.put(session, case, LENA, "a claim against us")
        number = hold.id if hold else 0
        assert hold is not None and holds.put(session, case, LENA, "again") is None
        session.add(Message(chat_id=case.chat_id, sender="person", language="ar", text="x", at=TODAY - 400 * DAY))
        referral(session, "completed", TODAY - 400 * DAY)
        session.execute(update(Person).values(last_seen_at=TODAY - 400 * DAY))
    assert swept(house, TODAY).get("handoffs") is None and swept(house, TODAY + 30 * DAY).keys() <= {"outbox", "notices"}
    with house.sessions.begin() as session:
        assert [len(list(session.scalars(select(table.id)))) for table in (Handoff, Referral, Message)] == [1, 1, 2]
        assert holds.end(session, session.get_one(LegalHold, number), LENA, "settled")
        assert not holds.end(session, session.get_one(LegalHold, number), LENA, "settled")
    assert swept(house, TODAY + 31 * DAY)["silent_people"] == 1
    with house.sessions() as session:
        assert session.scalar(select(func.count(Handoff.id))) == 0


def referral(session: Session, becomes: str, at: dt.datetime, made_from: str = "1:0") -> Referral:
    made = referrals.make(
        session, office.chat_of(session), service="hub", need="legal", shared={}, made_from=made_from, told=None
    )
    if becomes != "consent_given":
        referrals.move(session, made, "sent", f"staff:{AMINA}")
    if becomes not in ("sent", "consent_given"):
        referrals.move(session, made, becomes, f"staff:{AMINA}")
    session.add(
        Mail(origin=f"referral:{made.id}", content={"to": "x", "subject": "x", "text": ""}, referral_id=made.id, state="sent")
    )
    session.flush()
    session.execute(
        update(Referral).where(Referral.id == made.id).values(updated_at=at, follow_up_at=None, consent_until=at + 90 * DAY)
    )
    session.expire_all()
    return made


def test_a_referral_goes_three_months_after_it_ended_with_consent_and_mail(at_work: House) -> None:
    with at_work.sessions.begin() as session:
        referral(session, "completed", TODAY - 90 * DAY + DAY)
    assert swept(at_work, TODAY) == {} and swept(at_work, TODAY + DAY + DAY / 24) == {"referrals": 1}
    with at_work.sessions() as session:
        assert not [number for table in (Referral, Consent, Mail) if (number := session.scalar(select(func.count(table.id))))]


def test_an_open_referral_stays_while_somebody_may_still_answer(at_work: House) -> None:
    with at_work.sessions.begin() as session:
        number = referral(session, "sent", TODAY - 100 * DAY).id
        session.execute(update(Referral).values(consent_until=TODAY - 89 * DAY))
    assert swept(at_work, TODAY) == {}
    with at_work.sessions.begin() as session:
        session.execute(update(Referral).values(follow_up_at=TODAY + 2 * DAY))
    assert swept(at_work, TODAY + 2 * DAY - DAY / 24) == {}  # the person is to be asked how it went
    assert swept(at_work, TODAY + 3 * DAY) == {"referrals": 1}
    with at_work.sessions() as session:
        assert session.get(Referral, number) is None


def test_words_go_after_their_time_and_the_case_is_found_by_what_is_left(at_work_on_each: House) -> None:
    house = at_work_on_each
    with house.sessions.begin() as session:
        case = office.ask(session, reason="rent")
        chat = session.get_one(Chat, case.chat_id)
        for words, at in (("kettle", TODAY - 91 * DAY), ("teapot", TODAY - 89 * DAY)):
            office.says(session, chat, words)
            session.execute(update(Message).where(Message.text.is_not(None), Message.at > TODAY - DAY).values(at=at))
        quiet_since(session, case, TODAY)
    assert swept(house, TODAY) == {"words": 1}
    with house.sessions() as session:
        assert list(session.scalars(select(Message.text))) == ["teapot"]
        for asked, found in (("kettle", 0), ("teapot", 1), ("rent", 1)):
            page = queues.listed(session, queues.Filters(show="all", text=asked), AMINA, "caseworker")
            assert len(page.rows) == found, asked


def test_what_waits_never_goes(at_work: House) -> None:
    with at_work.sessions.begin() as session:
        chat = office.chat_of(session)
        inbox.receive(session, "web", "someone", "1", {"text": "help"})
        outbox.enqueue(session, chat.id, [Reply(text="not sent yet", language="ar")], origin="x")
        session.add(Reminder(person_id=chat.person_id, chat_id=chat.id, pathway="nurse", step="apply", due_at=TODAY - 400 * DAY))
        session.execute(update(Inbox).values(received_at=TODAY - 400 * DAY))
        session.execute(update(Outbox).values(created_at=TODAY - 400 * DAY))
    swept(at_work, TODAY)
    with at_work.sessions() as session:
        assert [session.scalar(select(func.count(table.id))) for table in (Inbox, Outbox, Reminder)] == [1, 1, 1]


def test_everything_else_has_its_time(at_work: House) -> None:
    old = TODAY - 91 * DAY
    with at_work.sessions.begin() as session:
        chat = office.chat_of(session)
        chat.draft, chat.dialogue, chat.person.last_seen_at = {"words": "x"}, {"slots": {}}, old
        copy = Reply(text="a copy", language="ar", short_lived=True)
        outbox.enqueue(session, chat.id, [Reply(text="x", language="ar"), copy], origin="x")
        session.execute(update(Outbox).values(state="sent", created_at=TODAY))
        session.execute(update(Outbox).where(Outbox.erase_at.is_(None)).values(created_at=old))
        session.execute(update(Outbox).where(Outbox.erase_at.is_not(None)).values(erase_at=TODAY - DAY))
        session.add(Inbox(channel="web", update_id="1", chat_id=chat.id, state="done", received_at=old))
        session.add(Reminder(person_id=chat.person_id, chat_id=chat.id, pathway="p", step="s", due_at=old, state="sent"))
        session.add(Notice(staff_id=AMINA, kind="waiting", object="handoff:H-1", at=TODAY - 31 * DAY))
        invited = Invitation(token_hash="t", role="lead", totp_secret="s", email="lena@example.org", expires_at=TODAY - 31 * DAY)
        session.add(invited)
        session.add(Mail(origin="notice:1", content={"to": "x"}, state="sent", created_at=TODAY - 31 * DAY))
    assert swept(at_work, TODAY) == {
        "outbox": 1, "copies": 1, "inbox": 1, "reminders": 1, "notices": 1, "mails": 1, "invitations": 1, "forms": 1,
    }  # fmt: skip
    assert swept(at_work, TODAY) == {}


def test_who_is_silent_for_a_year_goes_whole_unless_a_case_is_open(at_work_on_each: House) -> None:
    house = at_work_on_each
    closed_case(house, TODAY - 3 * DAY, "a")
    silent_case(house, TODAY - 400 * DAY, who="b", claimed=False, urgency="danger", kind="danger")
    with house.sessions.begin() as session:
        session.execute(update(Person).values(last_seen_at=TODAY - 366 * DAY))
    assert swept(house, TODAY)["silent_people"] == 1
    with house.sessions() as session:
        assert [case.kind for case in session.scalars(select(Handoff))] == ["danger"]


def an_old_word(house: House, at: dt.datetime) -> None:
    with house.sessions.begin() as session:
        chat = office.chat_of(session)
        session.add(Message(chat_id=chat.id, sender="person", language="ar", text="x", at=at))


def words_left(house: House) -> int:
    with house.sessions() as session:
        return session.scalar(select(func.count(Message.id))) or 0


@pytest.mark.parametrize("jump", [dt.timedelta(days=3650), GAP + dt.timedelta(hours=1), -dt.timedelta(days=365)])
def test_a_clock_that_has_jumped_deletes_nothing_for_a_day(at_work: House, jump: dt.timedelta) -> None:
    an_old_word(at_work, TODAY - 500 * DAY)
    trusted(at_work, TODAY)
    assert sweep(at_work, at=TODAY + jump) == {}
    assert sweep(at_work, at=TODAY + jump + 23 * DAY / 24) == {}
    assert words_left(at_work) == 1
    assert sweep(at_work, at=TODAY + jump + DAY)["words"] == 1


def test_a_clock_that_was_put_right_in_time_has_deleted_nothing(at_work: House) -> None:
    an_old_word(at_work, TODAY - 50 * DAY)
    trusted(at_work, TODAY)
    assert sweep(at_work, at=TODAY + 3650 * DAY) == {}
    assert sweep(at_work, at=TODAY + DAY / 24) == {}
    assert sweep(at_work, at=TODAY + DAY / 24 + DAY)["words"] == 0 and words_left(at_work) == 1


def test_a_new_house_and_one_that_was_off_wait_a_day(at_work: House) -> None:
    assert sweep(at_work, at=TODAY) == {}
    assert sweep(at_work, at=TODAY + DAY / 2) == {}
    assert sweep(at_work, at=TODAY + DAY) != {}


def test_the_change_to_winter_time_changes_no_rule(at_work: House) -> None:
    """Silent since 1 October 10:00 by the clock on the wall: 30 times 24 hours later that clock shows 9:00."""
    since = dt.datetime.fromisoformat("2026-10-01T10:00+01:00")
    reference = silent_case(at_work, since)
    assert swept(at_work, since + 23 * DAY) == {} and swept(at_work, since + 23 * DAY + DAY / 24) == {"closes_soon": 1}
    due = dt.datetime.fromisoformat("2026-10-31T09:00+00:00")
    assert swept(at_work, due + dt.timedelta(minutes=59)) == {}
    assert swept(at_work, due + dt.timedelta(hours=1, minutes=1)) == {"closed": 1}
    assert state(at_work, reference) == "closed"


def test_what_is_coming_is_shown_to_who_may_see_it(at_work: House) -> None:
    soon, later = silent_case(at_work, TODAY - 25 * DAY, who="a"), silent_case(at_work, TODAY - 10 * DAY, who="b")
    gone = closed_case(at_work, TODAY - 80 * DAY, "c")
    held = closed_case(at_work, TODAY - 80 * DAY, "d")
    with at_work.sessions.begin() as session:
        holds.put(session, office.case(session, held), LENA, "a claim")
        made = referral(session, "completed", TODAY - 85 * DAY).reference
    rules = Rules.of(at_work.settings)
    with at_work.sessions() as session:
        found = upcoming(session, rules, AMINA, "caseworker", at=TODAY)
        assert [(one.what, one.reference, (one.on - TODAY) / DAY) for one in found] == [
            ("delete", made, 5.0),
            ("close", soon, 7.0),  # not before the notice has stood for a week
            ("delete", gone, 10.0),
        ]
        assert later in [one.reference for one in upcoming(session, rules, AMINA, "caseworker", days=21, at=TODAY)]
        assert upcoming(session, rules, OTTO, "caseworker", at=TODAY) == []
        assert upcoming(session, rules, OTTO, "admin", at=TODAY) == []
    assert swept(at_work, TODAY) == {"closes_soon": 1}
    assert swept(at_work, TODAY + 7 * DAY)["closed"] == 1
    assert state(at_work, gone) == "closed"


KILLED = """
import datetime as dt
from bot.conversation.sweeping import sweep
from bot.house import House
from bot.settings import Settings
house = House.open(Settings.read())
print("ready", flush=True)
sweep(house, at=dt.datetime.fromisoformat("2026-11-26T10:00+00:00"))
print("done", flush=True)
"""


def many_old(house: House, number: int) -> None:
    old = TODAY - 200 * DAY
    with house.sessions.begin() as session:
        people = [{"id": n, "language": "ar", "last_seen_at": TODAY} for n in range(1, number + 1)]
        chats = [
            {"id": n, "channel": "web", "address": f"a{n}", "address_hash": f"h{n}", "person_id": n} for n in range(1, number + 1)
        ]
        cases = [
            {
                "id": n, "reference": f"H-{n}", "person_id": n, "chat_id": n, "kind": "asked", "urgency": "week", "reason": "x",
                "reach": "chat", "state": "closed", "outcome": "helped", "closed_at": old, "created_at": old, "updated_at": old,
                "language": "ar",
            }
            for n in range(1, number + 1)
        ]  # fmt: skip
        warned = [
            {"handoff_id": n, "at": TODAY - 8 * DAY, "actor": "bot", "was": "closed", "becomes": "deleted_soon"}
            for n in range(1, number + 1)
        ]
        said = [{"chat_id": n, "sender": "person", "language": "ar", "text": "x", "at": old} for n in range(1, number + 1)]
        for table, rows in ((Person, people), (Chat, chats), (Handoff, cases), (CaseEvent, warned), (Message, said)):
            session.execute(insert(table), rows)
    trusted(house, TODAY)


def counted(house: House) -> dict[str, int]:
    with house.sessions() as session:
        rows = session.execute(select(DeletedCount.kind, func.sum(DeletedCount.times)).group_by(DeletedCount.kind))
        return {row[0]: row[1] for row in rows}


@pytest.mark.long
def test_killed_again_and_again_every_case_is_counted_once(at_work_on_each: House, environ: dict[str, str]) -> None:
    house = at_work_on_each
    many_old(house, 1_500)
    chance = random.Random(5)
    for _ in range(4):
        running = subprocess.Popen(
            [sys.executable, "-c", KILLED], env=surrounding(environ), cwd=ROOT, stdout=subprocess.PIPE, text=True
        )
        assert running.stdout is not None and running.stdout.readline().strip() == "ready"
        with house.sessions() as session:
            before = session.scalar(select(func.count(Handoff.id))) or 0
        wanted = max(0, before - chance.randrange(100, 400))
        while running.poll() is None and _left(house) > wanted:
            pass
        running.send_signal(signal.SIGKILL)
        running.wait()
        left = _left(house)
        assert counted(house).get("handoff.helped", 0) + left == 1_500
    trusted(house, TODAY)
    sweep(house, at=TODAY)
    assert counted(house) == {"handoff.helped": 1_500, "message.person": 1_500}


def _left(house: House) -> int:
    with house.sessions() as session:
        return session.scalar(select(func.count(Handoff.id))) or 0


def test_two_programs_share_the_work_on_postgresql(
    environ: dict[str, str], postgresql: str, request: pytest.FixtureRequest
) -> None:
    environ["USEIT_DATABASE_URL"] = postgresql
    house = House.open(Settings.read(environ))
    migrate.create(house.database)
    many_old(house, 600)
    done: list[Counter[str]] = []
    threads = [threading.Thread(target=lambda: done.append(Counter(sweep(house, at=TODAY, steps=STEPS)))) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(done, Counter())["handoffs"] == 600
    assert counted(house) == {"handoff.helped": 600, "message.person": 600}
    house.database.dispose()


def test_a_case_that_is_worked_on_right_now_is_left_for_the_next_time(environ: dict[str, str], postgresql: str) -> None:
    environ["USEIT_DATABASE_URL"] = postgresql
    house = House.open(Settings.read(environ))
    migrate.create(house.database)
    with house.sessions.begin() as session:
        office.furnish(session)
    reference = silent_case(house, TODAY - 40 * DAY)
    assert swept(house, TODAY) == {"closes_soon": 1}
    with house.sessions.begin() as session:
        office.case(session, reference)  # locks the person's chats
        assert swept(house, TODAY + 7 * DAY) == {}
    assert swept(house, TODAY + 7 * DAY) == {"closed": 1}
    house.database.dispose()

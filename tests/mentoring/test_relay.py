"""What waits between two people goes to the right one, at a decent hour, once; and to nobody when it may not."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import pytest
from sqlalchemy import func, select

from bot.cases import merging
from bot.cases.models import Handoff, Message, RetentionRun
from bot.conversation import due_mentoring, relaying
from bot.conversation.models import Outbox
from bot.conversation.personal_data import forget
from bot.conversation.sweeping import sweep
from bot.db.base import now
from bot.house import House
from bot.mentoring import keeping, leaving, offers, own, pairs, post, wishes, writing
from bot.mentoring.models import Mentor, MentorEvent, MentorMessage, MentorPair, MentorWish, MentorWriting
from bot.people.models import Chat, Person
from bot.settings import Settings
from tests.mentoring import pairing
from tests.mentoring.pairing import Two

NOON, NIGHT = dt.datetime(2026, 6, 10, 11, tzinfo=dt.UTC), dt.datetime(2026, 6, 10, 22, tzinfo=dt.UTC)


@pytest.fixture(params=["sqlite", "postgresql"])
def each(request: pytest.FixtureRequest, environ: dict[str, str]) -> Iterator[House]:
    """A house on each database."""
    if request.param == "sqlite":
        yield request.getfixturevalue("house")
        return
    opened = House.open(Settings.read({**environ, "USEIT_DATABASE_URL": request.getfixturevalue("postgresql")}))
    yield opened
    opened.database.dispose()


@pytest.fixture
def two(each: House) -> Two:
    return pairing.paired(each)


@pytest.fixture
def daytime(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(post, "FIRST_HOUR", 0)
    monkeypatch.setattr(post, "LAST_HOUR", 24)


def say(house: House, two: Two, side: str, text: str, *, at: dt.datetime | None = None) -> int:
    """`side` writes to the other; it is not delivered yet. The id of the message."""
    with house.sessions.begin() as session:
        pair = pairs.lock(session, two.pair)
        assert pair is not None
        message = post.put(session, pair, "mentor" if side == "mentee" else "mentee", "words", text)
        message.at = at or message.at
        return message.id


def deliver(house: House) -> int:
    with house.sessions.begin() as session:
        return due_mentoring.due(session, house)


def out(house: House) -> list[tuple[int, str]]:
    """chat -> what is on its way to it."""
    with house.sessions() as session:
        rows = session.scalars(select(Outbox).where(Outbox.origin.startswith("mentor")).order_by(Outbox.id))
        return [(row.chat_id, row.body["text"].split("\n")[-1]) for row in rows]


def test_each_gets_the_others_words_and_nobody_their_own(each: House, two: Two, daytime: None) -> None:
    third = pairing.paired(each, "third-mentor", "third-mentee")
    say(each, two, "mentor", "to the mentee")
    say(each, two, "mentee", "to the mentor")
    say(each, third, "mentee", "to the third mentor")
    assert deliver(each) == 3 and deliver(each) == 0
    assert sorted(out(each)) == sorted([
        (two.mentee_chat, "to the mentee"), (two.mentor_chat, "to the mentor"), (third.mentor_chat, "to the third mentor"),
    ])  # fmt: skip


@pytest.mark.parametrize(("at", "fate"), [(NOON, "send"), (NIGHT, "wait")], ids=["by day", "by night"])
def test_nobody_is_woken(house: House, at: dt.datetime, fate: str) -> None:
    made = pairing.paired(house)
    number = say(house, made, "mentor", "hello", at=at)
    with house.sessions.begin() as session:
        message, pair = session.get_one(MentorMessage, number), session.get_one(MentorPair, made.pair)
        chat = session.get_one(Chat, made.mentee_chat)
        assert post.fate(session, message, pair, chat, at) == fate
        session.add(MentorWriting(chat_id=chat.id, pair_id=pair.id, until=at + dt.timedelta(minutes=5)))
        session.flush()
        assert post.fate(session, message, pair, chat, at) == "send"  # they write to each other just now


def test_the_hour_is_that_of_birmingham_also_when_the_clocks_change() -> None:
    summer, winter = dt.datetime(2026, 7, 1, 7, 30, tzinfo=dt.UTC), dt.datetime(2026, 12, 1, 7, 30, tzinfo=dt.UTC)
    assert post.is_decent(summer) and not post.is_decent(winter)
    assert not post.is_decent(dt.datetime(2026, 7, 1, 20, 30, tzinfo=dt.UTC))
    assert post.is_decent(dt.datetime(2026, 12, 1, 20, 30, tzinfo=dt.UTC))


@pytest.mark.parametrize("what", ["stopped", "unreachable", "another person", "paused", "ended", "too old"])
def test_what_may_not_arrive_does_not(house: House, daytime: None, what: str) -> None:
    made = pairing.paired(house)
    number = say(house, made, "mentor", "hello", at=now() - dt.timedelta(days=4) if what == "too old" else None)
    with house.sessions.begin() as session:
        chat, pair = session.get_one(Chat, made.mentee_chat), session.get_one(MentorPair, made.pair)
        if what == "stopped":
            chat.stopped = True
        elif what == "unreachable":
            chat.unreachable_at = now()
        elif what == "another person":
            chat.person = Person()
        elif what in ("paused", "ended"):
            pairs.move(pair, what)
    deliver(house)
    assert (made.mentee_chat, "hello") not in out(house)
    with house.sessions() as session:
        assert session.get_one(MentorMessage, number).state == "dropped"


def test_who_cannot_be_reached_pauses_the_two_and_comes_back(house: House, daytime: None) -> None:
    made = pairing.paired(house)
    with house.sessions.begin() as session:
        session.get_one(Chat, made.mentor_chat).unreachable_at = now()
    deliver(house)
    with house.sessions.begin() as session:
        pair = session.get_one(MentorPair, made.pair)
        assert (pair.state, pair.why) == ("paused", "unreachable")
        session.get_one(Chat, made.mentor_chat).unreachable_at = None
    deliver(house)
    with house.sessions() as session:
        assert session.get_one(MentorPair, made.pair).state == "active"
    assert {chat for chat, _ in out(house)} == {made.mentor_chat, made.mentee_chat}


def test_a_report_of_two_who_were_paused_is_not_undone_by_a_chat_that_is_there_again(house: House, daytime: None) -> None:
    made = pairing.paired(house)
    with house.sessions.begin() as session:
        pair = session.get_one(MentorPair, made.pair)
        pairs.pause(session, pair, "unreachable")
        pairs.alarm(pair, "reported", "mentee")
        pairs.pause(session, pair, "reported")
    deliver(house)
    with house.sessions() as session:
        assert (session.get_one(MentorPair, made.pair).state, session.get_one(MentorPair, made.pair).why) == (
            "paused",
            "reported",
        )


@pytest.mark.parametrize("who", ["mentor", "mentee"])
def test_nothing_reaches_whoever_comes_after_a_deleted_person_nor_comes_from_them(
    each: House, two: Two, daytime: None, who: str
) -> None:
    """The chat goes on with a new person: of what was on its way to the old one, or waited, nothing arrives."""
    say(each, two, "mentor", "sent before")
    say(each, two, "mentee", "sent before, too")
    deliver(each)
    say(each, two, "mentor", "waits")
    say(each, two, "mentee", "waits, too")
    gone, left = (two.mentor_chat, two.mentee_chat) if who == "mentor" else (two.mentee_chat, two.mentor_chat)
    with each.sessions.begin() as session:
        forget(session, session.get_one(Chat, gone).person)
    assert out(each) == []
    assert deliver(each) == 1 and deliver(each) == 0
    ((chat, told),) = out(each)
    assert chat == left and "delet" not in told
    with each.sessions() as session:
        assert session.scalar(select(func.count(MentorPair.id))) == 0
        assert session.scalar(select(func.count(MentorMessage.id))) == 0
        assert not [text for text in session.scalars(select(Message.text)) if "sent before" in text or "waits" in text]


def test_stopping_takes_back_what_has_not_left(each: House, two: Two, daytime: None) -> None:
    say(each, two, "mentor", "in the outbox")
    deliver(each)
    say(each, two, "mentor", "waits")
    with each.sessions.begin() as session:
        pair = pairs.lock(session, two.pair)
        assert pair is not None
        pairs.end(session, pair, "mentee", "mentee_stopped")
    assert out(each) == []
    deliver(each)
    assert [chat for chat, _ in out(each)] == [two.mentor_chat]  # that it has ended


def test_what_is_being_sent_at_that_moment_is_not_called_unsent(house: House, daytime: None) -> None:
    made = pairing.paired(house)
    say(house, made, "mentor", "on its way")
    deliver(house)
    with house.sessions.begin() as session:
        session.scalars(select(Outbox).where(Outbox.origin.startswith("mentor"))).one().state = "sending"
        pairs.end(session, session.get_one(MentorPair, made.pair), "mentor", "mentor_stopped")
    with house.sessions() as session:
        words = session.scalars(select(MentorMessage).where(MentorMessage.kind == "words")).one()
        assert words.state == "sent"


def test_two_chats_that_turn_out_to_be_one_person_leave_nobody_their_own_mentor(each: House, two: Two, daytime: None) -> None:
    with each.sessions.begin() as session:
        into, other = (session.get_one(Chat, number).person_id for number in (two.mentor_chat, two.mentee_chat))
        leaving.joins(session, into, other)
        merging._move_everything(session, into, other)
    with each.sessions() as session:
        assert session.scalars(select(MentorPair)).all() == []
        assert {row.person_id for row in session.scalars(select(Mentor))} == {into}
        assert {row.person_id for row in session.scalars(select(MentorWish))} == {into}


def test_of_two_offers_of_one_person_the_newer_stays_and_the_olders_mentee_is_told(each: House, two: Two, daytime: None) -> None:
    with each.sessions.begin() as session:
        newer = pairing.mentor(session, "same person elsewhere")
        newer.updated_at = now() + dt.timedelta(minutes=1)
        number, other = newer.id, session.get_one(Chat, two.mentor_chat).person_id
        into = newer.person_id
        session.flush()
        leaving.joins(session, into, other)
        merging._move_everything(session, into, other)
    with each.sessions() as session:
        assert [row.id for row in session.scalars(select(Mentor))] == [number]
    deliver(each)
    assert [chat for chat, _ in out(each)] == [two.mentee_chat]


def test_words_go_after_fourteen_days_but_not_while_somebody_has_to_look(house: House) -> None:
    quiet, loud = pairing.paired(house), pairing.paired(house, "m2", "w2")
    old = now() - keeping.WORDS - dt.timedelta(hours=1)
    for made in (quiet, loud):
        say(house, made, "mentor", "old words", at=old)
        say(house, made, "mentor", "new words")
    with house.sessions.begin() as session:
        pairs.alarm(session.get_one(MentorPair, loud.pair), "reported", "mentee")
        session.add(RetentionRun(id=1, ran_at=now() - dt.timedelta(hours=1), deletes_from=now() - dt.timedelta(hours=1)))
    sweep(house, steps=keeping.STEPS)
    with house.sessions.begin() as session:
        left = select(MentorMessage.pair_id, MentorMessage.text).where(MentorMessage.kind == "words").order_by(MentorMessage.id)
        assert [tuple(row) for row in session.execute(left)] == [
            (quiet.pair, "new words"), (loud.pair, "old words"), (loud.pair, "new words"),
        ]  # fmt: skip
        pairs.handled(session.get_one(MentorPair, loud.pair))
    sweep(house, steps=keeping.STEPS)
    with house.sessions() as session:
        assert set(session.scalars(select(MentorMessage.text).where(MentorMessage.kind == "words"))) == {"new words"}


def test_drafts_and_what_is_over_go_by_rule(house: House) -> None:
    with house.sessions.begin() as session:
        said = offers.Offer("nurse", ["ti"], ["evenings"], "week", "registered", None, None, None)
        draft = offers.make(session, pairing.chat_of(session, "draft"), said)
        young = offers.make(session, pairing.chat_of(session, "young"), said)
        over = pairing.mentor(session, "over")
        offers.by_person(session, over, "ended")
        wish = pairing.wish(session, "wish", languages=["uk"])
        wishes.end(session, wish)
        long_ago = now() - dt.timedelta(days=200)
        draft.updated_at = over.updated_at = wish.updated_at = long_ago
        kept = young.id
        session.add(RetentionRun(id=1, ran_at=now() - dt.timedelta(hours=1), deletes_from=now() - dt.timedelta(hours=1)))
    done = sweep(house, steps=keeping.STEPS)
    assert (done["mentors"], done["mentor_wishes"]) == (2, 1)
    with house.sessions() as session:
        assert [row.id for row in session.scalars(select(Mentor))] == [kept]
        assert session.scalars(select(MentorEvent)).all() == []


def test_everybody_sees_their_own_words_and_not_the_others(house: House) -> None:
    made = pairing.paired(house)
    say(house, made, "mentor", "mine")
    say(house, made, "mentee", "theirs")
    with house.sessions() as session:
        mine = own.of(session, session.get_one(Chat, made.mentor_chat).person_id)
        assert [message.text for message in mine.wrote] == ["mine"] and mine.offer is not None and mine.wish is None
        assert not own.of(session, 999)


def test_who_writes_to_one_writes_to_no_other(house: House) -> None:
    first, second = pairing.paired(house, "m1", "both"), pairing.paired(house, "both", "w2")
    with house.sessions.begin() as session:
        chat = session.get_one(Chat, first.mentee_chat)
        for made in (first, second):
            writing.begin(session, chat, session.get_one(MentorPair, made.pair))
        row = relaying.begun(session, chat)
        assert row is not None and row.pair_id == second.pair
        pairs.end(session, session.get_one(MentorPair, second.pair), "mentee", "mentee_stopped")
        session.expire_all()
        assert relaying.begun(session, chat) is None


def test_an_offer_opens_a_case_by_which_a_caseworker_can_write(house: House) -> None:
    with house.sessions.begin() as session:
        pairing.mentor(session, "m")
        assert [(row.kind, row.urgency) for row in session.scalars(select(Handoff))] == [("mentor", "week")]

"""A photo waits encrypted, is given out in order, is gone when it is read, and its words take their place among the messages."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import undefer

from bot.cases.models import RetentionRun
from bot.conversation import inbox, keeping, personal_data, photos, sweeping
from bot.conversation.incoming import Incoming, PhotoRead
from bot.conversation.models import Inbox, Photo
from bot.db import migrate
from bot.db.base import now
from bot.house import House
from bot.settings import Settings

CHANNELS = ["web", "telegram"]
PHOTO = Incoming(kind="media", media="photo", media_id="AgACAgQ-secret-file")
WORDS = PhotoRead(words="Dear Resident, you must pay", masked=["nino"])


def sent(house: House, address: str = "a", *, body: bytes | None = None, for_person: bool = False) -> int:
    """A photo whose message was answered; the id of its row."""
    with house.sessions.begin() as session:
        chat = inbox.chat_for(session, "web", address)
        session.flush()
        number = len(session.scalars(select(Inbox.id)).all())
        row_id = inbox.receive(session, "web", address, f"u{number}", {"uploaded": True})
        assert row_id is not None
        row = session.get_one(Inbox, row_id)
        if body is not None:
            photos.upload(session, row_id, chat.id, body)
            session.flush()
        assert photos.keep(session, row, PHOTO, for_person=for_person) == ""
        inbox.finish(row)
        session.flush()
        return session.scalars(select(Photo.id).order_by(Photo.id.desc()).limit(1)).one()


def claimed(house: House) -> int | None:
    with house.sessions.begin() as session:
        found = photos.claim(session, CHANNELS)
        return found[0].id if found else None


def row(house: House, photo_id: int) -> Photo:
    with house.sessions() as session:
        return session.scalars(select(Photo).options(undefer(Photo.body)).where(Photo.id == photo_id)).one()


def finish(house: House, photo_id: int, attempt: int = 1, read: PhotoRead = WORDS) -> bool:
    with house.sessions.begin() as session:
        return photos.finish(session, photo_id, attempt, read)


def later(house: House, **values: Any) -> None:
    with house.sessions.begin() as session:
        session.execute(update(Photo).values(**values))


def test_a_photo_and_where_it_lies_are_encrypted_on_the_disk(house: House) -> None:
    sent(house, body=b"\xff\xd8\xff the letter itself")
    sent(house, "b")
    with house.database.connect() as connection:
        stored = connection.exec_driver_sql("SELECT body, media_id FROM photos ORDER BY id").all()
    assert b"letter" not in bytes(stored[0][0]) and b"secret-file" not in bytes(stored[1][1])


def test_photos_are_given_out_oldest_first_and_one_at_a_time_in_a_chat(house: House) -> None:
    first, second, other = sent(house), sent(house), sent(house, "b")
    assert [claimed(house), claimed(house), claimed(house)] == [first, other, None]
    assert finish(house, first)
    assert claimed(house) == second


def test_a_read_photo_is_erased_and_its_words_are_a_message_of_the_same_chat(house: House) -> None:
    photo = sent(house, body=b"\xff\xd8\xff bytes", for_person=True)
    claimed(house)
    assert finish(house, photo)
    kept = row(house, photo)
    assert (kept.state, kept.body, kept.media_id, kept.failure) == ("done", None, None, None)
    with house.sessions() as session:
        found = session.scalars(select(Inbox).options(undefer(Inbox.raw)).where(Inbox.state == "open")).one()
    assert found.chat_id == kept.chat_id and found.channel == "web"
    incoming = photos.read(found.raw)
    assert incoming is not None and incoming.kind == "photo" and incoming.photo is not None
    assert (incoming.photo.words, incoming.photo.masked, incoming.photo.for_person) == (WORDS.words, ["nino"], True)


def test_the_words_stand_encrypted_until_they_are_answered(house: House) -> None:
    photo = sent(house)
    claimed(house)
    finish(house, photo)
    with house.database.connect() as connection:
        assert all(
            b"Resident" not in bytes(raw) for (raw,) in connection.exec_driver_sql("SELECT raw FROM inbox WHERE raw NOTNULL")
        )


def test_a_photo_that_could_not_be_read_is_erased_too(house: House) -> None:
    photo = sent(house)
    claimed(house)
    finish(house, photo, read=PhotoRead(failure="unreadable"))
    kept = row(house, photo)
    assert (kept.state, kept.media_id, kept.failure) == ("failed", None, "unreadable")


def test_a_photo_whose_reader_died_is_given_out_again_and_the_late_one_changes_nothing(house: House) -> None:
    photo = sent(house)
    assert claimed(house) == photo and claimed(house) is None
    later(house, lease_until=now() - dt.timedelta(seconds=1))
    assert claimed(house) == photo
    assert not finish(house, photo, attempt=1)
    assert finish(house, photo, attempt=2)
    assert not finish(house, photo, attempt=2)
    with house.sessions() as session:
        assert len(session.scalars(select(Inbox).where(Inbox.state == "open")).all()) == 1


def test_at_the_start_what_was_in_hand_is_due_at_once(house: House) -> None:
    photo = sent(house)
    claimed(house)
    with house.sessions.begin() as session:
        photos.release_abandoned(session)
    assert claimed(house) == photo


def test_a_failure_that_may_pass_is_tried_again_later_and_in_the_end_told(house: House) -> None:
    photo, last = sent(house), PhotoRead(failure="not_fetched")
    for attempt in range(1, photos.MAX_ATTEMPTS + 1):
        assert claimed(house) == photo
        with house.sessions.begin() as session:
            photos.postpone(session, photo, attempt, "TransientError", last)
        assert claimed(house) is None
        later(house, not_before=None)
    assert row(house, photo).failure == "not_fetched" and row(house, photo).media_id is None


def test_photos_of_a_channel_that_is_off_wait(house: House) -> None:
    sent(house)
    with house.sessions.begin() as session:
        assert photos.claim(session, ["telegram"]) is None and not photos.is_due(session, ["telegram"])
        assert photos.is_due(session, CHANNELS)


def test_what_was_uploaded_is_not_given_out_before_its_message_is_answered(house: House) -> None:
    with house.sessions.begin() as session:
        row_id = inbox.receive(session, "web", "a", "u", {"uploaded": True})
        assert row_id is not None
        photos.upload(session, row_id, session.get_one(Inbox, row_id).chat_id, b"\xff\xd8\xff")
    assert claimed(house) is None
    with house.sessions.begin() as session:
        photos.drop(session, session.get_one(Inbox, row_id))
    with house.sessions() as session:
        kept = session.scalars(select(Photo).options(undefer(Photo.body))).one()
    assert (kept.state, kept.body) == ("failed", None)


def test_there_is_a_limit_for_one_person_and_for_all(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(photos.MOST_OF_ONE):
        sent(house)
    with house.sessions.begin() as session:
        mine = inbox.chat_for(session, "web", "a").id
        other = inbox.chat_for(session, "web", "b")
        session.flush()
        assert not photos.has_room(session, mine) and photos.has_room(session, other.id)
        row_id = inbox.receive(session, "web", "a", "one more", {})
        assert photos.keep(session, session.get_one(Inbox, row_id), PHOTO, for_person=False) == "too_many"
        monkeypatch.setattr(photos, "MOST_OF_ALL", photos.MOST_OF_ONE)
        assert not photos.has_room(session, other.id)


def test_a_file_that_is_said_to_be_too_large_is_not_even_kept(house: House) -> None:
    large = Incoming(kind="media", media="photo", media_id="x", media_size=photos.LARGEST + 1)
    with house.sessions.begin() as session:
        row_id = inbox.receive(session, "web", "a", "u", {})
        assert photos.keep(session, session.get_one(Inbox, row_id), large, for_person=False) == "too_large"
        assert session.scalars(select(Photo)).all() == []


def test_who_has_everything_deleted_has_no_photo_left_even_one_that_is_being_read(house: House) -> None:
    photo = sent(house, body=b"\xff\xd8\xff")
    sent(house)
    claimed(house)
    with house.sessions.begin() as session:
        personal_data.forget(session, inbox.chat_for(session, "web", "a").person)
    assert not finish(house, photo)
    with house.sessions() as session:
        assert session.scalars(select(Photo)).all() == []
        assert session.scalars(select(Inbox).where(Inbox.state == "open")).all() == []


def test_on_the_next_day_no_photo_is_here_whatever_became_of_it(house: House) -> None:
    fresh = sent(house, "b")
    sent(house, body=b"\xff\xd8\xff")
    with house.sessions.begin() as session:
        session.execute(update(Photo).where(Photo.id != fresh).values(received_at=now() - dt.timedelta(hours=25)))
    [step] = [step for step in keeping.STEPS if step.of is Photo]
    sweeping.sweep(house, steps=(step,))  # the first run of an installation only looks at the clock
    with house.sessions.begin() as session:
        session.execute(update(RetentionRun).values(deletes_from=now()))
    assert sweeping.sweep(house, steps=(step,)) == {"photos": 1}
    with house.sessions() as session:
        assert session.scalars(select(Photo.id)).all() == [fresh]


def test_reading_is_possible_with_the_extra_unless_somebody_switched_it_off(environ: dict[str, str]) -> None:
    assert photos.possible(Settings.read(environ)) == (not photos.missing())
    assert not photos.possible(Settings.read({**environ, "USEIT_PHOTO": "off"}))


def test_no_row_that_a_channel_wrote_is_taken_for_a_photo_that_was_read() -> None:
    rows: list[Any] = [None, {}, {"kind": "text", "text": "photo_read"}, {"message": {"text": "x"}}, []]
    assert [photos.read(raw) for raw in rows] == [None] * len(rows)


def test_on_postgresql_two_readers_do_not_take_the_same_photo(environ: dict[str, str], postgresql: str) -> None:
    house = House.open(Settings.read({**environ, "USEIT_DATABASE_URL": postgresql}))
    migrate.create(house.database)
    first, other = sent(house, body=b"\xff\xd8\xff"), sent(house, "b")
    with house.sessions.begin() as one, house.sessions.begin() as two:
        taken, too = photos.claim(one, CHANNELS), photos.claim(two, CHANNELS)
        assert taken is not None and too is not None and (taken[0].id, too[0].id) == (first, other)
    assert claimed(house) is None
    assert finish(house, first) and row(house, first).body is None
    house.database.dispose()

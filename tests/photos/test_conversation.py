"""What a person sees who sends a photo: it is being read, then the letter explained, in order, and nothing of it is kept."""

from __future__ import annotations

import asyncio
import datetime as dt
import uuid
from typing import Any

import pytest
from sqlalchemy import select, text, update

from bot.cases import handoffs
from bot.cases.models import Handoff, Message
from bot.channels.telegram.channel import TelegramChannel
from bot.channels.web.channel import WebChannel
from bot.conversation import inbox, outbox, photos
from bot.conversation.incoming import Outgoing, PhotoRead
from bot.conversation.models import Inbox, Photo
from bot.conversation.worker import Worker
from bot.db.base import now
from bot.house import House
from bot.i18n import t
from bot.people.models import Chat
from bot.photos.frames import Answer
from bot.photos.reader import Reader
from bot.photos.words import judged
from bot.settings import Settings
from engine.agent import Engine
from tests.photos import pictures
from tests.photos.marks import reads
from tests.telegram.events import PERSON, message

BODY = b"\xff\xd8\xff not looked at here"


class Visitor:
    """A person in the web chat who uploads photos. `reads`: the reader does its work, with the words it would find."""

    def __init__(self, house: House, engine: Engine) -> None:
        self.house, self.address = house, uuid.uuid4().hex
        self.channels = {"web": WebChannel()}
        self.worker = Worker(house, engine, self.channels)
        self.last: list[Outgoing] = []
        self._seen = 0

    def speaks(self, language: str) -> Visitor:
        with self.house.sessions.begin() as session:
            person = inbox.chat_for(session, "web", self.address).person
            person.language, person.language_confirmed, person.welcomed = language, True, True
        return self

    def sends(self, body: bytes = BODY) -> str:
        with self.house.sessions.begin() as session:
            row_id = inbox.receive(session, "web", self.address, uuid.uuid4().hex, {"uploaded": True, "language": "en"})
            assert row_id is not None
            photos.upload(session, row_id, session.get_one(Inbox, row_id).chat_id, body)
        return self.hears()

    def says(self, words: str) -> str:
        return self._does({"kind": "text", "text": words})

    def taps(self, label: str) -> str:
        for said in reversed(self.last):
            for number, button in enumerate(b for row in said.reply.rows for b in row):
                if label in button.label:
                    return self._does({"kind": "button", "button": f"{said.id}:{number}"})
        raise AssertionError(f"no button {label!r}")

    def is_read(self, letter: str) -> str:
        return self.became(judged(Answer(letter, 0.98)))

    def became(self, read: PhotoRead) -> str:
        with self.house.sessions.begin() as session:
            found = photos.claim(session, ["web"])
            assert found is not None, "no photo waits"
            photos.finish(session, found[0].id, found[0].attempts, read)
        return self.hears()

    def hears(self) -> str:
        async def all_of_it() -> None:
            while await self.worker.one():
                pass

        asyncio.run(all_of_it())
        with self.house.sessions.begin() as session:
            chat = inbox.chat_for(session, "web", self.address)
            self.last = [outbox.outgoing(row) for row in outbox.since(session, chat.id, self._seen)]
        self._seen = max([self._seen, *(said.id for said in self.last)])
        return "\n\n".join(said.reply.text for said in self.last)

    def held(self) -> None:
        """A caseworker takes the conversation over."""
        with self.house.sessions.begin() as session:
            chat = inbox.chat_for(session, "web", self.address)
            handoff = handoffs.open_handoff(session, chat, kind="asked", urgency="week", reason="help", reach="web")
            chat.held_by_handoff = handoff.id

    @property
    def buttons(self) -> list[str]:
        return [b.label for said in self.last for row in said.reply.rows for b in row]

    @property
    def conversation(self) -> list[tuple[str, str]]:
        with self.house.sessions() as session:
            return [(m.sender, m.text) for m in session.scalars(select(Message).order_by(Message.id))]

    @property
    def said(self) -> list[str]:
        return [words for sender, words in self.conversation if sender == "person"]

    def _does(self, raw: dict[str, Any]) -> str:
        with self.house.sessions.begin() as session:
            inbox.receive(session, "web", self.address, uuid.uuid4().hex, raw)
        return self.hears()


@pytest.fixture
def visitor(stocked: House, engine: Engine, monkeypatch: pytest.MonkeyPatch) -> Visitor:
    """Where photos can be read. Only the tests marked `reads` read one; the others are given what would be read."""
    monkeypatch.setattr(photos, "missing", tuple)
    return Visitor(stocked, engine).speaks("en")


def stored(house: House) -> bytes:
    """Everything that stands in the database, as it can be read with our key."""
    found = []
    with house.sessions() as session:
        found += [said.text for said in session.scalars(select(Message))]
        found += [handoff.reason for handoff in session.scalars(select(Handoff))]
        found += [str(chat.draft) + str(chat.dialogue) for chat in session.scalars(select(Chat))]
    with house.database.connect() as connection:
        for name in connection.execute(text("SELECT name FROM sqlite_master WHERE type = 'table'")).scalars().all():
            found += [str(value) for row in connection.exec_driver_sql(f'SELECT * FROM "{name}"') for value in row]
    return "\n".join(map(str, found)).encode()


@reads
def test_a_photo_is_acknowledged_at_once_and_explained_when_it_is_read(visitor: Visitor) -> None:
    said = visitor.sends(pictures.photo(pictures.UNIVERSAL_CREDIT))
    assert said == t("en", "photo.reading")
    asyncio.run(_read_one(visitor))
    answer = visitor.hears()
    assert answer.startswith(t("en", "photo.check")) and t("en", "letter.intro") in answer
    assert "Tuesday 8 December" in answer and "sanction" in answer.lower() and "12 34 56" not in answer
    assert t("en", "masked.nino") in answer  # it is said what was hidden
    assert "👤" in "".join(visitor.buttons)


async def _read_one(visitor: Visitor) -> None:
    reader = Reader(visitor.house, visitor.channels)
    assert await reader.one()
    await reader._process.end()


def test_nothing_of_the_letter_is_kept_beyond_the_answer(visitor: Visitor) -> None:
    visitor.sends()
    visitor.is_read(pictures.COUNCIL_TAX)
    assert visitor.said == ["[photo]", "[letter]"]
    assert b"PO Box 5" not in stored(visitor.house)  # in the letter, not in the answer
    with visitor.house.sessions() as session:
        assert session.scalars(select(Photo.state)).all() == ["done"]


def test_a_letter_of_the_home_office_is_explained_in_words_only(visitor: Visitor) -> None:
    visitor.sends()
    answer = visitor.is_read(pictures.HOME_OFFICE)
    assert t("en", "letter.home_office") in answer
    assert any(t("en", "button.legal_help") in label for label in visitor.buttons)
    assert "A1234567" not in answer


def test_the_answer_is_in_the_persons_language(visitor: Visitor) -> None:
    visitor.speaks("fr").sends()
    assert t("fr", "letter.intro") in visitor.is_read(pictures.TENANCY)


def test_a_photo_of_a_few_words_is_answered_as_a_letter_too(visitor: Visitor) -> None:
    visitor.sends()
    assert t("en", "letter.intro") in visitor.is_read("Department for Work and Pensions\nUniversal Credit")


@pytest.mark.parametrize("failure", ["unreadable", "foreign", "wrong_type", "too_large", "not_fetched", "trouble"])
def test_a_photo_that_cannot_be_read_means_a_kind_line_and_a_person(visitor: Visitor, failure: str) -> None:
    visitor.sends()
    answer = visitor.became(PhotoRead(failure=failure))
    assert answer == t("en", f"photo.{failure}")
    assert any(t("en", "button.person") in label for label in visitor.buttons)
    assert visitor.said == ["[photo]"]


def test_words_that_come_in_between_are_answered_in_between(visitor: Visitor) -> None:
    visitor.sends()
    assert "DBS" in visitor.says("What does DBS check mean?")
    assert t("en", "letter.intro") in visitor.is_read(pictures.TENANCY)


def test_two_photos_are_answered_in_the_order_in_which_they_were_sent(visitor: Visitor) -> None:
    visitor.sends()
    visitor.sends()
    assert "Tuesday 1 December" in visitor.is_read(pictures.TENANCY)
    assert "Thursday 3 December" in visitor.is_read(pictures.COUNCIL_TAX)


def test_a_photo_in_the_middle_of_a_form_leaves_the_form_open(visitor: Visitor) -> None:
    visitor.says("I am a nurse from Syria and I want to work as a nurse")
    with visitor.house.sessions() as session:
        before = session.scalars(select(Chat.dialogue)).one()
    visitor.sends()
    with visitor.house.sessions() as session:
        assert session.scalars(select(Chat.dialogue)).one() == before


def test_while_a_caseworker_holds_the_chat_the_person_is_told_that_photos_are_not_seen(visitor: Visitor) -> None:
    visitor.held()
    assert visitor.sends() == t("en", "photo.held")
    assert visitor.said == ["[photo]"]
    with visitor.house.sessions() as session:
        kept = session.scalars(select(Photo)).one()
        assert (kept.state, kept.media_id) == ("failed", None)
    with visitor.house.database.connect() as connection:
        assert connection.exec_driver_sql("SELECT body FROM photos").scalar() is None


def test_words_of_a_photo_that_was_sent_before_a_caseworker_came_are_not_shown_to_them(visitor: Visitor) -> None:
    visitor.sends()
    visitor.held()
    assert visitor.is_read(pictures.TENANCY) == t("en", "photo.held")
    assert visitor.said == ["[photo]", "[letter]"] and b"318.20" not in stored(visitor.house)


def _asks_for_a_person(visitor: Visitor) -> None:
    visitor.says("I want to talk to a person")
    with visitor.house.sessions() as session:
        dialogue = session.scalars(select(Chat.dialogue)).one()
    assert dialogue["slots"]["requested_slot"] == "handoff_reason", dialogue


def test_a_photo_that_is_sent_as_the_reason_for_a_person_is_for_that_person_to_read(visitor: Visitor) -> None:
    _asks_for_a_person(visitor)
    assert visitor.sends() == t("en", "photo.reading")
    answer = visitor.is_read(pictures.TENANCY)
    assert t("en", "letter.intro") not in answer
    assert "318.20" in visitor.said[-1]


def test_a_photo_that_was_sent_before_is_no_reason_for_a_person(visitor: Visitor) -> None:
    visitor.sends()
    _asks_for_a_person(visitor)
    assert t("en", "letter.intro") in visitor.is_read(pictures.TENANCY)
    assert visitor.said[-1] == "[letter]" and b"318.20" not in stored(visitor.house).split(t("en", "letter.intro").encode())[0]


def test_danger_in_a_photo_is_heard_and_its_words_are_not_kept_for_it(visitor: Visitor) -> None:
    visitor.sends()
    threat = "Message from unknown number: I will kill you tonight. I know where you live. He says he will kill my children."
    visitor.is_read(threat)
    with visitor.house.sessions() as session:
        found = session.scalars(select(Handoff).where(Handoff.kind == "danger")).all()
    assert len(found) == 1 and "unknown number" not in found[0].reason and found[0].reason.startswith("[letter]")


def test_without_the_extra_the_line_is_honest_and_nothing_waits(visitor: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(photos, "missing", lambda: ("rapidocr",))
    assert visitor.sends() == t("en", "media.photo")
    with visitor.house.sessions() as session:
        assert session.scalars(select(Photo.state)).all() == ["failed"]


def test_switched_off_is_the_same(stocked: House, engine: Engine, environ: dict[str, str]) -> None:
    off = House(Settings.read({**environ, "USEIT_PHOTO": "off"}), stocked.database, stocked.sessions, stocked.hours)
    assert Visitor(off, engine).speaks("en").sends() == t("en", "media.photo")


def test_the_seventh_photo_at_once_is_asked_to_come_later(visitor: Visitor) -> None:
    for _ in range(photos.MOST_OF_ONE):
        assert visitor.sends() == t("en", "photo.reading")
    with visitor.house.sessions.begin() as session:
        session.execute(update(Photo).values(body=None, media_id="x"))
    with visitor.house.sessions.begin() as session:  # as a channel that keeps the photo brings it
        row_id = inbox.receive(session, "web", visitor.address, "seventh", {"uploaded": True})
        assert row_id is not None
    assert visitor.hears() == t("en", "photo.too_many")


def test_a_turn_that_fails_leaves_the_words_of_the_photo_for_the_next_attempt(visitor: Visitor) -> None:
    visitor.sends()
    with visitor.house.sessions.begin() as session:
        found = photos.claim(session, ["web"])
        assert found is not None
        photos.finish(session, found[0].id, found[0].attempts, judged(Answer(pictures.TENANCY, 0.98)))
        session.execute(update(Inbox).where(Inbox.state == "open").values(not_before=now() + dt.timedelta(hours=1), attempts=1))
    assert visitor.hears() == ""
    with visitor.house.sessions.begin() as session:
        inbox.wake_all(session)
    assert t("en", "letter.intro") in visitor.hears()


def test_somebody_whose_first_message_is_a_photo_is_welcomed_after_it(
    stocked: House, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(photos, "missing", tuple)
    visitor = Visitor(stocked, engine)
    said = visitor.sends()
    assert said.startswith(t("en", "photo.reading")) and len(visitor.last) == 3


def _in_telegram(visitor: Visitor, **fields: Any) -> str:
    """The answer to a Telegram message with `fields`."""
    settings, house = visitor.house.settings, visitor.house
    update = {"update_id": 7, "message": message(caption="my letter", language="en", **fields)}
    with house.sessions.begin() as session:
        inbox.receive(session, "telegram", str(PERSON), uuid.uuid4().hex, update)
        person = inbox.chat_for(session, "telegram", str(PERSON)).person
        person.language, person.language_confirmed, person.welcomed = "en", True, True
    worker = Worker(house, visitor.worker._engine, {"telegram": TelegramChannel(settings)})
    assert asyncio.run(worker.one())
    with house.sessions() as session:
        return session.scalars(select(Message.text).where(Message.sender == "bot").order_by(Message.id.desc())).first() or ""


SMALL, LARGE = {"file_id": "small", "file_size": 1_000}, {"file_id": "large", "file_size": 90_000}


@pytest.mark.parametrize(
    "fields", [{"photo": [SMALL, LARGE]}, {"document": {**LARGE, "mime_type": "image/png", "file_name": "letter.png"}}]
)
def test_a_photo_in_telegram_and_one_that_was_sent_as_a_file_are_read(visitor: Visitor, fields: dict[str, Any]) -> None:
    assert _in_telegram(visitor, **fields) == t("en", "photo.reading")
    assert visitor.said == ["[photo] my letter"]
    with visitor.house.sessions() as session:
        assert session.scalars(select(Photo)).one().media_id == "large"


def test_a_picture_file_that_is_too_large_and_a_pdf_are_told_so_at_once(visitor: Visitor) -> None:
    huge = {"file_id": "F", "mime_type": "image/jpeg", "file_size": photos.LARGEST + 1}
    assert _in_telegram(visitor, document=huge) == t("en", "photo.too_large")
    assert _in_telegram(visitor, document={**LARGE, "mime_type": "application/pdf"}) != t("en", "photo.reading")
    with visitor.house.sessions() as session:
        assert session.scalars(select(Photo)).all() == []


def test_danger_beside_a_photo_is_answered_first(visitor: Visitor) -> None:
    update = {"update_id": 8, "message": message(caption="my husband beats me", language="en", photo=[LARGE])}
    with visitor.house.sessions.begin() as session:
        inbox.receive(session, "telegram", str(PERSON), "8", update)
    worker = Worker(visitor.house, visitor.worker._engine, {"telegram": TelegramChannel(visitor.house.settings)})
    assert asyncio.run(worker.one())
    with visitor.house.sessions() as session:
        assert session.scalars(select(Handoff.kind)).all() == ["danger"]
        answers = session.scalars(select(Message.text).where(Message.sender == "bot").order_by(Message.id)).all()
    assert "999" in answers[0] and t("en", "photo.reading") in answers

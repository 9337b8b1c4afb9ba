"""What the person is told of their data: what there is, for how long, everything as a file, and what became of deleting it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

import pytest
from rasa_sdk import Tracker
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from actions.general import ConfirmDelete, DeleteData, MyData, Privacy
from actions.skill import Skill
from bot.answers.my_data import LONGEST
from bot.cases import answering, holds, notes, referrals
from bot.cases.models import Handoff, Message, RetentionRun
from bot.conversation import outbox
from bot.conversation.models import Outbox
from bot.conversation.sweeping import sweep
from bot.conversation.turn import Turn
from bot.db.base import now
from bot.house import House
from bot.i18n import t
from bot.knowledge import snapshot
from bot.knowledge.seed import Pathway
from bot.papers.rendering import render
from bot.people import plans, reminders
from bot.people.models import Chat, Person
from bot.replies import Reply
from tests.cases import office
from tests.cases.office import AMINA, LENA


def turn(session: Session, house: House, language: str = "en") -> Turn:
    return Turn(
        session=session,
        chat=office.chat_of(session, language=language),
        knowledge=snapshot.current(session),
        language=language,
        text="",
        origin="in:1",
        hours=house.hours,
        at=now(),
    )


def tap(this: Turn, skill: Skill, **entities: str) -> list[Reply]:
    found = [{"entity": name, "value": value} for name, value in entities.items()]
    latest: dict[str, Any] = {"intent": {"name": "x"}, "entities": found}
    said = skill.answer(this, Tracker("x", {}, latest, [], False, None, {}, "action_listen"))
    return [said] if isinstance(said, Reply) else list(said)


def payloads(replies: Iterable[Reply]) -> list[str]:
    return [button.payload for reply in replies for row in reply.rows for button in row]


def words_of(replies: Iterable[Reply]) -> str:
    return "\n".join(block.text for reply in replies if reply.paper for block in reply.paper.blocks)


@pytest.fixture
def known(at_work: House) -> House:
    """Somebody with a plan, a reminder, a case with a note, and a referral."""
    with at_work.sessions.begin() as session:
        case = office.ask(session, reason="my rent is too high")
        chat = session.get_one(Chat, case.chat_id)
        office.says(session, chat, "أحتاج مساعدة")
        answering.claim(session, case, AMINA)
        answering.reply(session, case, AMINA, "مرحبا", once="form-1")
        notes.add(session, AMINA, case, "SECRET of a colleague", once="form-2")
        pathway: Pathway = snapshot.current(session).pathways["nurse"]
        plans.save(session, chat.person_id, pathway, {"profession": "nurse", "english": "passed"})
        reminders.ask_for(session, chat, "nurse", "apply", 3)
        shared = {"need": "housing", "contact": "chat web"}
        referrals.make(session, chat, service="hub", need="housing", shared=shared, made_from="1:0", told=None)
    return at_work


def test_the_list_says_what_there_is_how_long_it_stays_and_how_to_see_it_all(known: House) -> None:
    with known.sessions.begin() as session:
        (reply,) = tap(turn(session, known), MyData())
        for key, values in (("data.notes", {"count": 1}), ("data.reminders", {"count": 1})):
            assert t("en", key, **values) in reply.text
        assert t("en", "data.rules", days=90, close=30, delete=90) in reply.text
        assert '/my_data{"form":"pdf"}' in payloads([reply]) and t("en", "data.on_hold") not in reply.text


def test_the_privacy_text_says_how_long_requests_stay(known: House) -> None:
    with known.sessions.begin() as session:
        (reply,) = tap(turn(session, known), Privacy())
        assert t("en", "data.rules", days=90, close=30, delete=90) in reply.text


def test_the_file_holds_everything_of_the_persons_and_no_notes_of_staff(known: House) -> None:
    with known.sessions.begin() as session:
        (reply,) = tap(turn(session, known), MyData(), form="pdf")
        said = words_of([reply])
        for wanted in (
            "my rent is too high", "أحتاج مساعدة", "مرحبا", "Working as a nurse", "Apply to the NMC", "Advice hub", "housing",
            t("en", "answer.english.passed"), t("en", "mydata.by.staff"),
        ):  # fmt: skip
            assert wanted in said, wanted
        assert "SECRET" not in said and t("en", "data.notes", count=1) in said
        assert reply.paper is not None and render(reply.paper).startswith(b"%PDF")


@pytest.mark.parametrize("language", ["ar", "uk", "so"])
def test_it_is_drawn_in_every_script(known: House, language: str) -> None:
    with known.sessions.begin() as session:
        (reply,) = tap(turn(session, known, language), MyData(), form="pdf")
        assert reply.paper is not None and reply.paper.language == language and len(render(reply.paper)) > 5_000


def test_a_long_conversation_comes_in_parts_that_can_each_be_drawn(known: House) -> None:
    with known.sessions.begin() as session:
        this = turn(session, known)
        for number in range(200):
            session.add(Message(chat_id=this.chat.id, sender="bot", language="en", text=f"<{number}> " + "many words " * 40))
        replies = tap(this, MyData(), form="pdf")
        said = words_of(replies)
        assert len(replies) > 2 and all(f"<{number}>" in said for number in range(200))
        for reply in replies:
            assert reply.paper is not None
            assert sum(len(block.text) for block in reply.paper.blocks) < LONGEST + 1_000
            assert reply.paper.blocks[-1].kind != "note"  # whose words these are stands with the words
        assert payloads(replies[:-1]) == [] and "/menu" in payloads(replies[-1:])


def test_our_copy_of_the_file_is_erased_after_a_day_and_not_made_again_at_once(known: House) -> None:
    with known.sessions.begin() as session:
        this = turn(session, known)
        outbox.enqueue(session, this.chat.id, tap(this, MyData(), form="pdf"), origin="in:1")
        (again,) = tap(this, MyData(), form="pdf")
        assert again.paper is None and again.text == t("en", "mydata.again")
        session.execute(update(Outbox).values(state="sent"))
        later = now() + dt.timedelta(hours=25)
        session.add(RetentionRun(id=1, ran_at=later, deletes_from=later))
    assert sweep(known, at=later)["copies"] == 1
    with known.sessions() as session:
        assert session.scalar(select(func.count(Outbox.id)).where(Outbox.erase_at.is_not(None))) == 0
        assert t("en", "mydata.file") in session.scalars(select(Message.text)).all()  # that it was sent stays


def test_deleting_asks_first_and_then_says_that_all_of_it_is_gone(known: House) -> None:
    with known.sessions.begin() as session:
        this = turn(session, known)
        (asked,) = tap(this, DeleteData())
        assert payloads([asked]) == ["/confirm_delete", "/menu"] and asked.text == t("en", "data.delete_ask")
        (done,) = tap(this, ConfirmDelete())
        assert done.text == t("en", "data.deleted")
    with known.sessions() as session:
        assert session.scalar(select(func.count(Message.id))) == 0 and session.scalar(select(func.count(Person.id))) == 1


def test_on_legal_hold_the_person_is_told_before_and_after_what_stays(known: House) -> None:
    with known.sessions.begin() as session:
        case = session.scalars(select(Handoff)).one()
        holds.put(session, case, LENA, "a claim")
        this = turn(session, known)
        assert t("en", "data.on_hold") in tap(this, MyData())[0].text
        assert t("en", "data.delete_on_hold") in tap(this, DeleteData())[0].text
        (done,) = tap(this, ConfirmDelete())
        assert case.reference in done.text and "https://ico.org.uk" in done.text
        assert t("en", "data.deleted") not in done.text  # it would not be true


def test_the_services_that_were_told_are_named(known: House) -> None:
    with known.sessions.begin() as session:
        this = turn(session, known)
        referral = referrals.of_person(session, this.person.id)[0]
        referrals.move(session, referral, "sent", f"staff:{AMINA}")
        (done,) = tap(this, ConfirmDelete())
        assert t("en", "data.services_told", services="Advice hub") in done.text

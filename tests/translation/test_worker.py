"""Every message of an open case gets its English without anybody waiting: at once from what we know, then from the machine."""

from __future__ import annotations

import asyncio
import datetime as dt
import logging
import threading

import pytest
from sqlalchemy import select, update

from bot import i18n
from bot.cases import answering, case_answers
from bot.cases.models import Handoff, Message, Translation
from bot.conversation import outbox, personal_data
from bot.db.base import now
from bot.errors import RefusedError
from bot.house import House
from bot.people import machine_translation
from bot.people.models import Chat
from bot.replies import Reply
from bot.translation import asking, costs, due, storing
from bot.translation.breaker import Breaker
from bot.translation.port import Translated
from bot.translation.worker import AT_ONCE
from tests.cases import office
from tests.translation import machine as machines
from tests.translation.desk_at_work import (
    MEANS,
    SAYS,
    ask,
    last_sent,
    lines,
    person,
    rows,
    shown,
    with_machine,
    work,
    worker,
    writes,
)  # fmt: skip
from tests.translation.machine import Machine

IMMIGRATION = "هل يمكن ان استأنف رفض اللجوء"


def due_again(house: House) -> None:
    """As if the time to try again had come."""
    with house.sessions.begin() as session:
        session.execute(update(Translation).where(Translation.retry_at.is_not(None)).values(retry_at=now()))


def test_without_a_translator_there_is_a_rough_line_that_says_what_it_is(runner: asyncio.Runner, plain: House) -> None:
    reference = ask(plain, "انا ممرضة من سوريا وما عندي سكن")
    assert shown(plain, reference) == [None]
    work(runner, worker(plain))
    (found,) = shown(plain, reference)
    assert found is not None and found.is_rough and found.why == "off" and not found.expected
    assert "nurse" in found.text and "Syria" in found.text
    (line,) = lines(plain, reference)
    assert line.text == "انا ممرضة من سوريا وما عندي سكن" and (line.english, line.english_by) == (found.text, "gloss")


def test_the_machines_line_takes_the_place_of_the_rough_one_and_the_original_stays(
    runner: asyncio.Runner, in_house: House, model: Machine
) -> None:
    reference = ask(in_house)
    made = worker(in_house)
    work(runner, made)
    (found,) = shown(in_house, reference)
    assert found is not None and found.text.startswith(MEANS) and (found.by, found.why, found.expected) == ("openai", "", False)
    assert [line.text for line in lines(in_house, reference)] == [SAYS]
    work(runner, made)
    work(runner, worker(in_house))
    assert len(model.questions) == 1  # made once


def test_there_is_a_rough_line_while_the_machine_is_at_it(runner: asyncio.Runner, in_house: House, model: Machine) -> None:
    reference = ask(in_house)
    seen: list[object] = []

    def says(text: str, source: str, target: str) -> str:
        seen.extend(shown(in_house, reference))
        return machines.honest(text, source, target)

    model.says = says
    work(runner, worker(in_house))
    (found,) = seen
    assert isinstance(found, storing.Shown) and found.is_rough and found.expected


def test_what_the_bot_said_and_english_go_to_no_machine(runner: asyncio.Runner, in_house: House, model: Machine) -> None:
    reference = ask(in_house)
    with in_house.sessions.begin() as session:
        handoff, chat = person(session, reference)
        text = i18n.t("ar", "handoff.closed", reference=reference)
        outbox.enqueue(session, chat.id, [Reply(text=text, language="ar")], origin="bot:1")
        outbox.enqueue(session, chat.id, [Reply(text="سطر قديم لم يعد لنا", language="ar")], origin="bot:2")
        session.add(Message(chat_id=chat.id, sender="person", language="en", text="I can read English"))
        handoff.updated_at = now()
    work(runner, worker(in_house))
    asked, ours, old, english = shown(in_house, reference)
    assert asked is not None and ours is not None and old is not None
    assert (ours.by, ours.text) == ("own", i18n.t("en", "handoff.closed", reference=reference))
    assert (old.by, old.why) == ("gloss", "own") and english is None
    assert [one.text for one in model.questions] == [SAYS]
    with in_house.sessions() as session:
        _, missing = storing.for_case(session, lines(in_house, reference))
    assert missing == []


def test_no_identifier_number_or_address_leaves_the_house(runner: asyncio.Runner, in_house: House, model: Machine) -> None:
    text = "رقمي 07700 900123 وبريدي amina@example.org وبطاقتي QQ123456C والفاتورة £1,250 في https://example.org/a?b=1"
    reference = ask(in_house, text)
    work(runner, worker(in_house))
    (asked,) = model.questions
    for secret in ("900123", "amina", "QQ123456C", "1,250", "example.org", reference):
        assert secret not in asked.raw
    (found,) = shown(in_house, reference)
    assert found is not None and found.by == "openai"
    for kept in ("07700 900123", "amina@example.org", "QQ123456C", "£1,250", "https://example.org/a?b=1"):
        assert kept in found.text


def test_outside_nothing_is_sent_before_the_person_has_said_yes(runner: asyncio.Runner, outside: House, model: Machine) -> None:
    reference = ask(outside)
    made = worker(outside)
    work(runner, made)
    (found,) = shown(outside, reference)
    assert found is not None and (found.by, found.why) == ("gloss", "not_asked") and model.asked == []
    with outside.sessions.begin() as session:
        handoff = office.case(session, reference)
        machine = outside.settings.translating
        assert asking.ask(session, handoff, office.AMINA, machine=machine, once="q1")
        assert not asking.ask(session, handoff, office.AMINA, machine=machine, once="q1")
    question = last_sent(outside)
    assert question.sender == "bot" and [len(row) for row in question.rows] == [1, 1]
    with outside.sessions.begin() as session:
        _, chat = person(session, reference)
        assert case_answers.take(session, chat, reference, machine_translation.YES) is not None
    work(runner, made)
    found, *_ = shown(outside, reference)
    assert found is not None and found.by == "openai"  # also what was written before


def test_a_no_is_kept_and_counts_for_a_machine_in_the_house_too(
    runner: asyncio.Runner, outside: House, in_house: House, model: Machine
) -> None:
    for number, house in enumerate((outside, in_house)):
        reference = ask(house, who=f"person {number}")
        with house.sessions.begin() as session:
            _, chat = person(session, reference)
            case_answers.take(session, chat, reference, machine_translation.YES)
            case_answers.take(session, chat, reference, machine_translation.NO)
        work(runner, worker(house))
        (found, *_) = shown(house, reference)
        assert found is not None and (found.by, found.why) == ("gloss", "refused")
    assert model.asked == []
    with outside.sessions.begin() as session, pytest.raises(RefusedError) as error:
        case = session.scalar(select(Handoff).order_by(Handoff.id.desc()).limit(1))
        assert case is not None
        asking.ask(session, case, office.AMINA, machine=outside.settings.translating, once="q2")
    assert error.value.reason == "translate_refused"  # they are not pressed


def test_a_no_counts_for_what_was_already_waiting(runner: asyncio.Runner, in_house: House, model: Machine) -> None:
    reference = ask(in_house)
    model.troubles.extend([machines.status(503)] * 3)
    made = worker(in_house)
    work(runner, made)
    with in_house.sessions.begin() as session:
        _, chat = person(session, reference)
        case_answers.take(session, chat, reference, machine_translation.NO)
    due_again(in_house)
    asked = len(model.asked)
    work(runner, made)
    (found,) = shown(in_house, reference)
    assert found is not None and found.why == "refused" and len(model.asked) == asked


def test_a_question_about_an_immigration_case_does_not_go_outside(
    runner: asyncio.Runner, outside: House, in_house: House, model: Machine
) -> None:
    reference = ask(outside)
    with outside.sessions.begin() as session:
        machine_translation.answer(session, office.case(session, reference).person_id, yes=True)
    writes(outside, IMMIGRATION)
    work(runner, worker(outside))
    first, second = shown(outside, reference)
    assert first is not None and first.by == "openai"
    assert second is not None and (second.by, second.why) == ("gloss", "immigration")
    assert [one.text for one in model.questions] == [SAYS]
    reference = ask(in_house, IMMIGRATION, who="another")
    work(runner, worker(in_house))
    (found,) = shown(in_house, reference)
    assert found is not None and found.by == "openai"


def test_danger_waits_for_the_yes_as_everything_does(runner: asyncio.Runner, outside: House, model: Machine) -> None:
    reference = ask(outside, "زوجي بيضربني وانا خايفة", kind="danger", urgency="danger")
    work(runner, worker(outside))
    (found,) = shown(outside, reference)
    assert found is not None and found.why == "not_asked" and "husband hits me" in found.text and model.asked == []


def test_a_machine_that_is_away_is_asked_again_later(runner: asyncio.Runner, in_house: House, model: Machine) -> None:
    reference = ask(in_house)
    model.troubles.extend([machines.status(503)] * 3)
    made = worker(in_house)
    work(runner, made)
    (found,) = shown(in_house, reference)
    assert found is not None and (found.by, found.why, found.expected) == ("gloss", "away", True)
    (row,) = rows(in_house)
    assert row.retry_at is not None and dt.timedelta(seconds=20) < row.retry_at - now() < dt.timedelta(seconds=31)
    due_again(in_house)
    work(runner, made)
    (found,) = shown(in_house, reference)
    assert found is not None and (found.by, found.why) == ("openai", "")


def test_a_wrong_answer_is_never_shown_and_not_asked_for_again(runner: asyncio.Runner, in_house: House, model: Machine) -> None:
    reference = ask(in_house)
    model.says = lambda *_: "Lo siento, no puedo ayudar con esta petición tan larga de hoy"
    made = worker(in_house)
    work(runner, made)
    writes(in_house, "نعم")
    work(runner, made)
    found, *_ = shown(in_house, reference)
    assert found is not None and (found.by, found.why, found.expected) == ("gloss", "wrong", False)
    assert [one.text for one in model.questions].count(SAYS) == 1


def test_what_is_enough_for_a_day_is_not_exceeded(runner: asyncio.Runner, in_house: House, model: Machine) -> None:
    in_house = with_machine(in_house, model, in_house=True, most=len(SAYS) + 10)
    first = ask(in_house)
    second = ask(in_house, who="another")
    made = worker(in_house)
    work(runner, made)
    found = {one.by: one for one in (*shown(in_house, first), *shown(in_house, second)) if one is not None}
    assert found.keys() == {"openai", "gloss"} and found["gloss"].why == "cap" and len(model.questions) == 1
    with in_house.sessions() as session:
        assert costs.today(session) == len(SAYS)
    assert {row.retry_at for row in rows(in_house)} == {None, costs.tomorrow()}


def test_what_nobody_took_does_not_count(runner: asyncio.Runner, in_house: House, model: Machine) -> None:
    ask(in_house)
    model.troubles.extend([machines.status(503)] * 3)
    work(runner, worker(in_house))
    with in_house.sessions() as session:
        assert costs.today(session) == 0


def test_the_days_limit_holds_when_several_count_at_once(in_house_on_each: House) -> None:
    counted: list[bool] = []

    def reserve() -> None:
        for _ in range(5):
            with in_house_on_each.sessions.begin() as session:
                counted.append(costs.reserve(session, 10, 95))

    threads = [threading.Thread(target=reserve) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert counted.count(True) == 9
    with in_house_on_each.sessions() as session:
        assert costs.today(session) == 90


def test_two_workers_ask_for_each_message_once(runner: asyncio.Runner, in_house_on_each: House, model: Machine) -> None:
    house = in_house_on_each
    words = ["بيت", "مدرسة", "طبيب", "عمل", "مال", "رسالة", "موعد", "جار"]
    references = [ask(house, f"{SAYS} {word}", who=f"person {word}") for word in words]
    first, second = worker(house), worker(house)

    async def both() -> None:
        while sum(await asyncio.gather(first.some(), second.some())):
            pass

    runner.run(both())
    assert sorted(one.text for one in model.questions) == sorted(f"{SAYS} {word}" for word in words)
    assert {one.by for reference in references for one in shown(house, reference) if one} == {"openai"}


def test_a_worker_that_was_killed_while_it_asked_loses_nothing(
    runner: asyncio.Runner, in_house_on_each: House, model: Machine
) -> None:
    house = in_house_on_each
    reference = ask(house)
    model.troubles.append(machines.hang)

    async def killed() -> None:
        task = asyncio.create_task(worker(house).some())
        while not model.asked:  # noqa: ASYNC110  the machine is in another thread
            await asyncio.sleep(0.01)
        task.cancel()
        await asyncio.wait({task})

    runner.run(killed())
    work(runner, worker(house))
    assert len(model.asked) == 1  # its lease holds still
    due_again(house)
    work(runner, worker(house))
    (found,) = shown(house, reference)
    assert found is not None and found.by == "openai"


def test_a_late_answer_does_not_overwrite_a_newer_one(runner: asyncio.Runner, in_house: House, model: Machine) -> None:
    reference = ask(in_house)

    def late(*_: str) -> str:
        """While it is being made, its lease ends, and another worker asks and is answered."""
        machine = in_house.settings.translating
        assert machine is not None
        due_again(in_house)
        with in_house.sessions.begin() as session:
            (again,) = due.claim(session, machine, 1)
            due.note(session, again, Translated("What came first.", "openai"))
        return "What came too late for anybody"

    model.says = late
    work(runner, worker(in_house))
    (found,) = shown(in_house, reference)
    assert found is not None and found.text == "What came first."


def test_of_a_case_that_has_ended_nothing_is_asked(runner: asyncio.Runner, in_house: House, model: Machine) -> None:
    reference = ask(in_house)
    model.troubles.extend([machines.status(503)] * 3)
    work(runner, worker(in_house))
    with in_house.sessions.begin() as session:
        answering.close(session, office.case(session, reference), office.AMINA, "helped")
    due_again(in_house)
    asked = len(model.asked)
    work(runner, worker(in_house))
    assert len(model.asked) == asked and rows(in_house)[0].retry_at is None


def test_a_person_who_deletes_everything_meanwhile_is_gone(runner: asyncio.Runner, in_house: House, model: Machine) -> None:
    ask(in_house)

    def says(text: str, source: str, target: str) -> str:
        with in_house.sessions.begin() as session:
            chat = session.scalar(select(Chat))
            assert chat is not None
            personal_data.forget(session, chat.person)
        return machines.honest(text, source, target)

    model.says = says
    work(runner, worker(in_house))
    assert rows(in_house) == []


def test_many_messages_and_people_are_done_the_most_urgent_first(runner: asyncio.Runner, in_house: House, model: Machine) -> None:
    for number in range(30):
        ask(in_house, f"{SAYS} {'ا' * (number + 1)}", who=f"person {number}", urgency="any")
    last = ask(in_house, "زوجي بيضربني وانا خايفة منه", who="in danger", urgency="danger", kind="danger")
    work(runner, worker(in_house))
    assert "زوجي بيضربني وانا خايفة منه" in [one.text for one in model.questions[:AT_ONCE]]
    assert len(model.questions) == 31 and {row.made_by for row in rows(in_house)} == {"openai"}
    assert shown(in_house, last)


def test_when_a_translator_is_set_up_the_rough_lines_are_made_anew(runner: asyncio.Runner, plain: House, in_house: House) -> None:
    reference = ask(plain)
    work(runner, worker(plain))
    work(runner, worker(in_house))
    (found,) = shown(in_house, reference)
    assert found is not None and found.by == "openai"


def test_why_they_asked_for_a_person_is_known_in_english(runner: asyncio.Runner, in_house: House) -> None:
    reference = ask(in_house)
    with in_house.sessions() as session:
        assert storing.reason(session, office.case(session, reference)) is None
    work(runner, worker(in_house))
    with in_house.sessions() as session:
        found = storing.reason(session, office.case(session, reference))
    assert found is not None and found.text.startswith(MEANS) and found.by == "openai"


def test_it_stops_at_once_while_the_machine_hangs(runner: asyncio.Runner, in_house: House, model: Machine) -> None:
    ask(in_house)
    model.troubles.append(machines.hang)

    async def started_and_stopped() -> None:
        stop = asyncio.Event()
        running = asyncio.create_task(worker(in_house).run(stop))
        while not model.asked:  # noqa: ASYNC110  the machine is in another thread
            await asyncio.sleep(0.01)
        stop.set()
        async with asyncio.timeout(1.0):
            await running

    runner.run(started_and_stopped())


def test_a_message_is_translated_soon_after_it_was_written(runner: asyncio.Runner, in_house: House) -> None:
    reference = ask(in_house)

    async def until_translated() -> None:
        stop = asyncio.Event()
        running = asyncio.create_task(worker(in_house).run(stop))
        async with asyncio.timeout(5.0):
            while not all(one and one.by == "openai" for one in shown(in_house, reference)):  # noqa: ASYNC110  # the database has no event to wait for
                await asyncio.sleep(0.02)
        writes(in_house, "شكرا جزيلا لكم على المساعدة")
        in_house.outbox_bell.ring()
        async with asyncio.timeout(5.0):
            while not all(one and one.by == "openai" for one in shown(in_house, reference)):  # noqa: ASYNC110  # the database has no event to wait for
                await asyncio.sleep(0.02)
        stop.set()
        await running

    runner.run(until_translated())


def test_words_stand_neither_in_the_log_nor_readable_in_the_database(
    runner: asyncio.Runner, in_house: House, model: Machine, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    logging.getLogger("httpx").setLevel(logging.WARNING)  # as bot/cli.py does
    model.troubles.append(machines.html)
    made = worker(in_house, Breaker(failures=9))
    ask(in_house)
    work(runner, made)
    writes(in_house, "رسالة أخرى من البلدية وصلت اليوم")
    work(runner, made)
    in_house.database.dispose()
    stored = b"".join(path.read_bytes() for path in in_house.settings.var.glob("useit.db*"))
    for words in (SAYS, MEANS, "البلدية"):
        assert words not in caplog.text and words.encode() not in stored

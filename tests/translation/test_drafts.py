"""A reply in English goes out in the person's language as it was looked at, once, labelled, with the English under it."""

from __future__ import annotations

import asyncio
import datetime as dt

import pytest
from sqlalchemy import select, update

from bot import i18n
from bot.cases import answering, handoffs, scheduling
from bot.cases.models import Message, Translation
from bot.conversation.models import Outbox
from bot.db.base import now
from bot.errors import RefusedError
from bot.house import House
from bot.people import machine_translation
from bot.translation import drafts, drafts_due, storing
from bot.translation.drafts import Draft
from bot.translation.models import ReplyDraft
from tests.cases import office
from tests.translation import machine as machines
from tests.translation.desk_at_work import ask, last_sent, lines, person, shown, with_machine, work, worker
from tests.translation.machine import SENTENCES, Machine

WORDS = "I have received your letter from the council. Ring 0121 303 1234 before 12 March about Council Tax."


def wish(house: House, reference: str, text: str = WORDS, staff: int = office.AMINA) -> Draft:
    with house.sessions.begin() as session:
        return drafts.ask(session, office.case(session, reference), staff, text, house.settings.translating)


def seen(house: House, reference: str, staff: int = office.AMINA) -> Draft:
    with house.sessions() as session:
        found = drafts.of(session, office.case(session, reference), staff)
    assert found is not None
    return found


def send(house: House, reference: str, token: str, once: str = "once-1", staff: int = office.AMINA) -> bool:
    with house.sessions.begin() as session:
        return drafts.send(session, office.case(session, reference), staff, token, once=once)


def refusal(act: object, *args: object, **kwargs: object) -> str:
    with pytest.raises(RefusedError) as error:
        act(*args, **kwargs)  # type: ignore[operator]  # any callable of the test
    return error.value.reason


def ready(runner: asyncio.Runner, house: House, reference: str, text: str = WORDS) -> Draft:
    wish(house, reference, text)
    work(runner, worker(house))
    return seen(house, reference)


def test_it_is_looked_at_before_it_is_sent(runner: asyncio.Runner, in_house: House, model: Machine) -> None:
    reference = ask(in_house)
    assert wish(in_house, reference).state == "wanted"
    work(runner, worker(in_house))
    found = seen(in_house, reference)
    assert (found.state, found.language, found.original, found.by) == ("ready", "ar", WORDS, "openai")
    assert found.text.startswith(SENTENCES["ar"][:20]) and found.back.startswith(SENTENCES["en"][:20])
    for kept in ("0121 303 1234", "Council Tax", "12"):
        assert kept in found.text and kept in found.back
    assert not any("1234" in one.raw for one in model.questions)  # neither there nor back
    assert not found.is_far and len(last_sent_texts(in_house)) == 0


def last_sent_texts(house: House) -> list[str]:
    with house.sessions() as session:
        return list(session.scalars(select(Message.text).where(Message.sender == "staff")))


def test_the_person_gets_the_translation_a_label_and_the_english(runner: asyncio.Runner, in_house: House) -> None:
    reference = ask(in_house)
    found = ready(runner, in_house, reference)
    assert send(in_house, reference, found.token)
    words = last_sent(in_house)
    assert words.text == f"{found.text}\n\n{i18n.t('ar', 'case.machine_translated')}\n{WORDS}"
    assert (words.sender, words.language) == ("staff", "ar")
    with in_house.sessions() as session:
        assert office.case(session, reference).state == "answered"
        assert drafts.of(session, office.case(session, reference), office.AMINA) is None


def test_the_console_sees_the_english_as_the_caseworkers_and_the_rest_as_the_machines(
    runner: asyncio.Runner, in_house: House, model: Machine
) -> None:
    reference = ask(in_house)
    send(in_house, reference, ready(runner, in_house, reference).token)
    asked = len(model.questions)
    work(runner, worker(in_house))
    found = shown(in_house, reference)[-1]
    assert found == storing.Shown(WORDS, "person", put_by="openai") and len(model.questions) == asked
    line = lines(in_house, reference)[-1]
    assert (line.english, line.english_by, line.by, line.delivery) == (WORDS, "person", "Amina", "queued")


def test_sending_twice_sends_once(runner: asyncio.Runner, in_house: House) -> None:
    reference = ask(in_house)
    token = ready(runner, in_house, reference).token
    assert [send(in_house, reference, token) for _ in range(3)] == [True, False, False]
    assert len(last_sent_texts(in_house)) == 1
    assert refusal(send, in_house, reference, token, once="another form") == "draft_stale"


def test_other_words_in_another_tab_are_not_sent_unseen(runner: asyncio.Runner, in_house: House) -> None:
    reference = ask(in_house)
    old = ready(runner, in_house, reference).token
    ready(runner, in_house, reference, "Please come to our office on Monday morning.")
    assert refusal(send, in_house, reference, old) == "draft_stale"
    assert last_sent_texts(in_house) == []


def test_the_same_words_again_cost_nothing(runner: asyncio.Runner, in_house: House, model: Machine) -> None:
    reference = ask(in_house)
    first = ready(runner, in_house, reference)
    asked = len(model.questions)
    assert wish(in_house, reference).token == first.token
    work(runner, worker(in_house))
    assert len(model.questions) == asked


def test_nothing_goes_out_that_is_not_ready_or_in_another_language_by_now(runner: asyncio.Runner, in_house: House) -> None:
    reference = ask(in_house)
    assert refusal(send, in_house, reference, wish(in_house, reference).token) == "draft_stale"
    work(runner, worker(in_house))
    with in_house.sessions.begin() as session:
        _, chat = person(session, reference)
        chat.person.language = "fa"
    assert refusal(send, in_house, reference, seen(in_house, reference).token) == "draft_stale"


def test_only_who_holds_the_case_asks_and_sends(runner: asyncio.Runner, in_house: House) -> None:
    reference = ask(in_house)
    assert refusal(wish, in_house, reference, staff=office.BEA) == "not_yours"
    token = ready(runner, in_house, reference).token
    with in_house.sessions.begin() as session:
        handoffs.hand_over(session, office.case(session, reference), office.AMINA, office.BEA)
    assert refusal(send, in_house, reference, token) == "not_yours"
    assert refusal(send, in_house, reference, token, staff=office.BEA) == "draft_stale"
    with in_house.sessions.begin() as session:
        answering.close(session, office.case(session, reference), office.BEA, "helped")
    assert refusal(wish, in_house, reference, staff=office.BEA) == "not_yours"


def test_what_cannot_be_asked_for_says_why(in_house: House, outside: House, plain: House) -> None:
    reference = ask(in_house)
    assert refusal(wish, in_house, reference, "  ") == "text_empty"
    assert refusal(wish, in_house, reference, "x" * (drafts.LONGEST + 1)) == "text_long"
    assert refusal(wish, plain, reference) == "translate_off"
    assert refusal(wish, outside, reference) == "translate_not_asked"
    with in_house.sessions.begin() as session:
        machine_translation.answer(session, office.case(session, reference).person_id, yes=False)
    assert refusal(wish, in_house, reference) == "translate_refused"
    english = ask(in_house, "I need help", who="another", language="en")
    assert refusal(wish, in_house, english) == "translate_english"


def test_advice_on_an_immigration_case_is_not_given_to_a_machine_outside(
    runner: asyncio.Runner, outside: House, model: Machine
) -> None:
    reference = ask(outside)
    with outside.sessions.begin() as session:
        machine_translation.answer(session, office.case(session, reference).person_id, yes=True)
    found = ready(runner, outside, reference, "You can appeal your asylum refusal.")
    assert (found.state, found.failure) == ("failed", "immigration")
    assert not any("asylum" in one.text for one in model.questions)


def test_a_no_in_the_last_moment_counts(runner: asyncio.Runner, in_house: House, model: Machine) -> None:
    reference = ask(in_house)
    wish(in_house, reference)
    with in_house.sessions.begin() as session:
        machine_translation.answer(session, office.case(session, reference).person_id, yes=False)
    work(runner, worker(in_house))
    assert (seen(in_house, reference).failure, model.asked) == ("refused", [])


@pytest.mark.parametrize(
    ("trouble", "kind"), [(machines.html, "wrong"), (machines.hang, "away"), (machines.status(429, retry_after="999"), "away")]
)
def test_what_fails_says_so_and_can_be_asked_for_again(
    runner: asyncio.Runner, in_house: House, model: Machine, trouble: machines.Trouble, kind: str
) -> None:
    reference = ask(in_house, "hello", language="ar")
    work(runner, worker(in_house))
    model.troubles.append(trouble)
    found = ready(runner, in_house, reference)
    assert (found.state, found.failure, found.original) == ("failed", kind, WORDS)  # what they wrote is not lost
    assert refusal(send, in_house, reference, found.token) == "draft_stale"
    assert ready(runner, in_house, reference).state == "ready"


def test_without_a_way_back_nothing_is_shown(runner: asyncio.Runner, in_house: House, model: Machine) -> None:
    reference = ask(in_house)
    model.says = lambda text, source, target: (
        machines.honest(text, source, target) if target == "ar" else "Lo siento, no puedo ayudar con eso"
    )
    found = ready(runner, in_house, reference)
    assert (found.state, found.text, found.back) == ("failed", "", "")


def test_a_way_back_that_reads_differently_is_marked(runner: asyncio.Runner, in_house: House, model: Machine) -> None:
    reference = ask(in_house)
    text = "The nurse will visit your home tomorrow morning"
    assert ready(runner, in_house, reference, text).is_far
    assert not ready(runner, in_house, reference, SENTENCES["en"]).is_far


def test_over_the_days_limit_it_says_so(runner: asyncio.Runner, in_house: House, model: Machine) -> None:
    house = with_machine(in_house, model, in_house=True, most=5)
    reference = ask(house)
    found = ready(runner, house, reference)
    assert (found.state, found.failure, model.questions) == ("failed", "cap", [])


def test_a_worker_that_was_killed_leaves_the_draft_for_the_next(
    runner: asyncio.Runner, in_house_on_each: House, model: Machine
) -> None:
    house = in_house_on_each
    reference = ask(house)
    wish(house, reference)
    machine = house.settings.translating
    assert machine is not None
    with house.sessions.begin() as session:
        assert len(drafts_due.claim(session, machine, 5)) == 1
        assert drafts_due.claim(session, machine, 5) == []
    with house.sessions.begin() as session:
        session.execute(update(ReplyDraft).values(lease_until=now() - dt.timedelta(seconds=1)))
    work(runner, worker(house))
    assert seen(house, reference).state == "ready"


def test_a_draft_goes_with_its_case_and_after_a_day(runner: asyncio.Runner, in_house: House) -> None:
    reference = ask(in_house)
    wish(in_house, reference)
    with in_house.sessions.begin() as session:
        session.execute(update(ReplyDraft).values(created_at=now() - dt.timedelta(hours=25)))
        drafts_due.forget_old(session)
        assert session.scalar(select(ReplyDraft.id)) is None
    wish(in_house, reference)
    with in_house.sessions.begin() as session:
        session.delete(office.case(session, reference))
        session.flush()
        assert session.scalar(select(ReplyDraft.id)) is None


def test_what_was_thrown_away_is_gone(in_house: House) -> None:
    reference = ask(in_house)
    wish(in_house, reference)
    with in_house.sessions.begin() as session:
        drafts.discard(session, office.case(session, reference), office.AMINA)
    with in_house.sessions() as session:
        assert drafts.of(session, office.case(session, reference), office.AMINA) is None


@pytest.mark.parametrize(
    "text", ["<script>alert(1)</script> ring us", "Hello \u202eevil\u202c friend", "{name} and [nino] and XQ1Z", "😀"]
)
def test_hard_words_go_out_as_they_are(runner: asyncio.Runner, in_house: House, text: str) -> None:
    reference = ask(in_house)
    found = ready(runner, in_house, reference, text)
    assert found.state == "ready" and "\u202e" not in found.original
    send(in_house, reference, found.token)
    with in_house.sessions() as session:
        row = session.scalar(select(Translation).where(Translation.made_by == "person"))
        assert row is not None and row.text == found.original
        assert session.scalar(select(Outbox).where(Outbox.origin == "staff:once-1/0")) is not None


def change(house: House, reference: str, token: str, text: str) -> Draft:
    with house.sessions.begin() as session:
        return drafts.change(session, office.case(session, reference), office.AMINA, token, text)


def test_what_was_changed_by_hand_goes_out_after_its_way_back_was_seen(runner: asyncio.Runner, in_house: House) -> None:
    reference = ask(in_house)
    old = ready(runner, in_house, reference)
    by_hand = "وصلت رسالة المجلس. اتصل على 0121 303 1234 قبل 12 مارس."
    assert change(in_house, reference, old.token, by_hand).state == "wanted"
    assert refusal(send, in_house, reference, old.token) == "draft_stale"
    work(runner, worker(in_house))
    found = seen(in_house, reference)
    assert (found.state, found.text) == ("ready", by_hand) and found.back.startswith(SENTENCES["en"][:10])
    assert found.back != old.back and "0121 303 1234" in found.back
    assert send(in_house, reference, found.token)
    assert last_sent(in_house).text.startswith(by_hand)


def test_the_same_words_by_hand_change_nothing(runner: asyncio.Runner, in_house: House) -> None:
    reference = ask(in_house)
    old = ready(runner, in_house, reference)
    assert change(in_house, reference, old.token, old.text) == old
    assert refusal(change, in_house, reference, old.token, " ") == "text_empty"
    assert refusal(change, in_house, reference, "another", "hello") == "draft_stale"


def test_a_translation_can_go_out_later_and_only_once(runner: asyncio.Runner, in_house: House) -> None:
    reference = ask(in_house)
    found = ready(runner, in_house, reference)

    def later() -> bool:
        with in_house.sessions.begin() as session:
            case, due_at = office.case(session, reference), now() + dt.timedelta(hours=3)
            return drafts.send(session, case, office.AMINA, found.token, once="later-1", due_at=due_at)

    assert [later(), later()] == [True, False] and last_sent_texts(in_house) == []
    with in_house.sessions() as session:
        (waiting,) = scheduling.waiting(session, office.case(session, reference))
        assert scheduling.reply_of(waiting).text.startswith(found.text) and WORDS in scheduling.reply_of(waiting).text

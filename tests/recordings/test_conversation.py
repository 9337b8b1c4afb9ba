"""A voice message from Telegram through real Rasa: an honest question, and only a yes brings it to a person."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy import select, update

from bot.cases import answering, handoffs
from bot.cases.models import Handoff, Message
from bot.conversation import keeping as rules
from bot.conversation.clock import Clock
from bot.conversation.sweeping import sweep
from bot.db.base import now
from bot.house import House
from bot.i18n import t
from bot.installation import changing
from bot.people.models import Consent
from bot.recordings import keeping
from bot.recordings.models import Recording
from engine.agent import Engine
from tests.amount import some
from tests.privacy.test_retention import trusted
from tests.recordings.telling import Caller, kept
from tests.staff.people import Colleague
from tests.telegram.peer import Peer

MY_STORY = {"en": "Did anybody like me manage to work here?"}


@pytest.fixture
def caller(stocked: House, engine: Engine) -> Caller:
    return Caller(stocked, engine, "en")


def case_of(house: House) -> Handoff:
    with house.sessions() as session:
        return session.scalars(select(Handoff)).one()


def consents(house: House) -> list[Consent]:
    with house.sessions() as session:
        return list(session.scalars(select(Consent).where(Consent.purpose.startswith("recording:"))))


def claimed(house: House) -> None:
    amina = Colleague.join(house, "amina", "caseworker")
    with house.sessions.begin() as session:
        answering.claim(session, session.scalars(select(Handoff)).one(), amina.id)


@pytest.mark.parametrize("language", some(["so", "en", "ar"], 2))
def test_asked_with_the_number_for_danger_and_a_yes_opens_a_case(
    stocked: House, engine: Engine, peer: Peer, language: str
) -> None:
    caller = Caller(stocked, engine, language)
    asked = caller.speaks()
    assert t(language, "recording.ask.voice") in asked
    assert t(language, "recording.danger", count=None, number="999") in asked
    (row,) = kept(stocked)
    assert (row.state, row.media_id, row.seconds, row.handoff_id) == ("asked", "voice-1", 34, None)
    assert caller.says("yes" if language == "en" else t(language, "recording.button.yes"))  # typed is as good as tapped
    case, (row,) = case_of(stocked), kept(stocked)
    assert case.reference in caller.last[-1].reply.text and case.target_at is not None
    assert "0:34" in case.reason and row.state == "kept" and row.handoff_id == case.id
    (consent,) = consents(stocked)
    assert consent.purpose == f"recording:{case.reference}" and t(language, "recording.ask.voice") in consent.shared["text"]
    assert peer.called("getFile") == []  # nobody has played it: it never came to us


def test_a_no_leaves_nothing_of_it(caller: Caller) -> None:
    caller.speaks()
    assert caller.taps("recording.button.no") == t("en", "recording.not_kept")
    assert kept(caller.house) == [] and consents(caller.house) == []
    with caller.house.sessions() as session:
        assert session.scalars(select(Handoff)).all() == []


def test_no_answer_within_an_hour_leaves_nothing_and_a_late_yes_is_told_so(caller: Caller) -> None:
    caller.speaks()
    question = caller.last
    with caller.house.sessions.begin() as session:
        session.execute(update(Recording).values(came_at=now() - keeping.UNANSWERED))
    late = caller.taps("recording.button.yes", of=question)  # also before the clock has come by
    assert late == t("en", "recording.too_late") and consents(caller.house) == []
    Clock(caller.house).tick()
    assert kept(caller.house) == []


def test_a_yes_is_to_what_was_there_when_it_was_asked(caller: Caller) -> None:
    caller.speaks()
    first = caller.last
    caller.speaks(file_id="voice-2")
    assert t("en", "recording.danger", count=None, number="999") not in caller.last[-1].reply.text  # once is enough
    caller.taps("recording.button.yes", of=first)
    assert [(row.media_id, row.state) for row in kept(caller.house)] == [("voice-1", "kept"), ("voice-2", "asked")]


def test_with_a_caseworker_it_is_asked_once_and_can_be_taken_back(caller: Caller) -> None:
    with caller.house.sessions.begin() as session:
        handoffs.open_handoff(session, session.merge(caller.chat), kind="asked", urgency="week", reason="rent", reach="chat")
    claimed(caller.house)
    assert t("en", "recording.ask.voice") in caller.speaks()
    assert caller.taps("recording.button.yes") == t("en", "recording.passed_on")
    assert case_of(caller.house).reason == "rent"  # a message in the case, not a new request
    assert caller.speaks(file_id="voice-2") == t("en", "recording.passed_on")
    assert [row.state for row in kept(caller.house)] == ["kept", "kept"] and len(consents(caller.house)) == 1
    assert caller.taps("recording.button.back") == t("en", "recording.taken_back")
    assert [(row.media_id, row.state) for row in kept(caller.house)] == [("voice-1", "kept"), (None, "refused")]
    assert consents(caller.house)[0].withdrawn_at is not None
    assert caller.speaks(file_id="voice-3") == t("en", "recording.still_no") and len(kept(caller.house)) == 2
    caller.taps("recording.button.allow")
    assert caller.speaks(file_id="voice-3") == t("en", "recording.passed_on")
    assert caller.sends(sticker={"file_id": "s"}) == ""  # everything else is the caseworker's, as before


def test_as_the_reason_for_a_person_it_is_one_and_the_questions_go_on(caller: Caller) -> None:
    caller.says("I want to talk to a person")
    caller.speaks()
    caller.taps("recording.button.yes")
    assert t("en", "ask.handoff_reach") in caller.last[-1].reply.text
    caller.taps("answer.handoff_reach.chat")
    caller.taps("answer.handoff_urgency.today")
    case = case_of(caller.house)
    assert case.urgency == "today" and "0:34" in case.reason and case.reference in caller.last[-1].reply.text


def test_in_a_story_a_caseworker_is_asked_to_write_it_down(caller: Caller) -> None:
    caller.says(MY_STORY["en"])
    caller.taps("story.button.tell")
    assert t("en", "recording.ask.story") in caller.speaks()
    caller.taps("recording.button.no")
    assert caller.chat.dialogue["loop"] == "story_form" and kept(caller.house) == []  # it can still be written
    caller.speaks(file_id="voice-2")
    caller.taps("recording.button.yes")
    case = case_of(caller.house)
    assert "story" in case.reason and case.reference in caller.last[-1].reply.text
    assert caller.chat.dialogue["loop"] is None and caller.chat.draft is None and kept(caller.house)[0].for_story


def test_danger_in_the_words_beside_a_video_is_heard(caller: Caller) -> None:
    answer = caller.sends(video={"file_id": "film", "duration": 90}, caption="my husband hits me every day")
    assert "999" in answer.split(t("en", "recording.ask.video"))[0]
    assert case_of(caller.house).urgency == "danger" and caller.lines == ["[video] my husband hits me every day"]


def test_what_came_is_kept_apart_from_the_words_that_were_typed(caller: Caller) -> None:
    caller.speaks()
    caller.says("[voice]")
    caller.sends(video={"file_id": "film", "duration": 90}, caption="look")
    with caller.house.sessions() as session:
        said = session.execute(select(Message.kind, Message.text).where(Message.sender == "person").order_by(Message.id)).all()
    assert [tuple(row) for row in said] == [("voice", "[voice]"), ("", "[voice]"), ("video", "[video] look")]


def test_while_the_bot_is_stopped_nothing_is_kept_or_asked_and_a_no_still_counts(caller: Caller) -> None:
    caller.speaks()
    with caller.house.sessions.begin() as session:
        changing.stop(session, reason="the advice was wrong", until=None, who="staff:1")
    question = caller.last
    assert t("en", "stopped.closed") in caller.speaks(file_id="voice-2") and len(kept(caller.house)) == 1
    assert caller.taps("recording.button.no", of=question) == t("en", "recording.not_kept") and kept(caller.house) == []


def test_one_too_large_for_the_channel_is_not_kept(caller: Caller) -> None:
    assert caller.speaks(file_size=keeping.LARGEST + 1) == t("en", "recording.too_large") and kept(caller.house) == []


def test_after_thirty_days_or_with_the_case_it_is_gone(caller: Caller) -> None:
    house, day = caller.house, dt.timedelta(days=1)
    caller.speaks()
    caller.taps("recording.button.yes")
    for at, ended, left in ((now() + 29 * day, False, "kept"), (now() + 31 * day, False, "gone"), (now(), True, "gone")):
        with house.sessions.begin() as session:
            session.execute(update(Recording).values(state="kept", media_id="voice-1"))
            if ended:
                handoffs.close(session, session.scalars(select(Handoff)).one(), "bot", "helped")
        trusted(house, at)
        sweep(house, at=at, steps=tuple(step for step in rules.STEPS if step.name == "recordings"))
        (row,) = kept(house)
        assert (row.state, row.media_id) == (left, "voice-1" if left == "kept" else None)


def test_the_person_sees_it_and_deletes_it(caller: Caller) -> None:
    caller.speaks()
    caller.taps("recording.button.yes")
    assert t("en", "data.recordings", count=1) in caller.says("/mydata")
    assert t("en", "data.delete_recordings") in caller.taps("button.delete")
    caller.taps("button.delete_yes")
    assert kept(caller.house) == [] and consents(caller.house) == []

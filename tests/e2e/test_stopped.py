"""The stop switch and languages that are switched off, through real Rasa: at once, for everybody, and nothing is lost."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy import select

from bot.cases import handoffs
from bot.cases.models import Handoff, Message
from bot.conversation import clock, inbox, outbox
from bot.db.base import now
from bot.i18n import own_name, t
from bot.installation import changing
from bot.knowledge import snapshot
from bot.people import plans
from bot.people.models import Person, Reminder
from bot.replies import Button, Reply, payload
from tests.talking import Talk

BAND_5 = {"en": "what does Band 5 mean", "ar": "شو يعني Band 5", "so": "waa maxay Band 5"}
DANGER = {"en": "my husband hits me", "ar": "زوجي يضربني", "so": "ninkaygu wuu i garaacaa"}


def stop(talk: Talk, until: dt.datetime | None = None) -> None:
    with talk.house.sessions.begin() as session:
        changing.stop(session, reason="the advice was wrong", until=until, who="staff:1")


def start_again(talk: Talk) -> None:
    with talk.house.sessions.begin() as session:
        changing.start_again(session, who="staff:1")


def person(talk: Talk) -> Person:
    with talk.house.sessions() as session:
        return inbox.chat_for(session, "cli", talk.address).person


def cases(talk: Talk) -> list[Handoff]:
    with talk.house.sessions() as session:
        return list(session.scalars(select(Handoff)))


@pytest.mark.parametrize("language", BAND_5)
def test_from_the_next_message_on_it_says_closed_with_numbers_and_keeps_the_words(talk: Talk, language: str) -> None:
    assert "Band 5" in talk.speaks(language).say(BAND_5[language])
    until = (now() + dt.timedelta(days=1)).replace(second=0, microsecond=0)
    stop(talk, until)
    said = talk.say(BAND_5[language])
    assert t(language, "stopped.closed") in said and "999" in said and "0808 2000 247" in said
    assert "the advice was wrong" not in said  # that is for staff
    (case,) = cases(talk)
    assert (case.kind, case.reason, case.state) == ("stopped", BAND_5[language], "waiting") and case.reference in said
    talk.say(BAND_5[language] + "?")
    assert len(cases(talk)) == 1  # one case, however often they write
    start_again(talk)
    assert t(language, "stopped.closed") not in talk.say(BAND_5[language])


@pytest.mark.parametrize("language", DANGER)
def test_danger_is_answered_as_ever(talk: Talk, language: str) -> None:
    stop(talk)
    said = talk.speaks(language).say(DANGER[language])
    assert t(language, "danger.first") in said and t(language, "stopped.closed") not in said
    assert [(case.kind, case.urgency) for case in cases(talk)] == [("danger", "danger")]


def test_who_speaks_with_a_caseworker_goes_on_speaking_with_them(talk: Talk) -> None:
    talk.speaks("en")._send({"text": "/person"})
    with talk.house.sessions.begin() as session:
        chat = inbox.chat_for(session, "cli", talk.address)
        case = handoffs.open_handoff(session, chat, kind="asked", urgency="week", reason="rent", reach="chat")
        chat.held_by_handoff = case.id
    stop(talk)
    assert talk.say("I still cannot pay my rent") == ""  # the bot is silent, as before
    with talk.house.sessions() as session:
        assert "I still cannot pay my rent" in session.scalars(select(Message.text)).all()


def test_ones_own_data_can_be_seen_and_deleted_also_then(talk: Talk) -> None:
    talk.speaks("en").say(BAND_5["en"])
    stop(talk)
    talk._send({"text": "/delete"})
    assert t("en", "data.delete_ask") in talk.last[-1].reply.text
    talk.tap(t("en", "button.delete_yes"))
    assert t("en", "data.deleted") in talk.last[-1].reply.text


def test_an_open_question_waits_and_goes_on(talk: Talk) -> None:
    talk.speaks("en").say("I am a nurse from Syria")
    before = talk.chat.dialogue
    assert before["loop"] == "qualification_form"
    stop(talk)
    talk.tap(talk.buttons[0])
    assert t("en", "stopped.closed") in talk.last[-1].reply.text and talk.chat.dialogue == before
    start_again(talk)
    talk.say("yes")
    assert talk.chat.dialogue["loop"] == "qualification_form"


def test_what_the_bot_would_say_by_itself_waits_until_it_is_started_again(talk: Talk) -> None:
    talk.speaks("en").say("I am a nurse from Syria")
    with talk.house.sessions.begin() as session:
        chat = inbox.chat_for(session, "cli", talk.address)
        pathway = snapshot.current(session).pathways["nurse"]
        plan = plans.save(session, chat.person_id, pathway, {"profession": "nurse"})
        step = plan.steps[0].step
        session.add(
            Reminder(chat_id=chat.id, person_id=chat.person_id, pathway="nurse", step=step, due_at=now() - dt.timedelta(hours=1))
        )
    stop(talk)
    ticking = clock.Clock(talk.house)
    assert ticking.tick() == 0
    start_again(talk)
    assert ticking.tick() == 1


def test_a_stop_that_is_over_is_over_without_anybody(talk: Talk) -> None:
    stop(talk, now() + dt.timedelta(milliseconds=1))
    assert t("en", "stopped.closed") not in talk.speaks("en").say(BAND_5["en"])


def test_a_language_that_is_switched_off_is_told_once_and_kept(talk: Talk) -> None:
    talk.speaks("so").say(BAND_5["so"])
    with talk.house.sessions.begin() as session:
        changing.change(session, "languages", "en,ar", who="staff:1")
    said = talk.say(BAND_5["so"])
    assert t("so", "language.off", language=own_name("so")) in said and talk.last[0].reply.language == "en"
    assert own_name("so") not in talk.buttons and own_name("ar") in talk.buttons
    assert t("so", "language.off", language=own_name("so")) not in talk.say(BAND_5["en"])
    assert person(talk).language == "so"
    with talk.house.sessions.begin() as session:
        changing.reset(session, "languages", who="staff:1")
    talk.say(BAND_5["so"])
    assert talk.last[0].reply.language == "so" and person(talk).language_off_told is None


def test_the_greeting_of_the_installation_comes_first_in_its_language(talk: Talk) -> None:
    with talk.house.sessions.begin() as session:
        changing.change(session, "greeting.ar", "أهلاً بكم في سميثيك", who="staff:1")
    talk._send({"text": "/start"})
    talk.tap(own_name("ar"))
    assert talk.last[0].reply.text.startswith("أهلاً بكم في سميثيك\n\n")


def test_referrals_and_suggestions_that_are_switched_off_are_not_offered(talk: Talk) -> None:
    with talk.house.sessions.begin() as session:
        for name in ("referrals", "suggestions"):
            changing.change(session, f"feature.{name}", "off", who="staff:1")
    talk.speaks("en").say("I need help with housing in B16")
    talk.tap(t("en", "button.nothing_special"))
    payloads = [b.payload for m in talk.last for row in m.reply.rows for b in row]
    assert payloads and not any(p.startswith(("/ask_consent", "/wrong_entry", "/suggest")) for p in payloads)
    with talk.house.sessions.begin() as session:
        chat = inbox.chat_for(session, "cli", talk.address)
        old = Button(label="old", payload=payload("ask_consent", service="citizens-advice-birmingham", need="housing"))
        outbox.enqueue(session, chat.id, [Reply(text="x", language="en", rows=[[old]])], origin="old")
    talk.hear()
    assert t("en", "referral.off") in talk.tap("old")


def test_services_that_we_run_come_first_among_equals(talk: Talk) -> None:
    talk.speaks("en").say("I need help with housing in B16")
    talk.tap(t("en", "button.nothing_special"))
    shown = [b.payload for m in talk.last for row in m.reply.rows for b in row if b.payload.startswith("/wrong_entry")]
    last = shown[-1].partition('"key":"')[2].partition('"')[0]
    with talk.house.sessions.begin() as session:
        changing.change(session, "ours", last, who="staff:1")
    talk.say("I need help with housing in B16")
    said = talk.tap(t("en", "button.nothing_special"))
    assert t("en", "reason.ours") in said

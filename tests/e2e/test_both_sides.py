"""The person on one side, the caseworker and the admin on the other, in one running conversation."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from bot.cases import answering
from bot.cases.models import Handoff
from bot.i18n import t
from bot.knowledge import editing
from bot.staff.models import Staff
from tests.talking import Talk


def staff(talk: Talk) -> int:
    with talk.house.sessions.begin() as session:
        row = Staff(login="amina", name="Amina", role="caseworker", password_hash="x", totp_secret="x")
        session.add(row)
        session.flush()
        return row.id


@pytest.mark.parametrize("language", ["en", "ar", "so"])
def test_a_caseworkers_answer_reaches_the_person_and_the_bot_comes_back_where_they_were(talk: Talk, language: str) -> None:
    talk.speaks(language).say("/menu")
    talk.tap(t(language, "menu.qualification"))
    talk.say({"en": "my husband hits me", "ar": "زوجي يضربني", "so": "ninkaygu wuu i garaacaa"}[language])
    amina = staff(talk)
    with talk.house.sessions.begin() as session:
        handoff = session.scalars(select(Handoff)).one()
        answering.claim(session, handoff, amina)
        answering.reply(session, handoff, amina, "أنا معك. Where are you now?", once="form-1")
        answering.reply(session, handoff, amina, "أنا معك. Where are you now?", once="form-1")
    assert talk.hear() == "أنا معك. Where are you now?"
    assert talk.say("at home") == ""
    with talk.house.sessions.begin() as session:
        answering.close(session, session.scalars(select(Handoff)).one(), amina, "helped")
    assert talk.hear()
    assert t(language, "ask.profession") in talk.say({"en": "what is DBS", "ar": "شو يعني DBS", "so": "waa maxay DBS"}[language])


def test_what_an_admin_changes_is_what_the_bot_says_at_the_next_question(talk: Talk) -> None:
    talk.speaks("en").say("what is DBS")
    with talk.house.sessions.begin() as session:
        term = editing.find(session, "terms", "dbs", to_change=True)
        service = editing.find(session, "services", "karis-ladywood", to_change=True) or editing.find(session, "services", "rmc")
        assert term is not None
        editing.edit_text(session, term, "en", "meaning", "A check that our admin explains better.", "staff:1", "clearer")
        if service is not None:
            editing.edit_text(session, service, "en", "description", "New description by the admin.", "staff:1", "clearer")
    assert "A check that our admin explains better." in talk.say("what is DBS")
    assert "A check that our admin explains better." in talk.speaks("so").say("waa maxay DBS"), "the old translation is not said"

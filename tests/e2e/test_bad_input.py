"""Whatever is typed gets a clear answer; nothing is executed, stored or shown that should not be."""

from __future__ import annotations

import pytest
from sqlalchemy import select, text

from bot.cases.models import Message
from bot.conversation.models import Inbox
from bot.i18n import t
from tests.talking import Talk

STRANGE = {
    "empty": "",
    "spaces": "   \n\t ",
    "emoji": "🙂🙃🎉",
    "control characters": "\x00\x01\x02\x1b[31mhello\x07",
    "lone surrogate": "hel\ud800lo what is DBS",
    "SQL": "'; DROP TABLE people; --",
    "HTML": "<script>alert(1)</script><img src=x onerror=alert(1)>",
    "template": "{{7*7}} ${7*7} {language.__class__}",
    "right-to-left override": "\u202eeno tnedicca eht\u202c",
    "payload": '/confirm_delete{"x": "y"}',
    "broken payload": "/inform{",
    "Arabic digits": "١٢٣٤٥٦٧٨٩",
    "Persian digits": "۱۲۳۴۵۶۷۸۹",
    "one letter": "a",
    "long": "help me with my rent " * 500,
    "one word without end": "a" * 10_000,
    "ten thousand letters of Arabic": "ساعدوني في السكن " * 600,
}


@pytest.mark.parametrize("name", STRANGE)
@pytest.mark.parametrize("language", ["en", "ar", "so", "ps", "uk"])
def test_strange_input_gets_an_answer(talk: Talk, name: str, language: str) -> None:
    answer = talk.speaks(language).say(STRANGE[name])
    assert answer and "Traceback" not in answer
    assert t(language, "failure.sorry") not in answer
    with talk.house.sessions() as session:
        assert session.scalars(select(Inbox.state)).one() == "done"
        assert session.execute(text("select count(*) from people")).scalar() == 1


IDENTIFIERS = {
    "my NI number is QQ 12 34 56 C": "QQ 12 34 56 C",
    "NHS number 943 476 5919 what is it": "943 476 5919",
    "رقمي ٩٤٣ ٤٧٦ ٥٩١٩": "٩٤٣ ٤٧٦ ٥٩١٩",
    "card 4111 1111 1111 1111": "4111 1111 1111 1111",
    "my passport number is 123456789": "123456789",
    "home office reference: A1234567/2": "A1234567",
}


@pytest.mark.parametrize("written", IDENTIFIERS)
def test_identifiers_are_hidden_before_anything_sees_them_and_the_person_is_told(
    talk: Talk, written: str, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    secret = IDENTIFIERS[written]
    answer = talk.speaks("en").say(written)
    assert secret not in answer
    with talk.house.sessions() as session:
        assert not any(secret in kept for kept in session.scalars(select(Message.text)))
        assert session.scalars(select(Inbox.raw)).one() is None
    assert secret not in caplog.text + "".join(capfd.readouterr())
    assert any(t(language, "masked.note", kinds="").split("{")[0][:12] in answer for language in ("en", "ar"))


def test_telephone_numbers_and_amounts_are_not_hidden(talk: Talk) -> None:
    talk.speaks("en").say("they said call 0121 303 7410 and pay £1,835 by 14/12/2026")
    with talk.house.sessions() as session:
        kept = " ".join(session.scalars(select(Message.text).where(Message.sender == "person")))
        assert "0121 303 7410" in kept and "£1,835" in kept


def test_nothing_a_person_wrote_stands_readable_in_the_database_file(talk: Talk) -> None:
    talk.speaks("en").say("my landlord mumbles about the secret marmalade")
    data = b"".join(p.read_bytes() for p in talk.house.settings.var.glob("useit.db*"))
    assert b"people" in data
    assert b"landlord mumbles" not in data

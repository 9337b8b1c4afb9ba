"""Suggestions from the chat through real Rasa: two taps and words, a place, what came of it; in three languages."""

from __future__ import annotations

import datetime as dt

import msgspec
import pytest
from sqlalchemy import select

from bot.conversation import due_suggestions
from bot.conversation.incoming import Outgoing
from bot.db.base import now
from bot.i18n import t
from bot.suggestions import deciding, news
from bot.suggestions.models import NewsItem, NewsWish, Suggestion
from tests.amount import some
from tests.talking import Talk

LANGUAGES = some(("so", "en", "ar"), 2)
BAND_5 = {"en": "what does Band 5 mean", "ar": "شو يعني Band 5", "so": "waa maxay Band 5"}
WORDS = {
    "en": "it costs more now, my number is QQ123456C",
    "ar": "السعر صار أعلى، رقمي QQ123456C",
    "so": "qiimihii waa kordhay, lambarkaygu waa QQ123456C",
}
PLACE = {
    "en": "Café Hope, helps with forms and English, Soho Road",
    "ar": "مقهى الأمل، يساعد في تعبئة الأوراق، شارع سوهو",
    "so": "Kafeega Rajo, waxay caawiyaan foomamka, Soho Road",
}


def payloads(sent: list[Outgoing]) -> list[str]:
    return [button.payload for one in sent for row in one.reply.rows for button in row]


def tap(talk: Talk, begins: str, **entities: str) -> str:
    """Taps the newest button that sends this intent, with these values among its entities."""
    for message in reversed(talk.last):
        for place, button in enumerate(b for row in message.reply.rows for b in row):
            intent, _, rest = button.payload.removeprefix("/").partition("{")
            named = msgspec.json.decode("{" + rest) if rest else {}
            if intent == begins and entities.items() <= named.items():
                return talk._send({"button": f"{message.id}:{place}"})
    raise AssertionError(f"no button {begins} {entities} among {payloads(talk.last)}")


def rows(talk: Talk) -> list[Suggestion]:
    with talk.house.sessions() as session:
        return list(session.scalars(select(Suggestion).order_by(Suggestion.id)))


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_wrong_is_two_taps_and_words_if_they_want(talk: Talk, language: str) -> None:
    talk.speaks(language).say(BAND_5[language])
    tap(talk, "rate_answer", helpful="no")
    tap(talk, "wrong_kind", what="price")
    assert payloads(talk.last) == ["/send_suggestion", "/cancel"]
    talk.say(WORDS[language])
    (made,) = rows(talk)
    assert (made.what, made.about_kind, made.about_key, made.language) == ("price", "terms", "band-5", language)
    assert "QQ123456C" not in made.words and "[nino]" in made.words
    assert made.reference in talk.last[-1].reply.text
    tap(talk, "hear_back", answer="yes", key=made.reference)
    assert rows(talk)[0].hear


@pytest.mark.parametrize("language", LANGUAGES)
def test_words_can_be_left_out(talk: Talk, language: str) -> None:
    talk.speaks(language).say(BAND_5[language])
    tap(talk, "rate_answer", helpful="no")
    tap(talk, "wrong_kind", what="translation")
    tap(talk, "send_suggestion")
    (made,) = rows(talk)
    assert (made.what, made.words) == ("translation", "") and talk.chat.dialogue["loop"] is None


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_place_is_told_in_the_persons_own_words(talk: Talk, language: str) -> None:
    talk.speaks(language)._send({"text": "/start"})
    talk.say({"en": "your answer was wrong", "ar": "جوابك كان غلط", "so": "jawaabtaadu way khaldan tahay"}[language])
    tap(talk, "suggest")
    assert payloads(talk.last) == ["/cancel"]
    talk.say(PLACE[language])
    (made,) = rows(talk)
    assert (made.what, made.about_key, made.words) == ("place", "", PLACE[language])
    tap(talk, "my_suggestions")
    assert made.reference in talk.last[-1].reply.text
    assert t(language, "suggestion.state.open") in talk.last[-1].reply.text


def test_said_in_words_it_is_about_the_last_answer(talk: Talk) -> None:
    talk.speaks("en").say(BAND_5["en"])
    talk.say("your answer was wrong")
    tap(talk, "wrong_entry", kind="terms", key="band-5")
    tap(talk, "wrong_kind", what="other")
    tap(talk, "send_suggestion")
    assert [row.about_key for row in rows(talk)] == ["band-5"]


def test_it_can_be_left_and_what_was_begun_is_gone(talk: Talk) -> None:
    talk.speaks("en").say(BAND_5["en"])
    tap(talk, "rate_answer", helpful="no")
    tap(talk, "wrong_kind", what="hours")
    tap(talk, "cancel")
    assert rows(talk) == [] and talk.chat.draft is None and talk.chat.dialogue["loop"] is None
    talk.say(BAND_5["en"])
    assert rows(talk) == []


def test_danger_comes_first_also_in_the_words_of_a_suggestion(talk: Talk) -> None:
    talk.speaks("en").say(BAND_5["en"])
    tap(talk, "rate_answer", helpful="no")
    tap(talk, "wrong_kind", what="other")
    said = talk.say("my husband hits me every day")
    assert "999" in said and rows(talk) == []


def test_services_and_steps_have_the_button_under_them(talk: Talk) -> None:
    talk.speaks("en").say("I need help with housing in B16")
    while not any("wrong_entry" in sent for sent in payloads(talk.last)):
        tap(talk, "skip")
    assert "/suggest" in payloads(talk.last)
    tap(talk, "wrong_entry", kind="services")
    tap(talk, "wrong_kind", what="closed")
    tap(talk, "send_suggestion")
    (made,) = rows(talk)
    assert (made.what, made.about_kind) == ("closed", "services") and made.about_key


def test_after_enough_for_a_day_it_says_so_and_keeps_nothing(talk: Talk) -> None:
    talk.speaks("en")
    for number in range(6):
        talk.say("your answer was wrong")
        tap(talk, "suggest")
        if number < 5:
            talk.say(f"Place {number}, helps with food, Soho Road {number}")
    assert len(rows(talk)) == 5 and talk.last[-1].reply.text == t("en", "suggestion.enough")
    assert talk.chat.draft is None


def test_one_message_when_it_is_decided_at_a_decent_hour_and_never_a_second(talk: Talk) -> None:
    talk.speaks("ar").say(BAND_5["ar"])
    tap(talk, "rate_answer", helpful="no")
    tap(talk, "wrong_kind", what="price")
    tap(talk, "send_suggestion")
    tap(talk, "hear_back", answer="yes")
    noon, night = (dt.datetime(2026, 11, 30, hour, tzinfo=dt.UTC) for hour in (12, 3))
    with talk.house.sessions.begin() as session:
        row = session.scalars(select(Suggestion)).one()
        deciding.use(session, row, row.version)
    with talk.house.sessions.begin() as session:
        assert due_suggestions.due(session, talk.house, night) == 0
        assert due_suggestions.due(session, talk.house, noon) == 1
        assert due_suggestions.due(session, talk.house, noon) == 0
    assert t("ar", "suggestion.used", reference=row.reference) in talk.hear()
    assert "/we_did" in payloads(talk.last)


def test_what_we_did_is_told_to_who_asked_once_a_month_until_they_stop(talk: Talk) -> None:
    talk.speaks("en").say("your answer was wrong")
    tap(talk, "we_did")
    tap(talk, "hear_back", answer="yes")
    noon = (now() + dt.timedelta(days=1)).replace(hour=12)
    with talk.house.sessions.begin() as session:
        for number in (1, 2):
            item = NewsItem(key=f"n-{number}", number=3, published_at=now())
            session.add(item)
            fact = {"source": "useit", "checked_on": "2026-11-26", "review_by": "2027-11-26", "volatility": "D", "sure": "V"}
            texts = {("en", "said"): f"fees {number} were old", ("en", "did"): f"we changed {number}"}
            data = {"name": "x", "said": texts["en", "said"], "did": texts["en", "did"], "fact": fact}
            news.editing.create(session, "we_did", item.key, data=data, texts=texts, who="command", why="")
    with talk.house.sessions.begin() as session:
        assert due_suggestions.due(session, talk.house, noon) == 1
        session.scalars(select(NewsItem)).first().published_at = noon  # type: ignore[union-attr]  # there are two
        assert due_suggestions.due(session, talk.house, noon + dt.timedelta(days=20)) == 0
    said = talk.hear()
    assert "fees 1 were old" in said and "we changed 2" in said and t("en", "news.people", count=3) in said
    tap(talk, "hear_back", answer="no")
    with talk.house.sessions.begin() as session:
        assert session.scalars(select(NewsWish)).all() == []
        assert due_suggestions.due(session, talk.house, noon + dt.timedelta(days=40)) == 0

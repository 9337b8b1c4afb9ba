"""Stories through the whole program: told in three languages, agreed to by a tap, spoken, and taken back so that nobody hears them again."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

import pytest
from sqlalchemy import select, update

from bot.cases.models import Handoff
from bot.channels.cli import CommandLineChannel
from bot.conversation import due_stories, inbox, outbox
from bot.conversation.incoming import Incoming
from bot.conversation.worker import Worker
from bot.house import House
from bot.i18n import t
from bot.knowledge import loading, snapshot
from bot.knowledge.models import Entry, Text, Version
from bot.people.models import Consent
from bot.replies import Button, Reply, payload
from bot.stories import entries
from bot.stories.models import ToldStory
from tests.amount import some
from tests.e2e.test_suggestions import payloads, tap
from tests.stories import telling
from tests.talking import Talk

ASKED = {
    "en": "Did anybody like me manage to work here?",
    "ar": "هل نجح أحد مثلي؟",
    "so": "Ma jiraa qof sidayda oo kale oo guulaystay?",
}
WORDS = {
    "en": [
        "I was a nurse for ten years and I loved my work.",
        "Here I cleaned offices. Dr Khan at City Hospital helped me. I learned.",
    ],
    "ar": ["كنت ممرضة في بلدي عشر سنوات وكنت أحب عملي كثيرا.", "هنا ساعدني الدكتور سامي في مستشفى الأمل وتعلمت اللغة."],
    "so": ["Dalkayga waxaan ku ahaa kalkaaliye toban sano.", "Halkan Macallin Cabdi ayaa i caawiyay oo waxaan bartay luqadda."],
}
NAMES = {"en": ("Dr Khan", "City Hospital"), "ar": ("الدكتور سامي", "مستشفى الأمل"), "so": ("Macallin Cabdi",)}
NOON = dt.datetime(2026, 11, 30, 12, tzinfo=dt.UTC)


@pytest.fixture(autouse=True)
def nothing_shipped(stocked: House) -> None:
    """Without the stories that the program comes with: only those of these tests are told."""
    with stocked.sessions.begin() as session:
        session.execute(update(Entry).where(Entry.kind == "stories").values(published=False))
        loading.touch(session)


@pytest.fixture
def other(stocked: House, engine: object) -> Talk:
    """Somebody else who asks."""
    return Talk(stocked, engine, address=uuid.uuid4().hex)  # type: ignore[arg-type]  # the engine fixture


def told(talk: Talk, language: str, name: str = "Amal") -> ToldStory:
    """A story told up to the end, with a name, without a country, also for reports."""
    talk.speaks(language)._send({"text": "/start"})
    begin(talk, language)
    for words in WORDS[language]:
        assert t(language, "story.ask.go_on") in talk.say(words)
    tap(talk, "story_choice", what="done")
    for found in NAMES[language]:
        assert found in talk.last[-1].reply.text, talk.chat.draft
    tap(talk, "story_choice", what="go_on")
    assert t(language, "story.ask.name") in talk.last[-1].reply.text
    talk.say(name)
    tap(talk, "story_choice", what="no_country")
    tap(talk, "story_choice", what="reports")
    return telling.only(talk.house)


def begin(talk: Talk, language: str) -> None:
    talk.say(ASKED[language])
    tap(talk, "tell_story")
    assert t(language, "story.ask.words") in talk.last[-1].reply.text


@pytest.mark.parametrize("language", some(["en", "so", "ar"], 2))
def test_told_agreed_to_published_spoken_and_taken_back(talk: Talk, other: Talk, language: str) -> None:
    story = told(talk, language)
    assert (story.state, story.name, story.country, story.in_reports) == ("told", "Amal", None, True)
    assert story.reference in talk.last[-1].reply.text and talk.chat.dialogue["loop"] is None and talk.chat.draft is None
    telling.write_and_ask(talk.house)
    question = talk.hear()
    assert telling.TEXTS[language]["story"] in question and telling.TEXTS["en"]["story"] in question and "Amal" in question
    tap(talk, "story_choice", what="no_name")
    assert "Amal" not in talk.last[-1].reply.text
    tap(talk, "story_choice", what="yes")
    with talk.house.sessions() as session:
        (consent,) = session.scalars(select(Consent)).all()
        assert telling.TEXTS[language]["story"] in consent.shared["text"] and consent.shared["name"] == ""
    assert telling.TEXTS["en"]["story"] not in other.speaks(language).say(ASKED[language])  # not published yet
    telling.publish(talk.house)
    assert telling.TEXTS[language]["story"] in other.say(ASKED[language])
    with talk.house.sessions.begin() as session:
        assert due_stories.due(session, talk.house, NOON) == 1
        assert due_stories.due(session, talk.house, NOON) == 0
    assert t(language, "story.published") in talk.hear()
    tap(talk, "withdraw_story", key=story.reference)
    assert talk.last[-1].reply.text == t(language, "story.withdrawn")
    assert telling.TEXTS[language]["story"] not in other.say(ASKED[language])
    with talk.house.sessions() as session:
        everywhere = [*session.scalars(select(Text.text)), *map(str, session.scalars(select(Version.before)))]
        assert not [text for text in everywhere if telling.TEXTS[language]["story"] in text]
    over = telling.only(talk.house)
    assert over.state == "withdrawn" and over.words is None and over.texts == {}


def test_the_nearest_story_comes_first_and_the_next_on_a_tap(talk: Talk) -> None:
    telling.shipped(talk.house, "far", "Far", pathways=["teacher"], more="He waited long.")
    telling.shipped(talk.house, "near", "Near", told_in="ar")
    talk.speaks("ar")
    assert "طريق طبيب" in talk.say(ASKED["ar"]) and t("ar", "story.one_way") in talk.last[-1].reply.text
    assert payloads(talk.last)[0] == '/show_story{"what":"next","key":"near"}'
    tap(talk, "show_story", what="next")
    tap(talk, "show_story", what="more", key="far")
    assert "He waited long." in talk.last[-1].reply.text


def test_without_stories_the_numbers_are_said_and_ones_own_can_be_told(talk: Talk) -> None:
    assert t("en", "success_stories") in talk.speaks("en").say(ASKED["en"])
    assert "/tell_story" in payloads(talk.last)


def test_danger_comes_first_also_in_a_story(talk: Talk) -> None:
    talk.speaks("en")
    begin(talk, "en")
    assert "999" in talk.say("my husband hits me every day")
    tap(talk, "menu") if "/menu" in payloads(talk.last) else talk.say("menu")
    with talk.house.sessions() as session:
        assert session.scalars(select(ToldStory)).all() == []


class WithVoice(CommandLineChannel):
    """The command line has no voice notes; other channels have."""

    def read(self, raw: dict[str, Any]) -> Incoming:
        return Incoming(kind="media", media="voice") if raw.get("media") else super().read(raw)


def test_a_voice_note_is_not_listened_to_and_brings_a_person(talk: Talk, engine: object) -> None:
    talk.worker = Worker(talk.house, engine, {"cli": WithVoice()})  # type: ignore[arg-type]  # the engine fixture
    talk.speaks("so")
    begin(talk, "so")
    talk._send({"media": "voice"})
    assert t("so", "story.voice") in talk.last[-1].reply.text
    with talk.house.sessions() as session:
        (handoff,) = session.scalars(select(Handoff)).all()
        assert "story" in handoff.reason and handoff.reference in talk.last[-1].reply.text


def test_what_should_be_different_goes_to_the_caseworker_and_the_old_yes_says_nothing(talk: Talk) -> None:
    told(talk, "en")
    telling.write_and_ask(talk.house)
    talk.hear()
    yes = talk.token(t("en", "story.choice.yes"))
    tap(talk, "story_choice", what="change")
    assert t("en", "story.ask.wish") in talk.last[-1].reply.text
    talk.say("please do not say that I was a nurse")
    story = telling.only(talk.house)
    assert (story.state, story.wish) == ("edited", "please do not say that I was a nurse")
    talk._send({"button": yes})
    assert talk.last[-1].reply.text == t("en", "story.too_late") and telling.only(talk.house).state == "edited"


def test_only_who_told_it_can_take_it_back(talk: Talk, other: Talk) -> None:
    story = told(talk, "en")
    with talk.house.sessions.begin() as session:
        stolen = Button(label="x", payload=payload("withdraw_story", key=story.reference))
        chat = inbox.chat_for(session, "cli", other.speaks("en").address)
        outbox.enqueue(session, chat.id, [Reply(text="x", language="en", rows=[[stolen]])], origin="test")
    other.hear()
    tap(other, "withdraw_story")
    assert telling.only(talk.house).state == "told" and other.last[-1].reply.text == t("en", "story.too_late")


def test_delete_my_data_takes_it_back_everywhere(talk: Talk, other: Talk) -> None:
    told(talk, "en")
    telling.write_and_ask(talk.house)
    talk.hear()
    tap(talk, "story_choice", what="yes")
    telling.publish(talk.house)
    assert telling.TEXTS["en"]["story"] in other.speaks("en").say(ASKED["en"])
    talk._send({"text": "/mydata"})
    tap(talk, "delete_data")
    tap(talk, "confirm_delete")
    assert telling.TEXTS["en"]["story"] not in other.say(ASKED["en"])
    with talk.house.sessions() as session:
        assert session.scalars(select(ToldStory)).all() == [] and entries.tellable(session, snapshot.current(session)) == {}

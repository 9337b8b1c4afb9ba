"""Stories without a conversation: what points at somebody is found, only what was agreed is told, and it is gone in every process at once."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.cases.retention import Rules, Step
from bot.conversation import inbox, keeping, personal_data
from bot.db.base import now
from bot.errors import RefusedError
from bot.house import House
from bot.knowledge import drafts, editing, snapshot
from bot.numbers.period import Period
from bot.people.models import Consent
from bot.stories import entries, telling
from bot.stories.models import ToldStory
from bot.stories.private import find
from bot.stories.reports import AgreedStories
from tests.stories.telling import TEXTS, publish, shipped


@pytest.fixture
def agreed(house: House) -> House:
    """A story in English and Arabic that its person agreed to, also in reports, and that an admin published."""
    with house.sessions.begin() as session:
        chat = inbox.chat_for(session, "cli", "teller")
        chat.person.language = "ar"
        session.flush()
        told = telling.Told("كنت ممرضة في بلدي", "ar", name="Amal", in_reports=True)
        story = telling.tell(session, chat, told)
        texts = {language: TEXTS[language] for language in ("en", "ar")}
        telling.write(session, story, 1, texts, pathway="nurse", name="Amal", country="")
        telling.ask(session, story, 1, known=frozenset(), looked=False)
        assert telling.agree(session, story, story.mark, "the very words")
    publish(house)
    return house


def told_by(house: House) -> list[str]:
    """What a process that has only the database tells."""
    snapshot.forget()
    with house.sessions() as session:
        return list(entries.tellable(session, snapshot.current(session)))


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("Dr Khan helped me.", {"name"}),
        ("I was glad that Maryam came with me.", {"name"}),
        ("I work at City Hospital now.", {"place"}),
        ("The office has 07384 466 512.", {"number"}),
        ("ساعدتني الأستاذة مريم كثيرا", {"name"}),
        ("عملت في مستشفى الأمل سنتين", {"place"}),
        ("Macallin Cabdi ayaa i caawiyay.", {"name"}),
        ("Її звати Олена, вона мені допомогла.", {"name"}),
    ],
)
def test_what_may_point_at_somebody_is_found(text: str, kinds: set[str]) -> None:
    assert {one.kind for one in find(text)} == kinds


@pytest.mark.parametrize(
    "text",
    [
        "I came to Birmingham in March. I passed IELTS and the NHS took me.",
        "My English was weak. I learned every Monday for 2 years.",
        "I was a nurse. Then I learned. Here they needed a doctor. Now I work.",
        "كنت ممرضة ثم درست اللغة في مستشفى كبير",
        "Waxaan bartay Ingiriis. Hadda waan shaqeeyaa.",
    ],
)
def test_what_points_at_nobody_is_left_alone(text: str) -> None:
    assert find(text) == []


def test_only_the_very_words_that_were_agreed_are_told(agreed: House) -> None:
    (key,) = told_by(agreed)
    with agreed.sessions.begin() as session:
        entry = editing.find(session, "stories", key)
        assert entry is not None
        editing.edit_text(session, entry, "en", "story", "I was a nurse in Homs. Now I work.", "staff:9", "more colour")
    assert told_by(agreed) == []
    with agreed.sessions.begin() as session:
        entry = editing.find(session, "stories", key)
        assert entry is not None
        editing.edit_text(session, entry, "en", "story", TEXTS["en"]["story"], "staff:9", "")
        editing.edit_data(session, entry, {"country": "Syria"}, "staff:9", "")
    assert told_by(agreed) == []  # who they are was not theirs to say, either


def test_taken_back_it_is_gone_in_another_process_at_its_next_message(agreed: House) -> None:
    with agreed.sessions() as session:
        there = snapshot.current(session)
        (key,) = entries.tellable(session, there)
    with agreed.sessions.begin() as session:
        assert entries.withdraw(session, session.scalars(select(ToldStory)).one(), "person")
    with agreed.sessions() as session:
        assert entries.tellable(session, there) == {}  # also by one that has not read anew yet
        assert key not in snapshot.current(session).stories
        assert not snapshot.current(session).words("stories", key, "story", "ar")
        consent = session.scalars(select(Consent)).one()
        assert consent.withdrawn_at is not None and consent.shared["text"] == "the very words"


def test_a_backup_that_brings_it_back_is_not_told(agreed: House) -> None:
    with agreed.sessions.begin() as session:
        story = session.scalars(select(ToldStory)).one()
        entry = editing.find(session, "stories", story.entry_key or "")
        assert entry is not None
        key, data, texts = entry.key, dict(entry.data), {(row.language, row.field): row.text for row in entry.texts if row.text}
        entries.withdraw(session, story, "person")
    with agreed.sessions.begin() as session:
        editing.create(session, "stories", key, data=data, texts=texts, who="backup", why="")
    assert told_by(agreed) == []


def test_a_report_tells_it_while_its_person_agrees(agreed: House) -> None:
    shipped(agreed)  # nobody's own: it is in no report
    today = now().date()
    with agreed.sessions() as session:
        (story,) = AgreedStories().between(session, Period(today - dt.timedelta(7), today))
        assert TEXTS["en"]["story"] in story.text and "Amal" in story.text and story.consent_until > today
        assert AgreedStories().between(session, Period(today - dt.timedelta(30), today - dt.timedelta(10))) == []
    with agreed.sessions.begin() as session:
        entries.withdraw(session, session.scalars(select(ToldStory)).one(), "person")
    with agreed.sessions() as session:
        assert AgreedStories().between(session, Period(today, today)) == []


def test_after_a_year_it_is_not_told_and_its_rows_go(agreed: House) -> None:
    with agreed.sessions.begin() as session:
        session.scalars(select(Consent)).one().until = now() - dt.timedelta(minutes=1)
    assert told_by(agreed) == []
    step = next(step for step in keeping.STEPS if step.name == "stories_agreed")
    with agreed.sessions.begin() as session:
        _run(session, step)
    with agreed.sessions() as session:
        assert session.scalars(select(ToldStory)).all() == [] and snapshot.current(session).stories == {}


def test_all_of_it_goes_with_its_person(agreed: House) -> None:
    with agreed.sessions.begin() as session:
        chat = inbox.chat_for(session, "cli", "teller")
        assert personal_data.held(session, chat.person).stories == 1
        personal_data.forget(session, chat.person)
    with agreed.sessions() as session:
        assert session.scalars(select(ToldStory)).all() == [] and session.scalars(select(Consent)).all() == []
        assert snapshot.current(session).stories == {} and drafts.all_open(session) == []


def test_what_was_agreed_ends_when_the_words_change(agreed: House) -> None:
    with agreed.sessions.begin() as session:
        story = session.scalars(select(ToldStory)).one()
        old = story.mark
        texts = {language: {**TEXTS[language], "helped": ""} for language in ("en", "ar")}
        telling.write(session, story, 1, texts, pathway="nurse", name="", country="")
        with pytest.raises(RefusedError, match="not agreed"):
            entries.propose(session, story, 1)
        assert not telling.agree(session, story, old, "x") and story.state == "edited"
    assert told_by(agreed) == []


def test_moves_that_are_none_are_refused(house: House) -> None:
    with house.sessions.begin() as session:
        story = telling.tell(session, inbox.chat_for(session, "cli", "teller"), telling.Told("some words", "en"))
        with pytest.raises(RefusedError, match="from told to asked"):
            telling.ask(session, story, 1, known=frozenset(), looked=True)
        entries.withdraw(session, story, "person")
        assert not entries.withdraw(session, story, "person")
        with pytest.raises(RefusedError, match="from withdrawn"):
            telling.decline(session, story, "staff:1")


def _run(session: Session, step: Step) -> None:
    at, rules = now(), Rules(90, 30, 90)
    ids = list(session.scalars(select(step.key).where(*step.where(rules, at))))
    assert step.act(session, ids, rules, at) == 1

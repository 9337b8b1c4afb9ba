"""Stories as tests need them: written, asked, agreed to and published by the program's own ways."""

from __future__ import annotations

from sqlalchemy import select

from bot.conversation import due_stories
from bot.house import House
from bot.knowledge import drafts, editing, workflow
from bot.stories import entries, telling
from bot.stories.models import ToldStory

FACT = {"source": "useit", "checked_on": "2026-11-01", "review_by": "2027-11-01", "volatility": "D", "sure": "V"}
TEXTS = {
    "en": {
        "title": "From nurse to nurse",
        "story": "I was a nurse. I learned English. Now I work.",
        "helped": "An English class",
    },
    "ar": {"title": "من ممرضة إلى ممرضة", "story": "كنت ممرضة. تعلمت الإنجليزية. الآن أعمل.", "helped": "صف اللغة الإنجليزية"},
    "so": {"title": "Kalkaaliye ilaa kalkaaliye", "story": "Waxaan ahaa kalkaaliye. Waan bartay Ingiriisi.", "helped": "Fasalka"},
}


def shipped(house: House, key: str = "published", title: str = "A doctor's way", **more: object) -> None:
    """A story out of a source, in English and Arabic."""
    with house.sessions.begin() as session:
        data = {"title": title, "story": "He passed the exam.", "told_on": "2019-02-19", "fact": FACT, **more}
        texts = {
            ("en", "title"): title,
            ("en", "story"): "He passed the exam.",
            ("ar", "title"): "طريق طبيب",
            ("ar", "story"): "نجح.",
        }
        if "more" in more:
            texts["en", "more"] = str(more["more"])
        editing.create(session, entries.KIND, key, data=data, texts=texts, who="command", why="", checked=True)


def only(house: House) -> ToldStory:
    with house.sessions() as session:
        return session.scalars(select(ToldStory)).one()


def write_and_ask(house: House, staff_id: int = 1) -> ToldStory:
    """What a caseworker does with the one story that there is."""
    with house.sessions.begin() as session:
        story = session.scalars(select(ToldStory)).one()
        texts = {language: TEXTS[language] for language in telling.languages_of(story)}
        telling.write(session, story, staff_id, texts, pathway="nurse", name=story.name or "", country=story.country or "")
        telling.ask(session, story, staff_id, known=frozenset(), looked=True)
        due_stories.ask(session, story)
    return only(house)


def publish(house: House, staff_id: int = 1) -> None:
    """The caseworker proposes it, an admin publishes it."""
    with house.sessions.begin() as session:
        key = entries.propose(session, session.scalars(select(ToldStory)).one(), staff_id)
        (draft,) = drafts.of(session, entries.KIND, key)
        workflow.publish(session, draft, "staff:2", "")

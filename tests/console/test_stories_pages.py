"""Stories over HTTP: written short beside the person's words, asked, passed on to an admin, told, taken back; and what names somebody is held."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import select

from bot.answers import stories as answers
from bot.cases import handoffs
from bot.cases.models import Handoff, Notice
from bot.conversation import inbox
from bot.conversation.models import Outbox
from bot.house import House
from bot.knowledge import snapshot
from bot.knowledge.draft_models import Draft
from bot.knowledge.models import Entry
from bot.staff.models import AuditEntry
from bot.stories import entries, telling
from tests.console.desk import Desk
from tests.staff.people import Colleague
from tests.stories.telling import TEXTS, only

WORDS = "كنت ممرضة <b>في</b> سوريا وعملت طويلا"


@pytest.fixture
def told(house: House, caseworker: Colleague) -> str:
    """As it comes from the chat."""
    with house.sessions.begin() as session:
        chat = inbox.chat_for(session, "web", "teller")
        chat.person.language = "ar"
        session.flush()
        return telling.tell(session, chat, telling.Told(WORDS, "ar", name="Amal", in_reports=True)).reference


def text(**changed: str) -> dict[str, str]:
    return (
        {f"{code}.{part}": TEXTS[code][part] for code in ("en", "ar") for part in telling.FIELDS}
        | {"name": "Amal", "country": ""}
        | changed
    )


def test_from_the_persons_words_to_the_knowledge_and_out_of_it(
    desk: Desk, open_desk: Callable[..., Desk], house: House, caseworker: Colleague, admin: Colleague, told: str
) -> None:
    desk.log_in(caseworker).get("/stories")
    assert told in desk.text and "ممرضة" not in desk.text
    desk.get(f"/stories/{told}")
    assert WORDS in desk.text and "<b>" not in desk.page.text
    assert desk.send(f"/stories/{told}/text", **text(**{"ar.story": ""})).status_code == 409
    assert "A title and a story are needed" in desk.text
    desk.get(f"/stories/{told}")
    desk.send(f"/stories/{told}/text", **text(**{"en.story": "I was a nurse. Then Dr Khan helped me. I work now."}))
    assert "Dr Khan" in desk.text
    assert desk.send(f"/stories/{told}/ask").status_code == 409 and "may point at somebody" in desk.text
    desk.get(f"/stories/{told}")
    desk.send(f"/stories/{told}/text", **text())
    desk.send(f"/stories/{told}/ask")
    assert "The person is asked" in desk.text
    with house.sessions.begin() as session:
        (sent,) = session.scalars(select(Outbox)).all()
        assert TEXTS["ar"]["story"] in str(sent.body) and TEXTS["en"]["story"] in str(sent.body)
        story = telling.find(session, told, to_change=True)
        assert story is not None and telling.agree(
            session, story, story.mark, answers.consent_text("ar", story, telling.shown(story))
        )
    desk.get(f"/stories/{told}")
    desk.send(f"/stories/{told}/propose")
    assert "A draft waits for an admin" in desk.text
    with house.sessions() as session:
        draft = session.scalars(select(Draft)).one().id
    hers = open_desk().log_in(admin)
    hers.get(f"/knowledge/drafts/{draft}")
    hers.send(f"/knowledge/drafts/{draft}/publish")
    with house.sessions.begin() as session:
        assert list(entries.tellable(session, snapshot.current(session))) == [told.lower()]
        assert [story.reference for story in entries.settle(session)] == [told]
    desk.get(f"/stories/{told}")
    desk.send(f"/stories/{told}/withdraw")
    with house.sessions() as session:
        assert session.scalars(select(Entry)).all() == [] and session.scalars(select(Draft)).all() == []
        verbs = [
            row.verb
            for row in session.scalars(select(AuditEntry).where(AuditEntry.object == f"story:{told}").order_by(AuditEntry.id))
        ]
        written = str([(row.verb, row.object, row.why) for row in session.scalars(select(AuditEntry))])
    assert [verb for verb in verbs if verb != "stories.read"] == [
        "stories.write", "stories.write", "stories.ask", "stories.propose", "stories.withdraw",
    ]  # fmt: skip
    assert "nurse" not in written and only(house).words is None


def test_a_caseworker_writes_down_what_the_person_of_their_case_tells(
    desk: Desk, house: House, asked: str, caseworker: Colleague
) -> None:
    assert desk.log_in(caseworker).get(f"/cases/{asked}/story").status_code == 409  # not theirs yet
    with house.sessions.begin() as session:
        handoffs.claim(session, session.scalars(select(Handoff).where(Handoff.reference == asked)).one(), caseworker.id)
    desk.get(f"/cases/{asked}/story")
    desk.send(f"/cases/{asked}/story", words="I came and learned English.")
    story = only(house)
    assert (story.by, story.words, story.language) == (f"staff:{caseworker.id}", "I came and learned English.", "ar")
    desk.get(f"/stories/{story.reference}")
    desk.send(f"/stories/{story.reference}/decline")
    assert only(house).state == "declined" and only(house).words is None


def test_caseworkers_are_told_and_an_admin_does_not_read_the_words(
    desk: Desk, open_desk: Callable[..., Desk], house: House, caseworker: Colleague, admin: Colleague, told: str
) -> None:
    with house.sessions() as session:
        assert [(row.kind, row.object) for row in session.scalars(select(Notice))] == [("story_told", f"story:{told}")]
    desk.log_in(caseworker).get("/notices")
    assert "Somebody told a story" in desk.text and f"/console/stories/{told}" in desk.page.text
    assert open_desk().log_in(admin).get(f"/stories/{told}").status_code == 403

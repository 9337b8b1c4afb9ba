"""Plans for many professions, reminders, cards, places near a shared location, letters of a kind: through real Rasa."""

from __future__ import annotations

import datetime as dt
import uuid

import pytest
from sqlalchemy import select

from bot.cases.models import Message
from bot.conversation import inbox
from bot.conversation.clock import Clock
from bot.db.base import now
from bot.i18n import t
from bot.knowledge.models import Unknown
from bot.people.models import Plan, Reminder
from bot.settings import KNOWN_LANGUAGES
from tests.talking import Talk

PROFESSION = {
    "en": ("I am a social worker from Sudan and want to use my degree", "social-worker"),
    "ar": ("أنا صيدلي من سوريا وأريد معادلة شهادتي", "pharmacist"),
    "so": ("waxaan ahay macallin, sidee ayaan shahaadadayda u isticmaalaa", "teacher"),
    "fa": ("من داکتر دندان هستم از افغانستان، چطور اینجا کار کنم", "dentist"),
    "ps": ("زه انجنیر یم، څنګه دلته خپله ډیپلومه وکاروم", "engineer"),
    "ur": ("میں وکیل ہوں، اپنی ڈگری یہاں کیسے استعمال کروں", "lawyer"),
    "uk": ("я електрик з України, як підтвердити кваліфікацію", "electrician"),
    "fr": ("je suis comptable du Congo, comment faire reconnaître mon diplôme", "accountant"),
}
LETTER = """Birmingham City Council, Revenues Service
Dear Resident, Council Tax reminder. Our records show that your instalment of 1 December 2026 has not been paid. You must pay within 7 days.
If you do not pay, you may lose the right to pay by instalments and we may ask the court for a summons. Please contact us if you have a low
income: you may get Council Tax Support or a single person discount. Yours sincerely, Revenues Service"""


@pytest.fixture(params=KNOWN_LANGUAGES)
def language(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def skip_through(talk: Talk, language: str) -> str:
    said = ""
    for _ in range(9):
        if t(language, "button.skip") not in talk.buttons:
            break
        said = talk.tap(t(language, "button.skip"))
    return said


def test_a_profession_becomes_its_own_plan_in_every_language(talk: Talk, language: str) -> None:
    text, pathway = PROFESSION[language]
    talk.speaks(language).say(text)
    answer = skip_through(talk, language)
    with talk.house.sessions() as session:
        assert session.scalars(select(Plan.pathway)).one() == pathway
    assert t(language, "plan.progress", done=0, total=0).split("0")[0] in answer
    assert t(language, "button.next_step") in talk.buttons


def test_a_profession_without_a_plan_gets_the_general_route_and_is_recorded(talk: Talk) -> None:
    talk.speaks("en").say("how can I work as a vet here")
    answer = skip_through(talk, "en")
    assert t("en", "plan.not_covered") in answer and "regulated" in answer
    with talk.house.sessions() as session:
        assert session.scalars(select(Plan.pathway)).one() == "general"
        assert [(u.kind, u.words) for u in session.scalars(select(Unknown))] == [("profession", "vet")]


def test_somebody_who_waits_for_asylum_sees_no_paid_job(talk: Talk) -> None:
    talk.speaks("en").say("I am a nurse from Eritrea and want to work here")
    for _ in range(9):
        if t("en", "answer.asylum.waiting") in talk.buttons:
            answer = talk.tap(t("en", "answer.asylum.waiting"))
        elif t("en", "button.skip") in talk.buttons:
            answer = talk.tap(t("en", "button.skip"))
    assert "regulated adviser" in answer and t("en", "plan.meanwhile", text="").strip() not in answer


def test_a_reminder_comes_and_leads_back_to_the_step(talk: Talk) -> None:
    text, _ = PROFESSION["uk"]
    talk.speaks("uk").say(text)
    skip_through(talk, "uk")
    talk.tap(t("uk", "button.next_step"))
    talk.tap(t("uk", "button.remind_me"))
    talk.tap(t("uk", "button.remind_in_7"))
    with talk.house.sessions.begin() as session:
        session.scalars(select(Reminder)).one().due_at = now() - dt.timedelta(minutes=1)
    assert Clock(talk.house).tick() == 1
    assert "⏰" in talk.hear()
    talk.tap(t("uk", "button.step_done"))
    with talk.house.sessions() as session:
        plan = session.scalars(select(Plan)).one()
        assert [row.state for row in plan.steps].count("done") == 1


def test_stop_ends_the_reminders(talk: Talk) -> None:
    test_a_reminder = PROFESSION["en"][0]
    talk.speaks("en").say(test_a_reminder)
    skip_through(talk, "en")
    talk.tap(t("en", "button.next_step"))
    talk.tap(t("en", "button.remind_me"))
    talk.tap(t("en", "button.remind_in_3"))
    talk.say("/stop")
    with talk.house.sessions() as session:
        assert session.scalars(select(Reminder.state)).all() == ["cancelled"]


def test_the_plan_and_the_card_come_as_papers(talk: Talk) -> None:
    talk.speaks("ar").say(PROFESSION["ar"][0])
    skip_through(talk, "ar")
    talk.tap(t("ar", "button.plan_pdf"))
    paper = talk.last[-1].reply.paper
    assert paper is not None and (paper.name, paper.form) == ("plan-pharmacist", "pdf")
    assert [block.kind for block in paper.blocks].count("step") >= 6
    talk.say("/menu")
    talk.tap(t("ar", "menu.desk"))
    talk.tap(t("ar", "desk.gp"))
    card = talk.last[-1].reply.paper
    assert card is not None
    pairs = [block for block in card.blocks if block.kind == "pair"]
    assert all(block.language == "en" and block.other_language == "ar" and block.other for block in pairs)
    assert any("interpreter" in block.text and "Arabic" in block.text for block in pairs)


def send_location(talk: Talk, latitude: float, longitude: float) -> str:
    """As Telegram sends it; the command line has no location, so its channel reads Telegram's update here."""
    from bot.channels.telegram import reading

    raw = {
        "message": {"date": 1, "chat": {"id": 1, "type": "private"}, "location": {"latitude": latitude, "longitude": longitude}}
    }
    incoming = reading.read(raw)
    assert incoming.place == (latitude, longitude)
    talk.worker._channels["cli"].read = lambda _: incoming  # type: ignore[method-assign]  # the edge is replaced for one message
    with talk.house.sessions.begin() as session:
        inbox.receive(session, "cli", talk.address, uuid.uuid4().hex, raw)
    talk.work()
    del talk.worker._channels["cli"].read  # type: ignore[attr-defined]  # an attribute of the test's own
    return talk.hear()


def test_a_shared_location_answers_the_question_where(talk: Talk) -> None:
    talk.speaks("en").say("I need help with housing")
    assert t("en", "ask.area") in "\n".join(m.reply.text for m in talk.last)
    assert t("en", "ask.access") in send_location(talk, 52.4760, -1.9337)
    answer = talk.tap(t("en", "button.nothing_special"))
    assert "Birmingham" in answer or "miles" in answer
    with talk.house.sessions() as session:
        assert not any("52.47" in (message.text or "") for message in session.scalars(select(Message)))


def test_a_location_out_of_nowhere_is_offered_help_near_it(talk: Talk) -> None:
    talk.speaks("en")
    assert "B16" in send_location(talk, 52.4760, -1.9337)
    talk.tap("B16")
    assert t("en", "ask.need") in "\n".join(m.reply.text for m in talk.last)


def test_a_letter_says_what_it_seems_to_be_and_is_not_kept(talk: Talk, language: str) -> None:
    answer = talk.speaks(language).say(LETTER)
    assert "📨" in answer and "📅" in answer
    assert t(language, "letter.not_kept") in answer
    assert t(language, "button.letter_help", need=t(language, "need.money")) in talk.buttons
    with talk.house.sessions() as session:
        kept = [message.text for message in session.scalars(select(Message).where(Message.sender == "person"))]
    assert kept == ["[letter]"]


def test_a_letter_for_a_caseworker_is_kept_for_them(talk: Talk) -> None:
    talk.speaks("en").say(LETTER)
    talk.tap(t("en", "button.person"))
    talk.say(LETTER)
    with talk.house.sessions() as session:
        kept = [message.text for message in session.scalars(select(Message).where(Message.sender == "person"))]
    assert sum("Revenues Service" in text for text in kept) == 1


def test_an_abbreviation_with_two_meanings_offers_the_other(talk: Talk) -> None:
    talk.speaks("en").say("what is a PIP")
    assert t("en", "term.also", abbreviation="PIP") in "\n".join(m.reply.text for m in talk.last)
    assert "another" in talk.tap("Performance improvement plan").lower() or "manager" in "\n".join(
        m.reply.text for m in talk.last
    )

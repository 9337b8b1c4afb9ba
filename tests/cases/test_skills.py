"""The two skills of a case: a caseworker's question answered with one tap, and going on where one was. Run as rasa_sdk runs them."""

from __future__ import annotations

import asyncio
from typing import Any

import yaml
from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher
from sqlalchemy.orm import Session

from actions import all_actions
from actions.cases import CaseAnswer, GoOn
from actions.general import Privacy
from actions.skill import Skill
from bot import i18n
from bot.cases import answering
from bot.conversation import turn
from bot.conversation.turn import Turn
from bot.db.base import now
from bot.house import House
from bot.knowledge import snapshot
from bot.people.models import Chat
from bot.settings import ROOT
from tests.cases.office import AMINA, ask, history


def run(
    session: Session, house: House, chat: Chat, skill: Skill, form: str | None = None, **entities: str
) -> tuple[list[str], list[str]]:
    """The texts said, and the actions that follow."""
    session.refresh(chat)
    turn.begin(
        Turn(
            session=session,
            chat=chat,
            knowledge=snapshot.current(session),
            language="ar",
            text="",
            origin="button:1:0",
            hours=house.hours,
            at=now(),
        )
    )
    latest: dict[str, Any] = {"entities": [{"entity": name, "value": value} for name, value in entities.items()]}
    tracker = Tracker("x", {}, latest, [], False, None, {"name": form} if form else {}, "action_listen")
    dispatcher = CollectingDispatcher()
    events = asyncio.run(skill.run(dispatcher, tracker, {}))
    return [message["custom"]["text"] for message in dispatcher.messages], [event["name"] for event in events]


def test_rasa_knows_both_and_the_intents_that_call_them() -> None:
    domain = yaml.safe_load((ROOT / "domain.yml").read_text(encoding="utf-8"))
    rules = yaml.safe_load((ROOT / "data/rules/answers.yml").read_text(encoding="utf-8"))["rules"]
    ruled = {rule["steps"][1]["action"]: rule["steps"][0]["intent"] for rule in rules if "action" in rule["steps"][1]}
    assert (ruled["action_case_answer"], ruled["action_go_on"]) == ("case_answer", "go_on")
    assert {"case_answer", "go_on"} <= set(domain["intents"]) and {"case", "answer"} <= set(domain["entities"])
    assert {action.name() for action in all_actions()} == set(domain["actions"])


def test_an_answer_is_noted_and_no_question_of_the_bots_comes_in_between(at_work: House) -> None:
    with at_work.sessions.begin() as session:
        row = ask(session)
        answering.claim(session, row, AMINA)
        chat = session.get_one(Chat, row.chat_id)
        said = run(session, at_work, chat, CaseAnswer(), "help_form", case=row.reference, answer="have")
        assert said == ([i18n.t("ar", "case.answer.noted")], [])
        assert history(session, row)[-1] == ("person", "claimed", "replied", "have")
        answering.close(session, row, AMINA, "helped")
        late = run(session, at_work, chat, CaseAnswer(), case=row.reference, answer="have")
        assert late == ([i18n.t("ar", "case.answer.too_late")], [])


def test_while_a_caseworker_holds_the_chat_the_form_waits(at_work: House) -> None:
    with at_work.sessions.begin() as session:
        row = ask(session)
        chat = session.get_one(Chat, row.chat_id)
        assert run(session, at_work, chat, Privacy(), "help_form")[1] == ["help_form"]
        answering.claim(session, row, AMINA)
        assert run(session, at_work, chat, Privacy(), "help_form")[1] == []


def test_going_on_asks_the_open_question_again_or_shows_the_menu(at_work: House) -> None:
    with at_work.sessions.begin() as session:
        chat = session.get_one(Chat, ask(session).chat_id)
        assert run(session, at_work, chat, GoOn(), "qualification_form") == ([i18n.t("ar", "go_on")], ["qualification_form"])
        assert run(session, at_work, chat, GoOn()) == ([i18n.t("ar", "menu.title")], [])

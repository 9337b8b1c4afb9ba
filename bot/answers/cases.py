"""What is said to a person about the case that a caseworker works on."""

from __future__ import annotations

from bot.answers import general
from bot.conversation.turn import Turn
from bot.replies import Reply


def noted(turn: Turn) -> Reply:
    """Their answer is with the caseworker. Nothing is offered: somebody else is talking to them."""
    return turn.reply(turn.t("case.answer.noted"))


def too_late(turn: Turn) -> Reply:
    return turn.reply(turn.t("case.answer.too_late"), [turn.person_button(), turn.menu_button()])


def go_on(turn: Turn, *, in_form: bool) -> Reply:
    """Before the question that was open when a caseworker took over; without one, the menu."""
    return general.say(turn, "go_on", menu=False) if in_form else general.menu(turn)

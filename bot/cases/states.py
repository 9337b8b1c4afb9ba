"""Which moves a hand-off and a referral may make, and what the states have in common."""

from __future__ import annotations

from bot.errors import RefusedError

URGENCIES = ("danger", "today", "week", "any")  # most urgent first
# `reopened` is `waiting` for somebody whose case was closed before; `claimed`: whoever holds it owes an answer
HANDOFF = {
    "waiting": {"claimed", "closed"},
    "reopened": {"claimed", "closed"},
    "claimed": {"answered", "waiting_for_person", "waiting", "closed"},
    "answered": {"answered", "waiting_for_person", "claimed", "waiting", "closed"},
    "waiting_for_person": {"waiting_for_person", "answered", "claimed", "waiting", "closed"},
    "closed": {"reopened"},
}
WAITING = ("waiting", "reopened")  # nobody has it: the bot answers
HELD = ("claimed", "answered", "waiting_for_person")  # somebody has it: the bot is silent
OPEN = (*WAITING, *HELD)
OWED = (*WAITING, "claimed")  # the person waits for us

REFERRAL = {
    "draft": {"consent_given", "declined_by_person", "withdrawn"},
    "consent_given": {"sent", "not_eligible", "declined_by_service", "declined_by_person", "withdrawn", "completed"},
    "sent": {
        "accepted", "waiting_list", "in_progress", "not_eligible", "declined_by_service", "declined_by_person", "could_not_reach",
        "withdrawn", "completed",
    },
    "accepted": {
        "waiting_list", "in_progress", "not_eligible", "declined_by_service", "declined_by_person", "could_not_reach", "withdrawn",
        "completed",
    },
    "waiting_list": {
        "accepted", "in_progress", "not_eligible", "declined_by_service", "declined_by_person", "could_not_reach", "withdrawn",
        "completed",
    },
    "in_progress": {"declined_by_service", "declined_by_person", "could_not_reach", "withdrawn", "completed"},
    "could_not_reach": {
        "sent", "accepted", "waiting_list", "in_progress", "not_eligible", "declined_by_service", "declined_by_person",
        "withdrawn", "completed",
    },
    "not_eligible": set[str](),
    "declined_by_service": set[str](),
    "declined_by_person": set[str](),
    "withdrawn": set[str](),
    "completed": set[str](),
}  # fmt: skip
REFERRAL_ENDED = tuple(state for state, onward in REFERRAL.items() if not onward)


def check_move(machine: dict[str, set[str]], was: str, becomes: str) -> None:
    """Raises RefusedError (move) when the move is not one of the machine's."""
    if becomes not in machine.get(was, set()):
        raise RefusedError(f"cannot go from {was} to {becomes}", "move")

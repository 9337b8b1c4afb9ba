"""Which moves a hand-off and a referral may make."""

from __future__ import annotations

from bot.errors import RefusedError

HANDOFF = {
    "waiting": {"claimed", "closed"},
    "claimed": {"answered", "waiting", "closed"},
    "answered": {"answered", "waiting", "closed"},
    "closed": set[str](),
}
REFERRAL = {
    "consent_given": {"sent", "declined_by_service", "withdrawn", "completed"},
    "sent": {"accepted", "waiting_list", "declined_by_service", "could_not_reach", "withdrawn", "completed"},
    "accepted": {"completed", "could_not_reach", "withdrawn"},
    "waiting_list": {"accepted", "declined_by_service", "could_not_reach", "withdrawn", "completed"},
    "could_not_reach": {"sent", "withdrawn", "completed"},
    "declined_by_service": set[str](),
    "withdrawn": set[str](),
    "completed": set[str](),
}


def check_move(machine: dict[str, set[str]], was: str, becomes: str) -> None:
    """Raises RefusedError when the move is not one of the machine's."""
    if becomes not in machine.get(was, set()):
        raise RefusedError(f"cannot go from {was} to {becomes}")

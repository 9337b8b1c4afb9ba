"""What nobody may put before people alone: a wrong emergency number cannot be undone for whoever rang it.

The rule stands below every way in (console, commands, imports): a change of these kinds names a second person, or it is refused.
"""

from __future__ import annotations

from bot.errors import RefusedError

KINDS = frozenset({"safety"})


def needed(kind: str) -> bool:
    """Whether a second person must approve what is published of this kind."""
    return kind in KINDS


def check(kind: str, who: str, approved_by: str) -> None:
    """Raises RefusedError (second_person) when there must be a second person and there is none, or it is the same one."""
    if needed(kind) and approved_by in ("", who):
        raise RefusedError("a second person must approve a safety number", "second_person")

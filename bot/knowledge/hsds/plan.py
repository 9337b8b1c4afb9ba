"""What an import would do: the same for a feed of services and for a spreadsheet."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any, Literal

from bot.errors import RefusedError

Standing = Literal["", "theirs", "conflict", "kept"]
What = Literal["added", "changed", "unchanged", "conflict", "refused", "gone"]
WHATS: tuple[What, ...] = ("added", "changed", "conflict", "gone", "refused", "unchanged")
SHOWN = 160  # characters of a value in a plan


@dataclass(frozen=True)
class Change:
    """One field: what stands here now, and what would.

    `standing`, where a choice is offered: theirs, only they changed it; conflict, both did; kept, only we did.
    """

    field: str
    old: str
    new: str
    standing: Standing = ""


@dataclass(frozen=True)
class Item:
    """What would happen to one entry.

    `conflict`: it was edited here, or is not from there, and stays unless its key is taken. `gone`: the feed has it no more,
    so it is not spoken any more; with a `kept` it stays. `reasons`: of a refusal, each with file and place.
    """

    what: What
    key: str
    name: str = ""
    changes: tuple[Change, ...] = ()
    reasons: tuple[str, ...] = ()
    published: bool = True
    kept: bool = False


@dataclass(frozen=True)
class Plan:
    """Everything that an import of `source` would do, in the order of the source."""

    source: str
    items: list[Item] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def of(self, *what: What) -> list[Item]:
        return [item for item in self.items if item.what in what]

    @property
    def counts(self) -> dict[What, int]:
        counted = Counter(item.what for item in self.items)
        return {what: counted[what] for what in WHATS}

    @property
    def problems(self) -> list[str]:
        return [reason for item in self.of("refused") for reason in item.reasons]

    @property
    def is_settled(self) -> bool:
        """Whether nothing is left for a person to decide."""
        return not self.of("conflict", "refused") and not any(item.kept for item in self.items)


class ProblemsError(RefusedError):
    """The source cannot be imported. `problems`: one line each, with the file and the line or JSON pointer."""

    def __init__(self, problems: list[str]) -> None:
        self.problems = problems
        more = f" (and {len(problems) - 1} more)" if len(problems) > 1 else ""
        super().__init__(f"nothing was imported: {problems[0]}{more}", "import")


def shown(value: Any) -> str:
    """A value as a plan shows it: one line, cut."""
    if isinstance(value, list):
        value = ", ".join(shown(item) for item in value)
    elif isinstance(value, dict):
        value = " ".join(f"{name}={shown(part)}" for name, part in value.items() if part not in (None, "", []))
    words = " ".join(str("" if value is None else value).split())
    return words if len(words) <= SHOWN else words[: SHOWN - 1] + "…"


def check_taken(plan_items: list[Item], taken: frozenset[str]) -> None:
    """Raises RefusedError for a chosen key that is in no conflict."""
    open_keys = {item.key for item in plan_items if item.what == "conflict" or item.kept}
    if wrong := sorted(taken - open_keys):
        raise RefusedError(f"--take: nothing to choose for {', '.join(wrong)}", "take")

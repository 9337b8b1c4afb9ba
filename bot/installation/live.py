"""The settings as they count now, in every process: read again as soon as anybody changed one.

The number that says so stands beside the one of the knowledge, so that a turn asks for both at once (bot/knowledge/snapshot.numbers).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.installation.models import LiveSetting
from bot.knowledge import snapshot
from bot.settings import Settings

STOP = "stop"


@dataclass(frozen=True)
class Stop:
    """The bot answers nothing but danger. `until` None: until somebody starts it again. `reason`: for staff."""

    reason: str
    since: dt.datetime
    by: str
    until: dt.datetime | None = None


@dataclass(frozen=True)
class Installation:
    """Everything that was set, at one revision. What was never set is not in `values`: the environment says it."""

    number: int = 0
    values: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))

    def settings(self, base: Settings) -> Settings:
        """The environment's settings with what was set here over them."""
        changed = {
            name: self.values[name]
            for name in ("hours", "keep_days", "close_after_days", "delete_after_days")
            if name in self.values
        }
        if "languages" in self.values:
            changed["languages"] = tuple(self.values["languages"])
        if not self.is_on("photos"):
            changed["photo"] = "off"
        return replace(base, **changed)

    def is_on(self, feature: str) -> bool:
        return bool(self.values.get(f"feature.{feature}", True))

    def greeting(self, language: str) -> str:
        """What is said before the welcome; "" in a language that has none."""
        return str(self.values.get(f"greeting.{language}", ""))

    @property
    def ours(self) -> frozenset[str]:
        """The keys of the services that are run by ourselves."""
        return frozenset(self.values.get("ours", ()))

    @property
    def follow_up_days(self) -> int | None:
        """After how many days people are asked how it went, where this was set."""
        return self.values.get("follow_up_days")

    def stopped(self, at: dt.datetime) -> Stop | None:
        """The stop that holds at this moment."""
        value = self.values.get(STOP)
        if value is None:
            return None
        until = dt.datetime.fromisoformat(value["until"]) if value["until"] else None
        if until is not None and until <= at:
            return None
        return Stop(value["reason"], dt.datetime.fromisoformat(value["since"]), value["by"], until)


NOTHING_SET = Installation()
_latest = NOTHING_SET


def current(session: Session, number: int | None = None) -> Installation:
    """What is set now. `number`: the revision, where the caller knows it already."""
    global _latest
    if number is None:
        number = snapshot.numbers(session).installation
    if number == 0:
        return NOTHING_SET
    if _latest.number != number:
        _latest = read(session, number)
    return _latest


def read(session: Session, number: int = 0) -> Installation:
    """What is set, as this transaction sees it. Remembered by nobody: it may be rolled back, and its number given out again."""
    rows = session.execute(select(LiveSetting.name, LiveSetting.value)).all()
    return Installation(number, MappingProxyType({name: value for name, value in rows if value is not None}))


def forget() -> None:
    """Drops what was read: another database is in use (tests, a restored backup)."""
    global _latest
    _latest = NOTHING_SET

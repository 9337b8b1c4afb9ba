"""Changing a live setting, taking a change back, stopping the bot: checked, recorded, and read by every process at its next message."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.db.base import now
from bot.db.session import insert_new
from bot.errors import RefusedError
from bot.installation import registry
from bot.installation.live import STOP
from bot.installation.models import LiveSetting, SettingChange
from bot.knowledge import snapshot
from bot.knowledge.loading import touch
from bot.knowledge.models import INSTALLATION
from bot.staff import audit

LONGEST_REASON = 300  # characters
LONGEST_STOP = dt.timedelta(days=90)  # a stop that everybody has forgotten ends by itself
LONGEST_RECORD = 400  # characters of one value in the audit


def versions(session: Session) -> dict[str, int]:
    """Setting -> its version; what was never changed has 0. A form carries it, and one that carries another is stale."""
    return dict(session.execute(select(LiveSetting.name, LiveSetting.version)).tuples().all())


def change(session: Session, name: str, text: str, *, who: str, seen: int | None = None) -> bool:
    """Sets it. False: it says so already. `who`: "staff:<id>" or "command". `seen`: the version that the form was made from.

    Raises RefusedError: setting, stale, and what the setting's own check refuses.
    """
    value = registry.of(name).read(text)
    if name == "ours":
        _are_services(session, value)
    return _write(session, name, value, who, seen)


def reset(session: Session, name: str, *, who: str, seen: int | None = None) -> bool:
    """Back to what the environment says. Raises RefusedError: setting, stale."""
    registry.of(name)
    return _write(session, name, None, who, seen)


def undo(session: Session, change_id: int, *, who: str) -> SettingChange:
    """Takes one change back. Raises RefusedError: setting (no such change), stale (it was changed again since)."""
    done = session.get(SettingChange, change_id)
    if done is None or done.name == STOP:
        raise RefusedError("there is no such change", "setting")
    if done.before is not None:  # what was good then may not be now: a service may have gone
        change(session, done.name, registry.of(done.name).write(done.before), who=who, seen=done.version)
    else:
        reset(session, done.name, who=who, seen=done.version)
    return done


def stop(session: Session, *, reason: str, until: dt.datetime | None, who: str) -> None:
    """From the next message on the bot says that it is closed, in every process. Raises RefusedError: stop_reason, stop_until."""
    reason, at = " ".join(reason.split()), now()
    if not reason or len(reason) > LONGEST_REASON or not reason.isprintable():
        raise RefusedError(f"say why, in at most {LONGEST_REASON} characters", "stop_reason")
    if until is not None and not at < until <= at + LONGEST_STOP:
        raise RefusedError(f"the end must be in the next {LONGEST_STOP.days} days", "stop_until")
    ends = until.isoformat() if until else None
    _write(session, STOP, {"reason": reason, "until": ends, "since": at.isoformat(), "by": who}, who, None)


def start_again(session: Session, *, who: str) -> bool:
    """False: it was not stopped."""
    return _write(session, STOP, None, who, None)


def history(session: Session, limit: int = 30) -> list[SettingChange]:
    """Newest first."""
    return list(session.scalars(select(SettingChange).order_by(SettingChange.id.desc()).limit(limit)))


def _write(session: Session, name: str, value: Any, who: str, seen: int | None) -> bool:
    row = _locked(session, name)
    if seen is not None and seen != row.version:
        raise RefusedError("somebody else changed this setting meanwhile", "stale")
    if row.value == value:
        return False
    before, row.value, row.version = row.value, value, row.version + 1
    session.add(SettingChange(name=name, version=row.version, who=who, before=before, after=value))
    touch(session, INSTALLATION)
    session.flush()
    audit.record(session, who, "settings.change", f"setting:{name}", f"{_said(before)} > {_said(value)}")
    return True


def _locked(session: Session, name: str) -> LiveSetting:
    """The row, made when there is none; nobody else changes it until this transaction ends."""
    query = select(LiveSetting).where(LiveSetting.name == name).with_for_update().execution_options(populate_existing=True)
    row = session.scalar(query)
    if row is None:
        insert_new(session, LiveSetting, name=name, version=0)
        row = session.scalars(query).one()
    return row


def _said(value: Any) -> str:
    """As the audit holds it: no live setting is a secret, and none holds a person's words."""
    return "-" if value is None else json.dumps(value, ensure_ascii=False)[:LONGEST_RECORD]


def _are_services(session: Session, keys: list[str]) -> None:
    known = snapshot.current(session).services
    if unknown := [key for key in keys if key not in known]:
        raise RefusedError(f"no service has the key {', '.join(unknown)}", "setting_services")

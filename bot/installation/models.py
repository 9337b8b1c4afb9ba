"""The live settings as they stand in the database, and every change of one."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import JSON
from sqlalchemy.orm import Mapped, mapped_column

from bot.db.base import Base, UtcDateTime, now


class LiveSetting(Base):
    """One setting that was changed here once. `value` None: the environment's counts (again). `version`: grows with every change."""

    __tablename__ = "live_settings"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)  # of bot/installation/registry.py, or "stop"
    value: Mapped[Any] = mapped_column(JSON(none_as_null=True), nullable=True)
    version: Mapped[int] = mapped_column(default=0)


class SettingChange(Base):
    """Who changed what, when, from what to what; None stands for what the environment says."""

    __tablename__ = "live_setting_changes"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(index=True)
    version: Mapped[int]  # which this change made
    at: Mapped[dt.datetime] = mapped_column(UtcDateTime, default=now)
    who: Mapped[str]
    before: Mapped[Any] = mapped_column(JSON(none_as_null=True), nullable=True)
    after: Mapped[Any] = mapped_column(JSON(none_as_null=True), nullable=True)

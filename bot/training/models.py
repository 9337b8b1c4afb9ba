"""The tables of an installation's own teaching. A text in them was adopted by somebody of the staff, who could rewrite it first."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import JSON, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from bot.db.base import Base, SecretJson, SecretText, UtcDateTime, now


class Example(Base):
    """A line the next model is taught: words of `language` that mean `intent`. `state`: active, paused."""

    __tablename__ = "training_examples"

    id: Mapped[int] = mapped_column(primary_key=True)
    language: Mapped[str]
    intent: Mapped[str]
    text: Mapped[str] = mapped_column(SecretText)
    digest: Mapped[str] = mapped_column(unique=True)  # of language and folded words: the same line is there once
    state: Mapped[str] = mapped_column(default="active")
    who: Mapped[str]
    created_at: Mapped[dt.datetime] = mapped_column(UtcDateTime, default=now)


class Probe(Base):
    """A test message of the installation: never taught, only asked. `must`: no model that fails it is switched in."""

    __tablename__ = "model_tests"

    id: Mapped[int] = mapped_column(primary_key=True)
    language: Mapped[str]
    intent: Mapped[str]
    text: Mapped[str] = mapped_column(SecretText)
    digest: Mapped[str] = mapped_column(unique=True)
    must: Mapped[bool] = mapped_column(default=False)
    who: Mapped[str]
    created_at: Mapped[dt.datetime] = mapped_column(UtcDateTime, default=now)


class Run(Base):
    """One training and judging. `state`: waiting, running, done, failed. `step` and `percent`: how far it is.

    `active` is true while it waits or runs and NULL afterwards: unique, so that there is one at a time.
    """

    __tablename__ = "training_runs"

    id: Mapped[int] = mapped_column(primary_key=True)
    state: Mapped[str] = mapped_column(default="waiting")
    active: Mapped[bool | None] = mapped_column(unique=True)
    step: Mapped[str] = mapped_column(default="waiting")
    percent: Mapped[int] = mapped_column(default=0)
    who: Mapped[str]
    created_at: Mapped[dt.datetime] = mapped_column(UtcDateTime, default=now)
    started_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    heard_at: Mapped[dt.datetime] = mapped_column(UtcDateTime, default=now)  # a sign of life; without one it counts as killed
    ended_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    failure: Mapped[str | None]  # a code, and for a person who mends it the last line of the log
    model: Mapped[str | None]  # the name of what was made
    against: Mapped[str | None]  # the model it was compared with
    examples: Mapped[int] = mapped_column(default=0)
    tests_mark: Mapped[str | None]  # of the test messages as they were judged
    refused: Mapped[Any] = mapped_column(JSON, nullable=True)  # why it may not be switched in: codes; [] when it may
    result: Mapped[Any] = mapped_column(SecretJson, nullable=True)  # bot.training.comparing.Comparison


class OwnModel(Base):
    """A model that was trained here and whose archive is kept. `base`: the fingerprint of the shipped files it was made from."""

    __tablename__ = "trained_models"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)
    sha256: Mapped[str]
    base: Mapped[str]
    examples: Mapped[int]
    run_id: Mapped[int | None] = mapped_column(ForeignKey("training_runs.id", ondelete="SET NULL"))
    made_at: Mapped[dt.datetime] = mapped_column(UtcDateTime, default=now)
    used_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)  # when it was last switched in


class ModelInUse(Base):
    """One row: which model every process is to use. `name` is "" for the shipped one; `number` grows with every switch."""

    __tablename__ = "model_in_use"

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(default=0)
    name: Mapped[str] = mapped_column(default="")
    sha256: Mapped[str] = mapped_column(default="")
    before: Mapped[str | None]  # what was in use before it: where one click leads back
    who: Mapped[str]
    since: Mapped[dt.datetime] = mapped_column(UtcDateTime, default=now)


class Listening(Base):
    """A process that answers people, and the model it answers with. `failure`: why it could not take the one it should."""

    __tablename__ = "model_processes"

    id: Mapped[int] = mapped_column(primary_key=True)
    token: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    number: Mapped[int]
    failure: Mapped[str | None]
    started_at: Mapped[dt.datetime] = mapped_column(UtcDateTime, default=now)
    seen_at: Mapped[dt.datetime] = mapped_column(UtcDateTime, default=now)

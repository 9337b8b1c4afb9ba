"""Who works in the console, their sessions, and the record of what they looked at and did."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from bot.db.base import Base, SecretText, UtcDateTime, now


class Staff(Base):
    """`role`: caseworker, admin. No one can log in without a password and a TOTP secret of their own."""

    __tablename__ = "staff"

    id: Mapped[int] = mapped_column(primary_key=True)
    login: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    role: Mapped[str]
    password_hash: Mapped[str]
    totp_secret: Mapped[str] = mapped_column(SecretText)
    totp_last_used: Mapped[int] = mapped_column(default=0)  # the time step of the last code, so none works twice
    disabled_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    created_at: Mapped[dt.datetime] = mapped_column(UtcDateTime, default=now)


class StaffSession(Base):
    __tablename__ = "staff_sessions"

    token_hash: Mapped[str] = mapped_column(primary_key=True)
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id", ondelete="CASCADE"), index=True)
    csrf: Mapped[str]
    created_at: Mapped[dt.datetime] = mapped_column(UtcDateTime, default=now)
    seen_at: Mapped[dt.datetime] = mapped_column(UtcDateTime, default=now)

    staff: Mapped[Staff] = relationship()


class Invitation(Base):
    """A one-time link to make an account. Only the hash of its token is kept."""

    __tablename__ = "invitations"

    token_hash: Mapped[str] = mapped_column(primary_key=True)
    role: Mapped[str]
    totp_secret: Mapped[str] = mapped_column(SecretText)
    created_at: Mapped[dt.datetime] = mapped_column(UtcDateTime, default=now)
    expires_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    used_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)


class LoginAttempt(Base):
    __tablename__ = "login_attempts"

    id: Mapped[int] = mapped_column(primary_key=True)
    bucket: Mapped[str] = mapped_column(index=True)  # a pseudonym of the login or of the address
    at: Mapped[dt.datetime] = mapped_column(UtcDateTime, default=now)


class AuditEntry(Base):
    """Append-only. Ids and verbs, never a person's words."""

    __tablename__ = "audit"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[dt.datetime] = mapped_column(UtcDateTime, default=now)
    actor: Mapped[str]
    verb: Mapped[str]
    object: Mapped[str]
    why: Mapped[str] = mapped_column(default="")

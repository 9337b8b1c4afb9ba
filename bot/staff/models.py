"""Who works in the console, their sessions, and the record of what they looked at and did."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from bot.db.base import Base, SecretJson, SecretText, UtcDateTime, now


class Staff(Base):
    """`role`: bot/staff/permissions.py. `languages`: those a reviewer reads. No one can log in without a password and a TOTP secret
    of their own, or a single sign-on that an admin has linked. `notify`: what they want to be told of, and how
    (bot/cases/notifying.py), and `credit`, whether they want to be named.
    """

    __tablename__ = "staff"

    id: Mapped[int] = mapped_column(primary_key=True)
    login: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    role: Mapped[str]
    password_hash: Mapped[str]
    totp_secret: Mapped[str] = mapped_column(SecretText)
    totp_last_used: Mapped[int] = mapped_column(default=0)  # the time step of the last code, so none works twice
    email: Mapped[str | None] = mapped_column(SecretText)
    notify: Mapped[Any] = mapped_column(JSON, default=dict)
    languages: Mapped[Any] = mapped_column(JSON, default=list, server_default="[]")
    disabled_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    created_at: Mapped[dt.datetime] = mapped_column(UtcDateTime, default=now)


class Team(Base):
    """Whose cases are whose. `hours` as in USEIT_HOURS, empty: the house's; `closed`: further days (ISO) nobody is there."""

    __tablename__ = "teams"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)
    hours: Mapped[str] = mapped_column(default="")
    closed: Mapped[Any] = mapped_column(JSON, default=list)
    created_at: Mapped[dt.datetime] = mapped_column(UtcDateTime, default=now)


class TeamMember(Base):
    __tablename__ = "team_members"

    team_id: Mapped[int] = mapped_column(ForeignKey("teams.id", ondelete="CASCADE"), primary_key=True)
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id", ondelete="CASCADE"), primary_key=True, index=True)


class Absence(Base):
    """Days on which somebody is away, the first and the last."""

    __tablename__ = "absences"

    id: Mapped[int] = mapped_column(primary_key=True)
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id", ondelete="CASCADE"), index=True)
    first: Mapped[dt.date]
    last: Mapped[dt.date]


class RecoveryCode(Base):
    """One of the codes that open an account when the phone is lost, each once. Only its argon2id hash is kept."""

    __tablename__ = "recovery_codes"

    id: Mapped[int] = mapped_column(primary_key=True)
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id", ondelete="CASCADE"), index=True)
    code_hash: Mapped[str]
    used_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)


class SsoLink(Base):
    """An account as an OpenID Connect provider knows it."""

    __tablename__ = "sso_links"
    __table_args__ = (UniqueConstraint("issuer", "subject"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id", ondelete="CASCADE"), index=True)
    issuer: Mapped[str]
    subject: Mapped[str]


class SsoAttempt(Base):
    """Somebody was sent to the provider and has not come back yet. `details`: nonce, code verifier, what it is for."""

    __tablename__ = "sso_attempts"

    state_hash: Mapped[str] = mapped_column(primary_key=True)
    browser_hash: Mapped[str]  # only the browser that began may end it
    address: Mapped[str] = mapped_column(index=True)  # a pseudonym
    details: Mapped[Any] = mapped_column(SecretJson)
    created_at: Mapped[dt.datetime] = mapped_column(UtcDateTime, default=now)


class StaffSession(Base):
    __tablename__ = "staff_sessions"

    token_hash: Mapped[str] = mapped_column(primary_key=True)
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id", ondelete="CASCADE"), index=True)
    csrf: Mapped[str]
    device: Mapped[str] = mapped_column(default="")  # what the browser calls itself, e.g. "Firefox, Windows"
    created_at: Mapped[dt.datetime] = mapped_column(UtcDateTime, default=now)
    seen_at: Mapped[dt.datetime] = mapped_column(UtcDateTime, default=now)

    staff: Mapped[Staff] = relationship()


class Invitation(Base):
    """A one-time link. Only the hash of its token is kept.

    `kind`: account (make one), second_factor or password (of the account `staff_id`, whose owner lost one of the two).
    """

    __tablename__ = "invitations"

    token_hash: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(default="account")
    role: Mapped[str]
    languages: Mapped[Any] = mapped_column(JSON, default=list, server_default="[]")
    team_id: Mapped[int | None] = mapped_column(ForeignKey("teams.id", ondelete="SET NULL"))
    email: Mapped[str | None] = mapped_column(SecretText)
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id", ondelete="CASCADE"))
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
    """Append-only: the database itself refuses to change or delete a row. Ids and verbs, never a person's words.

    `chain`: a hash over this entry and the one before (bot/staff/audit.py).
    """

    __tablename__ = "audit"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[dt.datetime] = mapped_column(UtcDateTime, default=now)
    actor: Mapped[str]
    verb: Mapped[str]
    object: Mapped[str]
    why: Mapped[str] = mapped_column(default="")
    chain: Mapped[str] = mapped_column(default="")


Index("ix_audit_at", AuditEntry.at)
Index("ix_audit_actor", AuditEntry.actor, AuditEntry.id)
Index("ix_audit_object", AuditEntry.object, AuditEntry.id)

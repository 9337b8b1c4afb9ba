"""How many came by a trusted place, the secret links by which such a place reads that number, and what its poster speaks. Nobody
of those who came stands in any."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import JSON, Date, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from bot.db.base import Base, UtcDateTime, now


class ContactArrivals(Base):
    """How many people began to talk to us by this place's link in the week that begins on this Monday."""

    __tablename__ = "contact_arrivals"

    contact: Mapped[str] = mapped_column(primary_key=True)
    week: Mapped[dt.date] = mapped_column(Date, primary_key=True)
    times: Mapped[int]


class ContactLink(Base):
    """A secret link of a place to its own number. Only the token's hash is kept. `ended_at`: it opens nothing any more."""

    __tablename__ = "contact_links"

    token_hash: Mapped[str] = mapped_column(primary_key=True)
    contact: Mapped[str]
    made_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id", ondelete="SET NULL"))
    created_at: Mapped[dt.datetime] = mapped_column(UtcDateTime, default=now)
    ended_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)


class ContactPoster(Base):
    """Which languages stand on the poster of a place, from top to bottom, as somebody of us chose last."""

    __tablename__ = "contact_posters"

    contact: Mapped[str] = mapped_column(primary_key=True)
    languages: Mapped[Any] = mapped_column(JSON)
    chosen_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id", ondelete="SET NULL"))
    chosen_at: Mapped[dt.datetime] = mapped_column(UtcDateTime, default=now)


Index("ix_contact_links_contact", ContactLink.contact)

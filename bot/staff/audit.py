"""The record of what staff looked at and did. Rows are added, never changed."""

from __future__ import annotations

from sqlalchemy.orm import Session

from bot.staff.models import AuditEntry


def record(session: Session, actor: str, verb: str, object: str, why: str = "") -> None:
    """`actor`: "staff:<id>" or "nobody"; `object`: kind and id, e.g. "handoff:H-7K3M9". Never a person's words."""
    session.add(AuditEntry(actor=actor, verb=verb, object=object, why=why))

"""The second of the two things that open an account: a code of the app, or a recovery code when the phone is lost."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from bot.staff import audit, codes, recovery
from bot.staff.models import RecoveryCode, Staff

_NOBODYS_SECRET = codes.new_secret()


@dataclass(frozen=True)
class Proof:
    """What a typed code was: a time step of the app, or a recovery code. Neither: it was wrong."""

    step: int | None = None
    code_id: int | None = None

    def __bool__(self) -> bool:
        return self.step is not None or self.code_id is not None


def check(staff: Staff | None, candidate: RecoveryCode | None, typed: str) -> Proof:
    """Slow for a recovery code, so without an open transaction; the same work for an account that does not exist.

    `candidate`: what `recovery.candidate` found for it.
    """
    if recovery.looks_like_one(typed):
        right = recovery.fits(candidate, typed)
        return Proof(code_id=candidate.id if right and candidate else None)
    step = codes.step_of(staff.totp_secret if staff else _NOBODYS_SECRET, typed, staff.totp_last_used if staff else 0)
    return Proof(step=step if staff else None)


def spend(session: Session, staff_id: int, proof: Proof) -> bool:
    """Uses the code up. False when another request was faster, or the account was disabled meanwhile."""
    alive = (Staff.id == staff_id) & Staff.disabled_at.is_(None)
    if proof.code_id is not None:
        if session.scalar(select(Staff.id).where(alive).with_for_update()) is None or not recovery.use(session, proof.code_id):
            return False
        audit.record(session, f"staff:{staff_id}", "staff.recovery_code", f"staff:{staff_id}")
        return True
    unused = update(Staff).where(alive, Staff.totp_last_used < proof.step).values(totp_last_used=proof.step)
    return bool(session.execute(unused).rowcount == 1)  # type: ignore[attr-defined]  # a CursorResult

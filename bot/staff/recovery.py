"""Recovery codes: ten of them open the account when the phone is lost, each once, in place of the app's code.

A code says which of the ten it is ("3-k7m2p-9xqrt"), so that looking at one costs one hash, right or wrong.
"""

from __future__ import annotations

import re
import secrets

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from bot.db.base import now
from bot.staff import passwords
from bot.staff.models import RecoveryCode

COUNT = 10
FEW = 3  # from here on their owner is told to make new ones
LETTERS = "0123456789abcdefghjkmnpqrstvwxyz"  # Crockford's: none looks like another
LENGTH = 10  # letters: 50 bits
_FORM = re.compile(rf"(\d\d?)([{LETTERS}]{{{LENGTH}}})")


def new() -> list[str]:
    """Ten codes as they are shown."""
    return [f"{n}-{_letters(LENGTH // 2)}-{_letters(LENGTH // 2)}" for n in range(1, COUNT + 1)]


def hashed(codes: list[str]) -> list[str]:
    """Slow, so without an open transaction."""
    return [passwords.hashed(_secret(code)) for code in codes]


def replace(session: Session, staff_id: int, hashes: list[str]) -> None:
    """Keeps the hashes of new codes; the ones before are worth nothing from now on."""
    session.execute(delete(RecoveryCode).where(RecoveryCode.staff_id == staff_id))
    for stored in hashes:
        session.add(RecoveryCode(staff_id=staff_id, code_hash=stored))
        session.flush()  # in order: a code is found by its place


def looks_like_one(typed: str) -> bool:
    """By its form alone; an app's code has six digits."""
    return _FORM.fullmatch(_plain(typed)) is not None


def candidate(session: Session, staff_id: int | None, typed: str) -> RecoveryCode | None:
    """The row that the code would belong to, when it is not used; `fits` says whether it does."""
    match = _FORM.fullmatch(_plain(typed))
    if match is None or staff_id is None:
        return None
    place = int(match[1])
    rows = select(RecoveryCode).where(RecoveryCode.staff_id == staff_id).order_by(RecoveryCode.id)
    found = session.scalar(rows.offset(place - 1).limit(1)) if 1 <= place <= COUNT else None
    return found if found is not None and found.used_at is None else None


def fits(found: RecoveryCode | None, typed: str) -> bool:
    """Costs one hash whatever comes of it."""
    return passwords.fits(found.code_hash if found else None, _secret(typed))


def use(session: Session, code_id: int) -> bool:
    """Whether it was still unused: of two requests with one code the second gets False."""
    unused = update(RecoveryCode).where(RecoveryCode.id == code_id, RecoveryCode.used_at.is_(None))
    return bool(session.execute(unused.values(used_at=now())).rowcount == 1)  # type: ignore[attr-defined]  # a CursorResult


def left(session: Session, staff_id: int) -> int:
    """How many are still good."""
    own = select(func.count()).select_from(RecoveryCode)
    return session.scalar(own.where(RecoveryCode.staff_id == staff_id, RecoveryCode.used_at.is_(None))) or 0


def _letters(count: int) -> str:
    return "".join(secrets.choice(LETTERS) for _ in range(count))


def _plain(typed: str) -> str:
    """As it was given, whatever the typing: case, hyphens and spaces do not count, and o is 0, i and l are 1."""
    kept = re.sub(r"[\s-]", "", typed[:64].casefold())
    return kept.translate(str.maketrans("oil", "011"))


def _secret(typed: str) -> str:
    return _plain(typed)[-LENGTH:]

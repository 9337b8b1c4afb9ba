"""Passwords: which are accepted, and how they are kept (argon2id)."""

from __future__ import annotations

import threading
import unicodedata
from functools import lru_cache
from pathlib import Path

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from bot.errors import RefusedError

SHORTEST, LONGEST = 15, 256  # characters, checked before anything is hashed
DIFFERENT = 5  # characters of its own that a password needs
COMMON = Path(__file__).with_name("common_passwords.txt")
# OWASP's second choice, one thread and 19 MiB, with one round more: it must stay small on a small machine
HASHER = PasswordHasher(time_cost=3, memory_cost=19_456, parallelism=1)
_AT_ONCE = threading.Semaphore(2)  # many wrong logins at the same time must not take all the memory


def check(password: str, login: str) -> str:
    """The password as it will be hashed (NFC). Raises RefusedError: password_short, _long, _common."""
    password = unicodedata.normalize("NFC", password)
    if len(password) < SHORTEST:
        raise RefusedError(f"a password needs at least {SHORTEST} characters", "password_short")
    if len(password) > LONGEST:
        raise RefusedError(f"a password has at most {LONGEST} characters", "password_long")
    plain = password.casefold()
    rest = plain.replace(login.casefold(), "") if login else plain
    if plain in _common() or len(set(plain)) < DIFFERENT or len(rest) < SHORTEST // 2:
        raise RefusedError("this password is one of the first that others would try", "password_common")
    return password


def hashed(password: str) -> str:
    with _AT_ONCE:
        return HASHER.hash(unicodedata.normalize("NFC", password))


def fits(stored: str | None, password: str) -> bool:
    """Whether the password is the one behind `stored`. Without a stored one (None, "") it works as long, and says no."""
    password = unicodedata.normalize("NFC", password[: LONGEST + 1])
    with _AT_ONCE:
        try:
            return HASHER.verify(stored or _nobodys(), password) and bool(stored) and len(password) <= LONGEST
        except (VerificationError, InvalidHashError):
            return False


def is_old(stored: str) -> bool:
    """Whether it was hashed with other parameters than today's."""
    return HASHER.check_needs_rehash(stored)


def warm_up() -> None:
    """So that the first login that does not exist takes no longer than the others."""
    _nobodys()


@lru_cache(maxsize=1)
def _nobodys() -> str:
    return HASHER.hash("nobody has this password")


@lru_cache(maxsize=1)
def _common() -> frozenset[str]:
    return frozenset(COMMON.read_text(encoding="utf-8").split("\n"))

"""Encryption of what people tell us, and pseudonyms for their addresses.

AES-256-GCM. A sealed value is the id of its key (one byte), a nonce (12 bytes), and the rest. The newest key seals, every key
opens. From key 2 on a value is bound to its place, "<table>.<column>": a value that somebody with the database but without the
key puts into another column (a colleague's TOTP secret into their own chat) does not open there. Key 1 is from before that.

The keys come from Settings and are put in place once, by `use_keys`, before the first query. A process that runs while they are
changed takes up the new ones by itself: within LOOK_SECONDS, or at once when it meets a value that it cannot open.
"""

from __future__ import annotations

import hashlib
import hmac
import logging
import os
import time
from collections.abc import Callable

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from bot.errors import KeyMissingError, PermanentError, UseItError
from bot.keys.ring import Keys

log = logging.getLogger(__name__)
LOOK_SECONDS = 30.0
UNBOUND = 1  # the key whose values are bound to no place
_NONCE = 12


class _Ring:
    """What seals and opens; never changed, only exchanged."""

    def __init__(self, keys: Keys) -> None:
        self.keys = keys
        self.newest = keys.newest
        self.ciphers = {number: AESGCM(hashlib.sha256(b"useit column" + key).digest()) for number, key in keys.ring.items()}


class _Here:
    ring: _Ring | None = None
    again: Callable[[], Keys] | None = None
    looked = 0.0


def use_keys(keys: Keys, again: Callable[[], Keys] | None = None) -> None:
    """Puts the keys in place for this process. `again` reads them anew; None: they cannot change."""
    _Here.ring, _Here.again, _Here.looked = _Ring(keys), again, time.monotonic()


def use_key(key: bytes) -> None:
    """The same with one key of 32 bytes, as key 1."""
    use_keys(Keys.parse(key.hex()))


def encrypt(plain: bytes, place: str = "") -> bytes:
    """`place`: "<table>.<column>". Under the newest key."""
    if time.monotonic() - _Here.looked > LOOK_SECONDS:
        _look_again()
    ring = _ring()
    nonce = os.urandom(_NONCE)
    return bytes([ring.newest]) + nonce + ring.ciphers[ring.newest].encrypt(nonce, plain, _bound(ring.newest, place))


def decrypt(sealed: bytes, place: str = "") -> bytes:
    """Raises KeyMissingError when it is under a key that we do not have, PermanentError when it was not sealed by us for this place."""
    number = key_of(sealed)
    if number not in _ring().ciphers:
        _look_again()
    cipher = _ring().ciphers.get(number)
    if cipher is None:
        raise KeyMissingError(f"a stored value is sealed with key {number}, which is not in USEIT_SECRET_KEY: add it")
    try:
        return cipher.decrypt(sealed[1 : 1 + _NONCE], sealed[1 + _NONCE :], _bound(number, place))
    except (InvalidTag, ValueError) as error:
        where = f" in {place}" if place else ""
        raise PermanentError(f"a stored value{where} cannot be decrypted: is USEIT_SECRET_KEY the right one?") from error


def key_of(sealed: bytes) -> int:
    """The id of the key that a value is sealed with; 0 for what is no sealed value."""
    return sealed[0] if sealed else 0


def newest() -> int:
    """The id of the key that seals now."""
    return _ring().newest


def pseudonym(*parts: str) -> str:
    """The same 32 hex digits for the same parts, of no use to anyone without the pepper. Changing keys does not change it."""
    return hmac.new(_ring().keys.pepper, "\0".join(parts).encode(), hashlib.sha256).hexdigest()[:32]


def _ring() -> _Ring:
    if _Here.ring is None:
        raise PermanentError("no key is in place: call bot.crypto.use_keys first")
    return _Here.ring


def _bound(number: int, place: str) -> bytes:
    return bytes([number]) if number == UNBOUND else bytes([number]) + place.encode()


def _look_again() -> None:
    """Takes up keys that were added. What is known here is never given up, and never exchanged for another under the same id."""
    _Here.looked = time.monotonic()
    ring = _ring()
    if _Here.again is None:
        return
    try:
        found = _Here.again()
    except UseItError as error:
        log.error("going on with the keys that are known: %s", error)
        return
    if found.pepper != ring.keys.pepper or any(found.ring.get(number, key) != key for number, key in ring.keys.ring.items()):
        log.error("the key file holds other keys under the ids that are known: it is not used")
    elif found.ring.keys() - ring.keys.ring.keys():
        together = {**found.ring, **ring.keys.ring}
        _Here.ring = _Ring(Keys({number: together[number] for number in sorted(together, reverse=True)}, ring.keys.pepper))

"""Encryption of what people tell us, and pseudonyms for their addresses.

AES-256-GCM; each value carries a key id, so that keys can be rotated. The key comes from Settings and is put in place once,
by `use_key`, before the first query.
"""

from __future__ import annotations

import hashlib
import hmac
import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from bot.errors import PermanentError

KEY_ID = b"\x01"
_NONCE = 12


class _Ring:
    cipher: AESGCM | None = None
    pepper: bytes = b""


def use_key(key: bytes) -> None:
    """Puts the 32-byte key in place for this process."""
    _Ring.cipher = AESGCM(hashlib.sha256(b"useit column" + key).digest())
    _Ring.pepper = hashlib.sha256(b"useit address" + key).digest()


def encrypt(plain: bytes) -> bytes:
    if _Ring.cipher is None:
        raise PermanentError("no key is in place: call bot.crypto.use_key first")
    nonce = os.urandom(_NONCE)
    return KEY_ID + nonce + _Ring.cipher.encrypt(nonce, plain, KEY_ID)


def decrypt(sealed: bytes) -> bytes:
    """Raises PermanentError when the value was not sealed with our key."""
    if _Ring.cipher is None:
        raise PermanentError("no key is in place: call bot.crypto.use_key first")
    try:
        return _Ring.cipher.decrypt(sealed[1 : 1 + _NONCE], sealed[1 + _NONCE :], sealed[:1])
    except InvalidTag as error:
        raise PermanentError("a stored value cannot be decrypted: is USEIT_SECRET_KEY the right one?") from error


def pseudonym(*parts: str) -> str:
    """The same 32 hex digits for the same parts, of no use to anyone without the key."""
    return hmac.new(_Ring.pepper, "\0".join(parts).encode(), hashlib.sha256).hexdigest()[:32]

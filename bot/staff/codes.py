"""One-time codes (TOTP, RFC 6238: SHA-1, six digits, 30 seconds, as every authenticator app does it)."""

from __future__ import annotations

import time

import pyotp
import segno

STEP_SECONDS = 30
ISSUER = "USE-IT! Bridge"


def new_secret() -> str:
    return pyotp.random_base32(32)


def step_of(secret: str, code: str, last_used: int, at: float | None = None) -> int | None:
    """The time step the code belongs to: now, the one before or the one after. None when wrong, or not later than
    `last_used`, so that no code works twice."""
    digits = "".join(code.split())
    now = int((time.time() if at is None else at) // STEP_SECONDS)
    if not (digits.isascii() and digits.isdecimal()):
        digits = ""
    totp, found = pyotp.TOTP(secret), None
    for step in (now - 1, now, now + 1):  # all three, always: the time taken tells nothing
        if pyotp.utils.strings_equal(totp.generate_otp(step), digits) and step > last_used:
            found = step
    return found


def picture(secret: str, title: str) -> str:
    """The QR code for an authenticator app, as an inline SVG without style or script. `title` is read aloud."""
    code = segno.make(uri(secret), micro=False, error="m")
    return str(code.svg_inline(scale=5, border=4, dark="#000", light="#fff", title=title, svgclass="qr", lineclass=None))


def uri(secret: str) -> str:
    return pyotp.TOTP(secret).provisioning_uri(name="console", issuer_name=ISSUER)

"""Short references people can read out on the telephone: no letters that look or sound alike."""

from __future__ import annotations

import secrets

ALPHABET = "23456789ACDEFHJKMNPRTUVWXY"


def new_reference(prefix: str) -> str:
    """E.g. "H-7K3M9": about twelve million possibilities; the column is unique, so a clash fails loudly."""
    return f"{prefix}-" + "".join(secrets.choice(ALPHABET) for _ in range(5))

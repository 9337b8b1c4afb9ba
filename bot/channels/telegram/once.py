"""Doing a thing once for each of many, and not again for a while."""

from __future__ import annotations

import time
from collections import OrderedDict

LARGEST = 10_000  # keys remembered; the longest known is forgotten first


class Once:
    """`first(key)` is True the first time, and again when `seconds` have gone by since it was."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._at: OrderedDict[str, float] = OrderedDict()

    def first(self, key: str) -> bool:
        now = time.monotonic()
        if now - self._at.get(key, -float("inf")) < self._seconds:
            return False
        self._at[key] = now
        self._at.move_to_end(key)
        if len(self._at) > LARGEST:
            self._at.popitem(last=False)
        return True

    def known(self, key: str) -> bool:
        """Whether `key` has been seen, however long ago."""
        return key in self._at

"""How much of a large set a test goes through: a part by default, all of it with USEIT_LONG=1."""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import TypeVar

T = TypeVar("T")
IS_LONG = bool(os.environ.get("USEIT_LONG"))


def some(things: Iterable[T], one_in: int) -> list[T]:
    """Every `one_in`-th, from the first on; all of them in a long run."""
    return list(things)[:: 1 if IS_LONG else one_in]

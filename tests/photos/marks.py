"""Which tests need the extra `photo`. The others stand for an installation without it."""

from __future__ import annotations

import pytest

from bot.conversation import photos

reads = pytest.mark.skipif(bool(photos.missing()), reason=f"the extra `photo` is not installed: {', '.join(photos.missing())}")
